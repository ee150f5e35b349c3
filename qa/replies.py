"""What a service replies, as a client has it. What a newer service says besides is left out."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter

from index.types import Kind, Span
from qa.types import Carried, Turn

Reply = TypeVar("Reply")


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document; `index.types.Document` without its text."""

    id: int
    title: str
    source: str
    published: date | None
    author: str | None
    publisher: str | None
    modified: date | None
    language: str | None
    url: str | None
    version: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class FullDocument(Document):
    """A document with its text, which all offsets count code points of."""

    text: str


@dataclass(frozen=True, slots=True)
class Original:
    """Where a sentence lies in the document's file, as far as the format tells."""

    page: int | None = None
    last_page: int | None = None
    entry: str | None = None
    bytes: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands, in code points of the document's text, its sentence around it."""

    document: Document
    kind: Kind
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    original: Original

    @property
    def span(self) -> Span:
        """The answer's place."""
        return Span(self.start, self.end)

    @property
    def sentence_span(self) -> Span:
        """Its sentence's place."""
        return Span(self.sentence_start, self.sentence_end)


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that disagrees with the one given."""

    answer: str
    sentence: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was read."""

    document: Document
    kind: Kind
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Twin:
    """A passage of another document that says nearly the same."""

    document: Document
    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit(Passage):
    """A passage that was found, with its cosine and its BM25 score."""

    dense: float
    lexical: float
    twins: tuple[Twin, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the service keeps an answer."""

    id: str
    conversation: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One sentence of the archive, the answer in it and where it stands; or that there is none."""

    question: str
    standalone_question: str
    answered: bool
    answer: str | None
    sentence: str | None
    confidence: float
    citation: Citation | None
    also: tuple[Citation, ...]
    differs: tuple[Difference, ...]
    passages: tuple[Passage, ...]
    timings_ms: dict[str, float]
    carried: tuple[Carried, ...] = ()
    kept: Kept | None = None
    notices: tuple[str, ...] = ()

    @property
    def turn(self) -> Turn:
        """What later questions of the conversation may lean on."""
        title = None if self.citation is None else self.citation.document.title
        return Turn(self.question, self.standalone_question, self.answer, self.sentence, title)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages that will be read, nearest first."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Tentative:
    """The best quotation so far. It is not the answer, and may not become it."""

    final: Literal[False]
    answer: str
    sentence: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a question has no reply: a problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document. `superseded`, in UTC, is None for the current one."""

    version: int
    superseded: datetime | None
    title: str
    source: str
    published: date | None
    content_hash: str
    length: int


@dataclass(frozen=True, slots=True)
class Text:
    """A range of a document's text, with what was asked for around it."""

    id: int
    version: int
    length: int
    start: int
    end: int
    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Place(Citation):
    """Where the words of a quotation stand, with the sentences around them."""

    text: str
    sentence: str
    torn: bool


@dataclass(frozen=True, slots=True)
class Earlier(Place):
    """Where an earlier version had them, until when, and what comes nearest now."""

    superseded: datetime
    now: Place | None
    vanished: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a quotation: see `index.verify.Verdict`."""

    quote: str
    result: Literal["found", "moved", "changed", "not found"]
    places: tuple[Place, ...]
    earlier: tuple[Earlier, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Documents:
    """One page of the list of documents; `next` is what the page after it begins after."""

    documents: tuple[Document, ...]
    total: int
    next: int | None


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of a document, the first one first."""

    id: int
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first."""

    query: str
    passages: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Replies:
    """What became of each question of a batch."""

    replies: tuple[Answer | Problem, ...]


def read(reply: type[Reply], content: str | bytes) -> Reply:
    """Read a reply from its JSON.

    Raises:
        ValueError: it is something else.
    """
    kind: Any = reply  # mypy holds that classes have no hash
    found: Reply = _adapter(kind).validate_json(content)
    return found


@cache
def _adapter(reply: Any) -> "TypeAdapter[Any]":
    return TypeAdapter(reply)
