"""Zip files: each file in one is a document, or holds some."""

import contextlib
import stat
import zipfile
from collections.abc import Iterator, Sequence
from functools import partial
from io import BufferedReader
from struct import error as StructError  # noqa: N812 - it is a class
from typing import BinaryIO, Final, cast

from index.errors import LoadError
from index.loaders.members import BUFFER, Budget, Counted, Member, entries_of
from index.loaders.protocol import Container, Entry, Options

_ENCRYPTED: Final = 1
_UTF_8: Final = 0x800


class ZipContainer:
    """Reads zip files, in the order of their directory; an entry is called by its path inside.

    A path that comes again gets a number: "a.txt (2)".
    """

    suffixes = frozenset({".zip"})

    def __init__(self, inner: Sequence[Container] = ()) -> None:
        """Open members that hold many documents with `inner`."""
        self._inner = inner

    def entries(self, file: BinaryIO, source: str, options: Options) -> Iterator[Entry]:  # noqa: ARG002
        """See `index.loaders.protocol.Container`."""
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, StructError, ValueError) as error:
            raise LoadError("not a zip file, or a damaged one; make it again") from error
        with archive:
            budget = Budget(file.seek(0, 2))
            yield from entries_of(_members(archive, budget), self._inner, options)


def _members(archive: zipfile.ZipFile, budget: Budget) -> Iterator[Member]:
    for info in archive.infolist():
        if not info.filename.endswith("/"):
            yield Member(
                _name(info), info.file_size, partial(_open, archive, info, budget), _problem(info)
            )


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's path. Many programs write UTF-8 without saying so."""
    if not info.flag_bits & _UTF_8:
        with contextlib.suppress(UnicodeError):
            return info.filename.encode("cp437").decode()
    return info.filename


def _problem(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "encrypted; unpack it first, with its password"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link, not a file"
    return None


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> BinaryIO:
    return BufferedReader(Counted(cast("BinaryIO", archive.open(info)), budget), BUFFER)
