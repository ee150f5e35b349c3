"""Two versions of a sentence, word by word: where one has what the other says in some place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from index.types import Span

VERSION_RATIO: Final = 0.6
"""Two sentences are versions of one if they have this much in common, as difflib counts it."""

_TOKEN = re.compile(r"\w+(?:[.,]\d+)*|[$¢£¥€%‰°]")


class Counterpart(NamedTuple):
    """The same place in two versions, in whole words: in this one, and in the other."""

    own: Span
    other: Span


def counterpart(sentence: str, span: Span, text: str, places: Sequence[Span]) -> Counterpart | None:
    """Find where another version of a sentence has what this one says at `span`.

    Args:
        sentence: this version.
        span: a part of it, in its own offsets; grows to whole words, and 5 to £5.
        text: where the other version stands.
        places: the sentences of `text`, in its offsets. The one most like `sentence` is taken.

    Returns:
        The place in `sentence` and in `text`. None if no sentence there is a version of this one,
        or if it has no words in that place.
    """
    own = _tokens(sentence, Span(0, len(sentence)))
    first, last = _reach(own, span)
    if first == last:
        return None
    matcher = SequenceMatcher[str](autojunk=False)
    matcher.set_seq2([each.cut(sentence).casefold() for each in own])
    best = VERSION_RATIO
    found: Counterpart | None = None
    for place in places:
        other = _tokens(text, place)
        matcher.set_seq1([each.cut(text).casefold() for each in other])
        if matcher.quick_ratio() < best or matcher.ratio() < best:
            continue
        best, found = matcher.ratio(), None
        there = list(_carried(matcher.get_opcodes(), first, last))
        if there:
            found = Counterpart(
                Span(own[first].start, own[last - 1].end),
                Span(other[there[0]].start, other[there[-1]].end),
            )
    return found


def _tokens(text: str, place: Span) -> list[Span]:
    return [Span(*match.span()) for match in _TOKEN.finditer(text, place.start, place.end)]


def _reach(tokens: Sequence[Span], span: Span) -> tuple[int, int]:
    """Return the run of tokens that a span touches, and those that touch it without a gap."""
    touched = [at for at, each in enumerate(tokens) if each.overlaps(span)]
    if not touched:
        return 0, 0
    first, last = touched[0], touched[-1] + 1
    while first > 0 and tokens[first - 1].end == tokens[first].start:
        first -= 1
    while last < len(tokens) and tokens[last - 1].end == tokens[last].start:
        last += 1
    return first, last


def _carried(
    changes: Iterable[tuple[str, int, int, int, int]], first: int, last: int
) -> Iterator[int]:
    """Yield the other version's words that stand where this one has those from `first` to `last`.

    Words put in beside them count: 12 million is not 12.
    """
    for _, start, end, own_start, own_end in changes:
        if own_start == own_end:
            if first <= own_start <= last:
                yield from range(start, end)
        elif own_start < last and own_end > first:
            same_length = end - start == own_end - own_start
            before = max(0, first - own_start) if same_length else 0
            after = max(0, own_end - last) if same_length else 0
            yield from range(start + before, end - after)
