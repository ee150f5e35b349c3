"""SQuAD's questions, each put to the reader with the passage it was written for: no archive."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np

from index.embed import FAKE_MODEL, silent
from index.errors import BadSetting
from qa.abstention import auroc
from qa.evaluate import em_f1, in_percent, latency, mean
from qa.evaluate_squad import Asked, read_asked, throw_away_archive
from qa.opening import Notify, open_reader
from qa.progress import bar
from qa.settings import Settings
from qa.span_reader import TextReading
from qa.squad import SquadContext
from qa.squad_measures import Scores, scores

THRESHOLD: Final = 1.5
"""Log-odds that the passage holds an answer, from which on one is given.

Above 0, because a passage was mostly without an answer in training because it was about something
else: where right answers kept and unanswerable questions refused add up to the most, on the sets
that the calibration is fitted on.
"""


@runtime_checkable
class PassageReader(Protocol):
    """A reader that finds short answers, also in texts that are in no archive."""

    name: str

    def read_texts(self, question: str, texts: Sequence[tuple[str, str]]) -> list[TextReading]:
        """Read texts, each after its title; spans count the code points of their text."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question went. `said` is the best span, given or not; `forced` is what it scores."""

    id: str
    answerable: bool
    said: str
    odds: float
    forced: Scores
    milliseconds: float

    def given(self, threshold: float) -> Scores:
        """Return what it scores if an answer is given from these log-odds on."""
        silent_score = float(not self.answerable)
        return self.forced if self.answers(threshold) else Scores(silent_score, silent_score)

    def answers(self, threshold: float) -> bool:
        """Say whether an answer is given."""
        return bool(self.said) and self.odds >= threshold


def measure_passages(
    path: Path, settings: Settings, limit: int | None = None, notify: Notify = silent
) -> dict[str, Any]:
    """Read the passage of each question with the settings' reader; return the figures.

    Args:
        path: in SQuAD's format.
        settings: `reader` counts.
        limit: how many questions to draw; None asks all.
        notify: is told what takes long.

    Raises:
        BadQuestionSet: see `read_asked`.
        BadSetting: the reader finds no short answers.
        ModelError: it cannot be loaded.
    """
    contexts, asked = read_asked(path, limit)
    # A reader is opened for an archive; this one asks nothing of it.
    nothing = settings.model_copy(update={"embedder": FAKE_MODEL})
    with throw_away_archive(nothing, notify) as archive:
        reader, _ = open_reader(archive, settings.reader)
        if not isinstance(reader, PassageReader):
            raise BadSetting(
                f"--given-passage: the reader {reader.name!r} finds whole sentences of an archive "
                "only; name another with --reader"
            )
        with bar(len(asked)) as advance:
            return measure(reader, contexts, asked, advance)


def measure(
    reader: PassageReader,
    contexts: Sequence[SquadContext],
    asked: Iterable[Asked],
    advance: Callable[[], None],
) -> dict[str, Any]:
    """Ask every question and return the figures; `advance` is called after each."""
    verdicts = []
    for each in asked:
        verdicts.append(judge(reader, contexts[each.at], each))
        advance()
    return figures(verdicts)


def judge(reader: PassageReader, context: SquadContext, asked: Asked) -> Verdict:
    """Put one question to the reader and compare what it finds with the right answers."""
    begun = time.perf_counter()
    (reading,) = reader.read_texts(asked.question.question, [(context.title, context.text)])
    spent = time.perf_counter() - begun
    said = reading.spans[0].span.cut(context.text) if reading.spans else ""
    return Verdict(
        id=asked.question.id,
        answerable=bool(asked.question.answers),
        said=said,
        odds=reading.answerable,
        forced=scores(said, asked.question.answers),
        milliseconds=1000 * spent,
    )


def figures(verdicts: Sequence[Verdict], threshold: float = THRESHOLD) -> dict[str, Any]:
    """Return the official figures, `overall` and `best` in percent, all else as shares of 1.

    `answerable` and `unanswerable` are what SQuAD 2.0's scorer calls HasAns and NoAns; `best` is
    what the threshold that suits each measure most would give, as there; `forced` is EM and F1 of
    the answerable questions, had each been answered.
    """
    answerable = [each for each in verdicts if each.answerable]
    unanswerable = [each for each in verdicts if not each.answerable]
    odds = np.asarray([each.odds for each in verdicts], dtype=np.float64)
    apart = auroc(odds, np.asarray([each.answerable for each in verdicts], dtype=np.bool_))
    em, em_threshold = best_threshold(verdicts, "em")
    f1, f1_threshold = best_threshold(verdicts, "f1")
    return {
        "questions": len(verdicts),
        "overall": in_percent(em_f1(each.given(threshold) for each in verdicts)),
        "best": {"em": em, "em_threshold": em_threshold, "f1": f1, "f1_threshold": f1_threshold},
        "answerable": {
            "n": len(answerable),
            **em_f1(each.given(threshold) for each in answerable),
        },
        "forced": {"n": len(answerable), **em_f1(each.forced for each in answerable)},
        "unanswerable": {
            "n": len(unanswerable),
            "abstained": mean(not each.answers(threshold) for each in unanswerable),
        },
        "abstention": {
            "auroc": None if apart is None else round(apart, 4),
            "threshold": threshold,
        },
        "latency_ms": latency([each.milliseconds for each in verdicts]),
        "by_id": {
            each.id: {
                "answered": each.answers(threshold),
                "f1": round(each.given(threshold).f1, 4),
                "odds": round(each.odds, 4),
            }
            for each in verdicts
        },
    }


def best_threshold(verdicts: Sequence[Verdict], measure: str) -> tuple[float, float | None]:
    """Return the best that any threshold gives for "em" or "f1", in percent, and that threshold.

    The threshold is the lowest log-odds that are answered; None answers nothing.
    """
    total = float(sum(not each.answerable for each in verdicts))
    best, at = total, None
    ranked = sorted(verdicts, key=lambda each: -each.odds)
    for number, each in enumerate(ranked, start=1):
        if each.said:
            total += getattr(each.forced, measure) if each.answerable else -1
        # Questions of the same odds are answered together or not at all.
        together = number < len(ranked) and ranked[number].odds == each.odds
        if total > best and not together:
            best, at = total, each.odds
    return round(100 * best / len(verdicts), 2), at
