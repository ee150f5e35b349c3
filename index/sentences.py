"""Sentences of one paragraph, as exact code-point offsets: sentencex plus a small repair step."""

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

# sentencex never cuts inside quotation marks or brackets, and unclosed marks cost it quadratic
# time. So it is shown a copy in which each of them (and any lone surrogate, which it refuses) is
# one inert character.
_INERT = re.compile(r"""["“”„‟‘«»‹›「」『』()（）\ud800-\udfff]|(?<!\w)['`]|['`](?!\w)""")

# Ends it misses: an ellipsis or an everyday word it takes for an abbreviation, before a capital;
# Greek questions.
_MISSED = re.compile(
    r"""(?:…|\b(?:[Mm]ay|no|me|ill|art|miss)\.)(?=[”’"')]*\s+[“‘"'(]*[^\W\d_])"""
    r"""|(?<=[\u0370-\u03ff\u1f00-\u1fff])[;\u037e](?=\s)"""
)

# What still belongs to a sentence after its stop: closing marks, further stops, emoji, invisible
# characters.
_TAIL = re.compile(
    r"""(?:[”’"'」』)）\].!?…。！？\u200b-\u200d\u2060\ufe0f\ufeff]|[“«](?!\w)|\s?[»›](?!\w)"""
    r"""|\s?[\u2600-\u27bf\U0001f000-\U0001faff])*"""
)

# Abbreviations that it does not know.
_ABBREVIATED = re.compile(r"\b(?:Cllrs?|Ald|Revd|Const|Cdr|Pte|approx|incl|vols?|figs|paras?)\.$")

# "1.", "(a)": introduces a sentence, is not one.
_MARKER = re.compile(r"\(?(?:\d{1,3}|[^\W\d_])[.)]")

_WINDOW = 2000
_EDGE = 200

_SPACE = re.compile(r"\s*")
_SPACE_DASH = re.compile(r"\s*(?:[–—-]\s*)?")


def sentences_of_paragraph(paragraph: str) -> list[tuple[int, int]]:
    """Return each sentence's (start, end), in order, without the white space around it."""
    spans: list[tuple[int, int]] = []
    start = _skip(_SPACE, paragraph, 0)
    for end in _ends(paragraph):
        following = _skip(_SPACE, paragraph, end)
        unfinished = (
            _MARKER.fullmatch(paragraph, start, end)
            or _ABBREVIATED.search(paragraph, max(start, end - 8), end)
            or _goes_on(paragraph, end)
        )
        if start < end and (following == len(paragraph) or not unfinished):
            spans.append((start, end))
            start = following
    return spans


def _ends(paragraph: str) -> Iterator[int]:
    """Yield where a sentence may end, each further on than the last, the paragraph's end last."""
    cuts = set(_library_ends(_INERT.sub("\ue000", paragraph)))
    cuts |= {match.end() for match in _MISSED.finditer(paragraph)}
    end = 0
    for cut in sorted(cuts):
        stop = end + len(paragraph[end:cut].rstrip())
        if stop > end:
            end = _skip(_TAIL, paragraph, stop)
            yield end


def _library_ends(text: str) -> Iterator[int]:
    """Yield the library's sentence ends, found in windows: scripts without spaces take it long."""
    at = 0
    while at < len(text):
        window = text[at : at + _WINDOW]
        ends = [at + boundary["end_index"] for boundary in get_sentence_boundaries("en", window)]
        # What follows an end decides whether it is one: near the window's edge, look again.
        sure = len(text) if at + _WINDOW >= len(text) else at + _WINDOW - _EDGE
        ends = [end for end in ends if end <= sure]
        yield from ends
        at = ends[-1] if ends else sure


def _goes_on(text: str, end: int) -> bool:
    """Say whether the sentence goes on: with a comma, or in lower case (but not with "eBay")."""
    first = _skip(_SPACE_DASH, text, end)
    follow = text[first : first + 2]
    return follow[:1] in {",", ";", ":"} or (follow[:1].islower() and not follow[1:].isupper())


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Return where a pattern that may match nothing stops matching."""
    match = pattern.match(text, position)
    return match.end() if match else position
