"""Lines of print, and which of them make a paragraph.

A page knows no paragraphs, only where each line stands. Two lines belong together if they stand at
the usual distance, neither is set in, and the first word of the second would not have fitted on the
first: any other break was meant.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles
from typing import Final

_STOPS: Final = ".!?:;…。！？"
_NO_HEADING: Final = ".:;,…。"
_CLOSERS: Final = "\"'”’»›)]"
_HEADING_CHARACTERS: Final = 120
_LARGER: Final = 1.12
_INDENT: Final = 0.8
_NARROW: Final = 0.7
_COLUMN_LINES: Final = 4
_BULLET = re.compile(r"[•‣◦⁃∙▪●○■□➢✓\ue000-\uf8ff]\s*(?=\S)")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s+\S")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HEAD = re.compile(r"[^\W\d_]+$")
_TAIL = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print: places in points, from the page's left and bottom edge.

    `page` counts from 0, `base` is what the letters stand on, `size` that of most of its type.
    A line that is `cut` ends within a word; the hyphen is no part of its text.
    """

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    bold: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one paragraph, heading or list item, in order."""

    lines: tuple[Line, ...]

    @property
    def is_item(self) -> bool:
        """Whether it begins like an item of a list."""
        return _is_item(self.lines[0])

    @property
    def size(self) -> float:
        """The size of its type, in points: that of its smallest line."""
        return min(line.size for line in self.lines)


class Press:
    """What is usual in a document: its type, the distance of its lines, the words in it."""

    def __init__(self, lines: Sequence[Line]) -> None:
        sizes = Counter[float]()
        bold = 0
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
            bold += len(line.text) * line.bold
        self.size = sizes.most_common(1)[0][0]
        self._all_bold = 2 * bold > sizes.total()
        steps = [_step(one, two) for one, two in pairwise(lines)]
        self._leading = _low_quarter([each for each in steps if 0.8 < each < 3], 1.2)
        self._right = dict[int, float]()
        lefts = Counter[tuple[int, int]]()
        for line in lines:
            self._right[line.page] = max(line.right, self._right.get(line.page, line.right))
            lefts[line.page, round(line.left)] += 1
        self._usual_right = median(self._right.values())
        self._columns = dict[int, list[int]]()
        for (page, left), count in lefts.items():
            if count >= _COLUMN_LINES:
                self._columns.setdefault(page, []).append(left)
        self._words = Counter(
            word.casefold() for line in lines for word in _WORD.findall(line.text)
        )

    def blocks(self, lines: Sequence[Line]) -> Iterator[Block]:
        """Yield the paragraphs that some lines, in reading order, make up."""
        found: list[Line] = []
        edge: float | None = None
        for stretch in self._stretches(lines):
            if found and not self._flows_on(found[-1], stretch[0], edge):
                yield Block(tuple(found))
                found = []
            found.append(stretch[0])
            edge = self._edge(stretch)
            for line in stretch[1:]:
                if not (_is_unfinished(found[-1], line) or _is_full(found[-1], line, edge)):
                    yield Block(tuple(found))
                    found = []
                found.append(line)
        if found:
            yield Block(tuple(found))

    def text(self, block: Block) -> tuple[str, dict[int, int]]:
        """Return a paragraph on one line, and where in it each of its pages begins."""
        first, *others = block.lines
        text = first.text[_bullet_end(first) :]
        pages = {first.page: 0}
        before = first
        for line in others:
            if not before.cut:
                text += " "
            elif not self._is_one_word(before.text, line.text):
                text += "-"
            pages.setdefault(line.page, len(text))
            text += line.text
            before = line
        return text + "-" * before.cut, pages

    def is_display(self, block: Block) -> bool:
        """Say whether a block is set in larger type than usual, and not just one letter of it."""
        letters = sum(map(str.isalpha, " ".join(line.text for line in block.lines)))
        return block.size > _LARGER * self.size and letters > 3

    def is_heading(self, block: Block) -> bool:
        """Say whether a block stands over what follows: short, in larger or bolder type."""
        text = " ".join(line.text for line in block.lines)
        bold = not self._all_bold and all(line.bold for line in block.lines)
        return (
            (bold or self.is_display(block))
            and len(text) <= _HEADING_CHARACTERS
            and text.rstrip(_CLOSERS)[-1:] not in tuple(_NO_HEADING)
            and any(map(str.isalpha, text))
        )

    def _stretches(self, lines: Sequence[Line]) -> Iterator[list[Line]]:
        """Yield runs of lines at the usual distance, in one column and one size."""
        found: list[Line] = []
        for line in lines:
            if found and not self._follows(found, line):
                yield found
                found = []
            found.append(line)
        if found:
            yield found

    def _follows(self, before: Sequence[Line], line: Line) -> bool:
        last = before[-1]
        if last.page != line.page or not 0 < _step(last, line) <= 1.25 * self._leading:
            return False
        if abs(last.size - line.size) > 0.12 * line.size or _is_item(line):
            return False
        if "\t" in last.text or "\t" in line.text:
            return False  # a row of a table stands alone
        moved = (line.left - last.left) / line.size
        centred = abs(line.left + line.right - last.left - last.right) < line.size
        if centred or abs(moved) < _INDENT:
            return True
        # A first line may stand elsewhere than the next: set in, or out before a list item.
        first = len(before) == 1 or _is_unfinished(last, line)
        return first and (moved < 0 or _is_item(last))

    def _flows_on(self, last: Line, line: Line, edge: float | None) -> bool:
        """Say whether a paragraph goes on in the next column, or on the next page.

        Only in the middle of a sentence, or of a word.
        """
        if abs(last.size - line.size) > 0.05 * line.size or _is_item(line) or "\t" in line.text:
            return False
        if last.cut:
            return line.text[0].isalpha()
        plain = abs(line.size - self.size) < 0.05 * self.size and last.bold == line.bold
        turns = last.page != line.page or _step(last, line) < 0
        return plain and turns and not _ends_sentence(last.text) and _is_full(last, line, edge)

    def _edge(self, stretch: Sequence[Line]) -> float | None:
        """Return how far to the right a stretch of lines goes.

        None if it leaves so much of its column empty that every line's end in it was meant.
        """
        edge = max(line.right for line in stretch)
        left = min(line.left for line in stretch)
        page = stretch[0].page
        columns = [each for each in self._columns.get(page, []) if each > edge]
        room = min(columns, default=max(self._usual_right, self._right[page]))
        wide = edge - left > _NARROW * (room - left)
        return edge if wide or stretch[0].size > _LARGER * self.size else None

    def _is_one_word(self, head: str, tail: str) -> bool:
        """Say whether the hyphen between two lines is the printer's, and no part of the word.

        Between small letters it nearly always is (in news, 97 times of 100), unless the document
        has the word with its hyphen elsewhere.
        """
        one, two = _HEAD.search(head), _TAIL.match(tail)
        if one is None or two is None or not (head[-1].islower() and tail[0].islower()):
            return False
        left, right = one.group().casefold(), two.group().casefold()
        return self._words[left + right] >= self._words[f"{left}-{right}"]


def _step(one: Line, two: Line) -> float:
    """Return how far below `one` the line `two` stands, in units of its type."""
    return (one.base - two.base) / two.size if one.page == two.page else 0.0


def _is_unfinished(last: Line, line: Line) -> bool:
    """Say whether a sentence, or a word, plainly goes on from one line to the next."""
    return last.cut or (line.text[0].islower() and not _ends_sentence(last.text))


def _is_full(last: Line, line: Line, edge: float | None) -> bool:
    """Say whether the first word of `line` would not have fitted behind `last`."""
    if edge is None:
        return False
    letter = (line.right - line.left) / len(line.text)
    return last.right + letter * (1 + len(line.text.split(None, 1)[0])) > edge


def _is_item(line: Line) -> bool:
    return bool(_bullet_end(line) or _NUMBERED.match(line.text))


def _bullet_end(line: Line) -> int:
    """Return where the text begins behind a bullet; 0 if there is none."""
    bullet = _BULLET.match(line.text)
    return bullet.end() if bullet is not None else 0


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in tuple(_STOPS)


def _low_quarter(values: list[float], otherwise: float) -> float:
    """Return what a quarter of some values are below; `otherwise` if they are too few."""
    return quantiles(values, n=4)[0] if len(values) > 1 else otherwise
