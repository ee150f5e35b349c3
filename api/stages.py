"""What the stages of a question took."""

from qa.types import Answer

QUOTE = "quote"
"""The stage after the timed ones: choosing the quotation and comparing it with its document."""


def stages(answer: Answer) -> dict[str, float]:
    """Return the seconds that each stage took, in order: embed, search, read, quote."""
    timed = {name: spent for name, spent in answer.timings_ms.items() if name != "total"}
    rest = answer.timings_ms["total"] - sum(timed.values())
    return {name: spent / 1000 for name, spent in {**timed, QUOTE: max(rest, 0.0)}.items()}
