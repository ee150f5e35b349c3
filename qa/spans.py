"""A window's token scores -> the best spans of its passage."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.types import Span
from qa.windows import Window

MOST_ANSWER_TOKENS: Final = 48
"""Tokens in an answer, at most. A clause that says why is longer than a name."""


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

    Args:
        window: of `n` tokens; only those with a place may begin or end a span.
        start: float32, shape `(n,)` or longer: padding is left aside.
        end: likewise.
        answerable: the log-odds that the window holds an answer, of which each span has a share.
        most: how many spans.
    """
    allowed = np.asarray([place is not None for place in window.places])
    at = np.flatnonzero(allowed)
    if not at.size:
        return []
    length = len(window.places)
    offset = answerable - _log_sum(start[:length]) - _log_sum(end[:length])
    joint = start[at][:, np.newaxis] + end[at]
    reach = at - at[:, np.newaxis]
    joint = np.where((reach >= 0) & (reach < MOST_ANSWER_TOKENS), joint, -np.inf)
    found: list[Found] = []
    for _ in range(most):
        first, last = divmod(int(joint.argmax()), at.size)
        if joint[first, last] == -np.inf:
            break
        begun, ended = window.places[at[first]], window.places[at[last]]
        assert begun is not None
        assert ended is not None
        span = Span(begun.start, max(begun.end, ended.end))
        found.append(Found(span, float(joint[first, last]) + offset))
        # What begins before the end of this span, and ends after its beginning, overlaps it.
        joint[: last + 1, first:] = -np.inf
    return found


def _log_sum(scores: npt.NDArray[np.float32]) -> float:
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))
