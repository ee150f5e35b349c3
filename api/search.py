"""Passages, without an answer."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import examples
from api.document_schemas import Document
from api.fields import LARGEST_ID, Day, PassageKind
from api.hang_up import unless_hung_up
from api.kinds import BAD_QUESTION, BUSY, INVALID, NO_ARCHIVE, NOT_READY
from api.problems import documented
from api.routes import TheService
from api.schemas import Passage
from qa.defaults import MOST_PASSAGES, TOP_K
from qa.question import LONGEST_QUESTION
from qa.scope import MOST_DOCUMENTS
from qa.search import describe_found, search

ListedId = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class Wanted(BaseModel):
    """What to search for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"q": examples.SOUGHT, "limit": 2, "documents": [2, 3]}]},
    )

    q: str = Field(
        description=f"words, or a question: 1 to {LONGEST_QUESTION:,} characters",
        # Checked where every question is, so that it is refused in the same words everywhere.
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_QUESTION},
    )
    limit: int = Field(default=TOP_K, ge=1, le=MOST_PASSAGES, description="passages, at most")
    since: Day | None = Field(
        default=None, description="leave out documents from before this day, and undated ones"
    )
    until: Day | None = Field(
        default=None, description="leave out documents from after this day, and undated ones"
    )
    documents: list[ListedId] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_DOCUMENTS,
        description="ids of the only documents to look at; all are there, or it is an error",
    )


class Twin(BaseModel):
    """A passage of another document that says nearly the same."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.TWIN]})

    document: Document
    kind: PassageKind
    start: int
    end: int


class Hit(Passage):
    """A passage that was found, with what each of the two searches thought of it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.HIT]})

    score: float = Field(description="the two rankings made one, by reciprocal rank")
    dense: float = Field(description="cosine of the meanings; 0 where that search did not find it")
    lexical: float = Field(description="BM25 of the words; 0 where that search did not find it")
    twins: list[Twin] = Field(description="where other documents say nearly the same")


class Found(BaseModel):
    """What was found."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"query": examples.SOUGHT, "passages": [examples.HIT]}]},
    )

    query: str
    passages: list[Hit] = Field(description="best first")


router = APIRouter()


@router.get(
    "/search",
    response_model=Found,
    responses=documented(INVALID, BAD_QUESTION, BUSY, NOT_READY, NO_ARCHIVE),
    tags=["documents"],
)
async def search_passages(
    wanted: Annotated[Wanted, Query()], request: Request, service: TheService
) -> dict[str, Any]:
    """Search by meaning and by words: the passages that a question of these words is read from."""
    work = partial(
        search,
        service.answerer.archive,
        wanted.q,
        wanted.limit,
        wanted.since,
        wanted.until,
        wanted.documents,
    )
    return describe_found(wanted.q, await unless_hung_up(request, service.pool.run(work)))
