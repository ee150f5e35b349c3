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
from index.loaders.entries import Names, printable
from index.loaders.protocol import Entry
from index.markup import fragment
from index.markup_metadata import read_day
from index.masthead import read_masthead
from index.parts_builder import squeeze
from index.types import Document, Part, Span

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
_ANYTHING = re.compile(r".*", re.DOTALL)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


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
        shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
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
        parts: tuple[Part, ...] = ()
        if _HTML.fullmatch(text):
            text, parts = fragment(text)
        document = _titled(self._name(record, "title"), text, parts)
        authors = _names(self._find(record, "author"))
        published = read_day(self._find(record, "published"))
        return replace(
            document,
            author=", ".join(authors) if authors else document.author,
            publisher=self._name(record, "publisher"),
            published=document.published if published is None else published,
            modified=read_day(self._find(record, "modified")),
            language=self._name(record, "language", _LANGUAGE),
            url=self._name(record, "url", _ADDRESS),
        )

    def _id(self, record: Mapping[str, Any]) -> str | None:
        value = self._find(record, "id")
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return next(iter(_names(value)), None)

    def _name(
        self, record: Mapping[str, Any], what: str, form: re.Pattern[str] = _ANYTHING
    ) -> str | None:
        names = _names(self._find(record, what))
        return next((name for name in names if form.fullmatch(name)), None)

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


def _titled(title: str | None, text: str, parts: tuple[Part, ...]) -> Document:
    """Make a document of a text, with its title above it unless the text begins with it."""
    if title is None:
        masthead = read_masthead(text)
        over = masthead.title_span
        if over is not None and over.cut(text) == text.strip():
            over = None  # a line with nothing below it is no headline
        return Document(
            source="",
            text=text,
            title=masthead.title,
            title_span=over,
            author=masthead.author,
            published=masthead.published,
            parts=parts,
        )
    start = len(text) - len(text.lstrip())
    span = Span(start, start + len(title))
    if span.cut(text) != title or text[span.end : span.end + 1] not in {"", "\r", "\n"}:
        span = Span(0, len(title))
        above = len(title) + 2
        text = f"{title}\n\n{text}"
        if parts:
            parts = (Part(span, "headline", heading=True), *(_moved(each, above) for each in parts))
    return Document(source="", text=text, title=title, title_span=span, parts=parts)


def _moved(part: Part, by: int) -> Part:
    return replace(part, span=Span(part.span.start + by, part.span.end + by))


@lru_cache(maxsize=1000)
def _plain(name: str) -> str:
    return _NO_LETTER.sub("", name.lower())


def _texts(value: Any) -> list[str]:
    """Return a text, or those in a list."""
    texts = value if isinstance(value, list) else [value]
    return [each for each in texts if isinstance(each, str)]


def _names(value: Any) -> list[str]:
    """Return the names in a value, each on one line: a text, what has a name, or a list of them."""
    if isinstance(value, Mapping):
        return _names(value.get("name"))
    if isinstance(value, list):
        return [name for each in value for name in _names(each)]
    return [name for text in _texts(value) if (name := squeeze(text))]
