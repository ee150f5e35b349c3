"""The addresses that programs made for OpenAI know."""

import time
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from api.hang_up import unless_hung_up
from api.kinds import (
    BAD_QUESTION,
    BUSY,
    INVALID,
    MALFORMED,
    NO_ARCHIVE,
    NOT_READY,
    TOO_LARGE,
    TOOK_TOO_LONG,
    UNKNOWN_MODEL,
)
from api.openai import schemas
from api.openai.completion import completion_of, events_of, usage_of
from api.openai.conversation import read_messages
from api.openai.errors import documented
from api.openai.requests import ChatRequest
from api.problems import ProblemResponse
from api.routes import TheService
from index.types import Document
from qa.footnotes import footnoted

STREAM: Final = "text/event-stream"

ABOUT: Final = f"""\
Answer the last of the user's messages with a quotation, for programs that speak to OpenAI.

Earlier messages of the user, and the replies that they got here, are what a question may lean on.
Messages of the system, a developer or a tool have no effect, and neither have parameters that are
not named here, such as `temperature`, `max_tokens`, `stop` and `tools`: a quotation is neither made
up nor cut short. What asks for another kind of reply than one text is refused.

The reply quotes word for word, in quotation marks, with numbered footnotes, between fixed phrases:
the answer first, and then the sentence that it stands in.
`annotations` say where each number stands in it, `[start_index, end_index)` in Unicode code
points, and where the source can be opened: at its own address if it has one, or else here. Their
`quotation` says where the quoted words stand, and cites them as `POST /ask` does: they are the
cited document's text from `sentence_start` to `sentence_end`. In a stream they come in one piece
after the text, which is sent when all of it is known.

`usage` counts the question as it was read, earlier ones included where it leans on them, and the
text of the reply, in tokens of the model that made the archive's vectors; what is searched and
read to find the answer is not counted. The only `model` is `{schemas.MODEL}`.
"""

_STARTED: Final = int(time.time())

router = APIRouter(prefix="/v1", tags=["openai"])


@router.get("/models", response_model=schemas.Models, responses=documented())
async def list_models() -> dict[str, Any]:
    """List the models: there is one, which is all of this service."""
    return {"object": "list", "data": [_model()]}


@router.get(
    "/models/{id}", response_model=schemas.Model, responses=documented(UNKNOWN_MODEL, INVALID)
)
async def read_model(
    model_id: Annotated[str, Path(alias="id", description="as `GET /v1/models` gives it")],
    request: Request,
) -> Any:
    """Describe the model."""
    return _model() if model_id == schemas.MODEL else _no_model(request)


@router.post(
    "/chat/completions",
    response_model=schemas.Completion,
    response_model_exclude_unset=True,
    description=ABOUT,
    responses={
        200: {
            "description": "A completion, or with `stream: true` the pieces of one",
            # Without a schema: some read it as that of each event, some as that of all of them.
            "content": {STREAM: {"example": schemas.EVENTS}},
        },
        **documented(
            *(MALFORMED, INVALID, BAD_QUESTION, UNKNOWN_MODEL, TOO_LARGE),
            *(BUSY, TOOK_TOO_LONG, NOT_READY, NO_ARCHIVE),
        ),
    },
)
async def complete(body: ChatRequest, request: Request, service: TheService) -> Any:
    """Answer the last of the user's messages."""
    if body.model != schemas.MODEL:
        return _no_model(request)
    answerer = service.answerer
    question, history = read_messages(body.messages)

    def work() -> dict[str, Any]:
        given = answerer.ask(question, history)
        said = footnoted(given)
        usage = usage_of(answerer.archive.embedder, given, said)
        return completion_of(given, said, usage, lambda document: _address(request, document))

    completion = await unless_hung_up(request, service.pool.run(work))
    if not body.stream:
        return completion
    with_usage = body.stream_options is not None and bool(body.stream_options.include_usage)
    return Response("".join(events_of(completion, with_usage)), media_type=STREAM)


def _address(request: Request, document: Document) -> str:
    """Return where a document can be opened: a document may call anything its address."""
    if document.url is not None and document.url.startswith(("https://", "http://")):
        return document.url
    # The version that was quoted, whatever becomes of the document.
    return str(request.url_for("read_version", id=document.id, n=document.version))


def _model() -> dict[str, Any]:
    return {"id": schemas.MODEL, "object": "model", "created": _STARTED, "owned_by": schemas.MODEL}


def _no_model(request: Request) -> Response:
    return ProblemResponse(UNKNOWN_MODEL, request.scope)
