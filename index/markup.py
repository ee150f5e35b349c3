"""HTML to blocks: its paragraphs, headings, list items, captions, quotes, table rows and comments.

Nothing is left out but what a browser would not show, or shows as no text of the page: scripts,
form controls, embedded media. Which blocks are the article is for others to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from index.errors import LoadError
from index.loaders.extra import needed
from index.markup_kinds import BODY, FIGURE, HEADINGS, ITEMS, KINDS, is_captioned, rank_of
from index.parts_builder import Writer, squeeze
from index.types import Kind, Part

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DEEPEST: Final = 2048
"""Levels of elements inside each other that the parser follows."""

_BLOCKS: Final = frozenset(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav
    ol p pre search section summary table tbody td tfoot th thead tr ul""".split()
)
_UNSHOWN: Final = frozenset(
    """annotation applet audio button canvas datalist embed frameset head iframe input map noembed
    noframes noscript object option rp rt script select style svg template textarea title
    video""".split()
)
_CELLS: Final = frozenset({"td", "th"})
_NO_CELL: Final = ("table", "ul", "ol", "dl", "blockquote", "figure", "pre", "section", *HEADINGS)

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BULLETED = re.compile(r"[•‣◦⁃∙▪●○]\s")
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SPACE = re.compile(r"\s+")
_END_TAGS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Place(NamedTuple):
    """Where a text stands in a tree: at the beginning of an element, or right behind it."""

    element: "HtmlElement"
    behind: bool


@dataclass(slots=True)
class Block:
    """A stretch of text that stands on its own lines.

    `level` is 1 to 6 for a heading, else 0. `element` is the innermost block element around it, and
    `item` the innermost list item, if there is one. `first` is where its first character stands.
    `tight` is true of a table's second and further rows.
    """

    text: str
    kind: Kind
    level: int
    element: "HtmlElement"
    item: "HtmlElement | None"
    first: Place
    tight: bool = False


def fragment(html: str) -> tuple[str, tuple[Part, ...]]:
    """Return the text of a stretch of HTML, and its parts: every block, none left out.

    Raises:
        LoadError: it nests too deeply, or the extra that reads HTML is missing.
    """
    root = parse(html)
    writer = Writer()
    for block in [] if root is None else blocks(root):
        writer.add(block.text, block.kind, heading=block.level > 0, tight=block.tight)
    return writer.text, writer.parts


def parse(html: str) -> "HtmlElement | None":
    """Return the root element of a page or a stretch of HTML; None if there is nothing in it.

    Raises:
        LoadError: it nests too deeply, or the extra that reads HTML is missing.
    """
    lxml_html, etree = needed("lxml.html", "html"), needed("lxml.etree", "html")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    # The parser stops where the body ends; browsers go on.
    content = _END_TAGS.sub("", _NO_XML.sub("", html)).encode()
    try:
        root: HtmlElement = lxml_html.document_fromstring(
            content, parser=parser, ensure_head_body=True
        )
    except etree.ParserError:  # it holds not one element, nor any text
        return None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise LoadError(f"HTML of more than {DEEPEST} levels inside each other; save it as text")
    for element in root.iter():
        # Written as character references, these get past the parser.
        if element.text is not None and _NO_XML.search(element.text):
            element.text = _NO_XML.sub("", element.text)
        if element.tail is not None and _NO_XML.search(element.tail):
            element.tail = _NO_XML.sub("", element.tail)
    return root


def blocks(root: "HtmlElement") -> list[Block]:
    """Return the blocks of a page in order."""
    found = list(_Walk(root).blocks())
    # A list of articles, or of the posts of a live page, is a way to lay them out.
    laid_out = {block.item for block in found if block.level > 0}
    for block in found:
        if block.kind == "list" and block.item in laid_out:
            block.kind = "body"
        elif block.kind == "body" and _BULLETED.match(block.text):
            block.kind = "list"
    return found


class _Frame(NamedTuple):
    """A block element that the walk is in, and what it has inherited."""

    element: "HtmlElement"
    rank: int = BODY
    level: int = 0
    item: "HtmlElement | None" = None
    verbatim: bool = False
    row: bool = False


