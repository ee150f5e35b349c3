"""A fixed set of questions -> figures, as DESIGN defines them."""

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ValidationError

from index.errors import BadQuestion, BadQuestionSet
from index.types import Span
from qa.answer import Answerer, cite
from qa.question import check_question
from qa.types import Answer, ScoredSpan

ECE_BINS: Final = 10


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question went. `found` is about the best sentence, shown or not."""

    question: Question
    answered: bool
    confidence: float
    found: bool
    found_in_three: bool
    found_document: bool
    em: float
    f1: float
    verbatim: bool
    milliseconds: float


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


def measure(
    answerer: Answerer, questions: Sequence[Question], advance: Callable[[], None]
) -> dict[str, Any]:
    """Ask every question and return the figures; `advance` is called after each."""
    verdicts = []
    for question in questions:
        verdicts.append(judge(answerer, question))
        advance()
    return figures(verdicts)


def judge(answerer: Answerer, question: Question) -> Verdict:
    """Ask one question and compare what comes back with the right answers."""
    # Everything is asked for, so that confidence can be held against what would have been said.
    given = answerer.ask(question.question, question.history, min_confidence=0.0)
    answered = given.answered and given.confidence >= answerer.min_confidence
    said = given.citation.answer if given.citation is not None and answered else ""
    first_three = given.spans[:3]
    document = given.citation.document.source if given.citation is not None else ""
    return Verdict(
        question=question,
        answered=answered,
        confidence=given.confidence,
        found=any(_is_evidence(each, question.answers) for each in first_three[:1]),
        found_in_three=any(_is_evidence(each, question.answers) for each in first_three),
        found_document=any(_same_file(document, each.document) for each in question.answers),
        em=max(
            (exact_match(said, each.text) for each in question.answers), default=float(not said)
        ),
        f1=max((f1_score(said, each.text) for each in question.answers), default=float(not said)),
        verbatim=_is_verbatim(answerer, given),
        milliseconds=given.timings_ms["total"],
    )


def figures(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return the figures for a set of verdicts, in DESIGN's shape."""
    unanswerable = [each for each in verdicts if not each.question.answers]
    answerable = [each for each in verdicts if each.question.answers]
    follow_up = [each for each in answerable if each.question.history]
    direct = [each for each in answerable if not each.question.history]
    times = [each.milliseconds for each in verdicts]
    by_type: dict[str, list[Verdict]] = {}
    for each in verdicts:
        by_type.setdefault(each.question.type, []).append(each)
    return {
        "questions": len(verdicts),
        "overall": {"em": _mean(v.em for v in verdicts), "f1": _mean(v.f1 for v in verdicts)},
        "answerable": _answerable(direct),
        "follow_up": _answerable(follow_up),
        "unanswerable": _unanswerable(unanswerable),
        "abstention": _abstention(verdicts),
        "quotes_verbatim": _mean(v.verbatim for v in verdicts),
        "latency_ms": {
            "p50": round(float(np.percentile(times, 50)), 1),
            "p95": round(float(np.percentile(times, 95)), 1),
        },
        "by_type": {
            kind: _answerable(each) if each[0].question.answers else _unanswerable(each)
            for kind, each in sorted(by_type.items())
        },
        "by_id": {
            v.question.id: {
                "answered": v.answered,
                "right": _right(v),
                "confidence": round(v.confidence, 4),
            }
            for v in verdicts
        },
    }


def summarize(found: dict[str, Any]) -> str:
    """Return the figures as lines of text."""
    lines = [f"questions        {found['questions']}"]
    for name in ("overall", "answerable", "follow_up", "unanswerable", "abstention", "latency_ms"):
        shown = "  ".join(f"{key} {value}" for key, value in found[name].items())
        lines.append(f"{name:16} {shown}")
    lines.append(f"{'quotes_verbatim':16} {found['quotes_verbatim']}")
    for kind, values in found["by_type"].items():
        shown = "  ".join(f"{key} {value}" for key, value in values.items())
        lines.append(f"  {kind:14} {shown}")
    return "\n".join(lines)


def normalize(text: str) -> str:
    """Return a short answer as SQuAD's scorer compares it (Rajpurkar et al. 2016)."""
    plain = "".join(each for each in text.lower() if each not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", plain).split())


def exact_match(said: str, gold: str) -> float:
    """Return 1.0 if the two say the same, by SQuAD's definition, else 0.0."""
    return float(normalize(said) == normalize(gold))


def f1_score(said: str, gold: str) -> float:
    """Return the F1 of the words that two short answers share, by SQuAD's definition."""
    ours, theirs = normalize(said).split(), normalize(gold).split()
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))


def auroc(scores: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_]) -> float | None:
    """Return the chance that a positive scores above a negative, ties counting half."""
    if positive.all() or not positive.any():
        return None
    above = scores[positive][:, np.newaxis] - scores[~positive]
    return float(np.mean((above > 0) + 0.5 * (above == 0)))


def _answerable(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    return {
        "n": len(verdicts),
        "sentence_at_1": _mean(v.answered and v.found for v in verdicts),
        "sentence_at_3": _mean(v.answered and v.found_in_three for v in verdicts),
        "document_at_1": _mean(v.answered and v.found_document for v in verdicts),
        "em": _mean(v.em for v in verdicts),
        "f1": _mean(v.f1 for v in verdicts),
    }


def _unanswerable(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    return {"n": len(verdicts), "abstained": _mean(not v.answered for v in verdicts)}


def _abstention(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    confidence = np.asarray([v.confidence for v in verdicts], dtype=np.float64)
    found = np.asarray([v.found for v in verdicts], dtype=np.bool_)
    answerable = np.asarray([bool(v.question.answers) for v in verdicts], dtype=np.bool_)
    order = np.argsort(-confidence, kind="stable")
    covered = np.arange(1, len(order) + 1)
    risks = np.cumsum(~found[order]) / covered
    good = covered[1 - risks >= 0.9]
    bins = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    gaps = [
        np.sum(bins == each) * abs(found[bins == each].mean() - confidence[bins == each].mean())
        for each in np.unique(bins)
    ]
    return {
        "auroc": _rounded(auroc(confidence, answerable)),
        "aurc": _rounded(float(risks.mean())),
        "coverage_at_90_accuracy": _rounded(float(good.max() / len(order)) if good.size else 0.0),
        "ece": _rounded(float(sum(gaps) / len(order))),
    }


def _right(verdict: Verdict) -> bool:
    return verdict.answered and verdict.found if verdict.question.answers else not verdict.answered


def _is_evidence(scored: ScoredSpan, answers: Sequence[Gold]) -> bool:
    cited = cite(scored)
    return any(
        _same_file(cited.document.source, each.document)
        and cited.sentence_span.start < each.evidence.end
        and each.evidence.start < cited.sentence_span.end
        for each in answers
    )


def _same_file(source: str, name: str) -> bool:
    return PurePath(source).name == PurePath(name).name


def _is_verbatim(answerer: Answerer, given: Answer) -> bool:
    """Compare every quotation with its document, read afresh from the store."""
    cited = [each for each in (given.citation, *given.also, *given.differs) if each is not None]
    return all(
        each.sentence == each.sentence_span.cut(answerer.archive.document(each.document.id).text)
        and each.answer in each.sentence
        for each in cited
    )


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


def _mean(values: Iterable[float | bool]) -> float | None:
    found = [float(each) for each in values]
    return _rounded(sum(found) / len(found)) if found else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
