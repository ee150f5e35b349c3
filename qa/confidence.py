"""Scores -> the probability that the best span answers the question."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qa.types import Candidate, Reading

FEATURES: Final = ("best", "margin", "agreement", "dense", "lexical")


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A logistic regression over what retrieval and reading found; its weights can be read.

    `weights` follow `FEATURES`: the best span's score over the no-answer score, its lead over the
    next span that says something else, how many other documents say the same, and the best dense
    and lexical scores among the candidates.
    """

    weights: tuple[float, ...]
    bias: float

    def confidence(self, features: Sequence[float]) -> float:
        """Return the probability for one question's features."""
        logit = self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


SENTENCES: Final = Calibrator(weights=(1.0, 0.0, 0.0, 0.0, 0.0), bias=0.0)
"""For `qa.sentence_reader`."""


def features(
    reading: Reading, candidates: Sequence[Candidate], next_score: float | None, agreeing: int
) -> tuple[float, ...]:
    """Return the features of one question, in the order of `FEATURES`.

    Args:
        reading: with at least one span.
        candidates: what was read.
        next_score: of the best span that says something else, if there is one.
        agreeing: how many other documents say the same as the best span.
    """
    best = reading.spans[0].score - reading.no_answer
    margin = 0.0 if next_score is None else reading.spans[0].score - next_score
    return (
        best,
        margin,
        math.log1p(agreeing),
        max(each.dense for each in candidates),
        math.log1p(max(each.lexical for each in candidates)),
    )
