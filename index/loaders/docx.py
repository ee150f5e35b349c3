"""DOCX."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from index.errors import LoadError
from index.loaders.extra import needed
from index.loaders.package import open_package
from index.masthead import read_masthead
from index.parts_builder import Writer, squeeze
from index.titles import given_title
from index.types import Document, Kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_OLE: Final = b"\xd0\xcf\x11\xe0"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXTS: Final = frozenset({f"{_W}t", f"{_M}t"})
_SIGNS: Final = {
    f"{_W}tab": " ",
    f"{_W}ptab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
# What was deleted or moved away, settings, readings above a word, what older programs show.
_UNREAD: Final = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}rt", f"{_MC}Fallback"}
)
_BOX: Final = f"{_W}txbxContent"
_DAMAGED: Final = "not a Word file, or a damaged one; save it again"
_TITLE_PARTS: Final = 10


class _Style(NamedTuple):
    """What a style makes of a paragraph."""

    kind: Kind = "body"
    heading: bool = False


_PLAIN: Final = _Style()
_LIST: Final = _Style("list")
# By the names that styles, or those that they are based on, have in every language of Word.
_STYLES: Final = (
    (re.compile(r"title"), _Style("headline", heading=True)),
    (re.compile(r"subtitle"), _PLAIN),
    (re.compile(r"heading \d"), _Style(heading=True)),
    (re.compile(r"(?:image |table )?caption"), _Style("caption")),
    (re.compile(r"(?:intense )?quote|quotations|block text"), _Style("quote")),
    (re.compile(r"list\b.*|toc \d"), _LIST),
)


class _Opened(NamedTuple):
    """What python-docx gives: root elements, and what the file says of itself."""

    body: "Element"
    styles: "Element"
    notes: list["Element"]
    margins: list["Element"]
    title: str
    author: str | None
    language: str | None


class DocxLoader:
    """A Word file is its paragraphs in order, with its tables row by row and its text boxes.

    Footnotes come after the text, then page heads and feet, which are boilerplate. Deleted text and
    reviewers' comments are left out. The times in its properties are the file's own, and no date.
    """

    suffixes = frozenset({".docx"})

    def load(self, content: bytes, source: str) -> Document:
        """See `index.loaders.protocol.Loader`."""
        opened = _open(content)
        reader = _Reader(_styles(opened.styles))
        reader.read(opened.body)
        for root in opened.notes:
            reader.read(root)
        for root in opened.margins:
            reader.read(root, "boilerplate")
        text, parts = reader.writer.text, reader.writer.parts
        opening = read_masthead(text)
        named = given_title(opened.title)
        top = [(part, squeeze(part.span.cut(text))) for part in parts[:_TITLE_PARTS]]
        title, title_span = (named, None) if named else (opening.title, opening.title_span)
        for part, words in top:
            if part.kind == "headline" or words.casefold() == named.casefold():
                title, title_span = words, part.span
                break
        return Document(
            source=source,
            text=text,
            title=title,
            title_span=title_span,
            author=opened.author if opening.author is None else opening.author,
            published=opening.published,
            language=opened.language,
            parts=parts,
        )


def _open(content: bytes) -> _Opened:
    word, oxml = needed("docx", "docx"), needed("docx.oxml", "docx")
    if content.startswith(_OLE):
        raise LoadError("encrypted, or of an older Word; save it as .docx without a password")
    open_package(content).close()
    try:
        file = word.Document(BytesIO(content))
        said = file.core_properties
        body: Element | None = file.element.body
        if body is None:
            raise LoadError(_DAMAGED)
        return _Opened(
            body=body,
            styles=file.styles.element,
            notes=_related(file, oxml, ("/footnotes", "/endnotes")),
            margins=_related(file, oxml, ("/header", "/footer")),
            title=squeeze(said.title),
            author=_told(said.author),
            language=_told(said.language),
        )
    except Exception as error:  # a damaged file takes the library by surprise in many ways
        raise LoadError(_DAMAGED) from error


def _told(words: str) -> str | None:
    words = squeeze(words)
    return None if words == "" else words


def _related(file: Any, oxml: Any, kinds: tuple[str, ...]) -> list["Element"]:
    return [
        oxml.parse_xml(relation.target_part.blob)
        for kind in kinds
        for relation in file.part.rels.values()
        if relation.reltype.endswith(kind) and not relation.is_external
    ]


def _styles(root: "Element") -> dict[str | None, _Style]:
    """Return what each style makes of a paragraph, by the style's id."""
    elements = {style.get(f"{_W}styleId"): style for style in root.iter(f"{_W}style")}
    found = dict[str | None, _Style]()
    for key in elements:
        chain = list["Element"]()
        at = elements.get(key)
        while at is not None and at not in chain:
            chain.append(at)
            at = elements.get(_value(at, "basedOn"))
        names = [name.lower() for each in chain if (name := _value(each, "name")) is not None]
        known = (style for name in names for rule, style in _STYLES if rule.fullmatch(name))
        found[key] = next(known, _LIST if any(map(_is_numbered, chain)) else _PLAIN)
    return found


