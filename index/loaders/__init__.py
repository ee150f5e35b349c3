"""Files to documents: one small module a format, found by the file's suffix.

To read a new format, write a module with a class that has the members of `Loader`, or those of
`Container` where a file holds many documents, and add an instance here. Nothing else changes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from index.errors import LoadError
from index.loaders.protocol import Container, Entry, Loader, Options
from index.loaders.text import TextLoader
from index.types import BYTE_ORDER_MARK, Document

LOADERS: tuple[Loader, ...] = (TextLoader(),)
CONTAINERS: tuple[Container, ...] = ()


class Unread(NamedTuple):
    """A document that could not be read, and why."""

    source: str
    problem: str


def container_for(name: str) -> Container | None:
    """Return what reads a file that holds many documents, or None if it is another kind of file."""
    return next((each for each in CONTAINERS if _ends(each.suffixes, name)), None)


def loader_for(name: str) -> Loader:
    """Return what reads a file that is one document.

    Raises:
        LoadError: nothing reads files of that suffix.
    """
    for loader in LOADERS:
        if _ends(loader.suffixes, name):
            return loader
    known = sorted({suffix for each in (*LOADERS, *CONTAINERS) for suffix in each.suffixes} - {""})
    suffix = PurePosixPath(name).suffix
    raise LoadError(f"no loader for {suffix} files; there are some for {', '.join(known)}")


def documents_of(
    path: Path, source: str, options: Options, skip: int = 0
) -> Iterator[Document | Unread]:
    """Yield the documents in a file, each with the hash that tells whether it has changed.

    Args:
        path: the file.
        source: its name in the archive.
        options: how it is read.
        skip: how many of the file's documents to pass over.

    Raises:
        LoadError: the file as a whole cannot be read.
        OSError: likewise.
    """
    container = container_for(path.name)
    if container is None:
        if skip == 0:
            content = path.read_bytes()
            yield _finished(loader_for(path.name).load(content, source), content)
        return
    with path.open("rb") as file:
        for number, entry in enumerate(container.entries(file, source, options)):
            if number >= skip:
                yield _read_entry(entry, f"{source}/{entry.name}")


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hex."""
    return hashlib.sha256(content).hexdigest()


def _read_entry(entry: Entry, source: str) -> Document | Unread:
    if entry.problem is not None:
        return Unread(source, entry.problem)
    try:
        document = entry.document
        if document is None:
            name = entry.name if entry.read_as is None else f"entry{entry.read_as}"
            document = loader_for(name).load(entry.content, source)
        document = _finished(document, entry.content)
    except LoadError as error:
        return Unread(source, str(error))
    original = replace(document.original, entry=entry.name, record=entry.record)
    return replace(document, source=source, original=original)


def _finished(document: Document, content: bytes) -> Document:
    if not document.text.removeprefix(BYTE_ORDER_MARK).strip():
        raise LoadError("holds no text")
    return replace(document, content_hash=content_hash(content))


def _ends(suffixes: frozenset[str], name: str) -> bool:
    lower = PurePosixPath(name).name.lower()
    return any(
        lower.endswith(suffix) if suffix else not PurePosixPath(lower).suffix for suffix in suffixes
    )
