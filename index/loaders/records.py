"""Records to documents: what JSON Lines and CSV share.

A record says by name what its text, title and so on are. Where the caller does not say which name
stands for what, the usual ones are tried, however they are spelt.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from index.errors import LoadError
from index.headline import under_headline
from index.loaders.entries import Names, printable
from index.loaders.protocol import Entry
from index.markup import blocks, parse
from index.markup_metadata import read_address, read_day, read_language, read_names, read_text
from index.masthead import read_masthead
from index.parts_builder import squeeze
from index.types import Document, Span

USUAL: Final[dict[str, list[str]]] = {
    "text": """text body content article story articlebody bodytext fulltext articletext maintext
        bodyhtml contenthtml html""".split(),
    "title": "title headline".split(),
    "author": "author authors byline creator".split(),
    "publisher": "publisher publication newspaper sitename".split(),
    "published": """published date publishedat publisheddate publishdate datepublished pubdate
        publicationdate""".split(),
    "modified": """modified updated modifiedat updatedat datemodified dateupdated
        lastmodified""".split(),
    "language": "language lang inlanguage".split(),
    "url": "url link canonicalurl permalink".split(),
    "id": "id guid uuid articleid documentid".split(),
}
"""The names of fields that are tried, best first; case and punctuation do not count."""

_SHOWN: Final = 40
_NO_LETTER = re.compile(r"[^a-z0-9]")
_HTML = re.compile(
    r"\s*<(?:!doctype html|html|article|blockquote|div|figure|h[1-6]|ol|p|section|ul)\b.*"
    r"</\w+\s*>\s*",
    re.IGNORECASE | re.DOTALL,
)


class Records:
    """Makes entries of one file's records: objects with named fields."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        """Take what the caller says of fields: from a key of `USUAL` to a field's name.

        A dot in a name leads into an object: "meta.headline".
        """
        self._asked = asked
        self._taken = Names()

    def check(self, there: Iterable[str]) -> None:
        """See to it that the fields that were asked for exist, and one for the text.

        Args:
            there: the names of fields that the file has.

        Raises:
            LoadError: they do not.
        """
        names = list(there)
        visible = [name for each in names[:_SHOWN] if (name := squeeze(each))]
        shown = printable(", ".join(visible)) + (" …" if len(names) > _SHOWN else "")
        shown = "none with a name" if visible == [] else shown
        for what, name in self._asked.items():
            if name not in names:
                raise LoadError(f"has no field {name!r} for the {what}; there are: {shown}")
        usual = {_plain(name) for name in names}
        if "text" not in self._asked and usual.isdisjoint(USUAL["text"]):
            raise LoadError(f"which field is the text? --field text=NAME; there are: {shown}")

    def entry(self, number: int, place: Span, record: Mapping[str, Any], content: bytes) -> Entry:
        """Return a record as an entry, called by its id, or else by its number.

        Args:
            number: which line or row it is.
            place: its bytes in the file.
            record: its fields.
            content: what tells whether it has changed.
        """
        own = self._id(record)
        name = self._taken.once(str(number) if own is None else printable(own))
        try:
            document = self._document(record)
        except LoadError as error:
            return Entry(name, record=place, problem=str(error))
        return Entry(name, content, document, record=place)

    def problem(self, number: int, place: Span, problem: str) -> Entry:
        """Return an entry that cannot be read."""
        return Entry(self._taken.once(str(number)), record=place, problem=problem)

    def _document(self, record: Mapping[str, Any]) -> Document:
        """Make a document of a record. Its text is the text field, unchanged, below its title.

        Markup is taken out of a text that plainly is HTML. Without a title the text is read like a
        text file, which may begin with one.
        """
        text = "\n\n".join(_texts(self._find(record, "text")))
        if not text.strip():
            raise LoadError("holds no text")
        title = read_text(self._find(record, "title"))
        document = _from_html(title, text) if _HTML.fullmatch(text) else _from_text(title, text)
        authors = read_names(self._find(record, "author"))
        published = read_day(self._find(record, "published"))
        return replace(
            document,
            author=", ".join(authors) if authors else document.author,
            publisher=read_text(self._find(record, "publisher")),
            published=document.published if published is None else published,
            modified=read_day(self._find(record, "modified")),
            language=read_language(self._find(record, "language")),
            url=read_address(self._find(record, "url")),
        )

    def _id(self, record: Mapping[str, Any]) -> str | None:
        value = self._find(record, "id")
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        own = squeeze(value) if isinstance(value, str) else ""
        return None if own == "" else own

    def _find(self, record: Mapping[str, Any], what: str) -> Any:
        if what in self._asked:
            return dict(flat(record)).get(self._asked[what])
        values = {_plain(name): value for name, value in list(record.items())[::-1]}
        found = (values.get(name) for name in USUAL[what])
        return next((value for value in found if value not in (None, "", [])), None)


def flat(record: Mapping[str, Any], above: str = "", levels: int = 4) -> Iterator[tuple[str, Any]]:
    """Yield the names of a record's fields and what they hold; "a.b" for what is inside "a"."""
    for name, value in record.items():
        yield above + name, value
        if isinstance(value, Mapping) and levels > 1:
            yield from flat(value, f"{above}{name}.", levels - 1)


def _from_html(title: str | None, html: str) -> Document:
    root = parse(html)
    shown = under_headline(title, None, [] if root is None else blocks(root))
    return Document("", shown.text, shown.title, shown.title_span, parts=shown.parts)


def _from_text(title: str | None, text: str) -> Document:
    """Make a document of a text, with its title above it unless the text begins with it."""
    if title is None:
        masthead = read_masthead(text)
        over = masthead.title_span
        if over is not None and over.cut(text) == text.strip():
            over = None  # a line with nothing below it is no headline
        return Document(
            "", text, masthead.title, over, author=masthead.author, published=masthead.published
        )
    start = len(text) - len(text.lstrip())
    span = Span(start, start + len(title))
    if span.cut(text) != title or text[span.end : span.end + 1] not in {"", "\r", "\n"}:
        span = Span(0, len(title))
        text = f"{title}\n\n{text}"
    return Document("", text, title, span)


@lru_cache(maxsize=1000)
def _plain(name: str) -> str:
    return _NO_LETTER.sub("", name.lower())


def _texts(value: Any) -> list[str]:
    """Return a text, or those in a list."""
    texts = value if isinstance(value, list) else [value]
    return [each for each in texts if isinstance(each, str)]
