"""Which texts are copies of one another: the same agency copy, cut, retitled or lightly edited.

A text's signature is its MinHash (Broder, 1997), from a library: where two signatures agree says
how many runs of three words the texts share. Bands of it are keys (Indyk and Motwani, 1998): texts
that share one are worth comparing, so that nobody compares every text with every other.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from datasketch import MinHash

FEWEST_WORDS: Final = 20
"""A copy of a text of fewer words has its very words: there are only so many ways to say a short
thing."""

BANDS: Final = 33
ROWS: Final = 3
"""Permutations in a band. Chosen, as the shares below are, by `benchmarks/copies.py`."""

LIKE_SHARE: Final = 0.4
"""Copies share this much of all that the two say."""

HELD_SHARE: Final = 0.8
"""Or the longer one holds this much of the shorter, which was cut from it."""

NOTICE_SHARE: Final = 4.0
"""A notice has at most so many times the words of an item that it stands under. A copy with a new
beginning shares more than that with the original."""

UNLIKE_SHARE: Final = 0.1
"""Texts that share less than this of the shorter are about different things."""

_SHINGLE: Final = 3
"""Words in a row that are compared: enough to tell copied text from text about the same thing."""

_AT_A_TIME: Final = 4096
"""Shingles handed to the library at once: a book takes no more memory than an article."""

_WORD = re.compile(r"\w+")


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the runs of three words in a text: what copies of it have in common."""
    return set(_runs(_words(text)))


def keys(text: str) -> list[int]:
    """Return the keys of a text, each below 2**63: copies have one or more in common."""
    words = _words(text)
    if len(words) < FEWEST_WORDS:
        return [_key(" ".join(words).encode(), BANDS)] if words else []
    return bands(signature(text))


def signature(text: str) -> bytes:
    """Return a text's MinHash: `BANDS * ROWS` little-endian uint32; none if it is too short."""
    words = _words(text)
    if len(words) < FEWEST_WORDS:
        return b""
    sketch = _sketch().copy()
    for at in range(0, len(words) - _SHINGLE + 1, _AT_A_TIME):
        runs = _runs(words[at : at + _AT_A_TIME + _SHINGLE - 1])
        sketch.update_batch(" ".join(each).encode() for each in runs)
    values: bytes = sketch.hashvalues.astype("<u4").tobytes()
    return values


def bands(signature: bytes) -> list[int]:
    """Return the keys of a signature: one for each band of it."""
    size = len(signature) // BANDS
    return [
        _key(signature[band * size : (band + 1) * size], band)
        for band in range(BANDS if signature else 0)
    ]


def likeness(one: bytes, other: bytes) -> float:
    """Estimate from their signatures which share of all their shingles two texts have in common.

    The standard error is at most 0.05. A text too short for a signature is like no other.
    """
    if not one or not other:
        return 0.0
    return float(np.mean(np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")))


def alike(text: str, other: str) -> bool:
    """Say whether one of two texts is a copy of the other, or both of a third: by their words.

    Short items that end with the same long notice are none: what is left of each without the
    paragraphs that both have tells.
    """
    one, two = shingles(text), shingles(other)
    fewer = min(len(one), len(two))
    if fewer <= FEWEST_WORDS - _SHINGLE:
        return _words(text) == _words(other)
    shared = len(one & two)
    every = len(one) + len(two) - shared
    if shared < LIKE_SHARE * every and shared < HELD_SHARE * fewer:
        return False
    return not _differ_but_for_notices(text, other)


def _differ_but_for_notices(text: str, other: str) -> bool:
    paragraphs, others = _paragraphs(text), _paragraphs(other)
    equal = paragraphs.keys() & others.keys()
    left = [" ".join(of[each] for each in of if each not in equal) for of in (paragraphs, others)]
    own = min(len(_words(each)) for each in left)
    in_both = sum(len(_words(each)) for each in equal)
    if own < FEWEST_WORDS or in_both > NOTICE_SHARE * own:
        return False
    one, two = (shingles(each) for each in left)
    return len(one & two) < UNLIKE_SHARE * min(len(one), len(two))


def _paragraphs(text: str) -> dict[str, str]:
    """Return a text's lines by what they say, whatever their capitals and white space."""
    return {" ".join(line.casefold().split()): line for line in text.splitlines() if line.strip()}


def _key(content: bytes, salt: int) -> int:
    return (
        int.from_bytes(blake2b(content, digest_size=8, salt=salt.to_bytes(2, "little")).digest())
        >> 1
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    starts = range(max(1, len(words) - _SHINGLE + 1))
    return (tuple(words[at : at + _SHINGLE]) for at in starts)


@cache
def _sketch() -> "MinHash":
    """Return the empty sketch that all others begin as; its permutations never change."""
    from datasketch import MinHash  # brings scipy: a second, which asking must not wait for

    return MinHash(num_perm=BANDS * ROWS, seed=1, scheme="affine32", hashfunc=crc32)
