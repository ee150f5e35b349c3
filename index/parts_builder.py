"""A document's text and parts, put together one paragraph at a time."""

import re
from typing import Final

from index.types import Kind, Part, Span

_SPACE: Final = re.compile(r"\s+")
_LINE_END: Final = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters and halves of characters, which no text holds, and what no print shows: soft
# hyphens, zero-width spaces, byte-order marks.
_UNPRINTED: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\u00ad\u200b\u2060\ufeff]"
)


class Writer:
    """Puts parts one after another: a blank line between two, a line's end between list items."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._parts: list[Part] = []

    def add(
        self, text: str, kind: Kind = "body", *, heading: bool = False, tight: bool = False
    ) -> Span | None:
        """Append a part and return where it stands; None if it is blank, and nothing is appended.

        Its lines stay lines, without their trailing spaces; `squeeze` makes it one line.

        Args:
            text: the part.
            kind: what it is.
            heading: whether it stands over the parts that follow it.
            tight: whether it goes on the line below the part before, as list items always do.
        """
        lines = _LINE_END.split(_UNPRINTED.sub("", text))
        text = "\n".join(line.rstrip() for line in lines).strip()
        if not text:
            return None
        if self._parts:
            tight = tight or kind == self._parts[-1].kind == "list"
            self._append("\n" if tight else "\n\n")
        span = Span(self._length, self._length + len(text))
        self._append(text)
        self._parts.append(Part(span, kind, heading))
        return span

    def add_row(self, cells: list[str], *, tight: bool) -> Span | None:
        """Append a table's row: its cells one line each, a tab between two."""
        return self.add("\t".join(map(squeeze, cells)), tight=tight)

    @property
    def text(self) -> str:
        """What has been added so far."""
        return "".join(self._pieces)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of `text`: in order, and all of it but white space."""
        return tuple(self._parts)

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)


def squeeze(text: str) -> str:
    """Return a text on one line, each run of white space in it one ordinary space."""
    return _SPACE.sub(" ", _UNPRINTED.sub("", text)).strip()
