"""Whether a quotation is in the archive."""

from datetime import datetime
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StrictInt

from api import examples
from api.fields import LARGEST_ID
from api.hang_up import unless_hung_up
from api.kinds import (
    BAD_QUOTE,
    BUSY,
    INVALID,
    MALFORMED,
    NO_ARCHIVE,
    NOT_READY,
    TOO_LARGE,
    UNKNOWN_DOCUMENT,
)
from api.problems import documented
from api.routes import TheService
from api.schemas import Citation
from index import history
from index.archive import Archive
from index.verify import MOST_PLACES, Result, verify
from qa.verdict import describe_verdict

LONGEST_QUOTE: Final = 10_000
"""Characters in a quotation, at most."""


class Quote(BaseModel):
    """A quotation, and where it should be."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"quote": "Croydon had 1,789 children", "document": 3}]},
    )

    quote: str = Field(
        max_length=LONGEST_QUOTE,
        description="its words; any run of white space equals any other",
        json_schema_extra={"minLength": 1},
    )
    document: StrictInt | None = Field(
        default=None,
        ge=1,
        le=LARGEST_ID,
        description="the id of the document that it should be in; it may have vanished",
    )


class Place(Citation):
    """Where the words stand, with the sentences around them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.PLACE]})

    text: str = Field(description="the words, as they stand there")
    sentence: str
    torn: bool = Field(description="whether they begin or end inside a word or figure there")


class Earlier(Place):
    """Where an earlier version had the words, and what there is now."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [examples.EARLIER]},
    )

    superseded: datetime = Field(description="until when it had them")
    now: Place | None = Field(description="what comes nearest in the document's current text")
    vanished: bool = Field(description="whether the document is no more")


class Verdict(BaseModel):
    """What became of a quotation."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.VERDICT]})

    quote: str
    result: Result = Field(
        description="found; moved: not in that document, but in others; changed: only an earlier "
        "version has it; not found"
    )
    places: list[Place]
    earlier: list[Earlier]
    more: bool = Field(description=f"whether there are more than {MOST_PLACES:,} places")


router = APIRouter()


@router.post(
    "/verify",
    response_model=Verdict,
    response_model_exclude_unset=True,
    responses=documented(
        MALFORMED, TOO_LARGE, INVALID, BAD_QUOTE, UNKNOWN_DOCUMENT, BUSY, NOT_READY, NO_ARCHIVE
    ),
    tags=["documents"],
)
async def verify_quote(body: Quote, request: Request, service: TheService) -> dict[str, Any]:
    """Say whether a quotation is in the archive, digit for digit and mark for mark."""
    work = partial(_verify, service.answerer.archive, body)
    return await unless_hung_up(request, service.pool.run(work))


def _verify(archive: Archive, asked: Quote) -> dict[str, Any]:
    if asked.document is not None:
        history.versions(archive.store, asked.document)  # raises UnknownDocument
    verdict = verify(archive.store, asked.quote, asked.document)
    return describe_verdict(asked.quote, verdict)
