"""What is known of an answer before it is there, for those who do not like to wait."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event
from typing import Any, TypeAlias

from qa.types import Answer, Candidate, Citation, describe_passage


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages that will be read, nearest first: those that the answer will name too."""

    passages: tuple[Candidate, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the data of the event `retrieved` of `POST /ask`."""
        return {"passages": [describe_passage(each) for each in self.passages]}


@dataclass(frozen=True, slots=True)
class Tentative:
    """The best quotation so far, compared with its document like any other.

    It is not the answer: a better one may follow, or none of them may be good enough to be given.
    """

    citation: Citation

    def as_json(self) -> dict[str, Any]:
        """Return the data of the event `candidate` of `POST /ask`."""
        return {
            "final": False,
            "answer": self.citation.answer,
            "sentence": self.citation.sentence,
            "citation": self.citation.as_json(),
        }


Stage: TypeAlias = Retrieved | Tentative | Answer
"""The answer is the last one."""

Tell: TypeAlias = Callable[[Stage], None]
"""Is told each stage as it is reached, in the thread that answers. What it raises ends the work."""


class Abandoned(Exception):
    """Raised by a `Tell` of an answer that nobody waits for any more, to end the work on it."""


def ignore(_: object) -> None:
    """Be told, and do nothing about it."""


def of_answers(tell: Callable[[Answer], None]) -> Tell:
    """Return what tells of answers, and of nothing on the way to them."""

    def tell_answer(stage: Stage) -> None:
        if isinstance(stage, Answer):
            tell(stage)

    return tell_answer


def stages(ask: Callable[[Tell], Answer]) -> Generator[Stage, None, None]:
    """Yield what `ask` tells, as it tells it; at last the answer.

    It runs in a thread of its own, and ends at its next stage if the generator is closed.

    Raises what `ask` raises.
    """
    told: SimpleQueue[Stage | None] = SimpleQueue()
    abandoned = Event()

    def tell(stage: Stage) -> None:
        if abandoned.is_set():
            raise Abandoned
        told.put(stage)

    with ThreadPoolExecutor(1, thread_name_prefix="asking") as thread:
        try:
            asking = thread.submit(ask, tell)
            asking.add_done_callback(lambda _: told.put(None))
            while (stage := told.get()) is not None:
                yield stage
            asking.result()  # raises what went wrong
        finally:
            abandoned.set()