class _Walk:
    """Goes through a tree once, however deep, and gathers the text between its block elements."""

    def __init__(self, root: "HtmlElement") -> None:
        self._root = root
        self._frames = [_Frame(root)]
        self._pieces: list[str] = []
        self._first: Place | None = None
        self._last_row: HtmlElement | None = None

    def blocks(self) -> Iterator[Block]:
        walk = needed("lxml.etree", "html").iterwalk(self._root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                if self._frames[-1].element is element:
                    yield from self._flush()
                    self._frames.pop()
                elif element.tag == "q":
                    self._pieces.append("”")
                self._take(element.tail, Place(element, behind=True))
            elif _is_unshown(element):
                walk.skip_subtree()
            else:
                yield from self._enter(element)
                self._take(element.text, Place(element, behind=False))

    def _enter(self, element: "HtmlElement") -> Iterator[Block]:
        frame = self._frames[-1]
        if frame.row:
            # A cell is one line, whatever it consists of.
            self._pieces.append("\t" if element.tag in _CELLS else " ")
        elif element.tag == "br":
            yield from self._break()
        elif element.tag == "q":
            self._pieces.append("“")
        elif element.tag in _BLOCKS or is_captioned(element):
            yield from self._flush()
            self._frames.append(_inside(frame, element))

    def _take(self, text: str | None, place: Place) -> None:
        if text is None:
            return
        if self._first is None and not text.isspace():
            self._first = place
        if _is_raised(place):
            text = text.translate(_RAISED)  # 10⁶ is not 106
        self._pieces.append(text if self._frames[-1].verbatim else _SPACE.sub(" ", text))

    def _break(self) -> Iterator[Block]:
        """Take a line's end; a second one, with nothing between them, ends the paragraph."""
        while self._pieces and self._pieces[-1] == " ":
            self._pieces.pop()
        if self._pieces[-1:] == ["\n"]:
            yield from self._flush()
        else:
            self._pieces.append("\n")

    def _flush(self) -> Iterator[Block]:
        frame, first, text = self._frames[-1], self._first, "".join(self._pieces)
        self._pieces, self._first = [], None
        if first is None:
            return
        if not frame.verbatim:
            text = re.sub(r"[^\n\t]+", lambda match: squeeze(match.group()), text).strip()
        kind, tight = KINDS[frame.rank], frame.row and self._is_next_row(frame.element)
        yield Block(text, kind, frame.level, frame.element, frame.item, first, tight)
        self._last_row = frame.element if frame.row else None

    def _is_next_row(self, row: "HtmlElement") -> bool:
        if self._last_row is None:
            return False
        tables = [next(each.iterancestors("table"), None) for each in (self._last_row, row)]
        return tables[0] is not None and tables[0] is tables[1]


def _inside(frame: _Frame, element: "HtmlElement") -> _Frame:
    """Return the frame of a block element in another."""
    tag = element.tag
    rank = max(frame.rank, rank_of(element))
    if rank == FIGURE and tag in {"table", "pre"}:
        rank = BODY
    return _Frame(
        element,
        rank,
        HEADINGS.get(tag, frame.level),
        element if tag in ITEMS else frame.item,
        frame.verbatim or tag == "pre",
        tag == "tr" and _is_data(element),
    )


def _is_data(row: "HtmlElement") -> bool:
    """Say whether a row holds data, and is not a way to lay out a page."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    return len(cells) > 1 and not any(
        next(cell.iter(*_NO_CELL), None) is not None
        or sum(1 for _ in zip(cell.iter("p", "div"), range(2), strict=False)) > 1
        for cell in cells
    )


def _is_raised(place: Place) -> bool:
    """Say whether a text stands in <sup>, which may hold a link to a note."""
    around = place.element.getparent() if place.behind else place.element
    for _ in range(3):
        if around is None or around.tag == "sup":
            return around is not None
        around = around.getparent()
    return False


def _is_unshown(element: "HtmlElement") -> bool:
    return (
        element.tag in _UNSHOWN
        or "hidden" in element.attrib
        or _HIDDEN.search(element.get("style", "")) is not None
    )
