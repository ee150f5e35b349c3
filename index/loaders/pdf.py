"""PDF."""

from threading import Lock
from typing import Any, Final, NamedTuple

from index.errors import LoadError
from index.loaders.extra import needed
from index.loaders.pdfium import PageReader
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
            reader = PageReader(pdfium.raw, page.get_textpage(), number)
            left -= len(reader.codes)
            if left < 0:
                raise LoadError(f"more than {MOST_CHARACTERS} characters; split it")
            pages.append(reader.lines())
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
