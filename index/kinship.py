"""What documents have in common, as the store keeps it: groups of copies, repeated paragraphs."""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa

from index import boilerplate, copies, tables
from index.parts import parts_of
from index.types import Document

_A_KEY = 64
"""Documents looked at of all that have a key."""

_COMPARED = 8
"""Documents that a new one is compared with: those that have the most keys in common with it."""


def group_of(connection: sa.Connection, document: Document, bands: Sequence[int]) -> int:
    """Return the group of near-duplicates that a document belongs to: that of its likest, or new.

    A document without enough words to tell is in a group of its own.

    Args:
        connection: of the transaction that stores the document.
        document: as it will be stored; nothing is noted of it yet.
        bands: as `copies.bands` gives them.
    """
    if not bands:
        return _next_group(connection)
    others = tables.bands.c
    # A notice under a thousand items makes a key that a thousand have: some of them will do.
    some = sa.union_all(
        *(
            sa.select(
                sa.select(others.document_id).where(others.key == key).limit(_A_KEY).subquery()
            )
            for key in bands
        )
    ).subquery()
    likest = (
        sa.select(some.c.document_id)
        .group_by(some.c.document_id)
        .order_by(sa.func.count().desc(), some.c.document_id)
        .limit(_COMPARED)
    )
    for other in connection.execute(likest).scalars().all():
        row = connection.execute(
            sa.select(tables.documents).where(tables.documents.c.id == other)
        ).one()
        found = tables.to_document(row)
        if copies.alike(own_words(document), own_words(found)):
            return found.copies
    return _next_group(connection)


def enter(
    connection: sa.Connection,
    document: Document,
    bands: Sequence[int],
    keys: Collection[int],
    known: Collection[int],
) -> None:
    """Note what a document, numbered and in its group, has in common with others.

    Args:
        connection: of the transaction that stores the document.
        document: as it is stored.
        bands: as `copies.bands` gives them.
        keys: those of its paragraphs.
        known: those of the keys that were repeated when the document was split.
    """
    if bands:
        connection.execute(
            sa.insert(tables.bands), [{"key": key, "document_id": document.id} for key in bands]
        )
    if not keys:
        return
    connection.execute(
        sa.insert(tables.paragraphs),
        [{"key": key, "document_id": document.id, "copies": document.copies} for key in keys],
    )
    of = tables.paragraphs.c
    own = sa.func.sum(of.copies == document.copies)
    groups = sa.func.count(sa.distinct(of.copies))
    repeated_now = connection.execute(
        sa.select(of.key, groups, own)
        .where(of.key.in_(keys))
        .group_by(of.key)
        .having(groups >= boilerplate.LEAST)
    ).all()
    # Where this document is the first of its group, the group was not counted before.
    new = [key for key, number, mine in repeated_now if number - (mine == 1) < boilerplate.LEAST]
    if new:
        unsettle(connection, _holders(connection, new))
    if any(key not in known for key, _, _ in repeated_now):
        unsettle(connection, [document.id])


def leave(connection: sa.Connection, document: Document) -> None:
    """Forget what a document had in common with others, which may matter to how they are split."""
    bands = bands_of(document)
    of_bands, of_paragraphs = tables.bands.c, tables.paragraphs.c
    connection.execute(
        sa.delete(tables.bands).where(of_bands.key.in_(bands), of_bands.document_id == document.id)
    )
    keys = paragraph_keys(document)
    before = repeated(connection, keys)
    held = first_held(connection, before, document.id)
    connection.execute(
        sa.delete(tables.paragraphs).where(
            of_paragraphs.key.in_(keys), of_paragraphs.document_id == document.id
        )
    )
    after = repeated(connection, keys)
    unsettle(connection, _holders(connection, before - after))
    for key in held & after:  # somebody else has to show it now
        unsettle(connection, _holders(connection, [key], limit=1))
    connection.execute(
        sa.delete(tables.unsettled).where(tables.unsettled.c.document_id == document.id)
    )


def bands_of(document: Document) -> list[int]:
    """Return the keys by which copies of a document find each other."""
    return copies.bands(copies.signature(own_words(document)))


def own_words(document: Document) -> str:
    """Return a document's text without what its readers wrote, which every copy has of its own."""
    parts = parts_of(document)
    if all(part.kind != "comment" for part in parts):
        return document.text
    return "\n".join(part.span.cut(document.text) for part in parts if part.kind != "comment")


def paragraph_keys(document: Document) -> set[int]:
    """Return the keys of the paragraphs at a document's edges."""
    return set(boilerplate.keys(document.text, parts_of(document)).values())


def repeated(connection: sa.Connection, keys: Iterable[int]) -> set[int]:
    """Return those of some keys of paragraphs that stand in enough groups of copies."""
    of = tables.paragraphs.c
    query = (
        sa.select(of.key)
        .where(of.key.in_(list(keys)))
        .group_by(of.key)
        .having(sa.func.count(sa.distinct(of.copies)) >= boilerplate.LEAST)
    )
    return set(connection.execute(query).scalars())


def first_held(connection: sa.Connection, keys: Iterable[int], document_id: int) -> set[int]:
    """Return those of some keys that no document with a lower id has."""
    of = tables.paragraphs.c
    query = (
        sa.select(of.key)
        .where(of.key.in_(list(keys)))
        .group_by(of.key)
        .having(sa.func.min(of.document_id) >= document_id)
    )
    return set(connection.execute(query).scalars())


def unsettle(connection: sa.Connection, document_ids: Sequence[int]) -> None:
    """Note that documents have to be split again."""
    if document_ids:
        connection.execute(
            sa.insert(tables.unsettled).prefix_with("OR IGNORE"),
            [{"document_id": each} for each in document_ids],
        )


def _holders(connection: sa.Connection, keys: Iterable[int], limit: int | None = None) -> list[int]:
    of = tables.paragraphs.c
    query = sa.select(of.document_id).where(of.key.in_(list(keys))).distinct()
    return list(connection.execute(query.order_by(of.document_id).limit(limit)).scalars())


def _next_group(connection: sa.Connection) -> int:
    of = tables.meta.c
    group = int(connection.execute(sa.select(of.value).where(of.key == "groups")).scalar_one()) + 1
    connection.execute(sa.update(tables.meta).where(of.key == "groups").values(value=str(group)))
    return group
