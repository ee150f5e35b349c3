"""The tool `search`: words in, the passages that come nearest to them out."""

from typing import Final

from pydantic import BaseModel, Field

from api.fields import Day
from api.mcp.shapes import Arguments, Outcome, Quotation, Tool
from qa import show
from qa.answer import Answerer
from qa.footnotes import Page
from qa.question import LONGEST_QUESTION
from qa.search import search as nearest
from qa.types import Candidate, Citation

MOST: Final = 20
"""Passages in one reply."""


class Search(Arguments):
    """What to look for, and where."""

    query: str = Field(
        description="a question, or words",
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_QUESTION},
    )
    limit: int = Field(default=5, ge=1, le=MOST, description="passages wanted")
    since: Day | None = Field(default=None, description="only documents from this day on")
    until: Day | None = Field(default=None, description="only documents up to this day")


class Hit(Quotation):
    """A passage, whole."""

    score: float = Field(description="rank score, to compare passages of one search only")


class Hits(BaseModel):
    """Passages, the nearest first."""

    passages: list[Hit]


def search(answerer: Answerer, asked: Search) -> Outcome:
    """Return the passages nearest in meaning and in words.

    Raises:
        BadQuestion: there is nothing to look for, or the range of dates makes no sense.
    """
    found = nearest(answerer.archive, asked.query, asked.limit, asked.since, asked.until)
    page = Page()
    page.say("Passages, the nearest first:" if found else show.NO_PASSAGES)
    for each in found:
        span = each.passage.span
        page.quote("", [Citation(each.document, each.passage.kind, span, span)])
    return Outcome(page.finish().text, Hits(passages=[_hit(each) for each in found]))


def _hit(candidate: Candidate) -> Hit:
    passage = candidate.passage
    quoted = Quotation.of(candidate.document, passage.kind, passage.span)
    return Hit(**dict(quoted), score=round(candidate.score, 6))


SEARCH: Final = Tool(
    name="search",
    title="Search the archive",
    description="Find passages by meaning and by words, for what is no single question of fact. "
    "They are near, not necessarily an answer.",
    arguments=Search,
    result=Hits,
    work=search,
)
