"""Question sets in the format of SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016, 2018)."""

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from index.errors import BadQuestionSet
from index.types import Span


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question about one context. No answers: the context does not hold one."""

    id: str
    question: str
    answers: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SquadContext:
    """A paragraph with the questions asked of it; spans count its code points."""

    title: str
    text: str
    questions: tuple[SquadQuestion, ...]


def read_squad(path: Path) -> list[SquadContext]:
    """Read a set, `.json` or `.json.gz`. Contexts that occur twice become one.

    A question whose answers are all empty was lost when the set was made, and is left out.

    Raises:
        BadQuestionSet: missing, empty, not of the format, or with an answer that is not where the
            file says it is.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        articles = _File.model_validate_json(content).data
    except (OSError, EOFError, zlib.error) as error:  # all that gzip may raise
        reason = getattr(error, "strerror", None) or str(error)
        raise BadQuestionSet(f"cannot read {path}: {reason}") from error
    except ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join([*map(str, first["loc"]), first["msg"]])
        raise BadQuestionSet(
            f"{path} is not in SQuAD's format ({problem}); its questions stand in data, "
            "paragraphs, qas"
        ) from error
    contexts: dict[tuple[str, str], list[SquadQuestion]] = {}
    for article in articles:
        for paragraph in article.paragraphs:
            here = contexts.setdefault((article.title, paragraph.context), [])
            here += [
                _question(path, paragraph.context, each)
                for each in paragraph.qas
                if not _is_lost(each)
            ]
    if not any(contexts.values()):
        raise BadQuestionSet(f"{path} holds no questions")
    return [
        SquadContext(title.replace("_", " "), text, tuple(questions))
        for (title, text), questions in contexts.items()
    ]


class _Answer(BaseModel):
    text: str
    answer_start: int


class _Question(BaseModel):
    id: str | int
    question: str
    answers: list[_Answer] = []
    is_impossible: bool = False


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Article(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _File(BaseModel):
    data: list[_Article]


def _is_lost(fields: _Question) -> bool:
    had_some = bool(fields.answers) and not fields.is_impossible
    return had_some and not any(each.text for each in fields.answers)


def _question(path: Path, context: str, fields: _Question) -> SquadQuestion:
    answers = [] if fields.is_impossible else [each for each in fields.answers if each.text]
    spans = [Span(each.answer_start, each.answer_start + len(each.text)) for each in answers]
    for answer, span in zip(answers, spans, strict=True):
        if span.start < 0 or span.cut(context) != answer.text:
            raise BadQuestionSet(
                f"{path}: the answer {answer.text!r} of question {fields.id} is not at "
                f"{answer.answer_start} of its context; answer_start counts Unicode code points"
            )
    return SquadQuestion(
        id=str(fields.id),
        question=fields.question.strip(),
        answers=tuple(each.text for each in answers),
        spans=tuple(spans),
    )
