"""What reading found -> the probability that the best span answers the question."""

import math
from collections.abc import Sequence
from typing import Final, get_args

from qa.answer_type import AnswerType, asked_for
from qa.types import Reading, ScoredSpan
from qa.weights import Weights

SENTENCES: Final = Weights({"best": 0.56, "margin": 0.54}, bias=-0.37)
"""For `qa.sentence_reader`, fitted on 1,780 questions, a third of them without an answer in their
archive. Retrieval's own scores, tried as further features, made it no better on other archives."""


def features(
    question: str,
    reading: Reading,
    next_score: float | None,
    agreeing: Sequence[ScoredSpan] = (),
) -> dict[str, float]:
    """Return what confidence may depend on, by name.

    - best: how far the best span's score is above the no-answer score
    - margin: how far it is above the best span that says something else
    - alone: 1.0 if nothing says anything else
    - agreement: the log of how many places say the same, this one included
    - asks_number, asks_date, ...: 1.0 for what the question asks for
    - every piece of the best span's evidence: see its reader

    Args:
        question: as it was asked of the archive.
        reading: with at least one span.
        next_score: of the best span that says something else, if there is one.
        agreeing: the other spans that say what the best one says.
    """
    best = reading.spans[0]
    kind = asked_for(question)
    return {
        "best": best.score - reading.no_answer,
        "margin": 0.0 if next_score is None else best.score - next_score,
        "alone": float(next_score is None),
        "agreement": math.log1p(len(agreeing)),
        **{f"asks_{each}": float(each == kind) for each in get_args(AnswerType)},
        **dict(best.evidence),
    }
