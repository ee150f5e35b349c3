"""Paragraphs that stand at the edges of one document after another: footers, appeals, signatures.

What makes them boilerplate is that unrelated documents repeat them. Copies of one article repeat
each other whole, so a group of copies counts once. And a paragraph in the middle of an article is
its own, however often others repeat it: the background to a story, or somebody's statement.
"""

import re
from collections.abc import Collection, Mapping, Sequence
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

_OWN: Final = 1
"""Longer paragraphs of its own that an edge may have in between: a list of tags, for instance."""

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


def shown(
    parts: Sequence[Part],
    keys: Mapping[int, int],
    repeated: Collection[int],
    first: Collection[int],
) -> list[list[Part]]:
    """Return the runs of a document's parts that are to be found, boilerplate marked as such.

    Boilerplate that another document shows already is left out: there one run ends.

    Args:
        parts: what the document consists of.
        keys: as `keys` gives them.
        repeated: the keys that stand in enough documents.
        first: those of them that no earlier document has.
    """
    again = {at for at, key in keys.items() if key in repeated}
    edges = _edge(parts, again, range(len(parts)))
    edges |= _edge(parts, again, range(len(parts) - 1, -1, -1))
    runs: list[list[Part]] = [[]]
    left_out = False
    for at in range(len(parts) - 1, -1, -1):
        part = parts[at]
        if at in edges:
            left_out = keys[at] not in first
        elif not (at + 1 in edges and part.heading):
            runs[-1].append(part)
            continue
        # A heading goes with the boilerplate that it stands over.
        if left_out:
            runs.append([])
        else:
            runs[-1].append(replace(part, kind="boilerplate"))
    return [run[::-1] for run in reversed(runs) if run]


def _edge(parts: Sequence[Part], again: Collection[int], order: range) -> set[int]:
    """Return the repeated parts before the second long one that is the document's own."""
    found: set[int] = set()
    own = 0
    for at in order:
        long = parts[at].span.end - parts[at].span.start >= _PASSED
        if at in again:
            found.add(at)
        elif long and parts[at].kind != "comment":
            own += 1
            if own > _OWN:
                break
    return found
