"""A window's token scores -> the best spans of its passage."""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.types import Span
from qa.windows import Window

MOST_ANSWER_TOKENS: Final = 48
"""Tokens in an answer, at most. A clause that says why is longer than a name."""

_NO_NUMBERS: Final = (
    "the reader gave no numbers for a passage; its weights are damaged: reinstall it, or name "
    "another"
)


class Found(NamedTuple):
    """A span of the passage's text and its log-odds, comparable between passages."""

    span: Span
    score: float


def best_spans(
    window: Window,
    start: npt.NDArray[np.float32],
    end: npt.NDArray[np.float32],
    answerable: float,
    most: int,
) -> list[Found]:
    """Return at most `most` spans that do not overlap, best first.

    A span from token `i` to token `j` scores `answerable + log_softmax(start)[i] +
    log_softmax(end)[j]`: all spans together have no more than the odds of the window.

    Args:
        window: of `n` tokens; only those with a place may begin or end a span.
        start: float32, shape `(n,)` or longer: padding is left aside.
        end: likewise.
        answerable: the log-odds that the window holds an answer, of which each span has a share.
        most: how many spans.

    Raises:
        ModelError: a score is infinite or no number.
    """
    placed = [(at, place) for at, place in enumerate(window.places) if place is not None]
    if not placed:
        return []
    length = len(window.places)
    start, end = start[:length], end[:length]
    offset = answerable - log_sum(start) - log_sum(end)
    if not math.isfinite(offset):
        raise ModelError(_NO_NUMBERS)
    at = np.asarray([token for token, _ in placed])
    begins = np.asarray([place.start for _, place in placed])
    ends = np.asarray([place.end for _, place in placed])
    joint = start[at][:, np.newaxis] + end[at]
    reach = at - at[:, np.newaxis]
    joint = np.where((reach >= 0) & (reach < MOST_ANSWER_TOKENS), joint, -np.inf)
    found: list[Found] = []
    for _ in range(most):
        first, last = divmod(int(joint.argmax()), at.size)
        if joint[first, last] == -np.inf:
            break
        span = Span(int(begins[first]), int(ends[last]))
        found.append(Found(span, float(joint[first, last]) + offset))
        # By their text, not their tokens: those of one character all stand in the same place.
        joint[np.ix_(begins < span.end, ends > span.start)] = -np.inf
    return found


def log_sum(scores: npt.NDArray[np.float32]) -> float:
    """Return the logarithm of the sum of the exponentials of one or more scores.

    Raises:
        ModelError: a score is infinite or no number.
    """
    if not np.isfinite(scores).all():
        raise ModelError(_NO_NUMBERS)
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))
