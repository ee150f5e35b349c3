"""An answer as the page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from api.web.quote import Fetch, Quote, passage, quote
from api.web.text import showable

NEAREST: Final = 3
"""Passages shown where there is no answer."""

_SURE: Final = (
    (0.9, "almost certainly the answer"),
    (0.7, "very likely the answer"),
    (0.5, "more likely the answer than not"),
    (0.0, "perhaps the answer"),
)


VERDICTS: Final = (("right", "Right"), ("wrong answer", "Wrong answer"), ("wrong citation", "Wrong citation"))


@dataclass(frozen=True, slots=True)
class Reply:
    """A question and what became of it. `quote` is None where the archive does not say.

    `read_as` is the question that was asked of the archive, where that is another one; `answer` is
    the short answer, where that is not the whole sentence; `said` is all of it in a few words.
    """

    id: str
    question: str
    read_as: str
    answer: str
    sure: str
    percent: int
    quote: Quote | None
    also: Sequence[Quote]
    differs: Sequence[Quote]
    nearest: Sequence[Quote]
    said: str
    quotation: str
    verdict: str

    @property
    def verdicts(self):
        return VERDICTS if self.quote else VERDICTS[:2]


def reply(given: dict[str, Any], fetch: Fetch, id: str, verdict: str = "") -> Reply:
    """Return what is shown of an answer, as `Answer.as_json` has it."""
    cited = given["citation"]
    whole = cited is None or given["answer"] == given["sentence"]
    standalone = given["standalone_question"]
    return Reply(
        id=id,
        question=given["question"],
        read_as="" if standalone == given["question"] else standalone,
        answer="" if whole else given["answer"],
        sure=in_words(given["confidence"]).capitalize(),
        percent=round(100 * given["confidence"]),
        quote=None if cited is None else quote(cited, fetch),
        also=[quote(each, fetch) for each in given["also"]],
        differs=[quote(each["citation"], fetch) for each in given["differs"]],
        nearest=[] if cited else [passage(each, fetch) for each in given["passages"][:NEAREST]],
        said="The archive does not say." if cited is None else f"Answer: {given['answer']}",
        quotation="" if cited is None else given["sentence"],
        verdict=verdict,
    )


def in_words(confidence: float) -> str:
    """Return how sure an answer is, as one would say it."""
    return next(words for least, words in _SURE if confidence >= least)
