"""What is written into a question, and where from."""

from collections.abc import Iterable
from typing import NamedTuple

from qa.types import Carried, Rewrite


class Edit(NamedTuple):
    """What to write from `start` to `end` of a question, and what was carried over for it."""

    start: int
    end: int
    text: str
    carried: Carried


def carry_out(question: str, edits: Iterable[Edit]) -> Rewrite:
    """Return a question with all edits made; of those that overlap, the first."""
    made, carried, free = "", [], 0
    for each in sorted(edits):
        if each.start >= free:
            made += question[free : each.start] + each.text
            carried.append(each.carried)
            free = each.end
    return Rewrite(made + question[free:], tuple(carried))
