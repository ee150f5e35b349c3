"""Ranges of documents' texts."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api import examples
from api.fields import LARGEST_ID
from api.kinds import BAD_RANGE, INVALID, NO_ARCHIVE, NOT_READY, UNKNOWN_DOCUMENT
from api.problems import documented
from api.routes import AS_LISTED, TheService
from index import history
from index.excerpt import excerpt

MOST_AROUND: Final = 10_000
"""Code points on each side of a range, at most."""


class Range(BaseModel):
    """Which part of a document's text."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"start": 3335, "end": 3340, "around": 24, "version": 1}]},
    )

    start: int = Field(default=0, ge=0, le=LARGEST_ID, description="first code point")
    end: int | None = Field(
        default=None, ge=0, le=LARGEST_ID, description="one past the last; or the end of the text"
    )
    around: int = Field(
        default=0, ge=0, le=MOST_AROUND, description="code points wanted on each side as well"
    )
    version: int | None = Field(
        default=None, ge=1, le=LARGEST_ID, description="an earlier version, or the current one"
    )


class Text(BaseModel):
    """A range of a document's text. All offsets count its code points."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.TEXT]})

    id: int
    version: int
    length: int = Field(description="code points in the whole text")
    start: int
    end: int
    before: str = Field(description="what stands before it, as far as that was asked for")
    text: str
    after: str = Field(description="what stands after it, likewise")


router = APIRouter()


@router.get(
    "/documents/{id}/text",
    response_model=Text,
    responses=documented(UNKNOWN_DOCUMENT, INVALID, BAD_RANGE, NOT_READY, NO_ARCHIVE),
    tags=["documents"],
)
def read_text(
    document_id: Annotated[int, Path(alias="id", ge=1, le=LARGEST_ID, description=AS_LISTED)],
    wanted: Annotated[Range, Query()],
    service: TheService,
) -> dict[str, Any]:
    """Return a range of a document's text: a quotation by its offsets, with what is around it."""
    archive = service.answerer.archive
    if wanted.version is None:
        document = archive.document(document_id)
    else:
        document = history.version(archive.store, document_id, wanted.version)
    found = excerpt(document, wanted.start, wanted.end, wanted.around)
    return {
        "id": document.id,
        "version": document.version,
        "length": len(document.text),
        "start": found.span.start,
        "end": found.span.end,
        "before": found.before,
        "text": found.text,
        "after": found.after,
    }
