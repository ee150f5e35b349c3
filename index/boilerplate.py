"""Paragraphs that stand at the edges of one document after another: footers, appeals, signatures.

What makes them boilerplate is that unrelated documents repeat them. Copies of one article repeat
each other whole, so a group of copies counts once. And a paragraph in the middle of an article is
its own, however often others repeat it: the background to a story, or somebody's statement.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from index.types import Part

LEAST: Final = 3
"""Groups of copies in which a paragraph stands, at least, before it is boilerplate."""

_SHORTEST: Final = 20
"""Characters in a paragraph that counts: shorter ones say the same by chance."""

_PASSED: Final = 90
"""A line of fewer characters does not end the edge of a document: a date, a link, a name."""

_HEAD: Final = 12
_TAIL: Final = 24
"""Parts at the beginning and end of a document that are looked at."""

_KINDS: Final = frozenset({"body", "list", "quote", "caption", "boilerplate"})


def keys(text: str, parts: Sequence[Part]) -> dict[int, int]:
    """Return what tells the paragraphs at a text's edges: for each part's number a key below 2**63.

    White space and capitals make no difference.
    """
    found: dict[int, int] = {}
    for at, part in enumerate(parts):
        if _HEAD <= at < len(parts) - _TAIL or part.kind not in _KINDS:
            continue
        words = re.sub(r"\s+", " ", part.span.cut(text)).strip().casefold()
        if len(words) >= _SHORTEST:
            digest = blake2b(words.encode("utf-8", "replace"), digest_size=8).digest()
            found[at] = int.from_bytes(digest) >> 1
    return found


def mark(parts: Sequence[Part], keys: dict[int, int], repeated: Collection[int]) -> list[Part]:
    """Return a document's parts, those that are boilerplate marked as such.

    Args:
        parts: what the document consists of.
        keys: as `keys` gives them.
        repeated: the keys that stand in enough documents.
    """
    again = {at for at, key in keys.items() if key in repeated}
    edges = _edge(parts, again, range(len(parts)))
    edges |= _edge(parts, again, range(len(parts) - 1, -1, -1))
    return [
        replace(part, kind="boilerplate", heading=False) if at in edges else part
        for at, part in enumerate(parts)
    ]


def _edge(parts: Sequence[Part], again: Collection[int], order: range) -> set[int]:
    """Return the repeated parts before the first long one that is the document's own."""
    found: set[int] = set()
    for at in order:
        if at in again:
            found.add(at)
        elif parts[at].span.end - parts[at].span.start >= _PASSED:
            break
    return found
