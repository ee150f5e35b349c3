"""The lines of a PDF's page, from its characters as PDFium orders them."""

import ctypes
import math
import re
import sys
from dataclasses import replace
from functools import cache
from statistics import median
from types import ModuleType
from typing import Any, Final

from index.parts_builder import squeeze
from index.printed import Line

_LINE_ENDS: Final = (0x0D, 0x0A)
_SPACE: Final = 0x20
_CUT: Final = 0x02
"""What PDFium gives for the hyphen of a word that goes on in the next line."""

_HYPHENS: Final = "-\u2010"
_LOOKED_AT: Final = frozenset(" 0123456789")
_CELL: Final = "\t"
_CELL_GAP: Final = 3.0
_WORD_GAP: Final = 0.15
_LINE_STEP: Final = 0.7
"""In units of the type: how wide what parts two cells of a table is, and two words; how far lines
are apart at least."""

_STRIDE: Final = 50
_SAMPLES: Final = 7
_SMALLEST: Final = 0.1
_FARTHEST: Final = 1e6
_FONT_NAME_BYTES: Final = 128
_BOLD = re.compile(rb"bold|black|heavy|demi|cmbx", re.IGNORECASE)
_LETTERS: Final = {
    **{0xFB00 + at: each for at, each in enumerate(("ff", "fi", "fl", "ffi", "ffl", "ſt", "st"))},
    **dict.fromkeys((0xFFFE, 0xFFFF), " "),  # no characters at all
}
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class PageReader:
    """Reads the lines of one page; on one that lies on its side, as if it were upright."""

    def __init__(self, raw: ModuleType, page: Any, number: int) -> None:
        """Read from a text page of PDFium's.

        Args:
            raw: pypdfium2's functions.
            page: the text page.
            number: the page's place in the file, from 0.
        """
        self._raw = raw
        self._page = page
        self._number = number
        self._matrix = raw.FS_MATRIX()
        self._numbers = tuple(ctypes.c_double() for _ in range(4))
        self.codes = [raw.FPDFText_GetUnicode(page, at) for at in range(page.count_chars())]
        self._any_turned = any(map(self._turn, range(0, len(self.codes), _STRIDE)))

    def lines(self) -> list[Line]:
        """Return the lines, those that stand on one level right behind each other made one."""
        found: list[Line] = []
        start = 0
        for at, code in enumerate([*self.codes, *_LINE_ENDS]):
            cut = code == _CUT and self._raw.FPDFText_IsHyphen(self._page, at) == 1
            if cut or code in _LINE_ENDS or self._is_missed(at):
                line = self._line(range(start, at), cut=cut)
                start = at + 1
                if line is None:
                    continue
                if found and _is_same_level(found[-1], line):
                    line = _joined(found.pop(), line)
                found.append(line)
        return found

    def _is_missed(self, at: int) -> bool:
        """Say whether PDFium took a line's end for a space, as it may where text is turned."""
        if not (self._any_turned and self._is_added(at)):
            return False
        turn = self._turn(at - 1)
        step = self._origin(at - 1, turn) - self._origin(at + 1, turn)
        return abs(step) > _LINE_STEP * self._size(at + 1)

    def _is_added(self, at: int) -> bool:
        """Say whether a character is a space that PDFium added, between two others."""
        return (
            0 < at < len(self.codes) - 1
            and self.codes[at] == _SPACE
            and self._raw.FPDFText_IsGenerated(self._page, at) == 1
        )

    def _line(self, places: range, *, cut: bool) -> Line | None:
        """Return the line that the characters of those numbers make; None for a blank one."""
        marks = [at for at in places if not _character(self.codes[at]).isspace()]
        if not marks:
            return None
        sample = marks[:: 1 + len(marks) // _SAMPLES]
        size = median(map(self._size, sample))
        turn = self._turn(sample[0])
        base = median(self._origin(at, turn) for at in sample)
        text = "".join(self._text(at, size, base, turn) for at in places)
        text = _CELL.join(filter(None, map(squeeze, text.split(_CELL))))
        if text[-1] in _HYPHENS and text[-2:-1].isalnum():
            text, cut = text[:-1], True
        bold = 2 * sum(map(self._is_bold, sample)) > len(sample)
        left, right = self._edges(marks[0], turn)[0], self._edges(marks[-1], turn)[1]
        return Line(text, self._number, left, right, base, size, bold, cut)

    def _text(self, at: int, size: float, base: float, turn: int) -> str:
        text = _character(self.codes[at])
        if text not in _LOOKED_AT:
            return text
        if text != " ":
            raised = self._size(at) < 0.8 * size < 5 * (self._origin(at, turn) - base)
            return text.translate(_RAISED) if raised else text
        if not self._is_added(at):
            return text
        gap = self._edges(at + 1, turn)[0] - self._edges(at - 1, turn)[1]
        return _CELL if gap > _CELL_GAP * size else text

    def _size(self, at: int) -> float:
        self._raw.FPDFText_GetMatrix(self._page, at, self._matrix)
        scale = math.hypot(self._matrix.c, self._matrix.d)
        return max(_sane(scale * self._raw.FPDFText_GetFontSize(self._page, at)), _SMALLEST)

    def _turn(self, at: int) -> int:
        """Return by how many quarters of a circle, to the left, a character is turned."""
        self._raw.FPDFText_GetMatrix(self._page, at, self._matrix)
        return round(_sane(math.atan2(self._matrix.b, self._matrix.a)) / (math.pi / 2)) % 4

    def _origin(self, at: int, turn: int) -> float:
        """Return the height of what a character stands on."""
        x, y = self._numbers[:2]
        self._raw.FPDFText_GetCharOrigin(self._page, at, x, y)
        return _upright(x.value, y.value, turn)[1]

    def _edges(self, at: int, turn: int) -> tuple[float, float]:
        """Return a character's left and right edge."""
        self._raw.FPDFText_GetCharBox(self._page, at, *self._numbers)
        left, right, bottom, top = (_sane(each.value) for each in self._numbers)
        one, two = _upright(left, bottom, turn)[0], _upright(right, top, turn)[0]
        return min(one, two), max(one, two)

    def _is_bold(self, at: int) -> bool:
        # By its font's name: the weight that PDFium tells is that of the stems, and often wrong.
        name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        flags = ctypes.c_int()
        self._raw.FPDFText_GetFontInfo(self._page, at, name, _FONT_NAME_BYTES, flags)
        return _BOLD.search(name.value) is not None


@cache
def _character(code: int) -> str:
    """Return what is printed for a character; a space for what prints as nothing."""
    printed = 0x20 < code <= sys.maxunicode and squeeze(chr(code)) != ""
    return chr(code).translate(_LETTERS) if printed else " "


def _sane(number: float) -> float:
    """Return a number that can be reckoned with: a hostile file may have any."""
    return number if abs(number) < _FARTHEST else 0.0


def _upright(x: float, y: float, turn: int) -> tuple[float, float]:
    x, y = _sane(x), _sane(y)
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def _is_same_level(one: Line, two: Line) -> bool:
    size = max(one.size, two.size)
    beside = two.left - one.right > -0.5 * size
    return beside and abs(one.base - two.base) < 0.5 * size and not one.cut


def _joined(one: Line, two: Line) -> Line:
    longer = max(one, two, key=lambda line: len(line.text))
    gap = (two.left - one.right) / longer.size
    space = _CELL if gap > _CELL_GAP else " " if gap > _WORD_GAP else ""
    text = f"{one.text}{space}{two.text}"
    return replace(longer, text=text, left=one.left, right=two.right, cut=two.cut)
