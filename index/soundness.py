"""Whether a store's passages are still what they were when they were put there."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from index import tables
from index.errors import ArchiveDamaged
from index.store import BATCH, RESTORE, Store, documents_of
from index.types import Span


def unsound(store: Store) -> Iterator[tuple[int, int, str]]:
    """Yield (passage id, document id, what is wrong) for each passage that is not as it was.

    Raises:
        ArchiveDamaged: the database itself is damaged.
    """
    with store.reading() as connection:
        report = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    if report != "ok":
        raise ArchiveDamaged(f"{store.path} is damaged ({report}); {RESTORE}")
    last = 0
    while True:
        with store.reading() as connection:
            after = sa.select(tables.passages).where(tables.passages.c.id > last)
            rows = connection.execute(after.order_by(tables.passages.c.id).limit(BATCH)).all()
            documents = documents_of(connection, rows)
        if not rows:
            return
        last = rows[-1].id
        for row in rows:
            document = documents.get(row.document_id)
            if document is None:
                continue  # an orphan: reported as one
            if not _is_sound(row, document.text):
                yield row.id, row.document_id, "its text is not what its offsets cut out"
            elif len(row.vector) != 4 * store.identity.dimension:
                yield row.id, row.document_id, "its vector has the wrong width"


def orphans_of(store: Store) -> list[int]:
    """Return the ids of passages whose document does not exist."""
    query = (
        sa.select(tables.passages.c.id)
        .outerjoin(tables.documents, tables.documents.c.id == tables.passages.c.document_id)
        .where(tables.documents.c.id.is_(None))
    )
    with store.reading() as connection:
        return list(connection.execute(query).scalars())


def _is_sound(row: Any, text: str) -> bool:
    try:
        passage = tables.to_passage(row, text)
    except (ValueError, TypeError):  # its sentences are no list of pairs
        return False
    whole = Span(passage.start, passage.end)
    return tables.checksum(passage.text) == row.checksum and all(
        map(whole.holds, passage.sentences)
    )
