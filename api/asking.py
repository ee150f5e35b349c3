"""Questions over HTTP: asked on their own or in a conversation, and kept if that is wanted."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Annotated, TypeAlias

from fastapi import Depends, Request
from starlette.types import Scope as Asgi

from api import schemas
from api.events import Event
from api.failures import as_problem
from api.follow import follow
from api.in_turn import InTurn
from api.service import Service
from index.errors import BadQuestion
from qa.answer import Answerer
from qa.notebook import Notebook
from qa.reply import ask_and_keep
from qa.scope import Scope
from qa.stages import Abandoned, Retrieved, Stage, Tentative

TellEvent: TypeAlias = Callable[[Event], None]


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
) -> AsyncGenerator[Event, None]:
    """Yield what is known on the way to an answer; at last the answer, kept if it is to be kept.

    Questions to the same conversation are answered one after another, in the order in which they
    come.

    Raises:
        BadQuestion: the question makes no sense, or has both a history and a conversation.
        UnknownConversation: see `qa.reply.ask_and_keep`, also for the others.
        TooMuchKept: there is no room for one more answer.
        ServiceBusy: too many are waiting.
        NotReady: the archive is not open yet.
    """
    asker = Asker(service.answerer, notebook, owner)
    if body.conversation is not None and body.history:
        raise BadQuestion(
            "history and conversation are both given; leave out history, which the conversation has"
        )
    work = partial(asker.ask, body, conversation=body.conversation)
    async with (
        lines.line(body.conversation),
        aclosing(follow(service.pool, work)) as events,
    ):
        async for each in events:
            yield each


@dataclass(frozen=True, slots=True)
class Asker:
    """Puts one owner's questions to the answerer, in a thread of the pool."""

    answerer: Answerer
    notebook: Notebook
    owner: str

    def ask(
        self, asked: schemas.LoneQuestion, tell: TellEvent, conversation: str | None = None
    ) -> None:
        """Answer a question; tell each stage of it, and at last the answer.

        Raises what `ask_and_keep` raises, and what `tell` does.
        """

        def tell_stage(stage: Stage) -> None:
            if isinstance(stage, Retrieved):
                tell(Event("retrieved", stage.as_json()))
            elif isinstance(stage, Tentative):
                tell(Event("candidate", stage.as_json()))

        documents = None if asked.documents is None else tuple(asked.documents)
        if conversation is None and not asked.keep:
            reply = self.answerer.ask(
                asked.question,
                asked.turns(),
                asked.since,
                asked.until,
                asked.top_k,
                documents=documents,
                tell=tell_stage,
                as_is=asked.as_is,
            ).as_json()
        else:
            reply = ask_and_keep(
                self.answerer,
                self.notebook,
                asked.question,
                Scope(documents, asked.since, asked.until),
                conversation,
                asked.turns(),
                asked.top_k,
                self.owner,
                tell_stage,
                as_is=asked.as_is,
            ).as_json()
        tell(Event("answer", reply))

    def ask_each(
        self, questions: Sequence[schemas.LoneQuestion], scope: Asgi, tell: TellEvent
    ) -> None:
        """Answer questions one after another; one that fails is told as an `error`."""
        for number, each in enumerate(questions):
            try:
                self.ask(each, tell)
            except Abandoned:
                raise
            except Exception as error:  # whatever it is, the others are answered
                problem = as_problem(error, scope)
                problem["instance"] += f"#/questions/{number}"  # a JSON pointer into the request
                tell(Event("error", problem))
