"""What documents said before: their versions, also of those that have vanished."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from index import tables
from index.errors import UnknownDocument
from index.store import Store
from index.types import Document, Version

if TYPE_CHECKING:
    from index.archive import Archive

_SHOWN: Final = 5
"""Ids named where a reference means several documents."""

_ID_DIGITS: Final = 18
"""No id has more: the database could not hold it."""


class Found(NamedTuple):
    """What a reference means: documents that are there, and the last versions of vanished ones.

    None has its text, or need have it.
    """

    current: list[Document]
    vanished: list[Document]


def versions(store: Store, document_id: int) -> list[Version]:
    """Return the versions of a document, the first one first.

    Raises:
        UnknownDocument: there is no document of that id, and never was.
    """
    current, earlier = tables.documents.c, tables.versions.c
    names = ("version", "title", "source", "published", "content_hash", "text")
    old = sa.select(earlier.superseded, *(earlier[each] for each in names))
    new = sa.select(sa.null(), *(current[each] for each in names))
    found: list[Version] = []
    with store.reading() as connection:
        for query in (
            old.where(earlier.id == document_id).order_by(earlier.version),
            new.where(current.id == document_id),
        ):
            found += map(_to_version, connection.execute(query))
    if not found:
        raise _unknown(str(document_id))
    return found


def version(store: Store, document_id: int, number: int) -> Document:
    """Return a document with the text of one of its versions, current or earlier.

    Raises:
        UnknownDocument: there is no such document, or no such version of it.
    """
    with store.reading() as connection:
        for of in (tables.documents, tables.versions):
            query = sa.select(of).where(of.c.id == document_id, of.c.version == number)
            row = connection.execute(query).one_or_none()
            if row is not None:
                return tables.to_document(row)
    raise UnknownDocument(
        f"no version {number} of document {document_id} here; see qa index versions {document_id}"
    )


def find(archive: "Archive", reference: str) -> Found:
    """Find what `Archive.find` does, and what was there but has vanished.

    Raises:
        UnknownDocument: there is nothing, and never was.
    """
    found = Found([], [])
    if reference:
        # A path is meant from the current folder, or as qa index list shows it.
        path = Path(reference)
        base = archive.layout.base.resolve()
        every = base.is_relative_to(os.path.realpath(path))
        found = _at(archive.store, archive.source_of(path), with_relative=every)
        found = found if any(found) else _at(archive.store, reference)
    if not any(found) and reference.isdecimal() and len(reference) <= _ID_DIGITS:
        found = _of_id(archive.store, int(reference))
    if not any(found):
        raise _unknown(repr(reference))
    return found


def find_id(store: Store, document_id: int) -> Found:
    """Find the document of an id, or the last version of one that has vanished.

    Raises:
        UnknownDocument: there is none, and never was.
    """
    found = _of_id(store, document_id)
    if not any(found):
        raise _unknown(str(document_id))
    return found


def find_one(archive: "Archive", reference: str) -> Document:
    """Find the one document that a reference means, whether or not it has vanished.

    Raises:
        UnknownDocument: there is nothing, and never was; or there are several.
    """
    found = find(archive, reference)
    documents = found.current or found.vanished
    if len(documents) > 1:
        some = ", ".join(str(each.id) for each in documents[:_SHOWN])
        raise UnknownDocument(
            f"{len(documents)} documents are at {reference!r}; give the id of one: {some}"
        )
    return documents[0]


def _of_id(store: Store, document_id: int) -> Found:
    document = store.document(document_id)
    gone = _vanished(store, tables.versions.c.id == document_id)
    return Found([] if document is None else [document], gone)


def _at(store: Store, name: str, with_relative: bool = False) -> Found:
    """Find what is or was at a path, or else below it; `with_relative` as in `Store.below`."""
    source = tables.versions.c.source
    found = Found(store.find(name), _vanished(store, source == name))
    if any(found):
        return found
    prefix = name.rstrip("/") + "/"
    below = sa.func.substr(source, 1, len(prefix)) == prefix
    if with_relative:
        below |= sa.func.substr(source, 1, 1) != "/"
    return Found(store.below(name, with_relative), _vanished(store, below))


def _vanished(store: Store, condition: sa.ColumnElement[bool]) -> list[Document]:
    """Return the documents that are no more and met a condition at last, in their last version."""
    of, later = tables.versions.c, tables.versions.alias()
    last = sa.select(sa.func.max(later.c.version)).where(later.c.id == of.id).scalar_subquery()
    current = sa.select(tables.documents.c.id).where(tables.documents.c.id == of.id).exists()
    without = {"text": "", "parts": "[]"}
    columns = [
        sa.literal(without[each.name]).label(each.name) if each.name in without else each
        for each in of
    ]
    query = sa.select(*columns).where(condition, ~current, of.version == last).order_by(of.id)
    with store.reading() as connection:
        return [tables.to_document(row) for row in connection.execute(query)]


def _to_version(row: Any) -> Version:
    superseded = row[0]
    return Version(
        number=row.version,
        superseded=None if superseded is None else datetime.fromisoformat(superseded),
        title=row.title,
        source=row.source,
        published=row.published,
        content_hash=row.content_hash,
        length=len(row.text),
    )


def _unknown(reference: str) -> UnknownDocument:
    return UnknownDocument(f"no document {reference} here; qa index list shows what there is")
