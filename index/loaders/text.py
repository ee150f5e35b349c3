"""Plain text."""

import codecs

import chardet

from index.errors import LoadError
from index.masthead import read_masthead
from index.types import Document, Original

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TextLoader:
    """A text file is its decoded content, unchanged: offsets count in exactly that."""

    suffixes = frozenset({".txt", ".text", ""})

    def load(self, content: bytes, source: str) -> Document:
        """See `index.loaders.protocol.Loader`."""
        text, encoding = decode(content)
        masthead = read_masthead(text)
        return Document(
            source=source,
            text=text,
            title=masthead.title,
            title_span=masthead.title_span,
            author=masthead.author,
            published=masthead.published,
            encoding=encoding,
            original=Original(bytewise=_is_bytewise(text, encoding, content)),
        )


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of some bytes and the name of their encoding: UTF-8 if they are that.

    Raises:
        LoadError: they are no text, or in no encoding that can be told.
    """
    if not content.startswith(_UTF16) and b"\0" in content:
        raise LoadError("a binary file, not text")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        guess = chardet.detect(content)["encoding"]
    if guess is None:
        raise LoadError("a binary file, or text in no known encoding; save it as UTF-8")
    try:
        return content.decode(guess), codecs.lookup(guess).name
    except (UnicodeDecodeError, LookupError) as error:
        raise LoadError(f"cannot be decoded as {guess}; save it as UTF-8") from error


def _is_bytewise(text: str, encoding: str, content: bytes) -> bool:
    """Say whether a text, encoded again, is the file: then every offset has its place there."""
    try:
        return text.encode(encoding) == content
    except UnicodeEncodeError:
        return False
