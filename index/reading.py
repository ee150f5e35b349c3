"""A file's documents, and the hash that tells whether the file has changed."""

import contextlib
import hashlib
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from index import loaders
from index.errors import LoadError
from index.loaders import Unread
from index.loaders.protocol import Entry, Options
from index.loaders.text import TextLoader
from index.types import BYTE_ORDER_MARK, Document
from index.walk import problem_of

LONGEST_SAID: Final = 500
"""Characters in a title or a name, at most; what is longer is cut."""

LONGEST_URL: Final = 2000
"""Characters in an address, at most; a longer one is left out."""

_SAID: Final = ("title", "author", "publisher", "language")
_REASON_CHARACTERS: Final = 200
_BUFFER: Final = 1 << 18  # bytes: long lines are read five times as fast as with the usual 8 KB


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


def documents(
    path: Path,
    source: str,
    options: Options,
    skip: int = 0,
    begin: Callable[[str], None] = lambda _source: None,
) -> Iterator[Document | Unread]:
    """Yield the documents in a file that `check` has passed, in this process and unguarded.

    `index.sandbox` does the same for files that nobody has vouched for.

    Args:
        path: the file.
        source: its name in the archive.
        options: how it is read.
        skip: how many of the file's documents to pass over.
        begin: called with the name of each document, also those passed over, before it is read.

    Raises:
        LoadError: the file as a whole cannot be read, or not from here on.
    """
    container = loaders.container_for(path.name)
    with _explained():
        if container is not None:
            number = 0
            with path.open("rb", _BUFFER) as file:
                for entry in container.entries(file, source, options):
                    name = f"{source}/{entry.name}"
                    begin(name)
                    if number >= skip:
                        yield _read(entry, name, options)
                    number += 1
            if number == 0:
                raise LoadError("holds no documents")
        elif skip == 0:
            begin(source)
            content = path.read_bytes()
            document = loaders.loader_for(path.name).load(content, source)
            yield _finished(document, content, options)


def _read(entry: Entry, source: str, options: Options) -> Document | Unread:
    if entry.problem is not None:
        return Unread(source, entry.problem)
    try:
        with _explained():
            document = entry.document
            if document is None:
                name = entry.name if entry.read_as is None else f"entry{entry.read_as}"
                document = loaders.loader_for(name).load(entry.content, source)
            document = _finished(document, entry.content, options)
    except LoadError as error:
        return Unread(source, str(error))
    original = replace(document.original, entry=entry.name, record=entry.record)
    return replace(document, source=source, original=original)


def _finished(document: Document, content: bytes, options: Options) -> Document:
    text = document.text.removeprefix(BYTE_ORDER_MARK)
    if not text.strip():
        raise LoadError("holds no text")
    # A small file can be packed so that it unfolds without end.
    if len(text) > options.largest:
        raise LoadError(
            f"{len(text) / 1e6:.1f} million characters, and the limit is "
            f"{options.largest / 1e6:g} million; split it, or raise the limit with --max-file-mb"
        )
    # A title goes in front of every passage, and all of this into every citation.
    said = {name: getattr(document, name) for name in _SAID}
    short = {name: value and value[:LONGEST_SAID].rstrip() for name, value in said.items()}
    url = document.url if document.url is None or len(document.url) <= LONGEST_URL else None
    return replace(document, content_hash=loaders.content_hash(content), url=url, **short)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn whatever goes wrong into a LoadError, but a lack of memory: that is not the file's."""
    try:
        yield
    except (LoadError, MemoryError):
        raise
    except Exception as error:  # a library may raise anything at a damaged file
        if isinstance(error, OSError) and error.strerror is not None:
            raise LoadError(problem_of(error)) from error
        said = " ".join(f"{type(error).__name__}: {error}".split())[:_REASON_CHARACTERS]
        raise LoadError(f"cannot be read: {said}") from error


def is_plain(path: Path) -> bool:
    """Say whether a file has only to be decoded: that no file can make hard."""
    plain = loaders.container_for(path.name) is None
    return plain and isinstance(loaders.loader_for(path.name), TextLoader)
