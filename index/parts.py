"""What a text consists of: paragraphs, headings, list items and captions, each with its place.

A format with markup says so itself. In a plain text, lines tell: a paragraph, a bulleted line and
a caption never share a sentence.
"""

import re
from typing import Final

from index.types import BYTE_ORDER_MARK, Document, Kind, Part, Span

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"\s*(?:[•‣◦⁃∙▪●○*–—-]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s+\S")
_STOPS: Final = ".!?…。！？।؟;,"
_CLOSERS: Final = "\"'”’»›)]」』）"
_RESPONSES = re.compile(
    r"\d+ (?:reader )?(?:comments?|responses?|replies|reply|thoughts?)(?: (?:to|on)\b.*)?:?", re.I
)
_HEADING_CHARACTERS: Final = 90
_WRAP_COLUMNS: Final = range(40, 101)


def parts_of(document: Document) -> tuple[Part, ...]:
    """Return a document's parts in order: its format's own, or else what its lines tell."""
    found = document.parts or parts_of_text(document.text)
    title = document.title_span
    if title is None:
        return found
    return tuple(Part(each.span, "headline") if title.holds(each.span) else each for each in found)


def parts_of_text(text: str) -> tuple[Part, ...]:
    """Return a plain text's paragraphs, list items, captions and headings, in order."""
    lines = [
        trim(text, Span(*match.span()))
        for match in _LINE.finditer(text, int(text.startswith(BYTE_ORDER_MARK)))
        if not match.group().isspace()
    ]
    columns = _wrap_columns(lines)
    spans: list[Span] = []
    for at, line in enumerate(lines):
        if at > 0 and _continues(text, lines[at - 1], line, columns):
            spans[-1] = Span(spans[-1].start, line.end)
        else:
            spans.append(line)
    found: list[Part] = []
    commented = False
    for at, span in enumerate(spans):
        heading = at + 1 < len(spans) and _is_heading(text, span)
        # What readers wrote stands below a line that counts it, and nothing but that does.
        commented = commented or (at > 0 and bool(_RESPONSES.fullmatch(span.cut(text))))
        found.append(Part(span, "comment" if commented else _kind(text, span), heading))
    return tuple(found)


def trim(text: str, span: Span) -> Span:
    """Return a span without the white space at its ends."""
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _kind(text: str, span: Span) -> Kind:
    return "list" if _BULLET.match(text, span.start, span.end) else "body"


def _wrap_columns(lines: list[Span]) -> int | None:
    """Return the width that a hard-wrapped text was wrapped to, or None for an unwrapped one."""
    lengths = sorted(line.end - line.start for line in lines)
    if not lengths:
        return None
    widest = lengths[int(0.95 * (len(lengths) - 1))]
    return widest if widest in _WRAP_COLUMNS else None


def _continues(text: str, before: Span, line: Span, columns: int | None) -> bool:
    """Say whether `line` goes on with the paragraph before it: only where an editor wrapped it.

    That is so if the next word would not have fitted on the line before. Any other line break was
    meant: a list, an address, a caption, a paragraph to a line.
    """
    between = text[before.end : line.start]
    if columns is None or len(_BREAKS.findall(between)) != 1 or _BULLET.match(line.cut(text)):
        return False
    next_word = line.cut(text).split(None, 1)[0]
    return before.end - before.start + 1 + len(next_word) > columns


def _is_heading(text: str, span: Span) -> bool:
    """Say whether a line stands over what follows: short, and no sentence or list item."""
    line = span.cut(text)
    return (
        len(line) <= _HEADING_CHARACTERS
        and not _BREAKS.search(line)
        and not _BULLET.match(line)
        and line.rstrip(_CLOSERS)[-1:] not in tuple(_STOPS)
        and any(each.isalpha() for each in line)
    )
