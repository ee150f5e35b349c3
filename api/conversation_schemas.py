"""The shapes of what is kept: conversations, answers, and what people thought of them."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from api import conversation_examples as examples
from api.document_schemas import Document
from api.fields import LARGEST_ID, Day, DocumentId, example
from index.verify import Result
from qa.conversations import LONGEST_NAME
from qa.feedback import LONGEST_NOTE
from qa.scope import MOST_DOCUMENTS
from qa.talk import Verdict

MOST_LISTED: Final = 200
"""Conversations, or answers of one, on a page."""


Name = Annotated[str, Field(description=f"1 to {LONGEST_NAME} characters on one line")]
AnyAnswer = Annotated[
    dict[str, Any],
    Field(
        description="the answer as `POST /ask` gave it, whatever has changed since; one that an "
        "earlier version of this service gave may have other fields",
        examples=[examples.KEPT_ANSWER["answer"]],
    ),
]


class Scope(BaseModel):
    """What the questions of a conversation are asked of."""

    model_config = example(examples.SCOPE, {"since": "2017-01-01"}, {})

    documents: list[DocumentId] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_DOCUMENTS,
        description="only these documents; null for all",
    )
    since: Day | None = Field(default=None, description="as in a question")
    until: Day | None = Field(default=None, description="as in a question")


class NewConversation(BaseModel):
    """A conversation to begin."""

    model_config = example({}, {"name": examples.NAME, "scope": {"since": "2017-01-01"}})

    name: Name | None = Field(default=None, description="by default, its first question")
    scope: Scope = Scope()


class ConversationChange(BaseModel):
    """What is to be changed of a conversation; what is left out stays."""

    model_config = example({"name": examples.NAME}, {"scope": {"documents": [3]}}, {"scope": {}})

    name: Name | None = None
    scope: Scope | None = Field(default=None, description="takes the whole scope's place")


class Conversation(BaseModel):
    """A conversation without its answers."""

    model_config = example(examples.CONVERSATION)

    id: str = Field(description="cannot be guessed")
    name: str | None = Field(description="null until its first question")
    created: datetime
    updated: datetime = Field(description="when it was last asked something")
    scope: Scope
    answers: int = Field(description="how many it has")


class ConversationPage(BaseModel):
    """Which conversations to list."""

    model_config = example({"limit": 20}, {"before": 17, "limit": 20})

    before: int | None = Field(
        default=None, ge=0, le=LARGEST_ID, description="the `next` of the page before this one"
    )
    limit: int = Field(
        default=20, ge=1, le=MOST_LISTED, description="conversations on a page, at most"
    )


class Conversations(BaseModel):
    """One page of the list of conversations, those that were asked something last first."""

    model_config = example({"conversations": [examples.CONVERSATION], "total": 1, "next": None})

    conversations: list[Conversation]
    total: int = Field(description="conversations in all")
    next: int | None = Field(description="give it as `before` for the next page; null on the last")


class AnswerPage(BaseModel):
    """Which answers of a conversation to return."""

    model_config = example({"after": 0, "limit": 50})

    after: int = Field(
        default=0, ge=0, le=LARGEST_ID, description="the `next` of the page before this one"
    )
    limit: int = Field(default=50, ge=1, le=MOST_LISTED, description="answers on a page, at most")


class Judgement(BaseModel):
    """What somebody thinks of an answer."""

    model_config = example(
        {"verdict": "right"},
        {"verdict": "wrong citation", "note": "The figure is from 2016; see the second article."},
    )

    verdict: Verdict
    note: str = Field(default="", description=f"at most {LONGEST_NOTE:,} characters")


class Feedback(BaseModel):
    """What somebody thought of an answer."""

    model_config = example(examples.FEEDBACK)

    verdict: Verdict
    note: str
    given: datetime


class KeptAnswer(BaseModel):
    """An answer as it was given."""

    model_config = example(examples.KEPT_ANSWER)

    id: str
    conversation: str | None = Field(description="null outside of one, and for all but its owner")
    asked: datetime
    scope: Scope
    answer: AnyAnswer
    feedback: Feedback | None = Field(description="null where there is none, and for others")


class Thread(Conversation):
    """A conversation with one page of its answers, in the order in which they were given."""

    model_config = example(
        {**examples.CONVERSATION, "thread": [examples.KEPT_ANSWER], "next": None}
    )

    thread: list[KeptAnswer]
    next: int | None = Field(description="give it as `after` for the next page; null on the last")


class Place(BaseModel):
    """A stretch of one version of a document."""

    model_config = example(examples.PLACE)

    document: Document = Field(
        description="with the version to open: `GET /documents/{id}/versions/{version}`"
    )
    start: int = Field(description="first character")
    end: int = Field(description="one past its last character")
    text: str


class Standing(BaseModel):
    """What became of a quotation since it was given."""

    model_config = example(examples.STANDING, examples.CHANGED)

    result: Result = Field(
        description="found in the document that was cited, moved to another, changed so that only "
        "an earlier version has it, or not found at all"
    )
    place: Place | None = Field(description="where it can be read; null if nowhere")
    now: Place | None = Field(description="what an altered document says instead")


class SharedAnswer(KeptAnswer):
    """An answer as it was given, and whether its quotation still stands."""

    model_config = example({**examples.KEPT_ANSWER, "standing": examples.STANDING})

    standing: Standing | None = Field(description="null where the answer quotes nothing")
