"""The shapes of OpenAI's replies, as far as there is something to put into them.

Each has a worked example from the first archive.
"""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from api import examples
from api.fields import Confidence
from api.schemas import Citation

MODEL: Final = "cuttings"
"""The only model's id."""


def example(*values: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a shape with these examples."""
    # What OpenAI adds tomorrow, its clients send the day after: unknown fields have no effect.
    return ConfigDict(extra="ignore", json_schema_extra={"examples": list(values)})


class UrlCitation(BaseModel):
    """Where a footnote's number stands in the content, and where its source can be opened."""

    model_config = example(
        {
            "start_index": 139,
            "end_index": 142,
            "title": examples.DOCUMENT["title"],
            "url": "http://127.0.0.1:8000/documents/3/versions/1",
        }
    )

    start_index: int
    end_index: int = Field(description="one past the last character")
    title: str
    url: str


class Quotation(BaseModel):
    """Where the quoted words stand in the content, and where in their document."""

    model_config = example({"start_index": 1, "end_index": 137, "citation": examples.CITATION})

    start_index: int
    end_index: int = Field(description="one past the last character")
    citation: Citation


class Annotation(BaseModel):
    """A footnote of the content."""

    model_config = example(
        {
            "type": "url_citation",
            "url_citation": UrlCitation.model_json_schema()["examples"][0],
            "quotation": Quotation.model_json_schema()["examples"][0],
        }
    )

    type: Literal["url_citation"]
    url_citation: UrlCitation
    quotation: Quotation


_CONTENT: Final = (
    f"“{examples.SENTENCE}” [1]\n\n"
    f"[1] {examples.DOCUMENT['title']}, {examples.DOCUMENT['author']}, "
    f"{examples.DOCUMENT['published']}, {examples.DOCUMENT['source']}, document 3, "
    "characters 3311-3447"
)


class Reply(BaseModel):
    """What is replied."""

    model_config = example(
        {
            "role": "assistant",
            "content": _CONTENT,
            "refusal": None,
            "annotations": [Annotation.model_json_schema()["examples"][0]],
        }
    )

    role: Literal["assistant"]
    content: str = Field(description="quotations, fixed phrases and footnotes")
    refusal: None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The only reply."""

    model_config = example(
        {
            "index": 0,
            "message": Reply.model_json_schema()["examples"][0],
            "logprobs": None,
            "finish_reason": "stop",
        }
    )

    index: Literal[0]
    message: Reply
    logprobs: None
    finish_reason: Literal["stop"]


class Usage(BaseModel):
    """What was counted, in tokens of the model that made the archive's vectors."""

    model_config = example({"prompt_tokens": 13, "completion_tokens": 97, "total_tokens": 110})

    prompt_tokens: int = Field(description="of the question as it was read")
    completion_tokens: int = Field(description="of the content, footnotes included")
    total_tokens: int


class Outcome(BaseModel):
    """What became of the question, for programs that know more than OpenAI's shapes."""

    model_config = example(
        {
            "standalone_question": examples.ASKED,
            "answered": True,
            "answer": "1,789",
            "confidence": 0.9499,
        }
    )

    standalone_question: str = Field(description="the question as it was read, history included")
    answered: bool
    answer: str | None = Field(description="the short answer inside the first quotation")
    confidence: Confidence


class Completion(BaseModel):
    """A reply to a conversation."""

    model_config = example(
        {
            "id": "chatcmpl-0f9d3c6f3e0b4c8d9a51a1de6e1c7d11",
            "object": "chat.completion",
            "created": 1767225600,
            "model": MODEL,
            "choices": [Choice.model_json_schema()["examples"][0]],
            "usage": Usage.model_json_schema()["examples"][0],
            "cuttings": Outcome.model_json_schema()["examples"][0],
        }
    )

    id: str
    object: Literal["chat.completion"]
    created: int = Field(description="seconds since 1970")
    model: str
    choices: list[Choice]
    usage: Usage
    cuttings: Outcome


EVENTS: Final = """\
data: {"id": "chatcmpl-0f9d", "created": 1767225600, "model": "cuttings", \
"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "[1] ..."}, \
"logprobs": null, "finish_reason": null}]}

data: [DONE]

"""


class Model(BaseModel):
    """The model."""

    model_config = example(
        {"id": MODEL, "object": "model", "created": 1767225600, "owned_by": MODEL}
    )

    id: str
    object: Literal["model"]
    created: int = Field(description="when the service was started, in seconds since 1970")
    owned_by: str


class Models(BaseModel):
    """The models."""

    model_config = example({"object": "list", "data": [Model.model_json_schema()["examples"][0]]})

    object: Literal["list"]
    data: list[Model]


class Fault(BaseModel):
    """What is wrong and what to do about it."""

    model_config = example(
        {
            "message": "n: there is one reply; give 1, or leave it out",
            "type": "invalid_request_error",
            "param": "n",
            "code": "invalid_request",
        }
    )

    message: str
    type: str
    param: str | None
    code: str


class Error(BaseModel):
    """An error as OpenAI's clients read it."""

    model_config = example({"error": Fault.model_json_schema()["examples"][0]})

    error: Fault
