"""The words that every other module uses: Document, Passage and Span."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

BYTE_ORDER_MARK: Final = "\ufeff"
"""What some editors put before a text: kept in `Document.text`, quoted nowhere."""

UNSTORED: Final = 0
"""The id of a document or passage that no store has numbered yet; a store counts from 1."""

Kind: TypeAlias = Literal["headline", "body", "caption", "quote", "list", "comment", "boilerplate"]
"""What a stretch of a document is. A comment is a reader's, never the document's own reporting;
boilerplate stands word for word at the edges of other documents too."""


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
class Part:
    """A paragraph, heading, list item, caption or the like: what no sentence reaches across.

    A heading stands over the parts that follow it.
    """

    span: Span
    kind: Kind = "body"
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Original:
    """Where in its file a document lies, as far as the format can tell.

    `entry` is its name inside a file that holds many: a path in an archive file, the number of a
    message, line or row. `record` is the range of bytes that it takes up there. `pages` says where
    in the text each page begins, the first at 0; empty where there are no pages. `bytewise` says
    that the text, encoded again, is the file byte for byte, so that any span has a range of bytes.
    """

    entry: str | None = None
    record: Span | None = None
    pages: tuple[int, ...] = ()
    bytewise: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One article, as its loader read it.

    `text` is what every offset in the project counts in. For a text file it is the decoded file,
    unchanged; elsewhere it is what the loader extracts. `source` says where it came from and is
    unique in an archive: a path, followed by the name of an entry where the file holds many; `file`
    is the path alone, None where the document came from no file.
    `title_span` is where the title stands in the text, if it stands there. `parts`, in order and
    without overlap, hold everything but white space; none where the format has no markup.
    What a loader cannot tell stays None. The store gives the id, the version, and in `copies` the
    number of the group of near-duplicates that it belongs to.
    """

    source: str
    text: str
    title: str
    title_span: Span | None = None
    author: str | None = None
    publisher: str | None = None
    published: date | None = None
    modified: date | None = None
    language: str | None = None
    url: str | None = None
    encoding: str | None = None
    content_hash: str = ""
    parts: tuple[Part, ...] = ()
    original: Original = Original()
    file: str | None = None
    id: int = UNSTORED
    version: int = 1
    copies: int = UNSTORED


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

    @property
    def span(self) -> Span:
        """The range of the document's text that it takes up."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document. `superseded`, in UTC, is None for the current one.

    `length` counts the code points of its text.
    """

    number: int
    superseded: datetime | None
    title: str
    source: str
    published: date | None
    content_hash: str
    length: int
