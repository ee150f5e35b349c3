"""The one truth: documents, their passages and their vectors, in one SQL database.

Every committed change has a number that only grows. A passage remembers the change that added it
and `removals` the change that took it away, so a view that stands at one change can be told
everything that takes it to a later one. Ids are given here and never used twice.
"""

import json
import sqlite3
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import sqlalchemy as sa

from index import file_record, repeats, tables
from index.change import Change, number_of
from index.embed import Embedder, Vectors
from index.errors import (
    ArchiveDamaged,
    ArchiveUnwritable,
    NewerArchive,
    NotAnArchive,
    OlderArchive,
)
from index.file_record import FileRecord
from index.types import Document, Passage, Span

FORMAT: Final = 2
RESTORE: Final = "restore it from a backup, or remove the folder and add the documents again"
"""What can be done about a store that cannot be read."""

BATCH: Final = 2048
"""Passages handed to a view at a time, so that catching up needs little memory."""

_LARGEST_ID: Final = 2**63 - 1

_LARGE: Final = {"text": "", "parts": "[]"}
"""The columns that a list of documents does without, and what it has in their place."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A passage as a view needs it: what to index, and the vector that was made of it."""

    passage_id: int
    document_id: int
    title: str
    text: str
    published: date | None
    vector: Vectors


