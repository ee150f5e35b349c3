"""What confidence is worth: whether it parts right from wrong, and means what it says.

Everywhere, `confidence` is float64 and `right` bool, both of shape `(questions,)`; `right` says
whether the best answer found is right, given or withheld.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

BINS: Final = 10
"""Equally wide ranges of confidence, in which it is compared with how often it is right."""


class Bin(NamedTuple):
    """The questions whose confidence lies in one range: how many, its mean, the share right."""

    low: float
    n: int
    confidence: float
    accuracy: float


def figures_of_confidence(
    confidence: Floats, right: Bools, answerable: Bools
) -> dict[str, float | None]:
    """Return the figures that DESIGN has under `abstention`, rounded to four digits.

    Args:
        confidence: at least one.
        right: whether the best answer found is right.
        answerable: whether there is a right answer to find.
    """
    found = {
        "auroc": auroc(confidence, answerable),
        "aurc": aurc(confidence, right),
        "coverage_at_80_accuracy": coverage_at(0.8, confidence, right),
        "coverage_at_90_accuracy": coverage_at(0.9, confidence, right),
        "ece": ece(reliability(confidence, right)),
    }
    return {name: None if each is None else round(each, 4) for name, each in found.items()}


def auroc(score: Floats, positive: Bools) -> float | None:
    """Return the chance that a positive scores above a negative, ties counting half."""
    if positive.all() or not positive.any():
        return None
    negatives = np.sort(score[~positive])
    below = np.searchsorted(negatives, score[positive], "left")
    up_to = np.searchsorted(negatives, score[positive], "right")
    return float((below + up_to).mean() / 2 / len(negatives))


def accuracies(confidence: Floats, right: Bools) -> Floats:
    """Return the share that is right of the 1, 2, 3, … most confident answers."""
    order = np.argsort(-confidence, kind="stable")
    found: Floats = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    return found


def aurc(confidence: Floats, right: Bools) -> float:
    """Return the mean share that is wrong over every coverage (Geifman et al. 2019)."""
    return float(1 - accuracies(confidence, right).mean())


def coverage_at(accuracy: float, confidence: Floats, right: Bools) -> float:
    """Return the largest share of questions answered with at least `accuracy` of them right."""
    reached = np.flatnonzero(accuracies(confidence, right) >= accuracy)
    return float(reached.max() + 1) / len(confidence) if reached.size else 0.0


def reliability(confidence: Floats, right: Bools) -> list[Bin]:
    """Return the ranges of confidence that hold questions, lowest first."""
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        Bin(
            low=each / BINS,
            n=int(inside.sum()),
            confidence=float(confidence[inside].mean()),
            accuracy=float(right[inside].mean()),
        )
        for each in range(BINS)
        if (inside := places == each).any()
    ]


def ece(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: how far confidence is from accuracy, in the mean."""
    total = sum(each.n for each in bins)
    return sum(each.n * abs(each.accuracy - each.confidence) for each in bins) / total
