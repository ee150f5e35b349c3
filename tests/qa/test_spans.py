"""`qa.spans`: token scores to spans, checked against the plainest way to do it."""

import math
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ModelError
from index.types import Span
from qa.spans import MOST_ANSWER_TOKENS, Found, best_spans, log_sum
from qa.windows import Window

Floats = npt.NDArray[np.float32]


def window(places: list[Span | None]) -> Window:
    return Window(0, [0] * len(places), [0] * len(places), places)


def words(count: int) -> Window:
    """One token a word, a word every five characters, and a token of none at each end."""
    return window([None, *(Span(5 * at, 5 * at + 4) for at in range(count)), None])


def floats(*values: float) -> Floats:
    return np.asarray(values, dtype=np.float32)


@st.composite
def scored_windows(draw: st.DrawFn) -> tuple[Window, Floats, Floats]:
    """Windows of any shape: tokens without a place anywhere, several in one place."""
    places: list[Span | None] = []
    at = 0
    for kind in draw(st.lists(st.sampled_from(["word", "same", "none"]), min_size=1, max_size=70)):
        if kind == "word":
            at += draw(st.integers(0, 2))
            places.append(Span(at, at + draw(st.integers(1, 3))))
            at = getattr(places[-1], "end", at)
        else:
            places.append(places[-1] if kind == "same" and places else None)
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    # Sixteenths add up exactly, so that what is equal is so for both ways to do it.
    start, end = (chance.integers(-200, 200, size=(2, len(places))) / 16).astype(np.float32)
    return window(places), start, end


def every_span(given: Window, start: Floats, end: Floats, answerable: float) -> list[Found]:
    """All spans that there are, best first, and of equal ones the first first."""
    starts, ends = (
        np.log(np.exp(each.astype(np.float64)) / np.exp(each.astype(np.float64)).sum())
        for each in (start, end)
    )
    found: list[tuple[float, Found]] = []
    for first, begun in enumerate(given.places):
        for last, ended in enumerate(given.places[: first + MOST_ANSWER_TOKENS]):
            if begun is not None and ended is not None and last >= first:
                score = answerable + starts[first] + ends[last]
                span = Found(Span(begun.start, ended.end), float(score))
                found.append((float(start[first]) + float(end[last]), span))
    return [span for _, span in sorted(found, key=lambda each: -each[0])]


def overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


@settings(deadline=None)
@given(scored_windows(), st.floats(-20, 20), st.integers(0, 90))
def test_the_best_spans_that_do_not_overlap(
    made: tuple[Window, Floats, Floats], answerable: float, most: int
) -> None:
    found = best_spans(*made, answerable, most)
    wanted: list[Found] = []
    for each in every_span(*made, answerable):
        if not any(overlap(each.span, other.span) for other in wanted):
            wanted.append(each)
    assert [each.span for each in found] == [each.span for each in wanted[:most]]
    assert [each.score for each in found] == pytest.approx(
        [each.score for each in wanted[:most]], abs=1e-3
    )
    assert not any(overlap(one.span, other.span) for one, other in combinations(found, 2))
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(each.span.start < each.span.end for each in found)


@settings(deadline=None)
@given(scored_windows(), st.floats(-20, 20))
def test_all_spans_together_have_no_more_than_the_odds_of_the_window(
    made: tuple[Window, Floats, Floats], answerable: float
) -> None:
    total = sum(math.exp(each.score) for each in every_span(*made, answerable))
    assert total <= math.exp(answerable) * 1.0001
    found = sum(math.exp(each.score) for each in best_spans(*made, answerable, 99))
    assert found <= total * 1.001


def test_a_span_and_its_score() -> None:
    start, end = floats(0, 0, 4, 0, 0), floats(0, 0, 0, 5, 0)
    (best, *_) = best_spans(words(3), start, end, 1.5, 3)
    assert best.span == Span(5, 14)
    assert best.score == pytest.approx(
        1.5 + 4 - math.log(4 + math.exp(4)) + 5 - math.log(4 + math.exp(5)), abs=1e-5
    )


def test_an_end_before_its_start_is_no_span() -> None:
    start, end = floats(0, 0, 0, 9, 0), floats(0, 9, 0, 0, 0)
    assert best_spans(words(3), start, end, 0, 1)[0].span in (Span(10, 14), Span(0, 4))


def test_nothing_begins_or_ends_outside_the_passage() -> None:
    start, end = floats(9, 0, 1, 0, 9), floats(9, 0, 0, 1, 9)
    assert best_spans(words(3), start, end, 0, 1)[0].span == Span(5, 14)


def test_an_answer_has_a_length() -> None:
    count = MOST_ANSWER_TOKENS + 1
    start, end = np.zeros((2, count + 2), dtype=np.float32)
    start[1] = end[count] = 20
    end[count - 1] = 10
    assert best_spans(words(count), start, end, 0, 1)[0].span == Span(0, 5 * count - 6)


def test_tokens_of_one_character_are_one_span() -> None:
    emoji = window([Span(0, 1)] * 4)
    assert [
        each.span for each in best_spans(emoji, floats(1, 2, 3, 4), floats(4, 3, 2, 1), 0, 9)
    ] == [Span(0, 1)]


def test_padding_is_left_aside() -> None:
    start, end = floats(1, 2, 3, 4, 5), floats(5, 4, 3, 2, 1)
    longer, wider = (np.append(each, floats(99, np.nan)) for each in (start, end))
    assert best_spans(words(3), longer, wider, 1, 3) == best_spans(words(3), start, end, 1, 3)


def test_a_window_without_a_place_has_no_span() -> None:
    assert best_spans(window([None, None]), floats(1, 2), floats(1, 2), 0, 3) == []
    assert best_spans(window([]), floats(), floats(), 0, 3) == []


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("which", ["start", "end", "answerable"])
def test_what_is_no_number_is_an_error(which: str, broken: float) -> None:
    start, end, answerable = floats(1, 2, 3, 4, 5), floats(5, 4, 3, 2, 1), 0.0
    if which == "answerable":
        answerable = broken
    else:
        {"start": start, "end": end}[which][3] = broken
    with pytest.raises(ModelError, match=r"^the reader gave no numbers for a passage; ") as raised:
        best_spans(words(3), start, end, answerable, 3)
    assert "\n" not in str(raised.value)


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=50))
def test_the_logarithm_of_a_sum(scores: list[float]) -> None:
    top = max(scores)
    wanted = top + math.log(sum(math.exp(each - top) for each in scores))
    assert log_sum(floats(*scores)) == pytest.approx(wanted, rel=1e-5, abs=1e-4)
