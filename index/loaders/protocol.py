"""What a loader is, and what it is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Protocol

from index.types import Document, Span

LARGEST_DOCUMENT: Final = 20_000_000
"""Bytes in a document, at most, unless the caller says otherwise: no article is that long."""


FIELDS: Final = (
    "text",
    "title",
    "author",
    "publisher",
    "published",
    "modified",
    "language",
    "url",
    "id",
)
"""What may be called by any name in a file of records."""


@dataclass(frozen=True, slots=True)
class Options:
    """How files are read.

    `largest` is how many bytes a document may have, in its file or inside one that holds many.
    `fields` says which column or key holds what, for formats that leave that open: from one of
    `FIELDS` to the file's own name for it.
    """

    largest: int = LARGEST_DOCUMENT
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the documents in a file that holds many.

    `name` tells it from its neighbours, and stays the same as long as it can when the file changes.
    `content` is what tells whether it has changed. A container that reads its entries itself gives
    the `document`, whose source is filled in later; any other entry is read by the loader for the
    suffix of `read_as` or else of its name. `record` is its range of bytes in the file. A `problem`
    is why it cannot be read.
    """

    name: str
    content: bytes = b""
    document: Document | None = None
    read_as: str | None = None
    record: Span | None = None
    problem: str | None = None


class Loader(Protocol):
    """Reads one format."""

    suffixes: frozenset[str]
    """The file suffixes it answers to, in lower case with their dots; "" for files without one."""

    def load(self, content: bytes, source: str) -> Document:
        """Make a document of a file's content; `source` is its name in the archive.

        Raises:
            LoadError: the content is not of this format, or the extra that reads it is missing.
        """


class Container(Protocol):
    """Reads a format whose files hold many documents, one after another."""

    suffixes: frozenset[str]
    """As a loader's; one may have two dots, like ".tar.gz"."""

    def entries(self, file: BinaryIO, source: str, options: Options) -> Iterator[Entry]:
        """Yield a file's documents in order, in memory that does not grow with their number.

        `file` is open for reading and can seek. An entry that cannot be read comes with its
        problem; the ones after it are still read.

        Raises:
            LoadError: the file as a whole is not of this format.
        """
