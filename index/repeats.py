"""Which paragraphs documents repeat, as the store keeps it, and who has to be split again for it.

A paragraph that stands in enough groups of copies is boilerplate. Of the documents that have it,
the one with the lowest id shows it, and the others leave it out.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa

from index import boilerplate, tables
from index.parts import parts_of
from index.types import Document

_of = tables.paragraphs.c


class Repeats:
    """Follows what one transaction does to paragraphs, and settles the consequences at its end.

    A document that comes in has been split by what was repeated before the transaction began.
    """

    def __init__(self, connection: sa.Connection) -> None:
        """Follow the transaction of `connection`."""
        self._connection = connection
        self._before: dict[int, int | None] = {}

    def enter(self, document: Document) -> None:
        """Note the paragraphs of a document that is stored now, numbered and in its group."""
        keys = self._touch(document)
        if keys:
            self._connection.execute(
                sa.insert(tables.paragraphs),
                [{"key": k, "document_id": document.id, "copies": document.copies} for k in keys],
            )

    def leave(self, document: Document) -> None:
        """Forget the paragraphs of a document."""
        keys = self._touch(document)
        self._connection.execute(
            sa.delete(tables.paragraphs).where(_of.key.in_(keys), _of.document_id == document.id)
        )
        self._connection.execute(
            sa.delete(tables.unsettled).where(tables.unsettled.c.document_id == document.id)
        )

    def settle(self) -> None:
        """Note which documents have to be split again."""
        after = shown_by(self._connection, self._before)
        for key, before in self._before.items():
            now = after.get(key)
            if before == now:
                continue
            again = sa.select(_of.document_id).where(_of.key == key)
            if before is not None and now is not None:
                # It is boilerplate as it was: those after both leave it out, as they did.
                again = again.where(_of.document_id <= max(before, now))
            self._connection.execute(
                sa.insert(tables.unsettled)
                .prefix_with("OR IGNORE")
                .from_select(["document_id"], again)
            )

    def _touch(self, document: Document) -> set[int]:
        """Return the keys of a document's paragraphs, having noted who showed them before."""
        keys = keys_of(document)
        new = keys - self._before.keys()
        self._before |= dict.fromkeys(new) | shown_by(self._connection, new)
        return keys


def keys_of(document: Document) -> set[int]:
    """Return the keys of the paragraphs at a document's edges."""
    return set(boilerplate.keys(document.text, parts_of(document)).values())


def shown_by(connection: sa.Connection, keys: Iterable[int]) -> dict[int, int]:
    """Return those of some keys that are boilerplate, each with the lowest id that has it.

    It takes as long for a paragraph that a hundred thousand documents have as for one that three
    have.
    """
    found = connection.execute(_shown_by(), {"keys": json.dumps(list(keys))})
    return {row[0]: row[1] for row in found}


@cache
def _shown_by() -> sa.Select[Any]:
    """Make the query for `shown_by`, of the `keys` in a JSON array."""
    wanted = sa.func.json_each(sa.bindparam("keys", type_=sa.Text)).table_valued("value")
    own = _of.key == wanted.c.value
    some = sa.select(_of.copies).where(own).distinct().limit(boilerplate.LEAST)
    groups = sa.select(sa.func.count()).select_from(some.correlate(wanted).subquery())
    lowest = sa.select(sa.func.min(_of.document_id)).where(own)
    return sa.select(wanted.c.value, lowest.correlate(wanted).scalar_subquery()).where(
        groups.correlate(wanted).scalar_subquery() >= boilerplate.LEAST
    )
