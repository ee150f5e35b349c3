"""A whole archive as one file: a zip of its store, and of a manifest that says what to expect.

The views are left out, since the store can give them back. The store is copied in one state,
whoever writes meanwhile: an export waits for nobody and holds nobody up.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Final

from index import tables
from index.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveUnwritable,
    Misuse,
    NotAnArchive,
)
from index.files import sync_folder
from index.layout import Layout
from index.lock import write_lock
from index.manifest import MANIFEST, STORE, Manifest, damaged, describe, opened
from index.store import RESTORE, Store
from index.views import Views

CHUNK: Final = 1 << 20
"""Bytes read and written at a time: one step of progress."""

_SPOILT: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,  # a password is wanted
    sqlite3.DatabaseError,
    LookupError,
    ValueError,
)
"""What is raised at a member that is not what was written."""

_CORRUPT: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _nothing() -> None:
    """Take no notice of progress."""


def pack(
    store: Store, file: Path, force: bool = False, advance: Callable[[], None] = _nothing
) -> Manifest:
    """Write an archive to a file, which is there whole or not at all.

    Args:
        store: the archive's.
        file: where to.
        force: whether a file that is there is replaced.
        advance: called after each `CHUNK` of the store.

    Raises:
        Misuse: the file is there already, or is a folder.
        ArchiveBusy: another process is just writing it.
        ArchiveUnwritable: it cannot be written.
        ArchiveDamaged: the store cannot be read.
    """
    _check_target(file, force)
    making = file.with_name(f"{file.name}.making")
    copy = file.with_name(f"{file.name}.store.making")
    with _writing(file):
        with _alone(making) as made:
            try:
                copy.unlink(missing_ok=True)
                _copy(store.path, copy)
                manifest = _write(made, copy, advance)
            finally:
                copy.unlink(missing_ok=True)
            making.replace(file)
        sync_folder(file.parent)
    return manifest


def unpack(file: Path, home: Path, advance: Callable[[], None] = _nothing) -> Manifest:
    """Make an archive of an export, in a folder that is missing or empty.

    Args:
        file: the export.
        home: the folder.
        advance: called after each `CHUNK` of the store.

    Raises:
        Misuse: the folder holds an archive.
        NotAnArchive: it holds something else; or the file is no export, or was cut short.
        NewerArchive: made by a newer version.
        OlderArchive: made by an older version, in a form that this one does not read.
        ArchiveDamaged: the export is not what it was; nothing was put in place.
        ArchiveBusy: another process is just making an archive there.
        ArchiveUnwritable: the folder cannot be written; nothing was put in place.
    """
    layout = Layout(home)
    made = layout.store.with_name(f"{layout.store.name}.making")
    with opened(file) as (bundle, manifest), _writing(home):
        _check_place(home, manifest)
        home.mkdir(parents=True, exist_ok=True)
        with write_lock(layout):
            _check_place(home, manifest)
            try:
                digest = _extract(bundle, made, manifest.bytes, advance)
                right = digest == manifest.sha256
                if not right or describe(made, digest, manifest.program) != manifest:
                    raise damaged(file)
                made.replace(layout.store)
            except _SPOILT as error:
                raise damaged(file) from error
            finally:
                made.unlink(missing_ok=True)
            sync_folder(home)
            with closing(Store(layout.store)) as store:
                Views.create(layout, store.identity)
    with closing(Store(layout.store)) as store:
        Views(layout, store).close()
    return manifest


def _check_target(file: Path, force: bool) -> None:
    if file.is_dir():
        raise Misuse(f"{file} is a folder; name a file in it")
    if not force and os.path.lexists(file):
        raise Misuse(f"{file} is there already; name another file, or replace it with --force")
    try:
        str(file).encode()
    except UnicodeEncodeError as error:  # no database can be told of such a name
        raise Misuse(f"{file} is no valid text; name another file") from error


def _copy(store: Path, copy: Path) -> None:
    """Copy a store in its present state, without what was deleted from it."""
    engine = tables.open_engine(store)
    try:
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in _CORRUPT:
            raise ArchiveDamaged(f"cannot read {store}: {error}; {RESTORE}") from error
        raise _unwritable(copy, str(error)) from error
    finally:
        engine.dispose()


def _write(made: BinaryIO, copy: Path, advance: Callable[[], None]) -> Manifest:
    digest = hashlib.sha256()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        with copy.open("rb") as source, bundle.open(STORE, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
                advance()
        manifest = describe(copy, digest.hexdigest(), version("cuttings"))
        bundle.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    made.flush()
    os.fsync(made.fileno())
    return manifest


def _extract(bundle: zipfile.ZipFile, made: Path, size: int, advance: Callable[[], None]) -> str:
    """Unpack the store, no more of it than was announced; return its SHA-256."""
    digest, left = hashlib.sha256(), size
    with bundle.open(STORE) as source, made.open("wb") as target:
        while chunk := source.read(min(CHUNK, left)):
            digest.update(chunk)
            target.write(chunk)
            left -= len(chunk)
            advance()
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """Open a file that nobody else is writing; it is gone afterwards if the work fails."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    with os.fdopen(handle, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had it may just have finished and given it its proper name.
            if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                raise BlockingIOError
        except (BlockingIOError, FileNotFoundError) as error:
            raise ArchiveBusy(
                f"another process is writing {path}; try again when it is done"
            ) from error
        try:
            file.truncate()
            yield file
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _check_place(home: Path, manifest: Manifest) -> None:
    """See to it that an archive can be put in a folder: it is vacant, and the disk has room."""
    layout = Layout(home)
    if layout.store.exists():
        raise Misuse(f"{home} holds an archive already; name another folder with --home")
    if home.exists() and not layout.is_vacant():
        raise NotAnArchive(f"{home} holds other things; name an empty folder with --home")
    disk = next(each for each in (home, *home.absolute().parents) if each.exists())
    free = shutil.disk_usage(disk).free
    if free < manifest.bytes:
        raise ArchiveUnwritable(
            f"{home} has room for {free / 1e6:,.0f} MB, and the archive takes "
            f"{manifest.bytes / 1e6:,.0f} MB; make room, or name another folder with --home"
        )


@contextlib.contextmanager
def _writing(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(place, str(error.strerror)) from error


def _unwritable(place: Path, reason: str) -> ArchiveUnwritable:
    return ArchiveUnwritable(f"cannot write {place}: {reason}; make room, or name another place")
