"""What archive files share: members become entries, none of them larger than it should be.

Nothing is ever written to disk, and no more is unpacked of a member than its header says.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO, Final, NamedTuple

from index.errors import LoadError
from index.loaders.entries import LONGEST_NAME, Names, printable, too_large
from index.loaders.protocol import Container, Entry, Options
from index.parts_builder import squeeze

ARCHIVES: Final = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tbz2", ".txz")
"""Suffixes of archive files."""

RATIO: Final = 200
"""How many times its own size an archive file may unpack to."""

FREE: Final = 100_000_000
"""Bytes that any archive file may unpack to."""


_REASON_CHARACTERS: Final = 200

BUFFER: Final = 1 << 18
"""Bytes unpacked at a time."""


class Member(NamedTuple):
    """One file in an archive file; `size` is what its header says, in bytes."""

    name: str
    size: int
    open: Callable[[], BinaryIO]
    problem: str | None = None


class TooMuch(Exception):
    """An archive file unpacks to more than any real one does: no error of a single member."""


class Budget:
    """How much an archive file may still unpack to."""

    def __init__(self, packed: int) -> None:
        """Allow for a file of `packed` bytes."""
        self._left = FREE + RATIO * packed

    def spend(self, size: int) -> None:
        """Take account of some bytes.

        Raises:
            TooMuch: there were too many.
        """
        self._left -= size
        if self._left < 0:
            raise TooMuch


class Counted(io.RawIOBase):
    """A stream of unpacked bytes that are paid for from a budget, also those passed over."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        super().__init__()
        self._stream = stream
        self._budget = budget

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """See `io.RawIOBase`."""
        data = self._stream.read(len(buffer))
        self._budget.spend(len(data))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """See `io.IOBase`. To go on is to unpack; to go back is to begin again."""
        if whence != io.SEEK_END:
            here = self._stream.tell()
            target = offset if whence == io.SEEK_SET else here + offset
            self._budget.spend(target - here if target >= here else target)
        return self._stream.seek(offset, whence)

    def close(self) -> None:
        """Close the stream below, too."""
        self._stream.close()
        super().close()


def entries_of(
    members: Iterable[Member], inner: Sequence[Container], options: Options
) -> Iterator[Entry]:
    """Yield the documents in an archive file's members.

    Hidden members are passed over, as in a folder. What holds many documents itself is opened,
    unless it is an archive too.

    Args:
        members: the files in it.
        inner: what reads members that hold many documents.
        options: how they are read.

    Raises:
        LoadError: the file unpacks to too much.
    """
    try:
        yield from _entries_of(members, inner, options)
    except TooMuch as error:
        raise LoadError(
            f"unpacks to more than {RATIO} times its size; not read any further"
        ) from error


def _entries_of(
    members: Iterable[Member], inner: Sequence[Container], options: Options
) -> Iterator[Entry]:
    names = Names()
    for member in members:
        path = [each for each in member.name.split("/") if each not in ("", ".")]
        if not path or _is_hidden(path):
            continue
        name = names.once(printable("/".join(path)))
        try:
            _check(member, path)
            yield from _unpack(member, name, inner, options)
        except (MemoryError, TooMuch):
            raise
        except LoadError as error:
            yield Entry(name, problem=str(error))
        except Exception as error:  # Python's own modules raise anything at a damaged member
            said = squeeze(printable(f"{type(error).__name__}: {error}")[:_REASON_CHARACTERS])
            yield Entry(name, problem=f"damaged, or packed in an unknown way: {said}")


def _is_hidden(path: Sequence[str]) -> bool:
    return ".." not in path and any(each.startswith(".") or each == "__MACOSX" for each in path)


def _check(member: Member, path: Sequence[str]) -> None:
    if member.problem is not None:
        raise LoadError(member.problem)
    if ".." in path:
        raise LoadError("its name leads out of the archive; rename it")
    if len(member.name) > LONGEST_NAME:
        raise LoadError(f"its name has more than {LONGEST_NAME} characters; rename it")
    if path[-1].lower().endswith(ARCHIVES):
        raise LoadError("an archive inside an archive; unpack it first")


def _unpack(
    member: Member, name: str, inner: Sequence[Container], options: Options
) -> Iterator[Entry]:
    suffix = PurePosixPath(member.name).suffix
    for container in inner:
        if suffix.lower() in container.suffixes:
            with member.open() as stream:
                for entry in container.entries(stream, name, options):
                    # Its range of bytes is one of the member's.
                    yield replace(entry, name=f"{name}/{entry.name}", record=None)
            return
    if member.size > options.largest:
        raise LoadError(too_large(options.largest))
    with member.open() as stream:
        # A header may lie: whatever there is beyond its word is left alone.
        content = stream.read(member.size)
    yield Entry(name, content, read_as=suffix)
