"""Question and passage -> windows of tokens, each token knowing its place in the passage.

A window is `[CLS] question [SEP] title, passage [SEP]`, or whatever the tokenizer's own template
makes of a pair. A passage that is longer than a window is read in several that overlap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.types import Span

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

MOST_TOKENS: Final = 256
"""Tokens in a window, question and special tokens included."""

OVERLAP: Final = 64
"""Tokens that two windows of one passage share: an answer cut by one stands whole in the next."""

MOST_QUESTION_TOKENS: Final = 96
"""Tokens of a question that are read; what goes beyond is left out, from the end."""

MOST_TITLE: Final = 200
"""Characters of a title that are read."""


@dataclass(frozen=True, slots=True)
class Window:
    """The tokens of one run of the model.

    `places` has, for each token, its span in the passage's text (not the document's), or None for
    a token of the question, of the title, or of no text at all. `row` is the passage's number.
    """

    row: int
    ids: list[int]
    type_ids: list[int]
    places: list[Span | None]


def windows(
    tokenizer: "Tokenizer", question: str, passages: Sequence[tuple[str, str]]
) -> list[Window]:
    """Return the windows of some passages, each a title and a text, in order.

    The tokenizer is one that `prepare` has set up.
    """
    asked = clip(tokenizer, question)
    made: list[Window] = []
    # A text without letters may come to no token at all: the model has nothing to read there.
    for row, (title, text) in enumerate(passages):
        head = title[:MOST_TITLE].strip() + "\n" if title.strip() else ""
        first = tokenizer.encode(asked, head + text)
        made += [_window(each, row, len(head), text) for each in (first, *first.overflowing)]
    return made


def prepare(tokenizer: "Tokenizer", most_tokens: int = MOST_TOKENS) -> "Tokenizer":
    """Set a tokenizer up for `windows`, and return it."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(most_tokens, stride=OVERLAP, strategy="only_second")
    return tokenizer


def clip(tokenizer: "Tokenizer", question: str) -> str:
    """Return as much of a question as a window has room for."""
    spans = tokenizer.encode(question, add_special_tokens=False).offsets
    return (
        question
        if len(spans) <= MOST_QUESTION_TOKENS
        else question[: spans[MOST_QUESTION_TOKENS - 1][1]]
    )


def _window(encoding: "Encoding", row: int, shift: int, text: str) -> Window:
    places: list[Span | None] = []
    for part, (start, end) in zip(encoding.sequence_ids, encoding.offsets, strict=True):
        inside = (
            part == 1
            and start >= shift
            and end > start
            and text[start - shift : end - shift].strip()
        )
        places.append(Span(start - shift, end - shift) if inside else None)
    return Window(row, encoding.ids, encoding.type_ids, places)
