"""What counts as a question."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from index.errors import BadQuestion

LONGEST_QUESTION: Final = 1000
"""Characters in a question, at most, unless the settings say otherwise."""

LONGEST_ALLOWED: Final = 10_000
"""What they can say: models read the beginning of a question, and no more than this."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what it may be answered from: see `qa.answer.Answerer.ask`."""

    question: str
    history: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    top_k: int | None = None
    documents: Collection[int] | None = None


def check_question(text: str, longest: int = LONGEST_QUESTION) -> str:
    """Return the question without the white space around it.

    Args:
        text: the question.
        longest: characters that it may have.

    Raises:
        BadQuestion: blank, too long, or with characters that no text holds.
    """
    question = text.strip()
    if not question:
        raise BadQuestion(
            "the question is empty; ask something, for example: Who wrote the report?"
        )
    if len(question) > longest:
        raise BadQuestion(
            f"the question has {len(question):,} characters, and the limit is "
            f"{longest:,}; ask in fewer words"
        )
    for at, each in enumerate(question):
        if (each < " " and each not in "\t\n\r") or "\x7f" <= each <= "\x9f":
            raise BadQuestion(
                f"the question has a control character (U+{ord(each):04X}) at position {at}; "
                "remove it"
            )
        if "\ud800" <= each <= "\udfff":
            raise BadQuestion(
                f"the question is not valid text (a lone surrogate at position {at}); "
                "send it as UTF-8"
            )
    return question
