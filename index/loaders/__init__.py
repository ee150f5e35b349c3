"""Files to documents: one small module a format, found by the file's suffix.

To read a new format, write a module with a class that has the members of `Loader`, or those of
`Container` where a file holds many documents, and add an instance here. Nothing else changes.
"""

import hashlib
from pathlib import PurePosixPath
from typing import NamedTuple

from index.errors import LoadError
from index.loaders.csv import CsvContainer
from index.loaders.docx import DocxLoader
from index.loaders.email import EmailLoader
from index.loaders.epub import EpubLoader
from index.loaders.feed import FeedContainer
from index.loaders.html import HtmlLoader
from index.loaders.jsonl import JsonLinesContainer
from index.loaders.markdown import MarkdownLoader
from index.loaders.mbox import MboxContainer
from index.loaders.pdf import PdfLoader
from index.loaders.protocol import Container, Loader
from index.loaders.tar import TarContainer
from index.loaders.text import TextLoader
from index.loaders.zip import ZipContainer

LOADERS: tuple[Loader, ...] = (
    TextLoader(),
    MarkdownLoader(),
    HtmlLoader(),
    PdfLoader(),
    DocxLoader(),
    EpubLoader(),
    EmailLoader(),
)
_SERIES: tuple[Container, ...] = (
    MboxContainer(),
    JsonLinesContainer(),
    CsvContainer(),
    FeedContainer(),
)
CONTAINERS: tuple[Container, ...] = (ZipContainer(_SERIES), TarContainer(_SERIES), *_SERIES)


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
    suffix = PurePosixPath(name).suffix
    raise LoadError(f"no loader for {suffix} files; qa index add --help names the formats")


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hex."""
    return hashlib.sha256(content).hexdigest()


def _ends(suffixes: frozenset[str], name: str) -> bool:
    lower = PurePosixPath(name).name.lower()
    return any(
        lower.endswith(suffix) if suffix else not PurePosixPath(lower).suffix for suffix in suffixes
    )
