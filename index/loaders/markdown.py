"""Markdown: what it looks like once a program has set it, without a mark of the markup.

Front matter in YAML, between two lines of three hyphens, is metadata and no part of the text.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from index.errors import LoadError
from index.headline import under_headline
from index.loaders.extra import needed
from index.loaders.text import decode
from index.markup import blocks, parse
from index.markup_metadata import read_address, read_day, read_language, read_names, read_text
from index.parts_builder import squeeze
from index.types import BYTE_ORDER_MARK, Document

T = TypeVar("T")

_LONGEST_FRONT: Final = 100_000
_FRONT = re.compile(
    r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
_EMPTY: Final = frozenset({"", "~", "null"})


class MarkdownLoader:
    """Markdown as CommonMark reads it, with tables, and the HTML in it."""

    suffixes = frozenset({".md", ".markdown", ".mdown", ".mkd"})

    def load(self, content: bytes, source: str) -> Document:
        """See `index.loaders.protocol.Loader`."""
        text, encoding = decode(content)
        said, text = _front_matter(text.removeprefix(BYTE_ORDER_MARK))
        markdown = needed("markdown_it", "markdown").MarkdownIt("commonmark").enable("table")
        root = parse(markdown.render(text))
        found = [] if root is None else blocks(root)
        title = _best(said, ("title",), read_text)
        headline = next((block for block in found if block.level == 1), None)
        if headline is not None and title is None:
            title = squeeze(headline.text)
        elif headline is not None and squeeze(headline.text) != title:
            headline = None
        titled = under_headline(title, headline, found)
        authors = [name for key in ("author", "authors") for name in read_names(said.get(key))]
        return Document(
            source=source,
            text=titled.text,
            title=titled.title,
            title_span=titled.title_span,
            author=", ".join(authors) if authors else None,
            publisher=_best(said, ("publisher", "site"), read_text),
            published=_best(said, ("date", "published", "pubdate"), read_day),
            modified=_best(said, ("modified", "updated", "lastmod"), read_day),
            language=_best(said, ("language", "lang"), read_language),
            url=_best(said, ("url", "permalink"), read_address),
            encoding=encoding,
            parts=titled.parts,
        )


def _front_matter(text: str) -> tuple[dict[str, list[str]], str]:
    """Return the metadata at the head of a text, as texts, just as they are written; and the rest.

    Raises:
        LoadError: it is no YAML, or too long.
    """
    match = _FRONT.match(text)
    if match is None:
        return {}, text
    if len(match[1]) > _LONGEST_FRONT:
        raise LoadError(f"front matter of more than {_LONGEST_FRONT:,} characters; shorten it")
    yaml = needed("yaml", "markdown")
    try:
        said = yaml.BaseLoader(match[1]).get_single_data()
    except yaml.reader.ReaderError as error:
        raise _damaged(match[1].count("\n", 0, error.position), "a control character") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _damaged(0 if mark is None else mark.line, error.problem) from error
    except RecursionError as error:
        raise _damaged(0, "too many levels inside each other") from error
    # Two rules with prose between them are no front matter.
    if not isinstance(said, dict):
        return {}, text
    return {str(name).lower(): _texts(value) for name, value in said.items()}, text[match.end() :]


def _texts(value: Any) -> list[str]:
    """Return a text, a list of texts, or one of things with names, as a list; no level deeper.

    Lists inside each other may be endless, or stand for far more than was written.
    """
    values = value if isinstance(value, list) else [value]
    named = [each.get("name") if isinstance(each, dict) else each for each in values]
    return [each for each in named if isinstance(each, str) and each not in _EMPTY]


def _damaged(line: int, problem: str) -> LoadError:
    return LoadError(f"front matter that is no YAML, line {line + 2}: {problem}; mend it or cut it")


def _best(
    said: dict[str, list[str]], names: Sequence[str], read: Callable[[str], T | None]
) -> T | None:
    values = (read(text) for name in names for text in said.get(name, []))
    return next((value for value in values if value is not None), None)
