"""Which of a page's blocks is its headline, and the text that stands under it."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from index.article import is_beside
from index.markup import Block
from index.parts_builder import Writer, squeeze
from index.types import Part, Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SHARED: Final = 0.7
"""Of a heading's words, how many stand in a title that says the same."""
_LEAST: Final = 0.35
"""Of a title, how much a heading is that says the same: the rest may be the name of the site."""

_FIRST_WORDS: Final = 12

_WORD = re.compile(r"\w+")
_SITE = re.compile(r"\s+(?:[|–—·•»«›‹✩]|-+|::)\s+")


class Titled(NamedTuple):
    """A text and its title; as of `index.types.Document`."""

    title: str
    title_span: Span | None
    text: str
    parts: tuple[Part, ...]


def find_headline(
    root: "HtmlElement", blocks: Sequence[Block], said: str | None, site: str | None
) -> tuple[str | None, int | None]:
    """Return a page's title, and the number of the block that it stands in, if there is one.

    A heading that says what the metadata says is the headline, and its words count; so does the
    page's only main heading. Otherwise the title is what the metadata says, or the browser's
    title without the name of the site.

    Args:
        root: the page.
        blocks: its blocks.
        said: the title in its metadata.
        site: the name of the site in its metadata, which is no headline.
    """
    headings = [
        number
        for number, block in enumerate(blocks)
        if block.level in {1, 2}
        and block.kind == "body"
        and not is_beside(block.element)
        and squeeze(block.text) != site
    ]
    main = [number for number in headings if blocks[number].level == 1]
    shown = squeeze(root.findtext("head/title", ""))
    for title in (said, shown):
        for number in (*main, *headings):
            if title and _says(blocks[number].text, title):
                return squeeze(blocks[number].text), number
    if len(main) == 1:
        return squeeze(blocks[main[0]].text), main[0]
    if said is not None:
        return said, None
    longest = max(_SITE.split(shown), key=len)
    return (None if longest == "" else longest), None


def under_headline(title: str | None, headline: Block | None, blocks: Iterable[Block]) -> Titled:
    """Return a text that begins with its title. One without a title is called by its first words.

    Args:
        title: the title, or None.
        headline: the block that the title stands in, if there is one.
        blocks: what follows, in order; the headline and headings that repeat it are left out.
    """
    writer = Writer()
    shown = title if headline is None else headline.text
    span = None if shown is None else writer.add(shown, "headline", heading=True)
    for block in blocks:
        if block is not headline and not (block.level > 0 and squeeze(block.text) == title):
            writer.add(block.text, block.kind, heading=block.level > 0, tight=block.tight)
    if title is None:
        title = " ".join(writer.text.split(None, _FIRST_WORDS)[:_FIRST_WORDS])
    return Titled(title, span, writer.text, writer.parts)


def _says(heading: str, title: str) -> bool:
    """Say whether a heading is a title, give or take the name of the site or a changed word."""
    heading, title = squeeze(heading).casefold(), squeeze(title).casefold()
    if heading in title or title in heading:
        return min(len(heading), len(title)) >= _LEAST * max(len(heading), len(title))
    one, other = (set(_WORD.findall(text)) for text in (heading, title))
    shared = len(one & other)
    return shared >= _SHARED * min(len(one), len(other)) and shared > _LEAST * max(
        len(one), len(other)
    )
