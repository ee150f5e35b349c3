"""Plain text."""

import codecs

import charset_normalizer

from index.errors import LoadError
from index.masthead import read_masthead
from index.types import Document

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST_CONTROLS = 0.02


class TextLoader:
    """A text file is its decoded content, unchanged: offsets count in exactly that."""

    suffixes = frozenset({".txt", ".text", ""})

    def load(self, content: bytes, source: str) -> Document:
        """See `index.loaders.Loader`."""
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
        guess = charset_normalizer.from_bytes(content).best()
    if guess is None:
        raise LoadError("cannot be decoded as text; save it as UTF-8 and add it again")
    try:
        text = content.decode(guess.encoding)
    except UnicodeDecodeError as error:
        raise LoadError("cannot be decoded as text; save it as UTF-8 and add it again") from error
    controls = sum(1 for each in text if each < " " and not each.isspace())
    if controls > _MOST_CONTROLS * len(text):
        raise LoadError("a binary file, not text")
    return text, guess.encoding
