"""The addresses of conversations."""

from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Response
from starlette.responses import JSONResponse, PlainTextResponse

from api import conversation_examples as examples
from api import conversation_schemas as schemas
from api.asking import TheNotebook
from api.kinds import (
    ARCHIVE_UNWRITABLE,
    BAD_QUESTION,
    INVALID,
    LIMIT_REACHED,
    MALFORMED,
    NO_ARCHIVE,
    NOT_READY,
    TOO_LARGE,
    UNKNOWN_CONVERSATION,
)
from api.owner import TheOwner
from api.problems import documented
from api.routes import TheService
from qa import conversations, kept, transcript
from qa.scope import Scope, check_scope

MARKDOWN: Final = "text/markdown; charset=utf-8"

router = APIRouter(prefix="/conversations", tags=["conversations"])

AS_BEGUN: Final = "as `POST /conversations` gave it"

_READING: Final = (UNKNOWN_CONVERSATION, INVALID, NO_ARCHIVE)
_CHANGING: Final = (MALFORMED, TOO_LARGE, INVALID, BAD_QUESTION, ARCHIVE_UNWRITABLE, NO_ARCHIVE)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=schemas.Conversation,
    responses=documented(*_CHANGING, LIMIT_REACHED, NOT_READY),
)
def begin(
    body: schemas.NewConversation,
    response: Response,
    service: TheService,
    notebook: TheNotebook,
    owner: TheOwner,
) -> dict[str, Any]:
    """Begin a conversation. Give its id as `conversation` to `POST /ask`."""
    scope = _scope(body.scope)
    check_scope(service.answerer.archive.store, scope)
    made = conversations.begin(notebook, body.name, scope, owner)
    response.headers["Location"] = f"/conversations/{made.id}"
    return made.as_json()


@router.get("", response_model=schemas.Conversations, responses=documented(INVALID, NO_ARCHIVE))
def list_conversations(
    page: Annotated[schemas.ConversationPage, Query()], notebook: TheNotebook, owner: TheOwner
) -> dict[str, Any]:
    """List the conversations, those that were asked something last first, a page at a time."""
    # One more than is asked for tells whether there is another page.
    found = conversations.newest(notebook, page.before, page.limit + 1, owner)
    shown = found[: page.limit]
    return {
        "conversations": [each.as_json() for each in shown],
        "total": conversations.count(notebook, owner),
        "next": shown[-1].place if len(found) > len(shown) else None,
    }


@router.get("/{id}", response_model=schemas.Thread, responses=documented(*_READING))
def read_conversation(
    conversation_id: Annotated[str, Path(alias="id", description=AS_BEGUN)],
    page: Annotated[schemas.AnswerPage, Query()],
    notebook: TheNotebook,
    owner: TheOwner,
) -> dict[str, Any]:
    """Return a conversation with its answers as they were given, a page at a time."""
    conversation = conversations.find(notebook, conversation_id, owner)
    found = kept.thread(notebook, conversation_id, page.after, page.limit + 1, owner)
    shown = found[: page.limit]
    return {
        **transcript.as_json(conversation, shown),
        "next": shown[-1].number if len(found) > len(shown) else None,
    }


@router.patch(
    "/{id}",
    response_model=schemas.Conversation,
    responses=documented(UNKNOWN_CONVERSATION, *_CHANGING, NOT_READY),
)
def change(
    conversation_id: Annotated[str, Path(alias="id", description=AS_BEGUN)],
    body: schemas.ConversationChange,
    service: TheService,
    notebook: TheNotebook,
    owner: TheOwner,
) -> dict[str, Any]:
    """Give a conversation another name, or another scope for the questions to come."""
    scope = None if body.scope is None else _scope(body.scope)
    if scope is not None:
        check_scope(service.answerer.archive.store, scope)
    return conversations.change(notebook, conversation_id, body.name, scope, owner).as_json()


@router.delete(
    "/{id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(UNKNOWN_CONVERSATION, INVALID, ARCHIVE_UNWRITABLE, NO_ARCHIVE),
)
def delete(
    conversation_id: Annotated[str, Path(alias="id", description=AS_BEGUN)],
    notebook: TheNotebook,
    owner: TheOwner,
) -> None:
    """Delete a conversation, its answers, and what was thought of them."""
    conversations.delete(notebook, conversation_id, owner)


@router.get(
    "/{id}/export",
    response_class=Response,
    responses={
        **documented(*_READING),
        HTTPStatus.OK: {
            "description": "The conversation as a file",
            "content": {
                "text/markdown": {
                    "schema": {"type": "string"},
                    "example": f"# {examples.NAME}\n",
                },
                "application/json": {"schema": {"$ref": "#/components/schemas/Thread"}},
            },
        },
    },
)
def export(
    conversation_id: Annotated[str, Path(alias="id", description=AS_BEGUN)],
    notebook: TheNotebook,
    owner: TheOwner,
    form: Annotated[
        Literal["md", "json"],
        Query(alias="format", description="Markdown with footnoted citations, or JSON"),
    ] = "md",
) -> Response:
    """Return a conversation as a file: each answer a quotation with footnoted citations."""
    conversation = conversations.find(notebook, conversation_id, owner)
    answers = kept.thread(notebook, conversation_id, owner=owner)
    headers = {"Content-Disposition": f'attachment; filename="conversation.{form}"'}
    if form == "json":
        whole = {**transcript.as_json(conversation, answers), "next": None}
        return JSONResponse(whole, headers=headers)
    text = transcript.as_markdown(conversation, answers)
    return PlainTextResponse(text, headers=headers, media_type=MARKDOWN)


def _scope(given: schemas.Scope) -> Scope:
    documents = None if given.documents is None else tuple(given.documents)
    return Scope(documents, given.since, given.until)
