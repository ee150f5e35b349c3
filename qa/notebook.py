"""The file in an archive's folder where conversations are kept.

A file of its own: an archive that is exported must not tell what its owner asked, and to keep an
answer must neither wait for long adding nor hold it up.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from filelock import FileLock

from index.errors import ArchiveDamaged, ArchiveUnwritable, NewerArchive
from index.files import sync_folder
from index.tables import open_engine
from qa import notebook_tables as tables

FORMAT: Final = 1

Query: TypeAlias = sa.Select[*tuple[Any, ...]]
"""What finds rows, of any columns."""

_PATIENCE: Final = 10
"""Seconds to wait for another process that is just making the file."""

_CORRUPT: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Notebook:
    """Safe from any thread, whatever other processes keep.

    The file is made when something is first kept, and only its owner may read it. Until then there
    is nothing in the notebook.
    """

    def __init__(self, path: Path) -> None:
        """Use the file at `path`, which need not exist; nothing is opened yet."""
        self.path = path
        self._lock = threading.Lock()
        self._engine: sa.Engine | None = None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def rows(self, query: Query) -> Sequence[Any]:
        """Return what a query finds.

        Raises:
            ArchiveDamaged: the file cannot be read.
            NewerArchive: a newer version made it.
        """
        try:
            engine = self._opened()
            if engine is None:
                return []
            with engine.connect() as connection, connection.begin():
                return connection.execute(query).all()
        except sa.exc.DatabaseError as error:
            raise self._damaged(str(error.orig)) from error

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give one transaction, in which nobody else writes; it stands once the context ends.

        Raises:
            ArchiveUnwritable: read-only or out of room; nothing was changed.
            ArchiveDamaged: the file cannot be read.
            NewerArchive: a newer version made it.
        """
        try:
            engine = self._opened()
            if engine is None:
                self._create()
                engine = self._opened()
                assert engine is not None
            with engine.connect() as connection:
                connection.execution_options(writing=True)
                with connection.begin():
                    yield connection
        except sa.exc.DatabaseError as error:
            if _code(error) in _CORRUPT:
                raise self._damaged(str(error.orig)) from error
            raise self._unwritable(str(error.orig)) from error
        except OSError as error:
            reason = str(error) if error.strerror is None else error.strerror
            raise self._unwritable(reason) from error

    def wipe(self) -> None:
        """Take what was deleted out of the log of changes too.

        Raises:
            ArchiveUnwritable: out of room; it is deleted all the same.
        """
        engine = self._opened()
        if engine is None:
            return
        try:
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.DatabaseError as error:
            raise self._unwritable(str(error)) from error

    def _opened(self) -> sa.Engine | None:
        """Return the open file, or None if there is none yet."""
        with self._lock:
            if self._engine is None and self.path.exists():
                engine = open_engine(self.path)
                try:
                    self._check_format(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine

    def _check_format(self, engine: sa.Engine) -> None:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if found > FORMAT:
            raise NewerArchive(
                f"{self.path} was made by a newer version (format {found}, this one reads "
                f"{FORMAT}); upgrade cuttings to open it"
            )
        if found < FORMAT:
            raise self._damaged("it is empty, or something else")

    def _create(self) -> None:
        """Make an empty file, unless another process has just done so."""
        folder = self.path.parent
        if not folder.is_dir():  # the lock would make it
            raise self._unwritable("no such folder")
        made = self.path.with_name(f"{self.path.name}.making")
        with FileLock(self.path.with_name(f"{self.path.name}.lock"), timeout=_PATIENCE):
            if self.path.exists():
                return
            made.unlink(missing_ok=True)
            made.touch(mode=0o600)  # the files beside it will have the same rights
            engine = open_engine(made)
            try:
                with engine.begin() as connection:
                    tables.metadata.create_all(connection)
                    connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
                engine.dispose()
                made.replace(self.path)
            finally:
                engine.dispose()
                for left in folder.glob(f"{made.name}*"):
                    left.unlink()
        sync_folder(folder)

    def _damaged(self, reason: str) -> ArchiveDamaged:
        return ArchiveDamaged(
            f"cannot read {self.path}: {reason}; restore it from a backup, or remove it: "
            "asking does without it"
        )

    def _unwritable(self, reason: str) -> ArchiveUnwritable:
        return ArchiveUnwritable(
            f"cannot write {self.path}: {reason}; make room or make it writable"
        )


def _code(error: sa.exc.DatabaseError) -> int:
    """Return SQLite's primary code of an error; the higher bits only refine it."""
    return getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
