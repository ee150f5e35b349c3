"""Questions as they are put to the answerer, in a thread of the pool."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from starlette.types import Scope

from api.events import Event
from api.failures import as_problem
from api.schemas import Question
from qa.answer import Answerer
from qa.stages import Abandoned, Retrieved, Stage

TellEvent: TypeAlias = Callable[[Event], None]


def ask(answerer: Answerer, asked: Question, tell: TellEvent) -> None:
    """Answer a question; tell each stage of it, and at last the answer.

    Raises what `Answerer.ask` raises, and what `tell` does.
    """

    def tell_stage(stage: Stage) -> None:
        name = "retrieved" if isinstance(stage, Retrieved) else "candidate"
        tell(Event(name, stage.as_json()))

    given = answerer.ask(
        asked.question, asked.history, asked.since, asked.until, asked.top_k, tell=tell_stage
    )
    tell(Event("answer", given.as_json()))


def ask_each(
    answerer: Answerer, questions: Sequence[Question], scope: Scope, tell: TellEvent
) -> None:
    """Answer questions one after another; one that fails is told as an `error`, and passed over."""
    for number, each in enumerate(questions):
        try:
            ask(answerer, each, tell)
        except Abandoned:
            raise
        except Exception as error:  # whatever it is, the others are answered
            problem = as_problem(error, scope).model_dump()
            problem["instance"] += f"#/questions/{number}"  # a JSON pointer into the request
            tell(Event("error", problem))
