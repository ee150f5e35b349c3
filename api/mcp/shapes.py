"""The shapes that the tools share, leaner than those of HTTP: an assistant reads every field."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from api.fields import LARGEST_ID, PassageKind
from index.types import Document, Kind, Span
from qa.answer import Answerer


class Source(BaseModel):
    """A document."""

    id: int = Field(description="what the other tools take as `document`")
    version: int
    title: str
    author: str | None
    publisher: str | None
    published: date | None
    source: str = Field(description="the file that it came from")
    url: str | None

    @classmethod
    def of(cls, document: Document) -> "Source":
        """Describe a document."""
        return cls(
            id=document.id,
            version=document.version,
            title=document.title,
            author=document.author,
            publisher=document.publisher,
            published=document.published,
            source=document.source,
            url=document.url,
        )


class Quotation(BaseModel):
    """Words of a document, and where they stand in its text."""

    quote: str = Field(description="word for word: the document's text from start to end")
    kind: PassageKind
    start: int = Field(description="in Unicode code points")
    end: int
    document: Source

    @classmethod
    def of(cls, document: Document, kind: Kind, span: Span) -> "Quotation":
        """Cut a quotation out of a document."""
        return cls(
            quote=span.cut(document.text),
            kind=kind,
            start=span.start,
            end=span.end,
            document=Source.of(document),
        )


class Arguments(BaseModel):
    """What a tool is called with."""

    model_config = ConfigDict(extra="forbid")


DocumentId = Annotated[int, Field(ge=1, le=LARGEST_ID, description="the id of a document")]


class Outcome(NamedTuple):
    """What a tool found: in words, and as data of the tool's `result`."""

    text: str
    data: BaseModel


Asked = TypeVar("Asked", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Tool(Generic[Asked]):
    """Something that an assistant can do with the archive. None of them changes it.

    `work` may take long, and raises what the question side does: see `api.mcp.server`.
    """

    name: str
    title: str
    description: str
    arguments: type[Asked]
    result: type[BaseModel]
    work: Callable[[Answerer, Asked], Outcome]
