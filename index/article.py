"""Which of a page's blocks are its article, and which its readers' comments.

trafilatura judges that. It gives back text, changed and without its place in the page; so each
block goes in with its number written before it, and is chosen if the number comes out.
"""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from index.loaders.extra import needed
from index.markup import Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Braille patterns are the digits: symbols, which no rule about words heeds and hardly a page has.
_ZERO: Final = 0x2800
_BASE: Final = 256
_PLACES: Final = 3
_DIGIT = re.compile(r"[\u2800-\u28ff]")
_NUMBER = re.compile(r"[\u2800-\u28ff]{3}")

_NEVER: Final = frozenset({"nav", "dialog"})
_AROUND: Final = frozenset({"header", "footer", "aside"})
_WITHIN: Final = frozenset({"article", "main", "blockquote"})
_SENTENCE: Final = 40
_STOPS: Final = tuple(".!?…。")
_FURNITURE: Final = 3
"""How often a text stands in the comments of one page that nobody wrote: "Reply", "Report"."""


def choose(root: "HtmlElement", blocks: Sequence[Block], headline: int | None) -> list[int]:
    """Return the numbers of the blocks that are a page's article or comments, in order.

    Captions come with the text that they stand in, and so does what leads from the headline into
    the text. Blocks that turn out to be comments become that. The tree is of no use afterwards.

    Args:
        root: the page.
        blocks: its blocks.
        headline: the number of the one that is its headline, if there is one.

    Raises:
        LoadError: the extra that reads HTML is missing.
    """
    article, comments = _judge(root, blocks)
    for number in comments:
        blocks[number].kind = "comment"
    likely = {number for number, block in enumerate(blocks) if not is_beside(block.element)}
    told = {number for number in article & likely if blocks[number].kind != "comment"}
    if not told:
        # Too little for a judgement: a short notice, a list of links.
        told = likely if len(likely) > 0 else set(range(len(blocks)))
    first, last = min(told, default=0), max(told, default=0)
    opening = first if headline is None else min(first, headline)
    holder = _holder([blocks[number] for number in told])
    for number in range(opening, last):
        block = blocks[number]
        if number in likely and block.kind == "caption":
            if number < first or holder in block.element.iterancestors():
                told.add(number)
        elif number in likely and number < first and block.kind == "body" and _is_prose(block):
            told.add(number)
    comments |= {
        number
        for number, block in enumerate(blocks)
        if block.kind == "comment" and _is_prose(block)
    }
    texts = Counter(block.text for block in blocks if block.kind == "comment")
    return [
        number
        for number in sorted({*told, *comments, *(article & likely)})
        if blocks[number].kind != "comment" or texts[blocks[number].text] < _FURNITURE
    ]


def _holder(blocks: Sequence[Block]) -> "HtmlElement | None":
    """Return the innermost element that holds more than half of the text of some blocks."""
    sizes = Counter[Any]()
    for block in blocks:
        for element in (block.element, *block.element.iterancestors()):
            sizes[element] += len(block.text)
    most = sum(len(block.text) for block in blocks) / 2
    # Of two that hold more than half, one is inside the other.
    holders = [element for element, size in sizes.items() if size > most]
    return max(holders, key=lambda each: sum(1 for _ in each.iterancestors()), default=None)


def _is_prose(block: Block) -> bool:
    """Say whether a block is a sentence and not a row of links."""
    linked = sum(len("".join(link.itertext())) for link in block.element.iter("a"))
    return (
        len(block.text) >= _SENTENCE
        and block.text.rstrip("”’\"')")[-1:] in _STOPS
        and linked * 2 < len(block.text)
    )


def is_beside(element: "HtmlElement") -> bool:
    """Say whether an element is in a part of a page that is never its article."""
    tags = [element.tag, *(each.tag for each in element.iterancestors())]
    return not _NEVER.isdisjoint(tags) or (
        not _AROUND.isdisjoint(tags) and _WITHIN.isdisjoint(tags)
    )


def _judge(root: "HtmlElement", blocks: Sequence[Block]) -> tuple[set[int], set[int]]:
    for element in root.iter():
        element.text = element.text and _DIGIT.sub(" ", element.text)
        element.tail = element.tail and _DIGIT.sub(" ", element.tail)
    for number, block in enumerate(blocks):
        element, behind = block.first
        if behind:
            element.tail = f"{_written(number)} {element.tail}"
        else:
            element.text = f"{_written(number)} {element.text}"
    trafilatura = needed("trafilatura", "html")
    # It logs what it gives up; here that is no error, and the reader of the log could do nothing.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(root)
    except RecursionError:  # levels that it does not follow
        found = None
    return (set(), set()) if found is None else (_read(found.body), _read(found.commentsbody))


def _written(number: int) -> str:
    return "".join(
        chr(_ZERO + number // _BASE**place % _BASE) for place in reversed(range(_PLACES))
    )


def _read(body: Any) -> set[int]:
    numbers = set()
    for match in _NUMBER.finditer("" if body is None else "".join(body.itertext())):
        number = 0
        for digit in match.group():
            number = number * _BASE + ord(digit) - _ZERO
        numbers.add(number)
    return numbers
