"""The tool `open`: a document's own text, around a place in it."""

from typing import Final

from pydantic import BaseModel, Field

from api.fields import LARGEST_ID
from api.mcp.shapes import Arguments, DocumentId, Outcome, Source, Tool
from index import history
from qa import show
from qa.answer import Answerer

MOST: Final = 10_000
"""Characters in one reply."""

AROUND: Final = 700
"""Characters before and after what is asked for, unless otherwise said."""


class Place(Arguments):
    """Which text to open, and where."""

    document: DocumentId
    version: int | None = Field(
        default=None, ge=1, le=LARGEST_ID, description="an earlier version than the current one"
    )
    start: int = Field(default=0, ge=0, description="as a quotation gives it")
    end: int | None = Field(
        default=None, ge=0, description="as a quotation gives it; without it, as far as it fits"
    )
    around: int = Field(
        default=AROUND, ge=0, le=MOST, description="characters wanted before start and after end"
    )


class Text(BaseModel):
    """A stretch of a document's text."""

    document: Source
    text: str = Field(description="word for word")
    start: int = Field(description="where the stretch begins, in Unicode code points")
    end: int = Field(description="where it ends")
    length: int = Field(description="of the document's whole text")
    next: int | None = Field(description="give it as start to read on; null at the end")


def open_text(answerer: Answerer, asked: Place) -> Outcome:
    """Return a document's text around a place, at most `MOST` characters of it.

    Raises:
        UnknownDocument: there is no such document, or no such version of it.
    """
    archive = answerer.archive
    if asked.version is None:
        document = archive.document(asked.document)
    else:
        document = history.version(archive.store, asked.document, asked.version)
    length = len(document.text)
    start = min(max(0, asked.start - asked.around), length)
    end = length if asked.end is None else max(asked.start, asked.end) + asked.around
    end = min(end, start + MOST, length)
    text = document.text[start:end]
    heading = f"{show.byline(document)}, document {document.id}, version {document.version}"
    return Outcome(
        f"{heading}, characters {start}-{end} of {length}:\n\n{text}",
        Text(
            document=Source.of(document),
            text=text,
            start=start,
            end=end,
            length=length,
            next=end if end < length else None,
        ),
    )


OPEN: Final = Tool(
    name="open",
    title="Open a document",
    description="Read a document's text around a place, to see what stands before and after a "
    f"quotation. At most {MOST:,} characters at a time.",
    arguments=Place,
    result=Text,
    work=open_text,
)
