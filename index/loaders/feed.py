"""RSS and Atom feeds: a document for each item."""

import html
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from index.errors import LoadError
from index.headline import under_headline
from index.loaders.entries import Names, printable, too_large
from index.loaders.extra import needed
from index.loaders.protocol import Entry, Options
from index.markup import blocks, fragment, parse
from index.markup_metadata import read_address, read_day, read_language, read_names, read_text
from index.parts_builder import squeeze
from index.types import Document

_MARKUP: Final = frozenset({"text/html", "application/xhtml+xml"})
_EMAIL = re.compile(r"\S+@[^\s()<>]+")
_BLANK_LINE = re.compile(r"\n\s*\n")


class FeedContainer:
    """Reads a feed; an entry is called by its id, or else its address, or else its number.

    The text of an item is its title, and what the feed has of its content: all of it, or only a
    summary. Its publisher is the feed, or where the feed says it has the item from.
    """

    suffixes = frozenset({".rss", ".atom", ".xml"})

    def entries(self, file: BinaryIO, source: str, options: Options) -> Iterator[Entry]:  # noqa: ARG002
        """See `index.loaders.protocol.Container`."""
        # It is read whole, and so may be no larger than a document.
        content = file.read(options.largest + 1)
        if len(content) > options.largest:
            raise LoadError(too_large(options.largest))
        try:
            feed = needed("feedparser", "feeds").parse(
                io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False
            )
        except ValueError as error:  # it is in no encoding, or not in the one that it says
            raise LoadError("not in the encoding that it says; save it as UTF-8") from error
        if feed.get("version", "") == "":
            raise LoadError("XML, but no RSS or Atom feed; if it holds articles, save them as HTML")
        names = Names()
        for number, item in enumerate(feed.entries, 1):
            # As it was read: asked for what it lacks, the library gives something like it.
            said = dict(item)
            name = names.once(_name(said, number))
            content = json.dumps(said, sort_keys=True).encode()
            try:
                yield Entry(name, content, _document(said, dict(feed.feed), feed.version))
            except LoadError as error:
                yield Entry(name, content, problem=str(error))


def _name(said: Mapping[str, Any], number: int) -> str:
    name = printable(squeeze(said.get("id", said.get("link", ""))))
    return name if name != "" else str(number)


def _document(said: Mapping[str, Any], feed: Mapping[str, Any], version: str) -> Document:
    root = parse(_content(said))
    title = squeeze(fragment(_as_html(said.get("title_detail", {})))[0])
    titled = under_headline(
        title if title != "" else None, None, [] if root is None else blocks(root)
    )
    published, modified = (read_day(said.get(name)) for name in ("published", "updated"))
    if "published" not in said and version.startswith("rss"):
        # RSS knows one date, and calls it by several names.
        published, modified = modified, None
    authors = _authors(said)
    publishers = [dict(said.get("source", {})).get("title"), feed.get("title")]
    languages = [each.get("language") for each in (*said.get("content", []), feed)]
    return Document(
        source="",
        text=titled.text,
        title=titled.title,
        title_span=titled.title_span,
        author=", ".join(authors) if authors else None,
        publisher=read_text(publishers),
        published=published,
        modified=modified,
        language=next(filter(None, map(read_language, languages)), None),
        url=read_address(said.get("link")),
        parts=titled.parts,
    )


def _authors(said: Mapping[str, Any]) -> list[str]:
    author = said.get("author", "")
    if "@" in author and len(said.get("authors", [])) == 1:
        # RSS wants an address with the name, and the library cuts it out at the wrong place.
        return read_names(_EMAIL.sub("", author).strip("()<> "))
    return read_names(said.get("authors"))


def _content(said: Mapping[str, Any]) -> str:
    """Return the longest of what an item has of its content, as HTML."""
    given = [*said.get("content", []), said.get("summary_detail", {})]
    return max(map(_as_html, given), key=len)


def _as_html(detail: Mapping[str, Any]) -> str:
    text = str(detail.get("value", ""))
    if detail.get("type") in _MARKUP:
        return text
    return "".join(f"<p>{html.escape(each)}</p>" for each in _BLANK_LINE.split(text))
