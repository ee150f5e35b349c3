"""The tool `verify`: whether a quotation is in the archive, word for word."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, Field

from api.mcp.shapes import Arguments, DocumentId, Outcome, Quotation, Tool
from index import verify as verifier
from index.verify import Earlier, Place, Result, Verdict
from qa import show
from qa.answer import Answerer
from qa.cli_history import HEADINGS
from qa.footnotes import Page
from qa.types import in_utc
from qa.verdict import citation_of

LONGEST_QUOTE: Final = 10_000
"""Characters in a quotation, at most."""


class Quote(Arguments):
    """The words to look for."""

    quote: str = Field(
        min_length=1, max_length=LONGEST_QUOTE, description="the words, without quotation marks"
    )
    document: DocumentId | None = Field(
        default=None, description="the id of the document that they should be in"
    )


class Found(Quotation):
    """Where the words stand, and the sentences around them."""

    sentence: str
    sentence_start: int
    sentence_end: int
    torn: bool = Field(description="they begin or end inside a word or figure: 789 in 1,789")

    @classmethod
    def at(cls, place: Place) -> "Found":
        """Describe a place."""
        return cls(
            **dict(Quotation.of(place.document, place.kind, place.span)),
            sentence=place.sentence_span.cut(place.document.text),
            sentence_start=place.sentence_span.start,
            sentence_end=place.sentence_span.end,
            torn=place.is_torn,
        )


class Changed(Found):
    """What a document said until one of its versions was superseded."""

    superseded: datetime
    vanished: bool = Field(description="the document is no longer in the archive")
    now: Found | None = Field(description="what comes nearest in its current text")


class Judgement(BaseModel):
    """What became of a quotation."""

    result: Result = Field(
        description="found; moved: in other documents than the one given; changed: in earlier "
        "versions only; or not found. Only what is found may be quoted as it stands"
    )
    places: list[Found]
    earlier: list[Changed]
    more: bool = Field(description="there are more places than are listed")


def verify(answerer: Answerer, asked: Quote) -> Outcome:
    """Look for a quotation, in one document first or in all.

    Raises:
        Misuse: the quotation is blank, or no text.
    """
    verdict = verifier.verify(answerer.archive.store, asked.quote, asked.document)
    places, earlier = verdict.places[: show.MOST], verdict.earlier[: show.MOST]
    more = verdict.more or len(verdict.places) + len(verdict.earlier) > len(places) + len(earlier)
    data = Judgement(
        result=verdict.result,
        places=[Found.at(each) for each in places],
        earlier=[_changed(each) for each in earlier],
        more=more,
    )
    return Outcome(_in_words(verdict, more), data)


def _changed(earlier: Earlier) -> Changed:
    return Changed(
        **dict(Found.at(earlier.place)),
        superseded=earlier.superseded,
        vanished=earlier.vanished,
        now=None if earlier.now is None else Found.at(earlier.now),
    )


def _in_words(verdict: Verdict, more: bool) -> str:
    page = Page()
    page.say(HEADINGS[verdict.result])
    for place in verdict.places[: show.MOST]:
        page.quote("", [citation_of(place)])
        if place.is_torn:
            page.say("It begins or ends inside a word or figure there.")
    for each in verdict.earlier[: show.MOST]:
        until = f"Until {in_utc(each.superseded)}, in version {each.place.document.version}: "
        page.quote(until, [citation_of(each.place)])
        if each.now is not None:
            page.quote("Now: ", [citation_of(each.now)])
        else:
            gone = "The document has vanished." if each.vanished else "Now it has nothing like it."
            page.say(gone)
    if more:
        page.say("There are more places; quote more of the words.")
    return page.finish().text


VERIFY: Final = Tool(
    name="verify",
    title="Verify a quotation",
    description="Say whether words stand in the archive exactly as given, in which documents, and "
    "whether they were changed since. Every digit and mark counts; line breaks do not. Do this "
    "before using any quotation.",
    arguments=Quote,
    result=Judgement,
    work=verify,
)
