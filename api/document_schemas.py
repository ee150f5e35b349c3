"""The shapes of documents, listed, added and in their versions, each with a worked example."""

from datetime import date, datetime
from typing import Final, Literal

from pydantic import BaseModel, Field, field_validator

from api import examples
from api.fields import LARGEST_ID, Day, Line, example
from index.reading import LONGEST_URL
from index.texts import LONGEST_SOURCE

MOST_TEXTS: Final = 1000
"""Texts in one request, at most."""


class Document(BaseModel):
    """What is known of a document. What its file does not tell is null."""

    model_config = example(examples.DOCUMENT)

    id: int = Field(description="never given to another document")
    title: str
    source: str = Field(description="a path, and the name of an entry where the file holds many")
    published: date | None
    author: str | None
    publisher: str | None
    modified: date | None = Field(description="the day of its last change, as it says itself")
    language: str | None
    url: str | None
    version: int = Field(description="1, and one more for each change of its text")
    content_hash: str = Field(description="SHA-256 of its file, or of its entry in one")


class FullDocument(Document):
    """A document with its text."""

    model_config = example(
        {
            **examples.DOCUMENT,
            "text": "Social Media\n\nTuesday, 05 September 2017\n\nGovernment takes control of "
            "Croydon's children's services after damning report",
        }
    )

    text: str = Field(description="what every offset counts in")


class Page(BaseModel):
    """Which documents to list."""

    model_config = example({"after": 0, "limit": 50})

    after: int = Field(
        default=0, ge=0, le=LARGEST_ID, description="the `next` of the page before this one"
    )
    limit: int = Field(default=50, ge=1, le=500, description="documents on a page, at most")


class Documents(BaseModel):
    """One page of the list of documents."""

    model_config = example({"documents": [examples.DOCUMENT], "total": 5, "next": 3})

    documents: list[Document]
    total: int = Field(description="documents in the archive")
    next: int | None = Field(description="give it as `after` for the next page; null on the last")


class NewDocument(BaseModel):
    """A text to add, and what is known of it. What is not said is looked for in its first lines."""

    model_config = example(examples.NEW_DOCUMENT)

    source: str = Field(
        min_length=1,
        max_length=LONGEST_SOURCE,
        description="what it is called, and replaced by: an address, or any other name. Nothing is "
        "ever fetched from there",
    )
    text: str = Field(description="kept as it is: every offset counts in it")
    title: Line | None = None
    author: Line | None = None
    publisher: Line | None = None
    published: Day | None = None
    modified: Day | None = None
    language: str | None = Field(
        default=None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35
    )
    url: str | None = Field(default=None, pattern=r"^https?://[!-~]+$", max_length=LONGEST_URL)


class NewDocuments(BaseModel):
    """Texts to add."""

    model_config = example({"documents": [examples.NEW_DOCUMENT]})

    documents: list[NewDocument] = Field(min_length=1, max_length=MOST_TEXTS)

    @field_validator("documents")
    @classmethod
    def _are_distinct(cls, documents: list[NewDocument]) -> list[NewDocument]:
        sources = [each.source for each in documents]
        if len(set(sources)) < len(sources):
            raise ValueError("two have the same source")
        return documents


class AddedDocument(BaseModel):
    """What became of a document that was sent."""

    model_config = example(examples.ADDED, examples.SKIPPED)

    source: str = Field(description="what it is called in the archive")
    result: Literal["added", "replaced", "unchanged", "skipped"]
    id: int | None = Field(description="null where it was skipped, or stands for several")
    title: str | None
    note: str | None = Field(description="why it was skipped, or as what it was read")
    count: int = Field(description="documents that it stands for: all those of an unchanged file")


class AddedDocuments(BaseModel):
    """What became of the documents that were sent, each of them."""

    model_config = example({"documents": [examples.ADDED, examples.SKIPPED]})

    documents: list[AddedDocument]


class Version(BaseModel):
    """One version of a document."""

    model_config = example(examples.VERSION)

    version: int = Field(description="counts from 1; a number may be missing")
    superseded: datetime | None = Field(description="when it was; null for the current version")
    title: str
    source: str
    published: date | None
    content_hash: str
    length: int = Field(description="code points in its text")


class Versions(BaseModel):
    """The versions of a document, the first one first."""

    model_config = example({"id": 3, "versions": [examples.VERSION]})

    id: int
    versions: list[Version]


class Original(BaseModel):
    """Where a sentence lies in the document's file. What the format does not tell is left out."""

    model_config = example(
        examples.ORIGINAL,
        {"page": 3, "last_page": 4},
        {"entry": "17", "bytes": [81920, 86016]},
    )

    page: int | None = Field(default=None, description="counted from 1")
    last_page: int | None = Field(default=None, description="where it ends, if on a later page")
    entry: str | None = Field(
        default=None, description="the document's name in a file that holds many"
    )
    bytes: tuple[int, int] | None = Field(
        default=None,
        description="first byte and one past the last: of the entry's whole record in the file, "
        "or else of the sentence itself, in the file or in the unpacked entry",
    )