class Held(NamedTuple):
    """A document that a file held when it was last read. `record` is as in `Original`."""

    id: int
    file: str | None
    content_hash: str
    record: Span | None


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
            "groups": "0",
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
            return number_of(connection)

    def document(self, document_id: int) -> Document | None:
        """Return a document with its text, or None if there is none of that id."""
        if document_id > _LARGEST_ID:
            return None
        return next(iter(self._select(tables.documents.c.id == document_id)), None)

    def documents(self, after: int = 0, limit: int | None = None) -> list[Document]:
        """Return documents in order of id, from the first id above `after`, without their texts."""
        return self._select(tables.documents.c.id > after, limit, texts=False)

    def missing(self, document_ids: Collection[int]) -> list[int]:
        """Return those of the ids that are of no document here, in order."""
        wanted = set(document_ids)
        possible = sorted(each for each in wanted if 0 < each <= _LARGEST_ID)
        with self.reading() as connection:
            for chunk in _chunks(possible):
                query = sa.select(tables.documents.c.id).where(tables.documents.c.id.in_(chunk))
                wanted.difference_update(connection.execute(query).scalars())
        return sorted(wanted)

    def find(self, source: str) -> list[Document]:
        """Return the one document from `source`, with its text, or none."""
        return self._select(tables.documents.c.source == source)

    def held_by(self, file: str) -> dict[str, Held]:
        """Return what a file held when it was last read, by source.

        A document that came from elsewhere under the file's very name is among it.
        """
        of = tables.documents.c
        query = sa.select(of.source, of.id, of.file, of.content_hash, of.original)
        with self.reading() as connection:
            return {
                row.source: Held(row.id, row.file, row.content_hash, _record_of(row.original))
                for row in connection.execute(query.where(_from_file(file)))
            }

    def counts_below(self, folder: str, with_relative: bool = False) -> dict[str, int]:
        """Return how many documents each file below `folder` holds; see `files_below`."""
        of = tables.documents.c.file
        below = _below(of, folder, with_relative)
        query = sa.select(of, sa.func.count()).where(below).group_by(of)
        with self.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def file(self, name: str) -> FileRecord | None:
        """Return how a file looked when its documents were read, or None if it was not read."""
        with self.reading() as connection:
            found = file_record.records(connection, tables.files.c.name == name)
        return next(iter(found), None)

    def files_below(self, folder: str, with_relative: bool = False) -> list[FileRecord]:
        """Return the files that lie below `folder`; `with_relative` as in `below`."""
        with self.reading() as connection:
            return file_record.records(
                connection, _below(tables.files.c.name, folder, with_relative)
            )

    def below(self, folder: str, with_relative: bool = False) -> list[Document]:
        """Return the documents whose source lies below `folder`, without their texts.

        `with_relative` adds those whose source is a relative path.
        """
        return self._select(_below(tables.documents.c.source, folder, with_relative), texts=False)

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
            return number_of(connection), connection.execute(known).scalar_one()

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

    def passage_ids(
        self,
        since: date | None = None,
        until: date | None = None,
        documents: Collection[int] | None = None,
    ) -> list[int]:
        """Return the ids of all passages, or of those whose document has a date in the range.

        Both ends belong to the range. A document without a date is in no range. `documents`, if
        given, are the only ones that count.
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
            if documents is None:
                return list(connection.execute(query.order_by(tables.passages.c.id)).scalars())
            found: list[int] = []
            for chunk in _chunks(sorted(set(documents))):
                chosen = query.where(tables.passages.c.document_id.in_(chunk))
                found += connection.execute(chosen).scalars()
        return sorted(found)

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

    def put(
        self,
        entries: Sequence[tuple[Document, Sequence[Passage], Vectors]],
        files: Sequence[FileRecord] = (),
        retired: Sequence[int] = (),
    ) -> list[Document]:
        """Add documents, replacing those of the same source, as one change; return them numbered.

        What a replaced document said stays as an earlier version.

        Args:
            entries: each document with its passages and their float32 vectors, shape
                `(len(passages), dimension)`.
            files: files whose documents are all there now.
            retired: ids of documents that are to be found no more, but stay readable.

        Raises:
            ArchiveUnwritable: read-only or out of room; nothing of these was added.
        """
        with self._changing() as (connection, change):
            change.retire(retired)
            stored = [change.put(*each) for each in entries]
            for record in files:
                file_record.note(connection, record)
        return stored

    def put_passages(self, document_id: int, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Give a document other passages, as one change.

        Raises:
            ArchiveUnwritable: read-only or out of room; the old ones are still there.
        """
        with self._changing() as (_, change):
            change.put_passages(document_id, passages, vectors)

    def note(self, files: Sequence[FileRecord]) -> None:
        """Note how files looked whose documents are there already; no view need know.

        Raises:
            ArchiveUnwritable: read-only or out of room.
        """
        with self._writing() as connection:
            for each in files:
                file_record.note(connection, each)

    def place(self, documents: Sequence[Document]) -> None:
        """Note where in their files documents lie that are otherwise as they were.

        Raises:
            ArchiveUnwritable: read-only or out of room.
        """
        of = tables.documents.c
        with self._writing() as connection:
            for each in documents:
                original = tables.document_values(each)["original"]
                connection.execute(
                    sa.update(tables.documents).where(of.id == each.id).values(original=original)
                )

    def move(self, moves: Sequence[tuple[str, str]]) -> None:
        """Give files, and the documents in them, other names: pairs of an old and a new one.

        Raises:
            ArchiveUnwritable: read-only or out of room; nothing was moved.
        """
        with self._writing() as connection:
            for old, new in moves:
                file_record.rename(connection, old, new)

    def forget(self, names: Sequence[str]) -> None:
        """Let go of files that are gone: their documents are found no more, but stay readable.

        Raises:
            ArchiveUnwritable: read-only or out of room; nothing was let go of.
        """
        of = tables.documents.c
        with self._changing() as (connection, change):
            for name in names:
                held = connection.execute(sa.select(of.id).where(of.file == name)).scalars().all()
                change.retire(held)
                file_record.forget(connection, name)

    def boilerplate(self, document: Document) -> tuple[set[int], set[int]]:
        """Return which of a document's paragraphs others repeat, and which of these it shows first.

        Both are keys as `index.boilerplate.keys` gives them.
        """
        with self.reading() as connection:
            repeated = repeats.shown_by(connection, repeats.keys_of(document))
            if not repeated:
                return set(), set()
            known = connection.execute(
                sa.select(tables.documents.c.id).where(tables.documents.c.source == document.source)
            ).scalar_one_or_none()
        own = _LARGEST_ID if known is None else known
        return set(repeated), {key for key, shows in repeated.items() if shows >= own}

    def unsettled(self, limit: int) -> list[int]:
        """Return the ids of some documents that have to be split again."""
        of = tables.unsettled.c.document_id
        query = sa.select(of).join(tables.documents, tables.documents.c.id == of).order_by(of)
        with self.reading() as connection:
            return list(connection.execute(query.limit(limit)).scalars())

    def remove(self, document_ids: Sequence[int]) -> None:
        """Remove documents with all their passages and earlier versions, as one change.

        Raises:
            ArchiveUnwritable: read-only or out of room; nothing was removed.
        """
        with self._changing() as (_, change):
            change.remove(document_ids)

    def remove_passages(self, ids: Sequence[int]) -> None:
        """Remove single passages, as one change: how the doctor clears orphans."""
        with self._changing() as (_, change):
            for chunk in _chunks(ids):
                change.remove_passages(chunk)

    def _select(
        self, condition: sa.ColumnElement[bool], limit: int | None = None, texts: bool = True
    ) -> list[Document]:
        columns = [
            each
            if texts or each.name not in _LARGE
            else sa.literal(_LARGE[each.name]).label(each.name)
            for each in tables.documents.c
        ]
        query = sa.select(*columns).where(condition).order_by(tables.documents.c.id).limit(limit)
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

    @contextmanager
    def _changing(self) -> Iterator[tuple[sa.Connection, Change]]:
        """One transaction that is a change; the views are told of it by its number."""
        with self._writing() as connection:
            change = Change(connection)
            yield connection, change
            change.end()

    def _identify(self) -> Identity:
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(sa.select(tables.meta.c.key, tables.meta.c.value)).all()
            facts = dict(rows)
            found = int(facts["format"])
            if found == FORMAT:
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
        if found < FORMAT:
            raise OlderArchive(
                f"{self.path.parent} was made by an older version (format {found}, this one reads "
                f"{FORMAT}); add its files again to a new one: qa index add PATH --home FOLDER"
            )
        raise NewerArchive(
            f"{self.path.parent} was made by a newer version (format {found}, this one reads "
            f"{FORMAT}); upgrade cuttings to open it"
        )


def _record_of(original: str) -> Span | None:
    record = json.loads(original)["record"]
    return None if record is None else Span(*record)


def _from_file(name: str) -> sa.ColumnElement[bool]:
    return (tables.documents.c.file == name) | (tables.documents.c.source == name)


def _below(column: sa.Column[Any], folder: str, with_relative: bool) -> sa.ColumnElement[bool]:
    prefix = folder.rstrip("/") + "/"
    # LIKE would take "A/" and "a/" for the same.
    below = sa.func.substr(column, 1, len(prefix)) == prefix
    if with_relative:
        below |= sa.func.substr(column, 1, 1) != "/"
    return below


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
        document_id=document.id,
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
