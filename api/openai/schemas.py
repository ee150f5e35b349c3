"""OpenAI's shapes, as far as there is something to put into them, each with a worked example."""

from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from api import examples
from api.schemas import Citation, Confidence

MODEL: Final = "cuttings"
"""The only model's id."""

Role = Literal["developer", "system", "user", "assistant", "tool", "function"]


def _example(*values: dict[str, Any]) -> ConfigDict:
    # What OpenAI adds tomorrow, its clients send the day after: unknown fields have no effect.
    return ConfigDict(extra="ignore", json_schema_extra={"examples": list(values)})


def _otherwise(advice: str) -> WrapValidator:
    """Return what says, of a value that asks for what is not to be had, what may be given."""

    def check(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        try:
            return read(value)
        except ValidationError as error:
            raise ValueError(advice) from error

    return WrapValidator(check)


def _read_content(value: Any, info: ValidationInfo) -> Any:
    """Read a message's text: parts are joined, and where it has no effect anything will do."""
    role = info.data.get("role")
    if role not in ("user", "assistant"):
        return None
    if isinstance(value, list):
        texts = [each["text"] for each in value if _is_text(each)]
        if role == "user" and len(texts) < len(value):
            raise ValueError("only text can be asked about; leave out the other parts")
        value = "\n".join(texts)
    if role == "user" and not isinstance(value, str):
        raise ValueError("a user's message is a text, or a list of parts of type text")
    return value


def _is_text(part: Any) -> bool:
    is_text = isinstance(part, dict) and part.get("type") == "text"
    return is_text and isinstance(part.get("text"), str)


class TextPart(BaseModel):
    """A part of a message."""

    model_config = _example({"type": "text", "text": examples.ASKED})

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """A message of the conversation."""

    model_config = _example({"role": "user", "content": examples.ASKED})

    role: Role
    content: Annotated[
        str | None,
        BeforeValidator(_read_content, json_schema_input_type=str | list[TextPart] | None),
        Field(validate_default=True),
    ] = None


def _has_question(messages: list[Message]) -> list[Message]:
    if not any(each.role == "user" for each in messages):
        raise ValueError("one message must be of role user: the last of these is the question")
    return messages


class StreamOptions(BaseModel):
    """How a reply is streamed."""

    model_config = _example({"include_usage": True})

    include_usage: bool | None = Field(
        default=None, description="end with an event that has `usage` and no choices"
    )


class TextFormat(BaseModel):
    """The only form of a reply."""

    model_config = _example({"type": "text"})

    type: Literal["text"]


class ChatRequest(BaseModel):
    """A conversation whose last question is to be answered."""

    model_config = _example(
        {"model": MODEL, "messages": [{"role": "user", "content": examples.ASKED}]},
        {
            "model": MODEL,
            "messages": [
                {"role": "system", "content": "Answer in one sentence."},
                {"role": "user", "content": examples.ASKED},
                {"role": "assistant", "content": f"“{examples.SENTENCE}” [1]"},
                {"role": "user", "content": "And how many were there the previous year?"},
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
        },
    )

    model: str
    messages: Annotated[
        list[Message],
        AfterValidator(_has_question),
        Field(json_schema_extra={"contains": {"properties": {"role": {"const": "user"}}}}),
    ]
    stream: bool | None = Field(default=None, description="reply with server-sent events")
    stream_options: StreamOptions | None = None
    n: Annotated[Literal[1] | None, _otherwise("there is one reply; give 1, or leave it out")] = (
        None
    )
    response_format: Annotated[
        TextFormat | None,
        _otherwise('the reply is plain text; give {"type": "text"}, or leave it out'),
    ] = None
    tool_choice: Annotated[
        Literal["none", "auto"] | None,
        _otherwise("no tool is ever called; give none or auto, or leave it out"),
    ] = None
    function_call: Annotated[
        Literal["none", "auto"] | None,
        _otherwise("no function is ever called; give none or auto, or leave it out"),
    ] = None
    modalities: Annotated[
        list[Literal["text"]] | None, _otherwise("the reply is text; leave it out")
    ] = None
    logprobs: Annotated[
        Literal[False] | None, _otherwise("a quotation has no such figures; leave it out")
    ] = None


class UrlCitation(BaseModel):
    """Where a footnote's number stands in the content, and where its source can be opened."""

    model_config = _example(
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

    model_config = _example({"start_index": 1, "end_index": 137, "citation": examples.CITATION})

    start_index: int
    end_index: int = Field(description="one past the last character")
    citation: Citation


class Annotation(BaseModel):
    """A footnote of the content."""

    model_config = _example(
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

    model_config = _example(
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

    model_config = _example(
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

    model_config = _example({"prompt_tokens": 13, "completion_tokens": 97, "total_tokens": 110})

    prompt_tokens: int = Field(description="of the question as it was read")
    completion_tokens: int = Field(description="of the content, footnotes included")
    total_tokens: int


class Outcome(BaseModel):
    """What became of the question, for programs that know more than OpenAI's shapes."""

    model_config = _example(
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

    model_config = _example(
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

    model_config = _example(
        {"id": MODEL, "object": "model", "created": 1767225600, "owned_by": MODEL}
    )

    id: str
    object: Literal["model"]
    created: int = Field(description="when the service was started, in seconds since 1970")
    owned_by: str


class Models(BaseModel):
    """The models."""

    model_config = _example({"object": "list", "data": [Model.model_json_schema()["examples"][0]]})

    object: Literal["list"]
    data: list[Model]


class Fault(BaseModel):
    """What is wrong and what to do about it."""

    model_config = _example(
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

    model_config = _example({"error": Fault.model_json_schema()["examples"][0]})

    error: Fault
