"""The tables of a store, its database, and rows to dataclasses and back."""

import json
import os
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from index.types import Document, Original, Part, Passage, Span

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


def _described() -> list[sa.Column[Any]]:
    """Return the columns that a document and its earlier versions have in common."""
    return [
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("file", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_start", sa.Integer),
        sa.Column("title_end", sa.Integer),
        sa.Column("author", sa.Text),
        sa.Column("publisher", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("modified", sa.Date),
        sa.Column("language", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("encoding", sa.Text),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("original", sa.Text, nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("copies", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    ]


documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *_described(),
    sa.Index("documents_source", "source", unique=True),
    sa.Index("documents_file", "file"),
    sa.Index("documents_published", "published"),
    sqlite_autoincrement=True,
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("id", sa.Integer, nullable=False),
    *_described(),
    sa.Column("superseded", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("id", "version"),
    sa.Index("versions_source", "source"),
    sqlite_with_rowid=False,
)
"""What documents said before, by the id that they still have or once had."""

files = sa.Table(
    "files",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("mtime_ns", sa.Integer, nullable=False),
    sa.Column("read_ns", sa.Integer, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.Column("whole", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)

bands = sa.Table(
    "bands",
    metadata,
    sa.Column("key", sa.Integer, nullable=False),
    sa.Column("document_id", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("key", "document_id"),
    sqlite_with_rowid=False,
)
"""Which documents may be copies of each other: those with a key in common."""

paragraphs = sa.Table(
    "paragraphs",
    metadata,
    sa.Column("key", sa.Integer, nullable=False),
    sa.Column("document_id", sa.Integer, nullable=False),
    sa.Column("copies", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("key", "document_id"),
    sqlite_with_rowid=False,
)
"""Which documents hold the same paragraph, and the group of copies that each belongs to."""

unsettled = sa.Table(
    "unsettled",
    metadata,
    sa.Column("document_id", sa.Integer, primary_key=True),
)
"""Documents to be split again, since others came or went that have paragraphs with them."""

passages = sa.Table(
    "passages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("document_id", sa.ForeignKey("documents.id"), nullable=False, index=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("sentences", sa.Text, nullable=False),
    sa.Column("checksum", sa.Integer, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("change", sa.Integer, nullable=False, index=True),
    sqlite_autoincrement=True,
)

removals = sa.Table(
    "removals",
    metadata,
    sa.Column("passage_id", sa.Integer, primary_key=True),
    sa.Column("change", sa.Integer, nullable=False, index=True),
)


def document_values(document: Document) -> dict[str, Any]:
    """Return a document as the columns of its row, without its id."""
    span, original = document.title_span, document.original
    record = original.record
    return {
        "source": document.source,
        "file": document.file,
        "title": document.title,
        "title_start": None if span is None else span.start,
        "title_end": None if span is None else span.end,
        "author": document.author,
        "publisher": document.publisher,
        "published": document.published,
        "modified": document.modified,
        "language": document.language,
        "url": document.url,
        "encoding": document.encoding,
        "content_hash": document.content_hash,
        "original": _json(
            {
                "entry": original.entry,
                "record": None if record is None else [record.start, record.end],
                "pages": original.pages,
                "bytewise": original.bytewise,
            }
        ),
        "parts": _json(
            [[p.span.start, p.span.end, p.kind, int(p.heading)] for p in document.parts]
        ),
        "version": document.version,
        "copies": document.copies,
        "text": document.text,
    }


def to_document(row: Any) -> Document:
    """Make a document of its row, or of the row of an earlier version."""
    original = json.loads(row.original)
    record = original["record"]
    return Document(
        id=row.id,
        source=row.source,
        file=row.file,
        text=row.text,
        title=row.title,
        title_span=None if row.title_start is None else Span(row.title_start, row.title_end),
        author=row.author,
        publisher=row.publisher,
        published=row.published,
        modified=row.modified,
        language=row.language,
        url=row.url,
        encoding=row.encoding,
        content_hash=row.content_hash,
        parts=tuple(
            Part(Span(start, end), kind, bool(heading))
            for start, end, kind, heading in json.loads(row.parts)
        ),
        original=Original(
            entry=original["entry"],
            record=None if record is None else Span(*record),
            pages=tuple(original["pages"]),
            bytewise=original["bytewise"],
        ),
        version=row.version,
        copies=row.copies,
    )


def to_passage(row: Any, text: str) -> Passage:
    """Make a passage of its row and its document's text."""
    return Passage(
        id=row.id,
        document_id=row.document_id,
        start=row.start,
        end=row.end,
        text=text[row.start : row.end],
        sentences=tuple(Span(start, end) for start, end in json.loads(row.sentences)),
        kind=row.kind,
    )


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def checksum(text: str) -> int:
    """Return the CRC-32 of a text's UTF-8."""
    return zlib.crc32(text.encode())


def open_engine(path: Path) -> sa.Engine:
    """Open SQLite so that readers and the writer never wait for each other."""
    writable = os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
    log = path.with_name(f"{path.name}-wal")

    def connect() -> sqlite3.Connection:
        if writable:
            return sqlite3.connect(path, check_same_thread=False)
        # SQLite cannot make a log in a read-only folder. One that is there, left by a crash or
        # written by somebody with more rights, holds changes that must be read.
        unlogged = "" if log.exists() else "&immutable=1"
        uri = f"{path.absolute().as_uri()}?mode=ro{unlogged}"
        return sqlite3.connect(uri, uri=True, check_same_thread=False)

    engine = sa.create_engine(
        "sqlite+pysqlite://",
        creator=connect,
        poolclass=sa.QueuePool if writable else sa.NullPool,
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin below, not in the driver
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA secure_delete = ON")
        if writable:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
