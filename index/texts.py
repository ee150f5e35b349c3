"""Documents that come as texts, not as files: they are called what whoever sends them calls them.

The text is kept as it is, so that every offset counts in what was sent, and the store is where it
lies. A name is only ever a name: nothing is looked for under it, and no file is let go of for it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final

from index.errors import LoadError
from index.intake import Intake, Outcome, Result
from index.loaders.entries import printable, too_large
from index.masthead import read_masthead
from index.parts_builder import squeeze
from index.store import Store
from index.types import BYTE_ORDER_MARK, Document, Span

LONGEST_SOURCE: Final = 1000
"""Characters in what a text is called, at most."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a text beside it; None where its own opening lines may say it."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: date | None = None
    modified: date | None = None
    language: str | None = None
    url: str | None = None


def document(source: str, text: str, said: Said, largest: int) -> Document:
    """Make a document of a text.

    Args:
        source: what it is called: an address or any other name, but no path out of a folder.
        text: kept as it is.
        said: what is known of it.
        largest: bytes that it may have in UTF-8.

    Raises:
        LoadError: the name or the text will not do.
    """
    _check_source(source)
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise LoadError("not valid text (a lone surrogate); send it as UTF-8") from error
    if len(content) > largest:
        raise LoadError(too_large(largest))
    if "\0" in text:
        raise LoadError("a binary file, not text")
    if not text.removeprefix(BYTE_ORDER_MARK).strip():
        raise LoadError("holds no text")
    opening = read_masthead(text)
    title = _line(said.title)
    return Document(
        source=source,
        text=text,
        title=opening.title if title is None else title,
        title_span=opening.title_span if title is None else _head(text, title),
        author=opening.author if said.author is None else _line(said.author),
        publisher=_line(said.publisher),
        published=opening.published if said.published is None else said.published,
        modified=said.modified,
        language=said.language,
        url=said.url,
        content_hash=hashlib.sha256(content).hexdigest(),
    )


def take(store: Store, intake: Intake, document: Document) -> Iterator[Outcome]:
    """Take a text in, unless it is there already; yield what became of it, once it is safe.

    One that bears the name of a file's document is skipped: files belong to whoever has them.
    """
    path = Path(document.source)
    before = next(iter(store.find(document.source)), None)
    if before is not None and before.file is not None:
        note = "the archive has a file of that name; choose another source"
        yield Outcome(path, "skipped", document, note)
    elif before is not None and _told(before) == _told(document):
        yield Outcome(path, "unchanged", before)
    else:
        result: Result = "added" if before is None else "replaced"
        yield from intake.take(document, Outcome(path, result))


def _check_source(source: str) -> None:
    if not source.strip():
        raise LoadError("its source is empty; give it a name")
    if len(source) > LONGEST_SOURCE:
        raise LoadError(f"its source has more than {LONGEST_SOURCE:,} characters; shorten it")
    if printable(source) != source:
        raise LoadError("its source has a character that cannot be printed; leave it out")
    path = PurePosixPath(source.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise LoadError("its source is a path that leads elsewhere; give it a name, or an address")


def _line(said: str | None) -> str | None:
    words = "" if said is None else squeeze(said)
    return None if words == "" else words


def _head(text: str, title: str) -> Span | None:
    """Return where a title stands, if the text begins with it."""
    start = len(text) - len(text.lstrip())
    span = Span(start, start + len(title))
    alone = text[span.end : span.end + 1] in {"", "\r", "\n"}
    return span if alone and span.cut(text) == title else None


def _told(document: Document) -> tuple[object, ...]:
    """Return all that a text and what is said of it tell."""
    return (
        document.text,
        document.title,
        document.author,
        document.publisher,
        document.published,
        document.modified,
        document.language,
        document.url,
    )
