"""Questions asked of an archive -> figures, as DESIGN defines them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from index.embed import silent
from qa.abstention import figures_of_confidence
from qa.answer import Answerer
from qa.cite import cite
from qa.opening import Notify, open_answerer
from qa.progress import bar
from qa.question_set import Gold, Question, draw, read_questions
from qa.settings import Settings
from qa.squad_measures import Scores, scores
from qa.types import Answer, ScoredSpan, Turn


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question went.

    `found` is about the best sentence, shown or not, and `forced` about the best short answer
    likewise; `given` is about what was shown.
    """

    question: Question
    answered: bool
    confidence: float
    found: bool
    found_in_three: bool
    found_document: bool
    given: Scores
    forced: Scores
    verbatim: bool
    milliseconds: float


def measure_file(
    path: Path, settings: Settings, limit: int | None = None, notify: Notify = silent
) -> dict[str, Any]:
    """Ask the questions of a file of the settings' archive; return the figures.

    Args:
        path: a question set, a line a question.
        settings: which archive, and how it is asked.
        limit: how many questions to draw; None asks all.
        notify: is told what takes long.

    Raises:
        BadQuestionSet: see `read_questions`.
        ArchiveError: the archive cannot be opened.
        ModelError: the embedder or the reader cannot be loaded.
    """
    asked = draw(read_questions(path), limit, lambda each: each.id)
    answerer = open_answerer(settings, notify)
    with closing(answerer.archive), bar(len(asked)) as advance:
        return measure(answerer, asked, advance)


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
    """Ask one question and compare what comes back with the right answers.

    The questions before it are asked first, and their answers are what it may lean on, as in use.
    """
    turns: list[Turn] = []
    for each in question.history:
        turns.append(answerer.ask(each, turns).turn)
    # Everything is asked for, so that confidence can be held against what would have been said.
    given = answerer.ask(question.question, turns, min_confidence=0.0)
    answered = given.answered and given.confidence >= answerer.min_confidence
    best = given.citation.answer if given.citation is not None else ""
    right = [each.text for each in question.answers]
    first_three = given.spans[:3]
    document = given.citation.document.source if given.citation is not None else ""
    return Verdict(
        question=question,
        answered=answered,
        confidence=given.confidence,
        found=any(_is_evidence(each, question.answers) for each in first_three[:1]),
        found_in_three=any(_is_evidence(each, question.answers) for each in first_three),
        found_document=any(_same_file(document, each.document) for each in question.answers),
        given=scores(best if answered else "", right),
        forced=scores(best, right),
        verbatim=_is_verbatim(answerer, given),
        milliseconds=given.timings_ms["total"],
    )


def figures(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return the figures for a set of verdicts, in DESIGN's shape, as shares of 1.

    `forced` is EM and F1 of the answerable questions, had the best answer been given to each.
    """
    unanswerable = [each for each in verdicts if not each.question.answers]
    answerable = [each for each in verdicts if each.question.answers]
    follow_up = [each for each in answerable if each.question.history]
    direct = [each for each in answerable if not each.question.history]
    by_type: dict[str, list[Verdict]] = {}
    for each in verdicts:
        if each.question.type:
            by_type.setdefault(each.question.type, []).append(each)
    return {
        "questions": len(verdicts),
        "overall": em_f1(v.given for v in verdicts),
        "answerable": _answerable(direct),
        "forced": {"n": len(direct), **em_f1(v.forced for v in direct)},
        "follow_up": _answerable(follow_up),
        "unanswerable": _unanswerable(unanswerable),
        "abstention": _abstention(verdicts),
        "quotes_verbatim": mean(v.verbatim for v in verdicts),
        "latency_ms": latency([v.milliseconds for v in verdicts]),
        "by_type": {
            kind: _answerable(each) if each[0].question.answers else _unanswerable(each)
            for kind, each in sorted(by_type.items())
        },
        "by_id": {
            v.question.id: {
                "answered": v.answered,
                "right": _right(v),
                "found": v.found,
                "confidence": round(v.confidence, 4),
            }
            for v in verdicts
        },
    }


def summarize(found: dict[str, Any]) -> str:
    """Return the figures as lines of text, without those of single questions and of empty kinds."""
    lines = []
    for name, values in found.items():
        if name in ("by_type", "by_id"):
            continue
        if not isinstance(values, dict):
            lines.append(f"{name:16} {values}")
        elif values.get("n") != 0:
            lines.append(f"{name:16} {_shown(values)}")
    lines += [f"  {kind:14} {_shown(values)}" for kind, values in found.get("by_type", {}).items()]
    return "\n".join(lines)


def mean(values: Iterable[float | bool]) -> float | None:
    """Return the mean of shares, rounded to four digits; None of none."""
    found = [float(each) for each in values]
    return round(sum(found) / len(found), 4) if found else None


def em_f1(given: Iterable[Scores]) -> dict[str, float | None]:
    """Return the means of both measures, as shares."""
    kept = list(given)
    return {"em": mean(each.em for each in kept), "f1": mean(each.f1 for each in kept)}


def in_percent(shares: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return shares times a hundred, as SQuAD's scorer prints them."""
    return {name: None if each is None else round(100 * each, 2) for name, each in shares.items()}


def latency(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile, in milliseconds."""
    return {
        "p50": round(float(np.percentile(milliseconds, 50)), 1),
        "p95": round(float(np.percentile(milliseconds, 95)), 1),
    }


def _answerable(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    return {
        "n": len(verdicts),
        "sentence_at_1": mean(v.answered and v.found for v in verdicts),
        "sentence_at_3": mean(v.answered and v.found_in_three for v in verdicts),
        "document_at_1": mean(v.answered and v.found_document for v in verdicts),
        **em_f1(v.given for v in verdicts),
    }


def _unanswerable(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    return {"n": len(verdicts), "abstained": mean(not v.answered for v in verdicts)}


def _abstention(verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    return figures_of_confidence(
        np.asarray([v.confidence for v in verdicts], dtype=np.float64),
        np.asarray([v.found for v in verdicts], dtype=np.bool_),
        np.asarray([bool(v.question.answers) for v in verdicts], dtype=np.bool_),
    )


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


def _shown(values: dict[str, Any]) -> str:
    return "  ".join(f"{key} {value}" for key, value in values.items())
