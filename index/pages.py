"""Printed pages put together to one text, their running heads and feet kept apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from index.parts_builder import Writer
from index.printed import Block, Line, Press
from index.types import Kind, Part, Span

_EDGE_LINES: Final = 2
"""Lines at the top and at the bottom of a page among which running heads are looked for."""

_TITLE_CHARACTERS: Final = 200
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Pages:
    """The text of some pages.

    `starts` says where in it each page begins, `title_span` where the title stands, if one stands
    on the first page.
    """

    text: str
    parts: tuple[Part, ...]
    starts: tuple[int, ...]
    title_span: Span | None


def put_together(pages: Sequence[Sequence[Line]], title: str) -> Pages:
    """Make one text of pages, each a sequence of lines in reading order, not all without any.

    `title` is what the file says its title is, or "". What stands in that many words on the first
    page is taken for it, or else the first of the largest type there if that is larger than usual.
    """
    apart = running(pages)
    flows = _without(pages, apart)
    if not any(flows):
        apart, flows = [], [[line for page in pages for line in page]]
    press = Press([line for flow in flows for line in flow])
    blocks = [block for flow in flows for block in press.blocks(flow)]
    headline = _headline(blocks, press, title)
    writer = Writer()
    starts: dict[int, int] = {}
    title_span: Span | None = None
    for block in blocks:
        # Before the first paragraph that begins on a page, so that none is interrupted.
        while apart and apart[0].page <= block.lines[0].page:
            _write(writer, starts, Block((apart.pop(0),)), press, "boilerplate")
        if block is headline:
            title_span = _write(writer, starts, block, press, "headline", heading=True)
        else:
            heading = press.is_heading(block)
            kind: Kind = "list" if block.is_item and not heading else "body"
            _write(writer, starts, block, press, kind, heading=heading)
    for line in apart:
        _write(writer, starts, Block((line,)), press, "boilerplate")
    return Pages(writer.text, writer.parts, _every(starts, len(pages), writer.text), title_span)


def running(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines that are running heads or feet, in order.

    Such a line stands among the outermost of its page, and at the same height of the next page or
    the one after it (left and right pages may differ), the same but for a number that has grown by
    as much as the page's.
    """
    found: list[set[int]] = [set() for _ in pages]
    edges = [_edges(page) for page in pages]
    for at in range(len(pages)):
        for ahead in (1, 2):
            if at + ahead >= len(pages):
                break
            for one in edges[at]:
                for two in edges[at + ahead]:
                    if _repeats(pages[at][one], pages[at + ahead][two], ahead):
                        found[at].add(one)
                        found[at + ahead].add(two)
    return [page[at] for page, numbers in zip(pages, found, strict=True) for at in sorted(numbers)]


def _without(pages: Sequence[Sequence[Line]], apart: Sequence[Line]) -> list[list[Line]]:
    """Return the lines that are left, in stretches: none goes on past a page without any of them.

    A page of pictures alone is no end of a stretch, only one that has nothing but running heads.
    """
    aside = {id(line) for line in apart}  # the same may be printed twice in one place
    stretches: list[list[Line]] = [[]]
    for page in pages:
        left = [line for line in page if id(line) not in aside]
        if page and not left:
            stretches.append([])
        stretches[-1] += left
    return stretches


def _edges(page: Sequence[Line]) -> set[int]:
    order = sorted(range(len(page)), key=lambda at: page[at].base)
    return {*order[:_EDGE_LINES], *order[-_EDGE_LINES:]}


def _repeats(one: Line, two: Line, ahead: int) -> bool:
    if abs(one.base - two.base) > 3 or _NUMBER.split(one.text) != _NUMBER.split(two.text):
        return False
    numbers = zip(_NUMBER.findall(one.text), _NUMBER.findall(two.text), strict=True)
    return all(int(later) - int(earlier) in {0, ahead} for earlier, later in numbers)


def _headline(blocks: Sequence[Block], press: Press, title: str) -> Block | None:
    """Return what the title of a document stands in, on its first page."""
    front = [
        block
        for block in blocks
        if block.lines[0].page == 0 and len(press.text(block)[0]) <= _TITLE_CHARACTERS
    ]
    if title:
        words = title.casefold().split()
        return next((each for each in front if _words(press, each) == words), None)
    display = [block for block in front if press.is_display(block)]
    return max(display, key=lambda block: block.size, default=None)


def _words(press: Press, block: Block) -> list[str]:
    return press.text(block)[0].casefold().split()


def _write(
    writer: Writer,
    starts: dict[int, int],
    block: Block,
    press: Press,
    kind: Kind,
    *,
    heading: bool = False,
) -> Span | None:
    """Write a block, and note in `starts` where it brings a page's first character."""
    text, turns = press.text(block)
    span = writer.add(text, kind, heading=heading)
    if span is not None:
        for page, offset in turns.items():
            starts.setdefault(page, span.start + offset)
    return span


def _every(starts: dict[int, int], count: int, text: str) -> tuple[int, ...]:
    """Return where each of `count` pages begins; an empty one begins where the next one does."""
    found = []
    start = len(text)
    for page in range(count - 1, 0, -1):
        start = starts.get(page, start)
        found.append(start)
    return (0, *reversed(found))
