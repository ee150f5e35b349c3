"""A document to its sentences and passages, each with its exact place in the text.

Offsets are made here, once, and carried through to the answer. Parts come first: no sentence
reaches across two paragraphs. Then a library finds the sentences within each.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from index.parts import parts_of, parts_of_text, trim
from index.sentences import sentences_of_paragraph
from index.types import Document, Kind, Part, Passage, Span

TOKEN_BUDGET: Final = 128
"""Tokens in a passage, at most, unless one sentence has more. Chosen by recall: see benchmarks."""

LONGEST_SENTENCE: Final = 2000
"""Characters after which a sentence is cut at white space: text without stops is still text."""


def split(
    document: Document,
    count_tokens: Callable[[Sequence[str]], list[int]],
    budget: int = TOKEN_BUDGET,
    parts: Sequence[Part] | None = None,
) -> list[Passage]:
    """Cut a document into passages of whole sentences, in order, up to `budget` tokens each.

    A passage is of one kind, the headline alone, and crosses no heading: that opens the passage
    which follows it, as a line that announces a list opens the list. Everything but white space is
    in exactly one sentence, and every sentence in one passage.

    Args:
        document: what to cut.
        count_tokens: the embedder's own measure of a text's length.
        budget: tokens in a passage, at most, unless one sentence alone has more.
        parts: what the text consists of, if that is known better than from the document alone.
    """
    passages: list[Passage] = []
    for section, kind in _sections(document.text, parts_of(document) if parts is None else parts):
        lengths = count_tokens([each.cut(document.text) for each in section])
        for run in _pack(section, lengths, budget):
            start, end = run[0].start, run[-1].end
            passages.append(Passage(start, end, document.text[start:end], tuple(run), kind))
    return passages


def sentences(text: str) -> list[Span]:
    """Return a plain text's sentences: in order, without overlap, only white space between them.

    A byte-order mark before the first belongs to the file, not to the sentence.
    """
    return [each for part in parts_of_text(text) for each in _sentences_of(text, part.span)]


def _sections(text: str, parts: Sequence[Part]) -> Iterator[tuple[list[Span], Kind]]:
    """Yield the runs of sentences that passages may span, each with its kind."""
    section: list[Span] = []
    kind: Kind = "body"
    opening = False  # the section holds nothing yet but what announces the rest
    for at, part in enumerate(parts):
        headline = part.kind == "headline"
        announces = not headline and (part.heading or _announces_list(text, parts, at))
        own = part.kind if not announces or part.kind != "body" else None
        fits = own is None or own == kind or (opening and not headline)
        if section and (not fits or (announces and not opening)):
            yield section, kind
            section, opening = [], False
        opening = announces and (opening or not section)
        section += _sentences_of(text, part.span)
        kind = "body" if own is None else own
    if section:
        yield section, kind


def _announces_list(text: str, parts: Sequence[Part], at: int) -> bool:
    following = parts[at + 1].kind if at + 1 < len(parts) else "body"
    return following == "list" and parts[at].kind == "body" and text[parts[at].span.end - 1] == ":"


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
        yield trim(text, Span(start, cut))
        start = trim(text, Span(cut, sentence.end)).start
    yield Span(start, sentence.end)
