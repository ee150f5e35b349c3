"""The edges of a short answer: whole words, their sign of money or per cent, no loose quotes."""

import re
from typing import Final

from index.types import Span

_PAIRS: Final = {"“": "”", "‘": "’", "(": ")", "[": "]", "«": "»", '"': '"'}
_MONEY: Final = "£$€¥¢"
_SHARE: Final = "%‰°"
_EDGES: Final = " \t\r\n\u00a0,;:.…–—-"
_LETTERS = re.compile(r"[\w\u0300-\u036f]")


def tidy(text: str, span: Span) -> Span:
    """Return `span` with its edges where a person would put them, inside the same text.

    A model ends a span at a token, which may be half a word, or leave half of a pair of quotation
    marks outside. A span with nothing else in it is left as it is.
    """
    start, end = span.start, span.end
    while 0 < start < len(text) and _inside_word(text, start):
        start -= 1
    while 0 < end < len(text) and _inside_word(text, end):
        end += 1
    start, end = _without_edges(text, start, end)
    if start > 0 and text[start - 1] in _MONEY:
        start -= 1
    if end < len(text) and text[end] in _SHARE:
        end += 1
    if end - start < 1:
        return span
    return Span(start, end)


def _inside_word(text: str, at: int) -> bool:
    """Say whether the place between two characters is inside a word or a number."""
    before, after = text[at - 1], text[at]
    if _LETTERS.match(before) and _LETTERS.match(after):
        return True
    # 1,789 and 3.5 are numbers, "it’s" and "well-known" words.
    beyond = text[at + 1 : at + 2]
    behind = text[at - 2 : at - 1] if at > 1 else ""
    return (after in ".," and before.isdigit() and beyond.isdigit()) or (
        before in ".," and after.isdigit() and behind.isdigit()
    )


def _without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Take white space, stops and quotation marks without their other half off both ends."""
    while start < end:
        inner = text[start:end]
        first, last = inner[0], inner[-1]
        if first in _EDGES and not (first in "-–" and inner[1:2].isdigit()):
            start += 1
        elif last in _EDGES and not _abbreviates(inner):
            end -= 1
        elif first in _PAIRS and _PAIRS[first] not in inner[1:]:
            start += 1
        elif last in _PAIRS.values() and not _opened(inner, last):
            end -= 1
        elif len(inner) > 1 and _PAIRS.get(first) == last and first not in inner[1:-1]:
            start, end = start + 1, end - 1
        else:
            break
    return start, end


def _abbreviates(inner: str) -> bool:
    """Say whether a last stop belongs to its word: "U.S.", "Jr."."""
    return bool(re.search(r"(?:\b\w\.\w\.|\b(?:Jr|Sr|Inc|Ltd|Co|Corp|etc|St))\.?$", inner))


def _opened(inner: str, last: str) -> bool:
    # An apostrophe at the end of a word is no quotation mark: "the residents’".
    if last == "’" and "‘" not in inner:
        return inner[-2:-1].isalpha() and inner[-2:-1] == "s"
    return any(first in inner[:-1] for first, other in _PAIRS.items() if other == last)
