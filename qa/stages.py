"""What is known of an answer before it is there, for those who do not like to wait."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from qa.types import Candidate, Citation, describe_passage


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


Stage: TypeAlias = Retrieved | Tentative

Tell: TypeAlias = Callable[[Stage], None]
"""Is told each stage as it is reached, in the thread that answers. What it raises ends the work."""


def ignore(_: object) -> None:
    """Be told, and do nothing about it."""