class _Reader:
    """Goes through the blocks of the parts of a file and writes them."""

    def __init__(self, styles: dict[str | None, _Style]) -> None:
        self.writer = Writer()
        self._styles = styles

    def read(self, element: "Element", kind: Kind | None = None) -> None:
        """Write what an element holds; all of it as one kind, if that is given."""
        for child in element:
            if child.tag == f"{_W}p":
                self._paragraph(child, kind)
            elif child.tag == f"{_W}tbl":
                self._table(child, kind)
            elif child.tag not in _UNREAD:
                self.read(child, kind)

    def _paragraph(self, element: "Element", kind: Kind | None) -> None:
        settings = element.find(f"{_W}pPr")
        style = _PLAIN
        if kind is not None:
            style = _Style(kind)
        elif settings is not None:
            style = self._styles.get(_value(settings, "pStyle"), _PLAIN)
            style = _LIST if style == _PLAIN and _is_numbered(element) else style
        self.writer.add(_text(element), style.kind, heading=style.heading)
        for box in _boxes(element):
            self.read(box, kind)

    def _table(self, table: "Element", kind: Kind | None) -> None:
        tight = False
        for row in _inside(table, "tr"):
            cells = list(_inside(row, "tc"))
            lines = [
                [text for each in cell.iter(f"{_W}p") if (text := _text(each))] for cell in cells
            ]
            if kind is None and len(cells) > 1 and all(len(each) < 2 for each in lines):
                span = self.writer.add_row(["".join(each) for each in lines], tight=tight)
                tight = span is not None
            else:  # a way to lay out the page
                for cell in cells:
                    self.read(cell, kind)
                tight = False


def _inside(element: "Element", name: str) -> Iterator["Element"]:
    """Yield the rows of a table or the cells of a row, but none of a table within a cell."""
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag not in _UNREAD:
            yield from _inside(child, name)


def _boxes(element: "Element") -> Iterator["Element"]:
    """Yield the text boxes that a paragraph holds."""
    for child in element:
        if child.tag == _BOX:
            yield child
        elif child.tag not in _UNREAD:
            yield from _boxes(child)


def _text(element: "Element") -> str:
    return "\n".join(map(squeeze, "".join(_pieces(element)).split("\n"))).strip()


def _pieces(element: "Element") -> Iterator[str]:
    for child in element:
        if child.tag in _TEXTS:
            yield child.text if child.text is not None else ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _UNREAD and child.tag != _BOX:
            yield from _pieces(child)


def _is_numbered(element: "Element") -> bool:
    number = element.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    return number is not None and number.get(f"{_W}val") != "0"


def _value(element: "Element", name: str) -> str | None:
    child = element.find(f"{_W}{name}")
    return child.get(f"{_W}val") if child is not None else None
