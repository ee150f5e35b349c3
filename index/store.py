"""The one truth: documents, their passages and their vectors, in one SQL database.

Every committed change has a number that only grows. A passage remembers the change that added it
and `removals` the change that took it away, so a view that stands at one change can be told
everything that takes it to a later one. Ids are given here and never used twice.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import sqlalchemy as sa

from index import tables
from index.embed import Embedder, Vectors
from index.errors import ArchiveDamaged, ArchiveUnwritable, NewerArchive, NotAnArchive
from index.types import Document, Passage

FORMAT: Final = 1
RESTORE: Final = "restore it from a backup, or remove the folder and add the documents again"
"""What can be done about a store that cannot be read."""

BATCH: Final = 2048
"""Passages handed to a view at a time, so that catching up needs little memory."""

_LARGEST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Addition:
    """A passage as a view needs it: what to index, and the vector that was made of it."""

    passage_id: int
    title: str
    text: str
    published: date | None
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Identity:
    """What an archive is: its own id, and the embedder whose vectors it holds."""

    archive: str
    embedder: str
    fingerprint: str
    dimension: int


class Store:
    """An open store. Reading is safe from any thread; one process at a time may write."""

    def __init__(self, path: Path) -> None:
        """Open the store at `path`.

        Raises:
            NotAnArchive: the file is no store of ours.
            NewerArchive: a newer version made it.
            ArchiveDamaged: it cannot be read.
        """
        self.path = path
        self._engine = tables.open_engine(path)
        try:
            self.identity = self._identify()
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(cls, path: Path, embedder: Embedder) -> "Store":
        """Make an empty store at `path` for the vectors of `embedder`, and open it."""
        made = path.with_name(f"{path.name}.making-{uuid.uuid4().hex[:8]}")
        engine = tables.open_engine(made)
        facts = {
            "format": str(FORMAT),
            "archive": uuid.uuid4().hex,
            "embedder": embedder.name,
            "fingerprint": embedder.fingerprint,
            "dimension": str(embedder.dimension),
            "change": "0",
        }
        try:
            with engine.begin() as connection:
                tables.metadata.create_all(connection)
                connection.execute(
                    sa.insert(tables.meta), [{"key": k, "value": v} for k, v in facts.items()]
                )
            engine.dispose()
            made.replace(path)
        except (sa.exc.DatabaseError, OSError) as error:
            raise _unwritable(path, error) from error
        finally:
            engine.dispose()
            for left in made.parent.glob(made.name + "*"):
                left.unlink()
        return cls(path)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    # Reading

    @property
    def change(self) -> int:
        """The number of the last committed change."""
        with self.reading() as connection:
            return _change(connection)

    def document(self, document_id: int) -> Document | None:
        """Return a document with its text, or None if there is none of that id."""
        if document_id > _LARGEST_ID:
            return None
        return next(iter(self._select(tables.documents.c.id == document_id)), None)

    def documents(self, after: int = 0, limit: int | None = None) -> list[Document]:
        """Return documents in order of id, from the first id above `after`, without their texts."""
        columns = [each for each in tables.documents.c if each.name != "text"]
        query = sa.select(*columns, sa.literal("").label("text")).where(
            tables.documents.c.id > after
        )
        with self.reading() as connection:
            rows = connection.execute(query.order_by(tables.documents.c.id).limit(limit)).all()
        return [tables.to_document(row) for row in rows]

    def find(self, source: str) -> list[Document]:
        """Return the one document from `source`, with its text, or none."""
        return self._select(tables.documents.c.source == source)

    def below(self, folder: str, with_relative: bool = False) -> list[Document]:
        """Return the documents whose source lies below `folder`, with their texts.

        `with_relative` adds those whose source is a relative path.
        """
        prefix = folder.rstrip("/") + "/"
        # LIKE would take "A/" and "a/" for the same.
        below = sa.func.substr(tables.documents.c.source, 1, len(prefix)) == prefix
        if with_relative:
            below |= sa.func.substr(tables.documents.c.source, 1, 1) != "/"
        return self._select(below)

    def count(self) -> tuple[int, int]:
        """Return how many documents and how many passages there are."""
        with self.reading() as connection:
            documents = connection.execute(
                sa.select(sa.func.count(tables.documents.c.id))
            ).scalar_one()
            passages = connection.execute(
                sa.select(sa.func.count(tables.passages.c.id))
            ).scalar_one()
        return documents, passages

    def extent(self) -> tuple[int, int]:
        """Return the number of the last change, and how many passages a view has to hold then."""
        known = sa.select(sa.func.count()).select_from(tables.passages.join(tables.documents))
        with self.reading() as connection:
            return _change(connection), connection.execute(known).scalar_one()

    def passages(self, ids: Sequence[int]) -> dict[int, tuple[Passage, Document]]:
        """Return those of the passages that still exist, each with its document, from one state."""
        found: dict[int, tuple[Passage, Document]] = {}
        with self.reading() as connection:
            for chunk in _chunks(ids):
                rows = connection.execute(
                    sa.select(tables.passages).where(tables.passages.c.id.in_(chunk))
                ).all()
                documents = documents_of(connection, rows)
                for row in rows:
                    document = documents.get(row.document_id)
                    if document is not None:
                        found[row.id] = (tables.to_passage(row, document.text), document)
        return found

    def passages_of(self, document_id: int) -> list[Passage]:
        """Return the passages of one document, in order."""
        with self.reading() as connection:
            text = connection.execute(
                sa.select(tables.documents.c.text).where(tables.documents.c.id == document_id)
            ).scalar_one_or_none()
            rows = connection.execute(
                sa.select(tables.passages)
                .where(tables.passages.c.document_id == document_id)
                .order_by(tables.passages.c.start)
            ).all()
        return [tables.to_passage(row, text) for row in rows] if text is not None else []

    def passage_ids(self, since: date | None = None, until: date | None = None) -> list[int]:
        """Return the ids of all passages, or of those whose document has a date in the range.

        Both ends belong to the range. A document without a date is in no range.
        """
        query = sa.select(tables.passages.c.id)
        if since is not None or until is not None:
            query = query.join(
                tables.documents, tables.documents.c.id == tables.passages.c.document_id
            )
        if since is not None:
            query = query.where(tables.documents.c.published >= since)
        if until is not None:
            query = query.where(tables.documents.c.published <= until)
        with self.reading() as connection:
            return list(connection.execute(query.order_by(tables.passages.c.id)).scalars())

    def changes_between(
        self, change: int, target: int
    ) -> Iterator[tuple[list[int], list[Addition]]]:
        """Yield what takes a view from `change` to `target`: batches of (removed ids, additions).

        What is committed while this runs belongs to a later change and is left for the next call.
        """
        between = tables.removals.c.change.between(change + 1, target)
        with self.reading() as connection:
            removed = list(
                connection.execute(sa.select(tables.removals.c.passage_id).where(between)).scalars()
            )
        if removed and change > 0:  # an empty view has nothing to forget
            yield removed, []
        last = 0
        since = sa.select(tables.passages).where(
            tables.passages.c.change.between(change + 1, target)
        )
        query = since.order_by(tables.passages.c.id)
        while True:
            with self.reading() as connection:
                rows = connection.execute(
                    query.where(tables.passages.c.id > last).limit(BATCH)
                ).all()
                documents = documents_of(connection, rows)
            if not rows:
                return
            last = rows[-1].id
            # An orphan has no document and so nothing to search for; the doctor reports it.
            known = [row for row in rows if row.document_id in documents]
            yield [], [_addition(row, documents[row.document_id]) for row in known]

    # Writing

    def put(self, entries: Sequence[tuple[Document, Sequence[Passage], Vectors]]) -> list[Document]:
        """Add documents, replacing those of the same source, as one change; return them numbered.

        Args:
            entries: each document with its passages and their float32 vectors, shape
                `(len(passages), dimension)`.

        Raises:
            ArchiveUnwritable: read-only or out of room; nothing of these was added.
        """
        stored = []
        with self._writing() as connection:
            change = _next_change(connection)
            for document, passages, vectors in entries:
                values = tables.document_values(document)
                document_id = connection.execute(
                    sa.select(tables.documents.c.id).where(
                        tables.documents.c.source == document.source
                    )
                ).scalar_one_or_none()
                if document_id is None:
                    document_id = connection.execute(
                        sa.insert(tables.documents).values(values).returning(tables.documents.c.id)
                    ).scalar_one()
                else:
                    _remove_passages(connection, document_id, change)
                    connection.execute(
                        sa.update(tables.documents)
                        .where(tables.documents.c.id == document_id)
                        .values(values)
                    )
                stored.append(replace(document, id=document_id))
                rows = [
                    {
                        "document_id": document_id,
                        "start": passage.start,
                        "end": passage.end,
                        "kind": passage.kind,
                        "sentences": json.dumps([(s.start, s.end) for s in passage.sentences]),
                        "checksum": tables.checksum(passage.text),
                        "vector": np.asarray(vector, dtype="<f4").tobytes(),
                        "change": change,
                    }
                    for passage, vector in zip(passages, vectors, strict=True)
                ]
                if rows:
                    connection.execute(sa.insert(tables.passages), rows)
        return stored

    def remove(self, document_ids: Sequence[int]) -> None:
        """Remove documents and all their passages, as one change.

        Raises:
            ArchiveUnwritable: read-only or out of room; nothing was removed.
        """
        with self._writing() as connection:
            change = _next_change(connection)
            for document_id in document_ids:
                _remove_passages(connection, document_id, change)
                connection.execute(
                    sa.delete(tables.documents).where(tables.documents.c.id == document_id)
                )

    def remove_passages(self, ids: Sequence[int]) -> None:
        """Remove single passages, as one change: how the doctor clears orphans."""
        with self._writing() as connection:
            change = _next_change(connection)
            for chunk in _chunks(ids):
                connection.execute(
                    sa.delete(tables.passages).where(tables.passages.c.id.in_(chunk))
                )
                connection.execute(
                    sa.insert(tables.removals), [{"passage_id": i, "change": change} for i in chunk]
                )

    def _select(self, condition: sa.ColumnElement[bool]) -> list[Document]:
        query = sa.select(tables.documents).where(condition).order_by(tables.documents.c.id)
        with self.reading() as connection:
            return [tables.to_document(row) for row in connection.execute(query)]

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One transaction, so that all its queries see the same state."""
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except sa.exc.DatabaseError as error:
            raise ArchiveDamaged(f"cannot read {self.path}: {_reason(error)}; {RESTORE}") from error

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                connection.execution_options(writing=True)
                with connection.begin():
                    yield connection
        except sa.exc.DatabaseError as error:
            raise _unwritable(self.path, error) from error

    def _identify(self) -> Identity:
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(sa.select(tables.meta.c.key, tables.meta.c.value)).all()
            facts = dict(rows)
            found = int(facts["format"])
            if found <= FORMAT:
                return Identity(
                    archive=facts["archive"],
                    embedder=facts["embedder"],
                    fingerprint=facts["fingerprint"],
                    dimension=int(facts["dimension"]),
                )
        except (sa.exc.DatabaseError, KeyError, ValueError) as error:
            if _is_corrupt(error):
                raise ArchiveDamaged(
                    f"cannot read {self.path}: {_reason(error)}; {RESTORE}"
                ) from error
            raise NotAnArchive(
                f"{self.path.parent} is not an archive ({_reason(error)}); "
                "name another folder with --home"
            ) from error
        raise NewerArchive(
            f"{self.path.parent} was made by a newer version (format {found}, this one reads "
            f"{FORMAT}); upgrade cuttings to open it"
        )


