"""PDF."""

import ctypes
import math
import re
import sys
from dataclasses import replace
from functools import cache
from statistics import median
from threading import Lock
from types import ModuleType
from typing import Any, Final, NamedTuple

from index.errors import LoadError
from index.loaders.extra import needed
from index.masthead import read_masthead
from index.pages import put_together
from index.parts_builder import squeeze
from index.printed import Line
from index.titles import given_title
from index.types import Document, Original

MOST_PAGES: Final = 5000
MOST_CHARACTERS: Final = 20_000_000
"""A PDF of more than either is refused: it is no article, and may be made to keep us busy."""

_PDFIUM: Final = Lock()  # the library serves one thread at a time
_LINE_ENDS: Final = (0x0D, 0x0A)
_CUT: Final = 0x02
"""What PDFium gives for the hyphen of a word that goes on in the next line."""

_HYPHENS: Final = "-\u2010"
_LOOKED_AT: Final = frozenset(" 0123456789")
_CELL: Final = "\t"
_CELL_GAP: Final = 3.0
_WORD_GAP: Final = 0.15
"""How wide, in units of the type, what parts two cells of a table is, and two words."""

_SAMPLES: Final = 7
_SMALLEST: Final = 0.1
_FONT_NAME_BYTES: Final = 128
_BOLD = re.compile(rb"bold|black|heavy|demi|cmbx", re.IGNORECASE)
_LETTERS: Final = {
    **{0xFB00 + at: each for at, each in enumerate(("ff", "fi", "fl", "ffi", "ffl", "ſt", "st"))},
    **dict.fromkeys((0xFFFE, 0xFFFF), " "),  # no characters at all
}
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Read(NamedTuple):
    """What PDFium gives: the lines of each page; "" for a title or an author that is not told."""

    pages: list[list[Line]]
    title: str
    author: str


class PdfLoader:
    """A PDF is its lines of print joined to paragraphs, in the order in which the file has them.

    The text is what a reader of the page reads: a word that a line's end divides is whole again, a
    ligature is its letters, a raised digit is "²". What repeats from page to page, heads and page
    numbers, is boilerplate. The file's own times are no date: only one that is printed is.
    """

    suffixes = frozenset({".pdf"})

    def load(self, content: bytes, source: str) -> Document:
        """See `index.loaders.protocol.Loader`."""
        with _PDFIUM:
            read = _read(content)
        if not any(read.pages):
            raise LoadError("holds no text; it may be scanned pages: run OCR first")
        made = put_together(read.pages, read.title)
        opening = read_masthead(made.text[: made.starts[1]] if made.starts[1:] else made.text)
        title, title_span = read.title, made.title_span
        if title_span is not None:
            title = title_span.cut(made.text)
        elif not title:
            title, title_span = opening.title, opening.title_span
        author = opening.author
        if author is None and read.author:
            author = read.author
        return Document(
            source=source,
            text=made.text,
            title=title,
            title_span=title_span,
            author=author,
            published=opening.published,
            parts=made.parts,
            original=Original(pages=made.starts),
        )


def _read(content: bytes) -> _Read:
    pdfium = needed("pypdfium2", "pdf")
    try:
        file = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium.raw.FPDF_ERR_PASSWORD:
            raise LoadError("encrypted; save it without a password") from error
        raise LoadError("not a PDF, or a damaged one; open it and save it again") from error
    try:
        if len(file) > MOST_PAGES:
            raise LoadError(f"{len(file)} pages, and the limit is {MOST_PAGES}; split it")
        pages: list[list[Line]] = []
        left = MOST_CHARACTERS
        for number in range(len(file)):
            page = file[number]
            lines = _Lines(pdfium.raw, page.get_textpage(), number)
            left -= len(lines.codes)
            if left < 0:
                raise LoadError(f"more than {MOST_CHARACTERS} characters; split it")
            pages.append(lines.read())
            page.close()
        return _Read(pages, given_title(_metadata(file, "Title")), _metadata(file, "Author"))
    except pdfium.PdfiumError as error:
        raise LoadError("one of its pages is damaged; open it and save it again") from error
    finally:
        file.close()


def _metadata(file: Any, key: str) -> str:
    try:
        return squeeze(file.get_metadata_value(key))
    except UnicodeDecodeError:
        return ""  # not text, so it says nothing


class _Lines:
    """Reads the lines of a page, from its characters as PDFium orders them."""

    def __init__(self, raw: ModuleType, page: Any, number: int) -> None:
        self._raw = raw
        self._page = page
        self._number = number
        self.codes = [raw.FPDFText_GetUnicode(page, at) for at in range(page.count_chars())]

    def read(self) -> list[Line]:
        """Return the lines, those that stand on one level right behind each other made one."""
        found: list[Line] = []
        start = 0
        for at, code in enumerate([*self.codes, *_LINE_ENDS]):
            cut = code == _CUT and self._raw.FPDFText_IsHyphen(self._page, at) == 1
            if cut or code in _LINE_ENDS:
                line = self._line(range(start, at), cut=cut)
                start = at + 1
                if line is None:
                    continue
                if found and _is_same_level(found[-1], line):
                    line = _joined(found.pop(), line)
                found.append(line)
        return found

    def _line(self, places: range, *, cut: bool) -> Line | None:
        """Return the line that the characters of those numbers make; None for a blank one."""
        marks = [at for at in places if not _character(self.codes[at]).isspace()]
        if not marks:
            return None
        sample = marks[:: 1 + len(marks) // _SAMPLES]
        size = median(map(self._size, sample))
        base = median(map(self._base, sample))
        text = "".join(self._text(at, size, base) for at in places)
        text = _CELL.join(filter(None, map(squeeze, text.split(_CELL))))
        if text[-1] in _HYPHENS and text[-2:-1].isalnum():
            text, cut = text[:-1], True
        bold = 2 * sum(map(self._is_bold, sample)) > len(sample)
        left, right = self._box(marks[0])[0], self._box(marks[-1])[1]
        return Line(text, self._number, left, right, base, size, bold, cut)

    def _text(self, at: int, size: float, base: float) -> str:
        text = _character(self.codes[at])
        if text not in _LOOKED_AT:
            return text
        if text == " " and self._raw.FPDFText_IsGenerated(self._page, at) == 1:
            gap = self._box(at + 1)[0] - self._box(at - 1)[1]
            return _CELL if gap > _CELL_GAP * size else " "
        if text != " " and self._size(at) < 0.8 * size < 5 * (self._base(at) - base):
            return text.translate(_RAISED)
        return text

    def _size(self, at: int) -> float:
        matrix = self._raw.FS_MATRIX()
        self._raw.FPDFText_GetMatrix(self._page, at, matrix)
        scale = math.hypot(matrix.c, matrix.d)
        size: float = scale * self._raw.FPDFText_GetFontSize(self._page, at)
        return max(size, _SMALLEST)

    def _base(self, at: int) -> float:
        across, up = ctypes.c_double(), ctypes.c_double()
        self._raw.FPDFText_GetCharOrigin(self._page, at, across, up)
        return up.value

    def _box(self, at: int) -> tuple[float, float]:
        """Return a character's left and right edge."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        self._raw.FPDFText_GetCharBox(self._page, at, left, right, bottom, top)
        return left.value, right.value

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
