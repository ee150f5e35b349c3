"""Messages that answer others: which of their lines the sender wrote, and which are quoted."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from index.types import Kind

_SIGNATURE: Final = frozenset({"-- ", "--"})
_DIVIDERS: Final = 3
"""Lines, at most, that stand above a message which is answered or passed on."""

_WROTE = re.compile(
    r"(?:on|am|le|el|il|op|em|den)\b.{5,300}"
    r"\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev)\b[^.!?]{0,100}:\s*",
    re.IGNORECASE | re.DOTALL,
)
_EXACTLY = re.compile(r"\d[:.]\d\d|@")
_PASSED_ON = re.compile(
    r"-{3,}\s*(?:original message|forwarded message|forwarded by)\b|begin forwarded message:"
    r"|from: .*\n(?:sent|date|to): ",
    re.IGNORECASE,
)


class Line(NamedTuple):
    """A line or paragraph, and how many times over it is marked as quoted."""

    depth: int
    text: str


def foreign(lines: Sequence[Line]) -> list[Kind | None]:
    """Return the kind of each line or paragraph that is not the message itself, else None."""
    kinds: list[Kind | None] = []
    below: Kind | None = None
    for at, line in enumerate(lines):
        if len(kinds) > at:  # one of several lines above a quotation
            continue
        height, is_marked = _divider(lines, at)
        if line.depth > 0:
            kinds.append("quote")
        elif height > 0:
            kinds += ["quote"] * height
            below = below if is_marked else "quote"
        else:
            below = "boilerplate" if line.text in _SIGNATURE and below is None else below
            kinds.append(below)
    return kinds


def _divider(lines: Sequence[Line], at: int) -> tuple[int, bool]:
    """Return how many lines, from one on, stand above a quotation; and whether that is marked.

    Where each line of a quotation is marked, what is not marked is the author's again.
    """
    if not lines[at].text.strip():
        return 0, False
    for height in range(1, _DIVIDERS + 1):
        words = "\n".join(line.text for line in lines[at : at + height])
        if _PASSED_ON.match(words):
            return height, False
        if _WROTE.fullmatch(words):
            rest = (lines[each] for each in range(at + height, len(lines)))
            below = next((line for line in rest if line.text.strip()), None)
            is_marked = below is not None and below.depth > 0
            if is_marked or _EXACTLY.search(words):
                return height, is_marked
    return 0, False
