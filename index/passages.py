"""A document to its sentences and passages, each with its exact place in the text.

Offsets are made here, once, and carried through to the answer. Lines come first: a paragraph, a
bulleted line and a caption never share a sentence. Then a library finds the sentences within each.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.sentences import sentences_of_paragraph
from index.types import BYTE_ORDER_MARK, Document, Kind, Passage, Span

TOKEN_BUDGET: Final = 128
"""Tokens in a passage, at most, unless one sentence has more. Chosen by recall: see benchmarks."""

LONGEST_SENTENCE: Final = 2000
"""Characters after which a sentence is cut at white space: text without stops is still text."""

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"\s*(?:[•‣◦⁃∙▪●○*–—-]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s+\S")
_STOPS: Final = ".!?…。！？।؟;,"
_CLOSERS: Final = "\"'”’»›)]」』）"
_HEADING_CHARACTERS: Final = 90
_WRAP_COLUMNS: Final = range(40, 101)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item, caption or heading: lines that belong together."""

    span: Span
    heading: bool


def split(
    document: Document,
    count_tokens: Callable[[Sequence[str]], list[int]],
    budget: int = TOKEN_BUDGET,
) -> list[Passage]:
    """Cut a document into passages of whole sentences, in order, up to `budget` tokens each.

    No passage crosses the title or a heading; a heading opens the passage that follows it.
    Everything but white space is in exactly one sentence, and every sentence in one passage.

    Args:
        document: what to cut.
        count_tokens: the embedder's own measure of a text's length.
        budget: tokens in a passage, at most, unless one sentence alone has more.
    """
    passages: list[Passage] = []
    for section, kind in _sections(document):
        lengths = count_tokens([each.cut(document.text) for each in section])
        for run in _pack(section, lengths, budget):
            start, end = run[0].start, run[-1].end
            passages.append(Passage(start, end, document.text[start:end], tuple(run), kind))
    return passages


def sentences(text: str) -> list[Span]:
    """Return a text's sentences: in order, without overlap, only white space between them.

    A byte-order mark before the first belongs to the file, not to the sentence.
    """
    return [each for block in blocks(text) for each in _sentences_of(text, block.span)]


def blocks(text: str) -> list[Block]:
    """Return a text's paragraphs, list items, captions and headings, in order."""
    lines = [
        Span(*_trim(text, match.start(), match.end()))
        for match in _LINE.finditer(text, int(text.startswith(BYTE_ORDER_MARK)))
        if not match.group().isspace()
    ]
    columns = _wrap_columns(lines)
    spans: list[Span] = []
    for at, line in enumerate(lines):
        if at > 0 and _continues(text, lines[at - 1], line, columns):
            spans[-1] = Span(spans[-1].start, line.end)
        else:
            spans.append(line)
    return [
        Block(span, at + 1 < len(spans) and _is_heading(text, span))
        for at, span in enumerate(spans)
    ]


def _sections(document: Document) -> Iterator[tuple[list[Span], Kind]]:
    """Yield the runs of sentences that passages may span: the title, then heading by heading."""
    section: list[Span] = []
    only_heading = False
    for block in blocks(document.text):
        found = _sentences_of(document.text, block.span)
        if document.title_span is not None and document.title_span.holds(block.span):
            if section:
                yield section, "body"
            yield found, "headline"
            section = []
        elif block.heading and section and not only_heading:
            yield section, "body"
            section = found
        else:
            section += found
        only_heading = block.heading and len(section) == len(found)
    if section:
        yield section, "body"


def _pack(section: list[Span], lengths: list[int], budget: int) -> Iterator[list[Span]]:
    """Fill passages evenly, so that a section just over the budget leaves no stump at its end."""
    total = sum(lengths)
    share = total / max(1, -(-total // budget))
    run: list[Span] = []
    used = 0
    for sentence, length in zip(section, lengths, strict=True):
        # Past its share already, or about to go over the budget: whichever comes first.
        if run and (used + length > budget or used + length / 2 > share):
            yield run
            run, used = [], 0
        run.append(sentence)
        used += length
    if run:
        yield run


def _sentences_of(text: str, block: Span) -> list[Span]:
    found = [
        Span(block.start + start, block.start + end)
        for start, end in sentences_of_paragraph(block.cut(text))
    ]
    return [piece for sentence in found for piece in _shorten(text, sentence)]


def _shorten(text: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > LONGEST_SENTENCE:
        limit = start + LONGEST_SENTENCE
        gaps = [at for at in range(limit, start + LONGEST_SENTENCE // 2, -1) if text[at].isspace()]
        cut = gaps[0] if gaps else limit
        yield Span(*_trim(text, start, cut))
        start, _ = _trim(text, cut, sentence.end)
    yield Span(start, sentence.end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _wrap_columns(lines: list[Span]) -> int | None:
    """Return the width that a hard-wrapped text was wrapped to, or None for an unwrapped one."""
    lengths = sorted(line.end - line.start for line in lines)
    if not lengths:
        return None
    widest = lengths[int(0.95 * (len(lengths) - 1))]
    return widest if widest in _WRAP_COLUMNS else None


def _continues(text: str, before: Span, line: Span, columns: int | None) -> bool:
    """Say whether `line` goes on with the paragraph before it: only where an editor wrapped it.

    That is so if the next word would not have fitted on the line before. Any other line break was
    meant: a list, an address, a caption, a paragraph to a line.
    """
    between = text[before.end : line.start]
    if columns is None or len(_BREAKS.findall(between)) != 1 or _BULLET.match(line.cut(text)):
        return False
    next_word = line.cut(text).split(None, 1)[0]
    return before.end - before.start + 1 + len(next_word) > columns


def _is_heading(text: str, span: Span) -> bool:
    """Say whether a line stands over what follows: short, and no sentence or list item."""
    line = span.cut(text)
    return (
        len(line) <= _HEADING_CHARACTERS
        and not _BREAKS.search(line)
        and not _BULLET.match(line)
        and line.rstrip(_CLOSERS)[-1:] not in tuple(_STOPS)
        and any(each.isalpha() for each in line)
    )
