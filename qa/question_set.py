"""Question sets in this project's own format: one JSON object a line."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from index.errors import BadQuestion, BadQuestionSet
from index.types import Span
from qa.question import check_question

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Gold:
    """One right answer: its text, and the evidence around it in a document of that file name."""

    document: str
    text: str
    evidence: Span


@dataclass(frozen=True, slots=True)
class Question:
    """A line of a question set. No answers: the archive cannot answer it."""

    id: str
    type: str
    question: str
    history: tuple[str, ...]
    answers: tuple[Gold, ...]


def read_questions(path: Path) -> list[Question]:
    """Read a question set, one JSON object a line.

    Raises:
        BadQuestionSet: missing, empty, or with a line that is not of the format.
    """
    try:
        # Not splitlines: JSON may hold a line separator (U+2028) within a string.
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise BadQuestionSet(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadQuestionSet(f"cannot read {path}: not UTF-8; save it as that") from error
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        question = _question(path, number, line)
        if question.id in questions:
            raise BadQuestionSet(f"{path}, line {number}: id {question.id!r} is taken; change it")
        questions[question.id] = question
    if not questions:
        raise BadQuestionSet(f"{path} holds no questions")
    return list(questions.values())


def draw(items: Sequence[Item], limit: int | None, id_of: Callable[[Item], str]) -> list[Item]:
    """Draw at most `limit` items by chance, in their order; None draws all.

    Only the ids decide, so a draw is the same everywhere, and part of every larger one.
    """
    if limit is None or limit >= len(items):
        return list(items)
    marks = [hashlib.sha256(id_of(each).encode()).digest() for each in items]
    chosen = sorted(range(len(items)), key=marks.__getitem__)[:limit]
    return [items[at] for at in sorted(chosen)]


class _LineAnswer(BaseModel):
    document: str
    text: str
    evidence_start: int
    evidence_end: int


class _Line(BaseModel):
    id: str | int
    type: str = ""
    question: str
    history: list[str] = []
    answers: list[_LineAnswer]


def _question(path: Path, number: int, line: str) -> Question:
    try:
        fields = _Line.model_validate_json(line)
        return Question(
            id=str(fields.id),
            type=fields.type,
            question=check_question(fields.question),
            history=tuple(check_question(each) for each in fields.history),
            answers=tuple(
                Gold(each.document, each.text, Span(each.evidence_start, each.evidence_end))
                for each in fields.answers
            ),
        )
    except ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join([*map(str, first["loc"]), first["msg"]])
        raise BadQuestionSet(
            f"{path}, line {number}: not a question ({problem}); each line is an object with id, "
            "question and answers"
        ) from error
    except BadQuestion as error:
        raise BadQuestionSet(f"{path}, line {number}: {error}") from error
