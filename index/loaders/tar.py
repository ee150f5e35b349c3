"""Tar files, also compressed ones: each file in one is a document, or holds some."""

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BufferedReader
from typing import BinaryIO, Final, cast

from index.errors import LoadError
from index.loaders.members import BUFFER, Budget, Counted, Member, entries_of
from index.loaders.protocol import Container, Entry, Options

_OPENERS: Final[dict[bytes, Callable[[BinaryIO], object]]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
}
_DAMAGE: Final = (tarfile.TarError, EOFError, OSError, lzma.LZMAError, zlib.error)


class TarContainer:
    """Reads tar files in order; an entry is called by its path inside.

    A path that comes again, as in an archive that was added to, gets a number: "a.txt (2)". The
    compression is told by the content, whatever the suffix.
    """

    suffixes = frozenset({".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"})

    def __init__(self, inner: Sequence[Container] = ()) -> None:
        """Open members that hold many documents with `inner`."""
        self._inner = inner

    def entries(self, file: BinaryIO, source: str, options: Options) -> Iterator[Entry]:  # noqa: ARG002
        """See `index.loaders.protocol.Container`."""
        with _unpacked(file) as stream:
            yield from entries_of(_members(stream), self._inner, options)


def _unpacked(file: BinaryIO) -> BinaryIO:
    budget = Budget(file.seek(0, 2))
    file.seek(0)
    start = file.read(6)
    file.seek(0)
    for magic, opener in _OPENERS.items():
        if start.startswith(magic):
            return BufferedReader(Counted(cast("BinaryIO", opener(file)), budget), BUFFER)
    return file


def _members(stream: BinaryIO) -> Iterator[Member]:
    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            while (info := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined] # it would keep them all
                if not info.isdir():
                    problem = None if info.isreg() else "a link or a device, not a file"
                    yield Member(info.name, info.size, partial(_open, archive, info), problem)
            # At a damaged header it stops as if that were the end.
            stream.seek(archive.offset)
            if stream.read(tarfile.BLOCKSIZE).strip(b"\0"):
                raise LoadError("damaged: there are members that cannot be read; make it again")
    except _DAMAGE as error:
        raise LoadError("not a tar file, or a damaged one; make it again") from error


def _open(archive: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    return cast("BinaryIO", archive.extractfile(info))
