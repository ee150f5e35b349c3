"""What the opening lines of a plain text say about it: title, author and date.

Rules that hold for any publisher: the opening is every line before the first paragraph of prose;
the title is its longest line that is no byline, date or sentence. A date counts only if a line of
the opening consists of it and it names day, month and year.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from index.types import BYTE_ORDER_MARK, Span

_OPENING_LINES: Final = 12
_TITLE_CHARACTERS: Final = 200
_PROSE_CHARACTERS: Final = 120

_LINE = re.compile(rf"[^\s{BYTE_ORDER_MARK}][^\n\r]*")
_BYLINE = re.compile(
    r"(?:(?:words|story|report|written|posted|reported|published)\s+)?by:?\s+"
    r"(?P<author>[^\W\d_][^\n,|]{2,60})",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", re.I
)
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b", re.I)
_LABEL = re.compile(r"^(?:published|posted|updated|date|dated)(?:\s+on)?:?\s+", re.I)
_FORMATS: Final = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class Masthead:
    """What an opening says; None where it does not."""

    title: str
    title_span: Span | None
    author: str | None
    published: date | None


def read_masthead(text: str) -> Masthead:
    """Read the opening of a text. A text without a title line is called by its first words."""
    title: Span | None = None
    author: str | None = None
    published: date | None = None
    for line in _opening(text):
        words = line.cut(text)
        byline = _BYLINE.fullmatch(words)
        day = read_date(words)
        if byline is not None:
            author = author if author is not None else byline["author"].strip()
        elif day is not None:
            published = published if published is not None else day
        elif title is None or line.end - line.start > title.end - title.start:
            title = line
    if title is None:
        first = " ".join(text.removeprefix(BYTE_ORDER_MARK).split(None, 13)[:12])
        return Masthead(first[:_TITLE_CHARACTERS], None, author, published)
    return Masthead(" ".join(title.cut(text).split()), title, author, published)


def read_date(line: str) -> date | None:
    """Return the date that a whole line consists of, if it names day, month and year."""
    plain = _WEEKDAY.sub("", _LABEL.sub("", line.strip()))
    plain = " ".join(_ORDINAL.sub(r"\1", plain).replace(",", " ").rstrip(".").split())
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    return None


def _opening(text: str) -> list[Span]:
    """Return the lines before the first paragraph of prose, each without its white space."""
    lines: list[Span] = []
    for match in _LINE.finditer(text[: 40 * _TITLE_CHARACTERS]):
        line = match.group().rstrip()
        # A headline seldom ends with a stop, unless it is the only line before the text.
        prose = line[-1:] in ".…" and (lines or len(line) > _PROSE_CHARACTERS)
        if prose or len(line) > _TITLE_CHARACTERS or len(lines) == _OPENING_LINES:
            break
        lines.append(Span(match.start(), match.start() + len(line)))
    return lines if len(lines) < _OPENING_LINES else lines[:1]
