"""Saved web pages: the article and its readers' comments, without what stands around them.

The text is the page's title, then the blocks that make up the article, its captions and the
comments, in the page's order, each word for word as a browser shows it.
"""

import codecs
import re
from collections.abc import Sequence
from email import message_from_bytes
from typing import TYPE_CHECKING, Final, TypeVar

from index.article import choose, is_beside
from index.errors import LoadError
from index.headline import find_headline, under_headline
from index.loaders.extra import needed
from index.loaders.text import decode
from index.markup import Block, blocks, parse
from index.markup_metadata import read_metadata
from index.masthead import read_masthead
from index.types import Document

if TYPE_CHECKING:
    from lxml.html import HtmlElement

T = TypeVar("T")

_MHTML: Final = (".mhtml", ".mht")
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_REPLACEMENT: Final = "\ufffd"
_CHARSET_BYTES: Final = 4096
_PROSE_CHARACTERS: Final = 120
_HEAD_BLOCKS: Final = 40

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4}\)(https?://\S+) -->")
_UPDATED = re.compile(r"(?:last\s+)?(?:updated|modified)", re.IGNORECASE)


class HtmlLoader:
    """A page as a browser saves it in one file: HTML, or MHTML with its pictures and all."""

    suffixes = frozenset({".html", ".htm", ".xhtml", *_MHTML})

    def load(self, content: bytes, source: str) -> Document:
        """See `index.loaders.protocol.Loader`."""
        charset = saved_from = None
        if source.lower().endswith(_MHTML):
            content, charset, saved_from = _unpack(content)
        html, encoding = decode_page(content, charset)
        if (comment := _SAVED_FROM.search(html)) is not None:
            saved_from = comment[1]
        root = parse(html)
        if root is None:
            raise LoadError("holds no text")
        return _document(root, source, encoding, saved_from)


def decode_page(content: bytes, charset: str | None = None) -> tuple[str, str]:
    """Return the text of a page and the name of its encoding.

    That is UTF-8 if it can be, for a browser may save a page so and leave what it declares; then
    what is declared; then what is likely.

    Args:
        content: the page.
        charset: what is declared of it elsewhere.

    Raises:
        LoadError: it is no text, or in no encoding that can be told.
    """
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        match = _CHARSET.search(content[:_CHARSET_BYTES])
    declared = charset if charset is not None or match is None else match[1].decode("ascii")
    if declared is None or content.startswith(_UTF16):
        return decode(content)
    try:
        name = codecs.lookup(declared).name
        # What calls itself Latin-1 is Windows-1252 on the web.
        name = "cp1252" if name in {"iso8859-1", "ascii"} else name
        text = content.decode(name, errors="replace")
    except LookupError:
        return decode(content)
    # A few damaged characters do not make it another encoding; many do.
    damaged, foreign = text.count(_REPLACEMENT), sum(each > "\x7f" for each in text)
    return (text, name) if 2 * damaged <= foreign else decode(content)


def _unpack(content: bytes) -> tuple[bytes, str | None, str | None]:
    """Return the page in an MHTML file, its encoding and its address."""
    try:
        message = message_from_bytes(content)
        page = next((part for part in message.walk() if part.get_content_type() in _PAGES), None)
    except RecursionError as error:
        raise LoadError("MHTML of too many levels inside each other") from error
    payload = None if page is None else page.get_payload(decode=True)
    if page is None or not isinstance(payload, bytes):
        raise LoadError("no web page in this MHTML file; save the page again as HTML")
    address = str(message.get("Snapshot-Content-Location", "")).strip()
    return payload, page.get_content_charset(), address if address.startswith("http") else None


def _document(root: "HtmlElement", source: str, encoding: str, saved_from: str | None) -> Document:
    metadata = read_metadata(root)
    found = blocks(root)
    title, headline = find_headline(root, found, metadata.title, metadata.publisher)
    signed = needed("trafilatura.metadata", "html").extract_author(root)
    chosen = choose(root, found, headline)
    head = _head(found, chosen, headline)
    lines = [read_masthead(line) for line in head if not _UPDATED.match(line)]
    titled = under_headline(
        title,
        None if headline is None else found[headline],
        (found[number] for number in chosen),
    )
    return Document(
        source=source,
        text=titled.text,
        title=titled.title,
        title_span=titled.title_span,
        author=_first(metadata.author, _signature(signed, head), *(line.author for line in lines)),
        publisher=metadata.publisher,
        published=_first(metadata.published, *(line.published for line in lines)),
        modified=metadata.modified,
        language=metadata.language,
        url=_first(metadata.url, saved_from),
        encoding=encoding,
        parts=titled.parts,
    )


def _head(blocks: Sequence[Block], chosen: Sequence[int], headline: int | None) -> list[str]:
    """Return the lines between a page's headline and its first paragraph of prose."""
    first = headline if headline is not None else min(chosen, default=0)
    lines: list[str] = []
    for block in blocks[first : first + _HEAD_BLOCKS]:
        if block.kind == "comment" or is_beside(block.element):
            continue
        if lines and len(block.text) > _PROSE_CHARACTERS and block.kind == "body":
            break
        lines += block.text.split("\n")
    return lines


def _signature(signed: str | None, head: Sequence[str]) -> str | None:
    """Return the authors that trafilatura finds, as the page's head spells them.

    One that is not named there may be somebody else, like the author of a comment.
    """
    names = [] if signed is None else [re.escape(name) for name in signed.split("; ") if name]
    shown = "\n".join(head)
    matches = (re.search(rf"\b{name}\b", shown, re.IGNORECASE) for name in names)
    spelt = [match.group() for match in matches if match is not None]
    return ", ".join(spelt) if spelt else None


def _first(*values: T | None) -> T | None:
    return next((value for value in values if value is not None), None)
