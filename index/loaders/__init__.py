"""Files to documents: one small module a format, found by the file's suffix.

To read a new format, write a module with a class that has the two members of `Loader`, and add an
instance to `LOADERS`. Nothing else changes.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

from index.errors import LoadError
from index.loaders.text import TextLoader
from index.types import BYTE_ORDER_MARK, Document


class Loader(Protocol):
    """Reads one format."""

    suffixes: frozenset[str]
    """The file suffixes it answers to, in lower case with their dots; "" for files without one."""

    def load(self, content: bytes, source: str) -> Document:
        """Make a document of a file's content; `source` is its name in the archive.

        Raises:
            LoadError: the content is not of this format.
        """


LOADERS: tuple[Loader, ...] = (TextLoader(),)


class Found(NamedTuple):
    """A path that was asked for or met in a folder, and why it cannot be read, if it cannot."""

    path: Path
    problem: str | None = None


def loader_for(path: Path) -> Loader:
    """Return the loader for a file.

    Raises:
        LoadError: no loader reads files of that suffix.
    """
    for loader in LOADERS:
        if path.suffix.lower() in loader.suffixes:
            return loader
    known = sorted(suffix for loader in LOADERS for suffix in loader.suffixes if suffix)
    raise LoadError(f"no loader for {path.suffix} files; there are some for {', '.join(known)}")


def read(path: Path, largest: int) -> bytes:
    """Return a regular file's content.

    Raises:
        LoadError: missing, unreadable, not a regular file, empty, or of more than `largest` bytes.
    """
    try:
        # Opening a named pipe would wait for its writer.
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise LoadError("not a regular file")
        if status.st_size > largest:
            raise LoadError(
                f"{status.st_size / 1e6:.1f} MB, and the limit is {largest / 1e6:g} MB; "
                "split it, or raise the limit with --max-file-mb"
            )
        content = path.read_bytes()
    except OSError as error:
        raise LoadError(_problem(error)) from error
    if not content.strip():
        raise LoadError("empty")
    return content


def load(path: Path, content: bytes, source: str) -> Document:
    """Make a document of a file's content, with the hash that tells whether it has changed.

    Raises:
        LoadError: no loader for it, or not of its format.
    """
    document = loader_for(path).load(content, source)
    if not document.text.removeprefix(BYTE_ORDER_MARK).strip():
        raise LoadError("holds no text")
    return replace(document, content_hash=content_hash(content))


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hex."""
    return hashlib.sha256(content).hexdigest()


def walk(paths: list[Path], leave_out: Path) -> Iterator[Found]:
    """Yield every file in `paths`, folders opened, in order of name, each once.

    Hidden files and folders, and `leave_out`, are passed over. Links are followed where they were
    named, and within a folder only if they stay inside it.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            root = Path(os.path.realpath(path, strict=True))
        except OSError as error:
            yield Found(path, _problem(error))
            continue
        for found in _walk_folder(root, leave_out) if root.is_dir() else [Found(root)]:
            if found.path not in seen:
                seen.add(found.path)
                yield found


def _walk_folder(root: Path, leave_out: Path) -> Iterator[Found]:
    problems: list[Found] = []

    def note(error: OSError) -> None:
        problems.append(Found(Path(error.filename), _problem(error)))

    for folder, folders, names in os.walk(root, onerror=note):
        yield from problems
        problems.clear()
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(
            name
            for name in folders
            if name not in links and not name.startswith(".") and here / name != leave_out
        )
        for name in sorted([*names, *links]):
            path = here / name
            if name.startswith("."):
                continue
            if not path.is_symlink():
                yield Found(path)
            elif not os.path.exists(path):  # noqa: PTH110 - unlike the other it never raises
                yield Found(path, "a symbolic link to nothing")
            elif not path.resolve().is_relative_to(root):
                yield Found(path, "a symbolic link out of the folder; name its target to add it")
            # A link to something inside the folder: that is met under its own name.
    yield from problems


def _problem(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    return f"cannot be read: {error.strerror}"
