"""Question and passage -> windows of tokens, each token knowing its place in the passage.

A window is `[CLS] question [SEP] title, passage [SEP]`, or whatever the tokenizer's own template
makes of a pair. A passage that is longer than a window is read in several that overlap.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

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
"""Characters of a title that are read, unless these alone come to more tokens than it may have."""

_JOINER: Final = "\u200d"
_SKIN_TONES: Final = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_FIRST_MARK: Final = "\u0300"


@dataclass(frozen=True, slots=True)
class Window:
    """The tokens of one run of the model.

    `places` has, for each token, its span in the passage's text (not the document's), or None for
    a token of the question, of the title, or of no text at all. Places are in order, never empty,
    neither begin nor end with white space, and part no letter from its accents; tokens that are
    parts of one character have the same place. `row` is the passage's number.
    """

    row: int
    ids: list[int]
    type_ids: list[int]
    places: list[Span | None]


def windows(
    tokenizer: "Tokenizer", question: str, passages: Sequence[tuple[str, str]]
) -> list[Window]:
    """Return the windows of some passages, each a title and a text, in order.

    Each passage has one at least, even if its text comes to no token. Its first begins with the
    title, which leaves about half of it to the text.

    Args:
        tokenizer: one that `prepare` has set up.
        question: what does not fit is left out, from the end.
        passages: titles may be empty, and are cut where they are too long.
    """
    room = room_of(tokenizer)
    special = tokenizer.num_special_tokens_to_add(is_pair=True)
    asked, length = _clip(tokenizer, question, min(MOST_QUESTION_TOKENS, room * 3 // 8))
    title_room = max(0, room // 2 - length - special - 1)  # 1 for what ends a title
    made: list[Window] = []
    for row, (title, text) in enumerate(passages):
        head = title[:MOST_TITLE].strip()
        if head:
            head = _clip(tokenizer, head, title_room)[0].rstrip() + "\n"
        edges = _edges(text)
        first = tokenizer.encode(asked, head + text)
        made += [
            Window(row, each.ids, each.type_ids, _places(each, len(head), text, edges))
            for each in (first, *first.overflowing)
        ]
    return made


def prepare(tokenizer: "Tokenizer", most_tokens: int = MOST_TOKENS) -> "Tokenizer":
    """Set a tokenizer up for `windows`, and return it."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(
        most_tokens, stride=min(OVERLAP, most_tokens // 4), strategy="only_second"
    )
    # An article that says "[SEP]" is not to end the passage there.
    tokenizer.encode_special_tokens = True
    return tokenizer


def room_of(tokenizer: "Tokenizer") -> int:
    """Return how many tokens a window may have, as `prepare` was told."""
    truncation = tokenizer.truncation
    assert truncation is not None
    return int(truncation["max_length"])


def _clip(tokenizer: "Tokenizer", text: str, most: int) -> tuple[str, int]:
    """Return a text cut before the token that is one too many, and how many tokens are left."""
    # As the second of two, the only one that the tokenizer knows how to cut.
    spans = tokenizer.encode("", text, add_special_tokens=False).offsets
    return (text, len(spans)) if len(spans) <= most else (text[: spans[most][0]], most)


class _Edges(NamedTuple):
    """Where the character that an offset would cut in two begins, and where it ends."""

    before: Sequence[int]
    after: Sequence[int]


def _edges(text: str) -> _Edges:
    """Find what belongs together: letters and their accents, emoji and what they are joined to."""
    offsets = range(len(text) + 1)
    if text.isascii():
        return _Edges(offsets, offsets)
    inner = [at for at in offsets[1:-1] if _joined(text[at - 1], text[at])]
    if not inner:
        return _Edges(offsets, offsets)
    before, after = list(offsets), list(offsets)
    for at in inner:
        before[at] = before[at - 1]
    for at in reversed(inner):
        after[at] = after[at + 1]
    return _Edges(before, after)


def _joined(one: str, other: str) -> bool:
    if other < _FIRST_MARK and one != _JOINER:
        return False
    joined = (
        _JOINER in (one, other) or other in _SKIN_TONES or unicodedata.category(other)[0] == "M"
    )
    return joined and not one.isspace() and not other.isspace()


def _places(encoding: "Encoding", shift: int, text: str, edges: _Edges) -> list[Span | None]:
    """Return each token's span in `text`, which was encoded after `shift` other characters."""
    return [
        _place(start - shift, end - shift, text, edges) if part == 1 else None
        for part, (start, end) in zip(encoding.sequence_ids, encoding.offsets, strict=True)
    ]


def _place(start: int, end: int, text: str, edges: _Edges) -> Span | None:
    # A token that begins in the title and ends in the text is of the text from there on.
    start = max(start, 0)
    cut = text[start:end] if end > start else ""
    seen = cut.strip()
    if not seen:
        return None
    start += len(cut) - len(cut.lstrip())
    return Span(edges.before[start], edges.after[start + len(seen)])
