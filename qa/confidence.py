"""Scores -> the probability that the best span answers the question."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qa.types import Reading

FEATURES: Final = ("best", "margin")


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A logistic regression over what reading found; its weights can be read.

    `weights` follow `FEATURES`: how far the best span's score is above the no-answer score, and
    how far above the best span that says something else.
    """

    weights: tuple[float, ...]
    bias: float

    def confidence(self, features: Sequence[float]) -> float:
        """Return the probability, between 0 and 1, for one question's features."""
        logit = self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


SENTENCES: Final = Calibrator(weights=(0.56, 0.54), bias=-0.37)
"""For `qa.sentence_reader`, fitted on 1,780 questions, a third of them without an answer in their
archive. Retrieval's own scores, tried as further features, made it no better on other archives."""


def features(reading: Reading, next_score: float | None) -> tuple[float, ...]:
    """Return the features of one question, in the order of `FEATURES`.

    Args:
        reading: with at least one span.
        next_score: of the best span that says something else, if there is one.
    """
    best = reading.spans[0].score
    return best - reading.no_answer, 0.0 if next_score is None else best - next_score
