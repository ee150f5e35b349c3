"""A question over HTTP: asked on its own or in a conversation, and kept if that is wanted."""

from typing import Annotated, Any

from fastapi import Depends, Request

from api import schemas
from api.in_turn import InTurn
from api.service import Service
from index.errors import BadQuestion
from qa.notebook import Notebook
from qa.reply import ask_and_keep
from qa.scope import Scope


async def notebook_of(request: Request) -> Notebook:
    """Return where this application keeps conversations."""
    notebook: Notebook = request.app.state.notebook
    return notebook


async def lines_of(request: Request) -> InTurn:
    """Return the lines in which questions to conversations wait."""
    lines: InTurn = request.app.state.lines
    return lines


TheNotebook = Annotated[Notebook, Depends(notebook_of)]
TheLines = Annotated[InTurn, Depends(lines_of)]


async def answered(
    body: schemas.Question, service: Service, notebook: Notebook, lines: InTurn, owner: str
) -> dict[str, Any]:
    """Return the reply to one question, having kept it if it is to be kept.

    Questions to the same conversation are answered one after another, in the order in which they
    come.

    Raises:
        BadQuestion: the question makes no sense, or has both a history and a conversation.
        UnknownConversation: see `qa.reply.ask_and_keep`, also for the others.
        TooMuchKept: there is no room for one more answer.
        ServiceBusy: too many are waiting.
        NotReady: the archive is not open yet.
    """
    answerer = service.answerer
    if body.conversation is not None and body.history:
        raise BadQuestion(
            "history and conversation are both given; leave out history, which the conversation has"
        )
    documents = None if body.documents is None else tuple(body.documents)

    def work() -> dict[str, Any]:
        if body.conversation is None and not body.keep:
            return answerer.ask(
                body.question,
                body.turns(),
                body.since,
                body.until,
                body.top_k,
                documents=documents,
                as_is=body.as_is,
            ).as_json()
        return ask_and_keep(
            answerer,
            notebook,
            body.question,
            Scope(documents, body.since, body.until),
            body.conversation,
            body.turns(),
            body.top_k,
            owner,
            as_is=body.as_is,
        ).as_json()

    async with lines.line(body.conversation):
        return await service.pool.run(work)
