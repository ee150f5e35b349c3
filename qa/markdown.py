"""Text into Markdown, where every character of it is to be read and none is to be markup.

A backslash makes any punctuation mark of ASCII an ordinary character. Not every mark needs one, and
text full of backslashes is hard to read where nobody renders it. Only a mail address, of which some
programs make a link wherever they see one, cannot be kept from it.
"""

import re
from typing import Final

from qa.show import clean

_SPACE = re.compile(r"\s+")

_MARKS: Final = re.compile(
    r"[\\`*_{}\[\]<>#+|~^$&=@]"  # markup anywhere, in CommonMark or in a common extension of it
    r"|(?<=www)\.|:(?=\S)"  # an address, or the name of a symbol
    r"|-(?=-)|(?<=-)-",  # a line
    re.IGNORECASE,
)

_FIRST: Final = re.compile(r"(?=[-:(!])|(?:\d{1,9}|[a-z]|[ivxlcdm]{1,9})(?=[.)])", re.IGNORECASE)
"""What begins an item of a list, or the like, at the start of a line; a backslash goes after it."""


def inline(text: str) -> str:
    """Return a text to stand inside a line of Markdown; each run of white space is one space.

    What cannot be seen, or would turn the line about, is written out.
    """
    return _MARKS.sub(r"\\\g<0>", clean(_SPACE.sub(" ", text)))


def block(text: str) -> str:
    """Return a text to be a paragraph of Markdown, as `inline` does."""
    line = inline(text).strip()
    first = _FIRST.match(line)
    return line if first is None else f"{line[: first.end()]}\\{line[first.end() :]}"
