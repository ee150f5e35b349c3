"""What documents there are: found by the words of their titles, authors and sources."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import sqlalchemy as sa

from index import tables
from index.store import Store

_BATCH: Final = 500


class Listed(NamedTuple):
    """A document as a list shows it."""

    id: int
    title: str
    author: str | None
    publisher: str | None
    published: date | None
    source: str


_of = tables.documents.c
_LISTED: Final = sa.select(*(_of[name] for name in Listed._fields))


def find(store: Store, words: str, after: int = 0, limit: int = 50) -> list[Listed]:
    """Return the documents that have all of some words, or parts of words, in order of id.

    Args:
        store: where to look.
        words: none finds all. Case does not matter.
        after: the id after which to begin.
        limit: how many to return, at most.
    """
    wanted = words.casefold().split()
    found: list[Listed] = []
    with store.reading() as connection:
        rows = connection.execute(_LISTED.where(_of.id > after).order_by(_of.id))
        for row in rows:
            if len(found) == limit:
                break
            listed = Listed(*row)
            said = (listed.title, listed.author, listed.publisher, listed.source)
            known = " ".join(each for each in said if each is not None).casefold()
            if all(each in known for each in wanted):
                found.append(listed)
    return found


def named(store: Store, ids: Sequence[int]) -> list[Listed]:
    """Return those of some documents that are there, in order of id."""
    wanted = sorted(set(ids))
    found: list[Listed] = []
    with store.reading() as connection:
        for at in range(0, len(wanted), _BATCH):
            query = _LISTED.where(_of.id.in_(wanted[at : at + _BATCH])).order_by(_of.id)
            found += (Listed(*row) for row in connection.execute(query))
    return found


def version_now(store: Store, document_id: int) -> int | None:
    """Return the number of a document's current version, or None if it is no more."""
    with store.reading() as connection:
        query = sa.select(_of.version).where(_of.id == document_id)
        return connection.execute(query).scalar_one_or_none()
