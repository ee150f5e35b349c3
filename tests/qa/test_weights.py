"""`qa.weights`: named weights to log-odds and probabilities."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.weights import Weights

WEIGHTS = Weights({"words": 2.0, "rank": -0.5}, bias=1.0)


def test_log_odds_are_the_bias_and_what_is_weighed() -> None:
    assert WEIGHTS.weigh({"words": 3.0, "rank": 4.0}) == 1.0 + 6.0 - 2.0
    assert Weights({}, bias=-3.0).weigh({}) == -3.0


def test_what_has_no_weight_is_left_aside() -> None:
    assert WEIGHTS.weigh({"words": 0.0, "rank": 0.0, "colour": math.nan}) == 1.0


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match="rank"):
        WEIGHTS.weigh({"words": 1.0})


@given(st.floats(-30, 30))
def test_a_probability_has_the_odds(odds: float) -> None:
    probability = Weights({"odds": 1.0}, bias=0.0).probability({"odds": odds})
    assert 0 < probability < 1
    assert math.log(probability) - math.log1p(-probability) == pytest.approx(odds, abs=0.1)


@pytest.mark.parametrize(("odds", "wanted"), [(1e9, 1.0), (-1e9, 0.0), (math.inf, 1.0), (0.0, 0.5)])
def test_no_odds_are_too_long(odds: float, wanted: float) -> None:
    assert Weights({"odds": 1.0}, bias=0.0).probability({"odds": odds}) == pytest.approx(wanted)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_more_odds_never_mean_less_probability(one: float, other: float) -> None:
    weights = Weights({"odds": 1.0}, bias=0.0)
    less, more = sorted([one, other])
    assert weights.probability({"odds": less}) <= weights.probability({"odds": more})
