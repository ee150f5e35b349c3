"""Files that come from elsewhere, over HTTP: what they may be called, and where they lie.

An upload's original is kept in the archive's own folder, under the name that it came with, and that
is where its source says it lies. The store comes first: an original takes its place there once the
store holds what it says, so that one which cannot be read never replaces one that could.
"""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from index import reading
from index.errors import ArchiveUnwritable, LoadError
from index.layout import Layout
from index.loaders.entries import printable
from index.types import Document
from index.walk import Found

if TYPE_CHECKING:
    from index.archive import Archive

LONGEST_NAME: Final = 200
"""Bytes in an upload's name, at most: what any file system can hold, and something to spare."""

_ARRIVING: Final = ".arriving-"
_LEFT_OVER: Final = 86_400
"""Seconds after which files on their way in are what a crash has left behind."""


class Upload(NamedTuple):
    """A file as it came: where it lies for now, and its name, or why it cannot be taken."""

    path: Path
    name: str
    problem: str | None = None


@contextmanager
def arriving(layout: Layout) -> Iterator[Path]:
    """Give a folder for files on their way in, on the archive's own disk; gone afterwards.

    Raises:
        ArchiveUnwritable: it cannot be made.
    """
    try:
        layout.uploads.mkdir(exist_ok=True)
        for each in layout.uploads.glob(f"{_ARRIVING}*"):
            if each.stat().st_mtime < time.time() - _LEFT_OVER:
                shutil.rmtree(each)
        folder = Path(tempfile.mkdtemp(prefix=_ARRIVING, dir=layout.uploads))
    except OSError as error:
        raise unwritable(layout, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def check_name(name: str) -> None:
    """See to it that a file from elsewhere has a name, and nothing but a name.

    Raises:
        LoadError: it leads to another folder, is hidden, too long, or not printable.
    """
    if not name.strip():
        raise LoadError("it has no name; give it one")
    if "/" in name or "\\" in name:
        raise LoadError("its name is a path; leave the folders out")
    if name.startswith("."):
        raise LoadError("its name begins with a full stop; rename it")
    if printable(name) != name:
        raise LoadError("its name has a character that cannot be printed; rename it")
    if len(name.encode()) > LONGEST_NAME:
        raise LoadError(f"its name has more than {LONGEST_NAME} bytes; shorten it")


def found(archive: "Archive", upload: Upload) -> Found:
    """Return an upload as what is to be read, under the name that it will have."""
    if upload.problem is not None:
        return Found(upload.path, upload.problem, printable(upload.name))
    return Found(upload.path, name=_source(archive, upload.name))


def keep(archive: "Archive", uploads: Iterable[Upload]) -> None:
    """Put the originals of those uploads in place that the store holds. The lock is held.

    Raises:
        ArchiveUnwritable: they cannot be.
    """
    for each in uploads:
        if each.problem is not None:  # perhaps that it has another's name
            continue
        record = archive.store.file(_source(archive, each.name))
        if record is None or reading.file_hash(each.path) != record.content_hash:
            continue
        try:
            each.path.replace(archive.layout.uploads / each.name)
        except OSError as error:
            raise unwritable(archive.layout, error) from error


def drop(archive: "Archive", removed: Iterable[Document]) -> None:
    """Delete the originals that were uploads and hold nothing any more. The lock is held.

    Raises:
        ArchiveUnwritable: they cannot be.
    """
    for name in {each.file for each in removed if each.file is not None}:
        path = archive.path_of(name)
        if path.parent == archive.layout.uploads.resolve() and not archive.store.held_by(name):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise unwritable(archive.layout, error) from error


def unwritable(layout: Layout, error: OSError) -> ArchiveUnwritable:
    """Return what to raise where an upload cannot be written."""
    return ArchiveUnwritable(
        f"cannot write {layout.uploads}: {error.strerror}; make room or make it writable"
    )


def _source(archive: "Archive", name: str) -> str:
    return f"{archive.source_of(archive.layout.uploads)}/{name}"
