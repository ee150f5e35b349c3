"""What confidence is worth."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.abstention import (
    Bin,
    Bools,
    Floats,
    accuracies,
    auroc,
    coverage_at,
    ece,
    figures_of_confidence,
    reliability,
)


def floats(*values: float) -> Floats:
    return np.asarray(values, dtype=np.float64)


def bools(*values: int) -> Bools:
    return np.asarray(values, dtype=np.bool_)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]), st.booleans()), max_size=20))
def test_auroc_is_the_share_of_pairs_in_order(pairs: list[tuple[float, bool]]) -> None:
    above = [score for score, positive in pairs if positive]
    below = [score for score, positive in pairs if not positive]
    found = auroc(
        np.array([score for score, _ in pairs], dtype=np.float64),
        np.array([positive for _, positive in pairs], dtype=np.bool_),
    )
    if not above or not below:
        assert found is None
        return
    wins = sum(
        1.0 if high > low else 0.5 if high == low else 0.0
        for high, low in itertools.product(above, below)
    )
    assert found == pytest.approx(wins / (len(above) * len(below)))


def test_the_most_confident_answers_are_counted_first() -> None:
    found = accuracies(floats(0.2, 0.9, 0.5, 0.7), bools(1, 1, 0, 1))
    assert found == pytest.approx([1, 1, 2 / 3, 3 / 4])


@pytest.mark.parametrize("accuracy", [0.8, 0.9])
def test_just_enough_right_answers_are_enough(accuracy: float) -> None:
    """One too many is wrong by a share that no binary fraction holds."""
    for n in range(10, 1001, 10):
        right = np.arange(n) < round(n * accuracy)
        assert coverage_at(accuracy, np.linspace(1, 0, n), right) == 1
        right[0] = False
        assert coverage_at(accuracy, np.linspace(1, 0, n), right) < 1


def test_no_coverage_is_reached_where_nothing_is_right() -> None:
    assert coverage_at(0.8, floats(0.9, 0.1), bools(0, 0)) == 0


def test_questions_fall_into_tenths_of_confidence() -> None:
    found = reliability(floats(0.0, 0.05, 0.1, 0.95, 1.0), bools(0, 1, 1, 1, 1))
    assert [(each.low, each.n, each.accuracy) for each in found] == [
        (0.0, 2, 0.5),
        (0.1, 1, 1.0),
        (0.9, 2, 1.0),
    ]
    assert found[0].confidence == pytest.approx(0.025)
    assert found[2].confidence == pytest.approx(0.975)


def test_the_calibration_error_weighs_each_tenth_by_its_questions() -> None:
    assert ece([Bin(0.1, 3, 0.15, 0.25), Bin(0.9, 1, 0.9, 0.5)]) == pytest.approx(0.175)


def test_figures_are_rounded_and_auroc_may_be_none() -> None:
    found = figures_of_confidence(floats(0.9, 0.6, 0.3), bools(1, 0, 1), bools(1, 1, 1))
    assert found == {
        "auroc": None,
        "aurc": round((0 + 1 / 2 + 1 / 3) / 3, 4),
        "coverage_at_80_accuracy": 0.3333,
        "coverage_at_90_accuracy": 0.3333,
        "ece": round((0.1 + 0.6 + 0.7) / 3, 4),
    }
