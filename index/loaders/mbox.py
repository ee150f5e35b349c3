"""Mailboxes in the mbox format."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from index.errors import LoadError
from index.loaders.entries import Names, printable, too_large
from index.loaders.protocol import Entry, Options
from index.types import Span

_CHUNK: Final = 1 << 16
"""Bytes of a line that are read at a time: a line may be as long as the file."""

# "From somebody Tue Sep  5 10:00:00 2017": the date tells it from a sentence that begins so.
_SEPARATOR = re.compile(
    rb"From .{0,300}?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+"
    rb"(?:[A-Z][a-z]{2}\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2})\s.{0,10}\d:\d\d"
)
_ESCAPED = re.compile(rb">+From ")
_ID = re.compile(rb"^message-id:\s*<?([^<>\s]{1,200})", re.IGNORECASE | re.MULTILINE)
_HEADERS_END = re.compile(rb"^\r?\n", re.MULTILINE)


class MboxContainer:
    """Reads a mailbox; an entry is a message, called by its Message-ID, or else by its number.

    Where a line of a message begins with "From ", the format has put a ">" before it, and it is
    taken away again.
    """

    suffixes = frozenset({".mbox"})

    def entries(self, file: BinaryIO, source: str, options: Options) -> Iterator[Entry]:  # noqa: ARG002
        """See `index.loaders.protocol.Container`."""
        names = Names()
        for number, (place, content) in enumerate(_messages(file, options.largest), 1):
            if content is None:
                problem = too_large(options.largest)
                yield Entry(names.once(str(number)), record=place, problem=problem)
            else:
                name = names.once(_name(content, number))
                yield Entry(name, content, read_as=".eml", record=place)


def _messages(file: BinaryIO, largest: int) -> Iterator[tuple[Span, bytes | None]]:
    """Yield where each message lies and what it is; None for one that is too large."""
    file.seek(0)
    at = 0
    start: int | None = None
    content = bytearray()
    begins = True
    while line := file.readline(_CHUNK):
        if begins and _SEPARATOR.match(line):
            if start is not None:
                yield _message(start, at, content, largest)
            content.clear()
            start = at + len(line)
        elif start is not None and at - start <= largest:
            content += line[1:] if begins and _ESCAPED.match(line) else line
        elif start is None and line.strip():
            break
        at += len(line)
        begins = line.endswith(b"\n")
    if start is None:
        raise LoadError("not a mailbox: it does not begin with a line like 'From NAME DATE'")
    yield _message(start, at, content, largest)


def _message(start: int, end: int, content: bytearray, largest: int) -> tuple[Span, bytes | None]:
    if end - start > largest:
        return Span(start, end), None
    blank = next((each for each in (b"\r\n", b"\n") if content.endswith(b"\n" + each)), b"")
    return Span(start, end - len(blank)), bytes(content.removesuffix(blank))


def _name(content: bytes, number: int) -> str:
    end = _HEADERS_END.search(content)
    found = _ID.search(content, 0, len(content) if end is None else end.start())
    if found is None:
        return str(number)
    return printable(re.sub(r"[/\\]", "_", found[1].decode("utf-8", "replace")))
