"""EPUB."""

import posixpath
import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote
from zipfile import ZipFile

from index.errors import LoadError
from index.loaders.extra import needed
from index.loaders.html import decode_page
from index.loaders.package import open_package, read_member
from index.markup import blocks, parse
from index.masthead import read_masthead
from index.parts_builder import Writer, squeeze
from index.titles import given_title
from index.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_CHAPTERS: Final = 5000

_CONTAINER: Final = "META-INF/container.xml"
_ENCRYPTION: Final = "META-INF/encryption.xml"
_ROOTFILE: Final = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_METHOD: Final = "{http://www.w3.org/2001/04/xmlenc#}EncryptionMethod"
_OPF: Final = "{http://www.idpf.org/2007/opf}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_FONTS_ONLY: Final = frozenset(
    {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
)
_CHAPTER_TYPES: Final = frozenset({"application/xhtml+xml", "text/html"})
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding=[\"']([\w.-]{1,40})[\"']")
# An element that is written as empty in XHTML, but not one that is empty in HTML.
_EMPTY = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)"
    r"([A-Za-z][\w:.-]*)((?:\s[^<>]*)?)/>"
)
_NOTE_MARK = re.compile(
    r"""<a\s[^<>]{0,500}?(?:epub:type|role)=["'](?:doc-)?(?:noteref|backlink)\b[^<>]*>"""
    r"(?:(?!</a>).){0,100}</a>",
    re.DOTALL,
)
_EVENTS: Final = frozenset({None, "publication", "original-publication"})
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T.*)?")
_EARLIEST: Final = 1000
_TITLE_PARTS: Final = 10


class _Metadata(NamedTuple):
    """What a book says of itself."""

    title: str
    author: str | None
    publisher: str | None
    published: date | None
    language: str | None


class EpubLoader:
    """A book is the text of its chapters in the order of reading, one document for all of them.

    Its navigation is left out, and so are the marks of notes: "1953¹" must not become 19531. A date
    counts if it is one of publication and names a whole day.
    """

    suffixes = frozenset({".epub"})

    def load(self, content: bytes, source: str) -> Document:
        """See `index.loaders.protocol.Loader`."""
        with open_package(content) as package:
            _refuse_locked(package)
            place = _place_of_book(package)
            book = _xml(package, place)
            writer = Writer()
            for html in _chapters(package, book, place):
                root = parse(html)
                for block in [] if root is None else blocks(root):
                    heading = block.level > 0
                    writer.add(block.text, block.kind, heading=heading, tight=block.tight)
        text, said = writer.text, _metadata(book)
        title, title_span = said.title, None
        for part in writer.parts[:_TITLE_PARTS]:
            words = squeeze(part.span.cut(text))
            if words.casefold() == title.casefold() or (not title and part.heading):
                title, title_span = words, part.span
                break
        if not title:
            opening = read_masthead(text)
            title, title_span = opening.title, opening.title_span
        return Document(
            source=source,
            text=text,
            title=title,
            title_span=title_span,
            author=said.author,
            publisher=said.publisher,
            published=said.published,
            language=said.language,
            parts=writer.parts,
        )


def _refuse_locked(package: ZipFile) -> None:
    """Let a book through whose fonts alone are scrambled: that is no lock."""
    if _ENCRYPTION in package.namelist():
        methods = {each.get("Algorithm") for each in _xml(package, _ENCRYPTION).iter(_METHOD)}
        if not methods <= _FONTS_ONLY:
            raise LoadError("locked by its seller (DRM); add a copy without the lock")


def _place_of_book(package: ZipFile) -> str:
    for each in _xml(package, _CONTAINER).iter(_ROOTFILE):
        if (place := each.get("full-path")) is not None:
            return place
    raise LoadError("damaged: it does not say where its text is")


def _chapters(package: ZipFile, book: "Element", place: str) -> Iterator[str]:
    """Yield the chapters, as HTML, in the order of reading."""
    items = {each.get("id"): each for each in book.iter(f"{_OPF}item")}
    for number, entry in enumerate(book.iter(f"{_OPF}itemref")):
        if number == MOST_CHAPTERS:
            raise LoadError(f"more than {MOST_CHAPTERS} chapters; split it")
        item = items.get(entry.get("idref"))
        if item is None or item.get("media-type") not in _CHAPTER_TYPES:
            continue
        if "nav" in item.get("properties", "").split():
            continue
        path = unquote(item.get("href", "").split("#")[0])
        name = posixpath.normpath(posixpath.join(posixpath.dirname(place), path))
        yield _html(read_member(package, name))


def _html(content: bytes) -> str:
    """Return an XHTML file as HTML: an empty element gets its end tag, a note's mark goes."""
    declared = _DECLARED.match(content)
    text, _ = decode_page(content, None if declared is None else declared[1].decode())
    return _NOTE_MARK.sub("", _EMPTY.sub(r"<\1\2></\1>", text))


def _metadata(book: "Element") -> _Metadata:
    day = None
    for each in book.iter(f"{_DC}date"):
        if day is None and each.get(f"{_OPF}event") in _EVENTS:
            day = _day(_words(each))
    return _Metadata(
        title=given_title(next(_told(book, "title"), "")),
        author=_all(_told(book, "creator")),
        publisher=_all(_told(book, "publisher")),
        published=day,
        language=next(_told(book, "language"), None),
    )


def _told(book: "Element", name: str) -> Iterator[str]:
    return filter(None, map(_words, book.iter(f"{_DC}{name}")))


def _words(element: "Element") -> str:
    return squeeze("".join(map(str, element.itertext())))


def _all(names: Iterator[str]) -> str | None:
    joined = ", ".join(names)
    return None if joined == "" else joined


def _day(words: str) -> date | None:
    match = _DAY.fullmatch(words)
    if match is None:
        return None
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return None
    return day if day.year >= _EARLIEST else None  # the year 101 is how a program says "unknown"


def _xml(package: ZipFile, name: str) -> "Element":
    etree = needed("lxml.etree", "epub")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root: Element = etree.fromstring(read_member(package, name), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LoadError(f"damaged: its part {name!r} is no XML; save it again") from error
    return root
