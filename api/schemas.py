"""The shapes of requests and responses, each with a worked example from the first archive."""

from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    StrictBool,
    StrictInt,
)

from api import examples
from api.document_schemas import Document, Original
from api.fields import Confidence, Day, DocumentId, PassageKind, example
from qa import types
from qa.defaults import MOST_PASSAGES
from qa.question import LONGEST_QUESTION
from qa.scope import MOST_DOCUMENTS
from qa.types import Origin

LONGEST_HISTORY: Final = 100
"""Earlier questions, at most: far more than a question can lean on."""

LONGEST_REPLY: Final = 10_000
"""Characters of an earlier answer, of its sentence or its document's title, at most."""


class Turn(BaseModel):
    """A question that was asked before, and what the reply to it said."""

    model_config = example(
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

    model_config = example(
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

    model_config = example(
        {
            "id": "0b7a91d2c4e84f5fa6d3c2b1908e7f65",
            "conversation": "5f1c0e4a9d3b47628c1fe2a07b9d6c34",
        }
    )

    id: str = Field(description="opens it at `GET /answers/{id}`, for whoever has it")
    conversation: str | None


class Citation(BaseModel):
    """Where an answer stands. All offsets count code points of the document's text."""

    model_config = example(examples.CITATION)

    document: Document
    kind: PassageKind
    start: int = Field(description="first character of the answer")
    end: int = Field(description="one past its last character")
    sentence_start: int = Field(description="first character of the sentence around it")
    sentence_end: int = Field(description="one past its last character")
    original: Original


class Difference(BaseModel):
    """An answer that disagrees with the one given."""

    model_config = example(
        {"answer": "1,789", "sentence": examples.SENTENCE, "citation": examples.CITATION}
    )

    answer: str
    sentence: str
    citation: Citation


class Passage(BaseModel):
    """A passage that was read."""

    model_config = example(examples.PASSAGE)

    document: Document
    kind: PassageKind
    start: int
    end: int
    text: str
    score: float = Field(description="rank score, to compare passages of one answer only")


class Timings(BaseModel):
    """How long each stage took, in milliseconds."""

    model_config = example(examples.TIMINGS)

    embed: float
    search: float
    read: float
    total: float


class Carried(BaseModel):
    """Something that a question took over from the conversation."""

    model_config = example(examples.CARRIED)

    text: str = Field(description="as it was said")
    replaced: str = Field(description="what it stands for in the question; empty if left out there")
    turn: int = Field(description="which turn it is from, counted from 0, the oldest")
    origin: Origin = Field(
        description="the part of that turn; the sentence is the one that held the answer"
    )


class Answer(BaseModel):
    """One sentence of the archive, the answer in it and where it stands; or that there is none."""

    model_config = example(examples.ANSWER, examples.NO_ANSWER)

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

    model_config = example({"status": "ok"})

    status: Literal["ok"]


class Problem(BaseModel):
    """What went wrong and what to do about it: a problem document (RFC 9457)."""

    model_config = example(
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
