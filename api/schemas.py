"""The shapes of requests and responses, each with a worked example from the first archive."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    field_validator,
)

from api import examples
from index.reading import LONGEST_SAID, LONGEST_URL
from index.texts import LONGEST_SOURCE
from index.types import Kind
from qa import types
from qa.defaults import MOST_PASSAGES
from qa.question import LONGEST_QUESTION
from qa.scope import MOST_DOCUMENTS
from qa.types import Origin

LARGEST_ID: Final = 2**63 - 1
"""What a database holds in an integer."""

LONGEST_HISTORY: Final = 100
"""Earlier questions, at most: far more than a question can lean on."""

MOST_TEXTS: Final = 1000
"""Texts in one request, at most."""

LONGEST_REPLY: Final = 10_000
"""Characters of an earlier answer, of its sentence or its document's title, at most."""


def _example(*values: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(values)})


def _read_day(value: object) -> date:
    """Read a day in one form only; pydantic would also take a time, or seconds since 1970."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("a day is written YYYY-MM-DD, for example 2017-09-05")


Day = Annotated[date, BeforeValidator(_read_day)]
Line = Annotated[str, Field(min_length=1, max_length=LONGEST_SAID, pattern=r"^[^\x00-\x1f\x7f]+$")]
DocumentId = Annotated[StrictInt, Field(ge=1, le=LARGEST_ID)]
PassageKind = Annotated[
    Kind, Field(description="a comment is a reader's, never the document's own reporting")
]
Confidence = Annotated[
    float, Field(ge=0, le=1, description="probability that the sentence answers the question")
]


class Turn(BaseModel):
    """A question that was asked before, and what the reply to it said."""

    model_config = _example(
        {"question": examples.ASKED, "answer": "1,789"},
        {
            "question": "And in 2016?",
            "standalone_question": "How many children needed specialist services in 2016?",
            "answer": None,
            "sentence": None,
        },
    )

    question: str = Field(
        description=f"1 to {LONGEST_QUESTION:,} characters",
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_QUESTION},
    )
    standalone_question: str | None = Field(
        default=None,
        description="as it was read; found out again where it is not given",
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_QUESTION},
    )
    answer: str | None = Field(default=None, max_length=LONGEST_REPLY)
    sentence: str | None = Field(default=None, max_length=LONGEST_REPLY)
    title: str | None = Field(
        default=None, max_length=LONGEST_REPLY, description="of the document that was quoted"
    )


def _as_turn(given: Any) -> Any:
    return {"question": given} if isinstance(given, str) else given


TurnOrQuestion = Annotated[Turn, BeforeValidator(_as_turn, json_schema_input_type=str | Turn)]


class LoneQuestion(BaseModel):
    """A question, and what it may be answered from."""

    model_config = _example(
        {"question": examples.ASKED},
        {
            "question": "How many of them were unaccompanied asylum seekers?",
            "history": [{"question": "How many children were in care?", "answer": "760"}],
            "since": "2017-01-01",
            "until": "2017-12-31",
            "documents": [2, 3],
            "top_k": 5,
        },
    )

    question: str = Field(
        description=f"1 to {LONGEST_QUESTION:,} characters",
        # Checked where every question is, so that it is refused in the same words everywhere.
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_QUESTION},
    )
    history: list[TurnOrQuestion] = Field(
        default=[],
        max_length=LONGEST_HISTORY,
        description="the conversation so far, oldest first: turns, or just their questions",
    )
    as_is: StrictBool = Field(
        default=False,
        description="ask the question as it was typed; otherwise what it takes from the "
        "conversation is put in, such as whom `she` means",
    )
    since: Day | None = Field(
        default=None, description="leave out documents from before this day, and undated ones"
    )
    until: Day | None = Field(
        default=None, description="leave out documents from after this day, and undated ones"
    )
    top_k: StrictInt | None = Field(
        default=None,
        ge=1,
        le=MOST_PASSAGES,
        description="passages to read, instead of the service's own number",
    )
    documents: list[DocumentId] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_DOCUMENTS,
        description="ids of the only documents to look at; all are there, or it is an error",
    )
    keep: StrictBool = Field(
        default=False, description="keep the answer, so that it can be opened again"
    )

    def turns(self) -> list[types.Turn]:
        """Return the history as turns."""
        return [types.Turn(**each.model_dump()) for each in self.history]


class Question(LoneQuestion):
    """A question, and what it may lean on; perhaps the next one of a conversation."""

    conversation: str | None = Field(
        default=None,
        description="the id of a conversation, instead of `history`: its earlier questions are the "
        "history, its scope holds where the question has none, and the answer is kept in it",
    )


class Kept(BaseModel):
    """Where an answer is kept."""

    model_config = _example(
        {
            "id": "0b7a91d2c4e84f5fa6d3c2b1908e7f65",
            "conversation": "5f1c0e4a9d3b47628c1fe2a07b9d6c34",
        }
    )

    id: str = Field(description="opens it at `GET /answers/{id}`, for whoever has it")
    conversation: str | None


class Document(BaseModel):
    """What is known of a document. What its file does not tell is null."""

    model_config = _example(examples.DOCUMENT)

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

    model_config = _example(
        {
            **examples.DOCUMENT,
            "text": "Social Media\n\nTuesday, 05 September 2017\n\nGovernment takes control of "
            "Croydon's children's services after damning report",
        }
    )

    text: str = Field(description="what every offset counts in")


class Page(BaseModel):
    """Which documents to list."""

    model_config = _example({"after": 0, "limit": 50})

    after: int = Field(
        default=0, ge=0, le=LARGEST_ID, description="the `next` of the page before this one"
    )
    limit: int = Field(default=50, ge=1, le=500, description="documents on a page, at most")


class Documents(BaseModel):
    """One page of the list of documents."""

    model_config = _example({"documents": [examples.DOCUMENT], "total": 5, "next": 3})

    documents: list[Document]
    total: int = Field(description="documents in the archive")
    next: int | None = Field(description="give it as `after` for the next page; null on the last")


class NewDocument(BaseModel):
    """A text to add, and what is known of it. What is not said is looked for in its first lines."""

    model_config = _example(examples.NEW_DOCUMENT)

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

    model_config = _example({"documents": [examples.NEW_DOCUMENT]})

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

    model_config = _example(examples.ADDED, examples.SKIPPED)

    source: str = Field(description="what it is called in the archive")
    result: Literal["added", "replaced", "unchanged", "skipped"]
    id: int | None = Field(description="null where it was skipped, or stands for several")
    title: str | None
    note: str | None = Field(description="why it was skipped, or as what it was read")
    count: int = Field(description="documents that it stands for: all those of an unchanged file")


class AddedDocuments(BaseModel):
    """What became of the documents that were sent, each of them."""

    model_config = _example({"documents": [examples.ADDED, examples.SKIPPED]})

    documents: list[AddedDocument]


class Version(BaseModel):
    """One version of a document."""

    model_config = _example(examples.VERSION)

    version: int = Field(description="counts from 1; a number may be missing")
    superseded: datetime | None = Field(description="when it was; null for the current version")
    title: str
    source: str
    published: date | None
    content_hash: str
    length: int = Field(description="code points in its text")


class Versions(BaseModel):
    """The versions of a document, the first one first."""

    model_config = _example({"id": 3, "versions": [examples.VERSION]})

    id: int
    versions: list[Version]


class Original(BaseModel):
    """Where a sentence lies in the document's file. What the format does not tell is left out."""

    model_config = _example(
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


class Citation(BaseModel):
    """Where an answer stands. All offsets count code points of the document's text."""

    model_config = _example(examples.CITATION)

    document: Document
    kind: PassageKind
    start: int = Field(description="first character of the answer")
    end: int = Field(description="one past its last character")
    sentence_start: int = Field(description="first character of the sentence around it")
    sentence_end: int = Field(description="one past its last character")
    original: Original


class Difference(BaseModel):
    """An answer that disagrees with the one given."""

    model_config = _example(
        {"answer": "1,789", "sentence": examples.SENTENCE, "citation": examples.CITATION}
    )

    answer: str
    sentence: str
    citation: Citation


class Passage(BaseModel):
    """A passage that was read."""

    model_config = _example(examples.PASSAGE)

    document: Document
    kind: PassageKind
    start: int
    end: int
    text: str
    score: float = Field(description="rank score, to compare passages of one answer only")


class Timings(BaseModel):
    """How long each stage took, in milliseconds."""

    model_config = _example(examples.TIMINGS)

    embed: float
    search: float
    read: float
    total: float


class Carried(BaseModel):
    """Something that a question took over from the conversation."""

    model_config = _example(examples.CARRIED)

    text: str = Field(description="as it was said")
    replaced: str = Field(description="what it stands for in the question; empty if left out there")
    turn: int = Field(description="which turn it is from, counted from 0, the oldest")
    origin: Origin = Field(
        description="the part of that turn; the sentence is the one that held the answer"
    )


class Answer(BaseModel):
    """One sentence of the archive, the answer in it and where it stands; or that there is none."""

    model_config = _example(examples.ANSWER, examples.NO_ANSWER)

    question: str
    standalone_question: str = Field(description="the question as it was read, history included")
    carried: list[Carried] = Field(
        default=[], description="what it took from the history; empty if it was read as it is"
    )
    answered: bool
    answer: str | None = Field(description="null where the archive does not say")
    sentence: str | None = Field(description="the whole sentence that holds the answer")
    confidence: Confidence
    citation: Citation | None
    also: list[Citation] = Field(description="where else the same answer is given")
    differs: list[Difference] = Field(description="answers that disagree")
    passages: list[Passage] = Field(description="what was read, nearest first")
    timings_ms: Timings
    kept: Kept | None = Field(
        default=None, description="where the answer is kept, if that was wanted and could be done"
    )
    notices: list[str] = Field(
        default=[], description="what else is to be said, for example that nothing could be kept"
    )


class Health(BaseModel):
    """That all is well; where it is not, the response is a problem."""

    model_config = _example({"status": "ok"})

    status: Literal["ok"]


class Problem(BaseModel):
    """What went wrong and what to do about it: a problem document (RFC 9457)."""

    model_config = _example(
        {
            "type": "/problems/bad-question",
            "title": "The question cannot be asked",
            "status": 422,
            "detail": "the question is empty; ask something, for example: Who wrote the report?",
            "instance": "/ask",
        },
        {
            "type": "/problems/unexpected",
            "title": "Something went wrong in the service",
            "status": 500,
            "detail": "the service failed to answer; its log says where, and the request may be "
            "sent again",
            "instance": "/ask",
            "request_id": "1f0c2a9e6d7b4c55a1c3e8f7d2b94a60",
        },
    )

    type: str = Field(description="an address of this service that explains the kind of problem")
    title: str
    status: int
    detail: str
    instance: str = Field(description="the address that was asked")
    request_id: str | None = Field(
        default=None,
        description="where the service's log says more: what its lines about this request have",
    )
