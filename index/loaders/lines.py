"""A file's lines, none of them too long, each with its place."""

from collections.abc import Iterator
from typing import BinaryIO, Final, Self

from index.errors import LoadError
from index.loaders.entries import too_large

_CHUNK: Final = 1 << 20
_BYTE_ORDER_MARK: Final = "\ufeff".encode()


class BadLine(LoadError):
    """A line that cannot be read; the lines after it can."""


class Lines(Iterator[str]):
    """The lines of a UTF-8 file with their ends; a byte-order mark before the first is left out.

    `number` counts the lines so far; `end` is the byte at which the last one ended.
    """

    def __init__(self, file: BinaryIO, largest: int) -> None:
        """Read lines of up to `largest` bytes from the beginning of a file."""
        file.seek(0)
        self._file = file
        self._largest = largest
        self.number = 0
        self.end = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        """Return the next line.

        Raises:
            BadLine: it is too long, or no UTF-8.
        """
        line = self._file.readline(self._largest + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.end += len(line)
        if len(line) > self._largest:
            while not line.endswith(b"\n") and (line := self._file.readline(_CHUNK)):
                self.end += len(line)
            raise BadLine(too_large(self._largest))
        try:
            return line.removeprefix(_BYTE_ORDER_MARK if self.number == 1 else b"").decode()
        except UnicodeDecodeError as error:
            raise BadLine("not UTF-8; save the file as UTF-8") from error
