"""What the store remembers of the files whose documents it holds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from index import tables

_of = tables.files.c


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when its documents were read, by which a change of it is seen.

    `size` is in bytes, `mtime_ns` the file's own time of change and `read_ns` the time at which it
    was looked at, both in nanoseconds since 1970; 0 for a file that has only been begun. `fields`
    is as in `loaders.protocol.Options`. `whole` says whether all of its documents could be read.
    """

    name: str
    size: int
    mtime_ns: int
    read_ns: int
    content_hash: str
    fields: Mapping[str, str]
    whole: bool = True


def records(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[FileRecord]:
    """Return the records of files that meet a condition, in order of name."""
    query = sa.select(tables.files).where(condition).order_by(_of.name)
    return [
        FileRecord(
            name=row.name,
            size=row.size,
            mtime_ns=row.mtime_ns,
            read_ns=row.read_ns,
            content_hash=row.content_hash,
            fields=json.loads(row.fields),
            whole=row.whole,
        )
        for row in connection.execute(query)
    ]


def note(connection: sa.Connection, record: FileRecord) -> None:
    """Remember a file, in place of what was known of it."""
    values = {
        "name": record.name,
        "size": record.size,
        "mtime_ns": record.mtime_ns,
        "read_ns": record.read_ns,
        "content_hash": record.content_hash,
        "fields": json.dumps(dict(record.fields), sort_keys=True),
        "whole": record.whole,
    }
    connection.execute(sa.insert(tables.files).prefix_with("OR REPLACE").values(values))


def doubt(connection: sa.Connection, name: str) -> None:
    """Remember that a file's documents are no more those that were read: it is to be read again."""
    connection.execute(
        sa.update(tables.files).where(_of.name == name).values(read_ns=0, whole=False)
    )


def forget(connection: sa.Connection, name: str) -> None:
    """Remember nothing of a file."""
    connection.execute(sa.delete(tables.files).where(_of.name == name))


def rename(connection: sa.Connection, old: str, new: str) -> None:
    """Give a file, and the documents in it, another name."""
    forget(connection, new)
    connection.execute(sa.update(tables.files).where(_of.name == old).values(name=new))
    of = tables.documents.c
    moved = sa.literal(new) + sa.func.substr(of.source, len(old) + 1)
    connection.execute(
        sa.update(tables.documents).where(of.file == old).values(source=moved, file=new)
    )