def _change(connection: sa.Connection) -> int:
    return int(
        connection.execute(
            sa.select(tables.meta.c.value).where(tables.meta.c.key == "change")
        ).scalar_one()
    )


def _next_change(connection: sa.Connection) -> int:
    change = _change(connection) + 1
    connection.execute(
        sa.update(tables.meta).where(tables.meta.c.key == "change").values(value=str(change))
    )
    return change


def _remove_passages(connection: sa.Connection, document_id: int, change: int) -> None:
    of_document = tables.passages.c.document_id == document_id
    gone = sa.select(tables.passages.c.id, sa.literal(change)).where(of_document)
    connection.execute(sa.insert(tables.removals).from_select(["passage_id", "change"], gone))
    connection.execute(sa.delete(tables.passages).where(of_document))


def documents_of(connection: sa.Connection, rows: Sequence[Any]) -> dict[int, Document]:
    """Return the documents that the passages in `rows` belong to, each read once."""
    documents: dict[int, Document] = {}
    for chunk in _chunks(sorted({row.document_id for row in rows})):
        found = connection.execute(
            sa.select(tables.documents).where(tables.documents.c.id.in_(chunk))
        )
        documents.update((row.id, tables.to_document(row)) for row in found)
    return documents


def _chunks(ids: Sequence[int], size: int = 500) -> Iterator[list[int]]:
    for at in range(0, len(ids), size):
        yield [int(each) for each in ids[at : at + size]]


def _addition(row: Any, document: Document) -> Addition:
    return Addition(
        passage_id=row.id,
        title=document.title,
        text=document.text[row.start : row.end],
        published=document.published,
        vector=np.frombuffer(row.vector[: len(row.vector) // 4 * 4], dtype="<f4"),
    )


def _is_corrupt(error: Exception) -> bool:
    """Say whether this is SQLite's word on a damaged database, not on a file of another kind."""
    cause = error.orig if isinstance(error, sa.exc.DatabaseError) else error
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_NOTADB)


def _reason(error: Exception) -> str:
    return str(error.orig if isinstance(error, sa.exc.DatabaseError) else error)


def _unwritable(path: Path, error: Exception) -> ArchiveUnwritable:
    return ArchiveUnwritable(
        f"cannot write {path.parent}: {_reason(error)}; nothing that was acknowledged is lost: "
        "make room or make it writable, then run the command again"
    )
