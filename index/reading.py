"""A file's documents, and the hash that tells whether the file has changed."""

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

from index import loaders
from index.errors import LoadError
from index.loaders.protocol import Options
from index.types import Document
from index.walk import problem_of


def check(path: Path, options: Options) -> None:
    """See to it that a file can be read at all, and that something reads files of its kind.

    Raises:
        LoadError: missing, unreadable, not a regular file, empty, too large, or of an unknown kind.
    """
    many = loaders.container_for(path.name) is not None
    if not many:
        loaders.loader_for(path.name)
    try:
        # Opening a named pipe would wait for its writer.
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise LoadError("not a regular file")
        # What holds many documents may be of any size: each of them is limited.
        if status.st_size > options.largest and not many:
            raise LoadError(
                f"{status.st_size / 1e6:.1f} MB, and the limit is {options.largest / 1e6:g} MB; "
                "split it, or raise the limit with --max-file-mb"
            )
        with path.open("rb") as file:
            # A blank file holds nothing, whatever its kind.
            while chunk := file.read(1 << 16):
                if chunk.strip():
                    return
    except OSError as error:
        raise LoadError(problem_of(error)) from error
    raise LoadError("empty")


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hex.

    Raises:
        LoadError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise LoadError(problem_of(error)) from error


def documents(path: Path, source: str, options: Options) -> Iterator[Document | loaders.Unread]:
    """Yield the documents in a file that `check` has passed.

    Raises:
        LoadError: the file as a whole cannot be read.
    """
    try:
        yield from loaders.documents_of(path, source, options)
    except OSError as error:
        raise LoadError(problem_of(error)) from error
