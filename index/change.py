"""One change of a store, while its transaction is open: documents come, are replaced, and go."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from index import file_record, kinship, tables
from index.embed import Vectors
from index.repeats import Repeats
from index.types import UNSTORED, Document, Passage


class Change:
    """Everything here bears the change's number, and is there whole or not at all."""

    def __init__(self, connection: sa.Connection) -> None:
        """Begin a change in the transaction of `connection`."""
        self._connection = connection
        self._number = number_of(connection) + 1
        self._repeats = Repeats(connection)
        of = tables.meta.c
        connection.execute(
            sa.update(tables.meta).where(of.key == "change").values(value=str(self._number))
        )

    def end(self) -> None:
        """Note what follows for other documents; to be called once, at the end."""
        self._repeats.settle()

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> Document:
        """Store a document in place of the one of the same source; return it numbered."""
        placed = self._make_way(document)
        bands = kinship.bands_of(document)
        placed = replace(placed, copies=kinship.group_of(self._connection, placed, bands))
        numbered = replace(placed, id=self._insert(placed))
        kinship.enter(self._connection, numbered, bands)
        self._repeats.enter(numbered)
        self._insert_passages(numbered.id, passages, vectors)
        return numbered

    def put_passages(self, document_id: int, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Give a document other passages."""
        self._remove_passages(document_id)
        self._insert_passages(document_id, passages, vectors)
        self._connection.execute(
            sa.delete(tables.unsettled).where(tables.unsettled.c.document_id == document_id)
        )

    def retire(self, document_ids: Sequence[int], keep: bool = True) -> set[str]:
        """Take documents out of what is searched; their texts stay as versions, if those are kept.

        Return the files that they are from, which are to be read again.
        """
        of = tables.documents.c
        now = datetime.now(UTC).isoformat(timespec="seconds")
        names = [each.name for each in of]
        files: set[str] = set()
        for document_id in document_ids:
            own = sa.select(tables.documents).where(of.id == document_id)
            row = self._connection.execute(own).one_or_none()
            if row is None:
                continue
            document = tables.to_document(row)
            kinship.leave(self._connection, document)
            self._repeats.leave(document)
            if keep:
                kept = sa.select(tables.documents, sa.literal(now)).where(of.id == document_id)
                self._connection.execute(
                    sa.insert(tables.versions).from_select([*names, "superseded"], kept)
                )
            self._remove_passages(document_id)
            self._connection.execute(sa.delete(tables.documents).where(of.id == document_id))
            if document.file is not None:
                file_record.doubt(self._connection, document.file)
                files.add(document.file)
        return files

    def remove(self, document_ids: Sequence[int]) -> None:
        """Take documents out with all that they ever said, and forget files that held no others."""
        files = self.retire(document_ids)
        for document_id in document_ids:
            self._connection.execute(
                sa.delete(tables.versions).where(tables.versions.c.id == document_id)
            )
        for file in files:
            others = sa.select(tables.documents.c.id).where(tables.documents.c.file == file)
            if self._connection.execute(others.limit(1)).first() is None:
                file_record.forget(self._connection, file)

    def remove_passages(self, ids: Sequence[int]) -> None:
        """Take single passages out."""
        of = tables.passages.c
        gone = sa.select(of.id, sa.literal(self._number)).where(of.id.in_(ids))
        self._connection.execute(
            sa.insert(tables.removals).from_select(["passage_id", "change"], gone)
        )
        self._connection.execute(sa.delete(tables.passages).where(of.id.in_(ids)))

    def _make_way(self, document: Document) -> Document:
        """Give a document its id and version; what stood in its place becomes an earlier one."""
        of = tables.documents.c
        before = self._connection.execute(
            sa.select(tables.documents).where(of.source == document.source)
        ).one_or_none()
        if before is not None:
            old = tables.to_document(before)
            said_the_same = (old.text, old.title) == (document.text, document.title)
            self.retire([old.id], keep=not said_the_same)
            return replace(document, id=old.id, version=old.version + (not said_the_same))
        gone = self._vanished(document.source)
        if gone is not None:
            return replace(document, id=gone.id, version=gone.version + 1)
        return replace(document, id=UNSTORED, version=1)

    def _vanished(self, source: str) -> Any:
        """Return the id and last version of what had this name when it vanished, or None."""
        of, earlier, later = tables.documents.c, tables.versions.c, tables.versions.alias().c
        taken = sa.select(of.id).where(of.id == earlier.id).exists()
        last = sa.select(sa.func.max(later.version)).where(later.id == earlier.id)
        return self._connection.execute(
            sa.select(earlier.id, earlier.version)
            .where(earlier.source == source, ~taken, earlier.version == last.scalar_subquery())
            .order_by(earlier.id.desc())
            .limit(1)
        ).one_or_none()

    def _insert(self, document: Document) -> int:
        values = tables.document_values(document)
        if document.id != UNSTORED:
            values["id"] = document.id
        inserted = sa.insert(tables.documents).values(values).returning(tables.documents.c.id)
        return int(self._connection.execute(inserted).scalar_one())

    def _insert_passages(
        self, document_id: int, passages: Sequence[Passage], vectors: Vectors
    ) -> None:
        rows = [
            {
                "document_id": document_id,
                "start": passage.start,
                "end": passage.end,
                "kind": passage.kind,
                "sentences": json.dumps([(s.start, s.end) for s in passage.sentences]),
                "checksum": tables.checksum(passage.text),
                "vector": np.asarray(vector, dtype="<f4").tobytes(),
                "change": self._number,
            }
            for passage, vector in zip(passages, vectors, strict=True)
        ]
        if rows:
            self._connection.execute(sa.insert(tables.passages), rows)

    def _remove_passages(self, document_id: int) -> None:
        of_document = tables.passages.c.document_id == document_id
        gone = sa.select(tables.passages.c.id, sa.literal(self._number)).where(of_document)
        self._connection.execute(
            sa.insert(tables.removals).from_select(["passage_id", "change"], gone)
        )
        self._connection.execute(sa.delete(tables.passages).where(of_document))


def number_of(connection: sa.Connection) -> int:
    """Return the number of a store's last change."""
    query = sa.select(tables.meta.c.value).where(tables.meta.c.key == "change")
    return int(connection.execute(query).scalar_one())
