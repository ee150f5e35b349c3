"""The words that every other module uses: Document, Passage and Span."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

BYTE_ORDER_MARK: Final = "\ufeff"
"""What some editors put before a text: kept in `Document.text`, quoted nowhere."""

UNSTORED: Final = 0
"""The id of a document or passage that no store has numbered yet; a store counts from 1."""

Kind: TypeAlias = Literal["headline", "body"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of a document's text, in Unicode code points."""

    start: int
    end: int

    def cut(self, text: str) -> str:
        """Return the characters of `text` that this span covers."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Say whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two have a character in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One article, as its loader read it.

    `text` is what every offset in the project counts in. For a text file it is the decoded file,
    unchanged. `source` says where it came from and is unique in an archive. `title_span` is where
    the title stands in the text, if it stands there. What a loader cannot tell stays None.
    """

    source: str
    text: str
    title: str
    title_span: Span | None = None
    author: str | None = None
    published: date | None = None
    encoding: str | None = None
    content_hash: str = ""
    id: int = UNSTORED


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole sentences of one document: what is embedded, searched for and read.

    `text == document.text[start:end]`; `sentences` lie in order inside `[start, end)`, also in
    offsets of the document.
    """

    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    kind: Kind = "body"
    id: int = UNSTORED
    document_id: int = UNSTORED
