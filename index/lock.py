"""One writer at a time, and a name for who it is."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import ArchiveBusy, ArchiveUnwritable
from index.files import write_atomically
from index.layout import Layout


@contextlib.contextmanager
def write_lock(layout: Layout) -> Iterator[None]:
    """Hold the archive for writing; the system lets go of it if the process dies.

    Raises:
        ArchiveBusy: another process holds it.
        ArchiveUnwritable: the folder is read-only, or gone.
    """
    if not layout.home.is_dir():  # the library would make it
        raise ArchiveUnwritable(
            f"cannot write {layout.home}: no such folder; bring it back, or name another folder "
            "with --home"
        )
    lock = FileLock(layout.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ArchiveBusy(
            f"{layout.home} is being written by {_holder(layout.holder)}; try again when it is done"
        ) from error
    except OSError as error:
        raise ArchiveUnwritable(
            f"cannot write {layout.home}: {error.strerror}; make it writable, or name another "
            "folder with --home"
        ) from error
    try:
        about = {"pid": os.getpid(), "command": Path(sys.argv[0]).name, "since": time.time()}
        with contextlib.suppress(OSError):  # only a courtesy: a full disk must still let us remove
            write_atomically(layout.holder, json.dumps(about).encode())
        yield
    finally:
        with contextlib.suppress(OSError):
            layout.holder.unlink()
        lock.release()


def _holder(path: Path) -> str:
    try:
        about = json.loads(path.read_text("utf-8"))
        minutes = (time.time() - about["since"]) / 60
        return f"process {about['pid']} ({about['command']}, for {minutes:.0f} min)"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
