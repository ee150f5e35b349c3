"""The shapes of OpenAI's requests: what has an effect here, and what is refused."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StrictBool,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from api import examples
from api.openai.schemas import MODEL, example

Role = Literal["developer", "system", "user", "assistant", "tool", "function"]


def _otherwise(advice: str) -> WrapValidator:
    """Return what says, of a value that asks for what is not to be had, what may be given."""

    def check(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        try:
            found = read(value)
        except ValidationError as error:
            raise ValueError(advice) from error
        if isinstance(found, bool) != isinstance(value, bool):  # to Python, 0 is False
            raise ValueError(advice)
        return found

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

    model_config = example({"type": "text", "text": examples.ASKED})

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """A message of the conversation."""

    model_config = example({"role": "user", "content": examples.ASKED})

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

    model_config = example({"include_usage": True})

    include_usage: StrictBool | None = Field(
        default=None, description="end with an event that has `usage` and no choices"
    )


class TextFormat(BaseModel):
    """The only form of a reply."""

    model_config = example({"type": "text"})

    type: Literal["text"]


class ChatRequest(BaseModel):
    """A conversation whose last question is to be answered."""

    model_config = example(
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
    stream: StrictBool | None = Field(default=None, description="reply with server-sent events")
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
