"""Groups of copies among documents, as the store keeps them."""

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa

from index import copies, tables
from index.parts import parts_of
from index.types import Document

_A_KEY = 64
"""Documents looked at of all that have a key."""

_COMPARED = 8
"""Documents that a new one is compared with: those that have the most keys in common with it."""


def group_of(connection: sa.Connection, document: Document, bands: Sequence[int]) -> int:
    """Return the group of near-duplicates that a document belongs to: that of its likest, or new.

    A document without words is in a group of its own.

    Args:
        connection: of the transaction that stores the document.
        document: as it will be stored; nothing is noted of it yet.
        bands: as `bands_of` gives them.
    """
    if not bands:
        return _next_group(connection)
    missing = [None] * (copies.BANDS - len(bands))
    keys = {f"key{at}": key for at, key in enumerate([*bands, *missing])}
    for other in connection.execute(_likest(), keys).scalars().all():
        row = connection.execute(
            sa.select(tables.documents).where(tables.documents.c.id == other)
        ).one()
        found = tables.to_document(row)
        if copies.alike(own_words(document), own_words(found)):
            return found.copies
    return _next_group(connection)


def enter(connection: sa.Connection, document: Document, bands: Sequence[int]) -> None:
    """Note the keys of a document, numbered and in its group: `bands` as `bands_of` gives them.

    From now on others are compared with it.
    """
    if bands:
        connection.execute(
            sa.insert(tables.bands), [{"key": key, "document_id": document.id} for key in bands]
        )


def leave(connection: sa.Connection, document: Document) -> None:
    """Forget the keys of a document."""
    of = tables.bands.c
    connection.execute(
        sa.delete(tables.bands).where(of.key.in_(bands_of(document)), of.document_id == document.id)
    )


def bands_of(document: Document) -> list[int]:
    """Return the keys by which copies of a document find each other."""
    return copies.keys(own_words(document))


def own_words(document: Document) -> str:
    """Return a document's text without what its readers wrote, which every copy has of its own."""
    parts = parts_of(document)
    if all(part.kind != "comment" for part in parts):
        return document.text
    return "\n".join(part.span.cut(document.text) for part in parts if part.kind != "comment")


@cache
def _likest() -> sa.Select[tuple[int]]:
    """Make the query for the documents that have most of the keys `key0`, `key1` and so on."""
    of = tables.bands.c
    # A notice under a thousand items makes a key that a thousand have: some of them will do.
    some = sa.union_all(
        *(
            sa.select(
                sa.select(of.document_id)
                .where(of.key == sa.bindparam(f"key{at}"))
                .limit(_A_KEY)
                .subquery()
            )
            for at in range(copies.BANDS)
        )
    ).subquery()
    return (
        sa.select(some.c.document_id)
        .group_by(some.c.document_id)
        .order_by(sa.func.count().desc(), some.c.document_id)
        .limit(_COMPARED)
    )


def _next_group(connection: sa.Connection) -> int:
    of = tables.meta.c
    group = int(connection.execute(sa.select(of.value).where(of.key == "groups")).scalar_one()) + 1
    connection.execute(sa.update(tables.meta).where(of.key == "groups").values(value=str(group)))
    return group
