"""Which of the things found say the same as the best of them, and which say otherwise."""

import re
from collections.abc import Sequence
from typing import Final

from index.copies import shingles
from qa.answer_type import asked_for, fits
from qa.cite import cite
from qa.types import Reading, ScoredSpan

_WORD = re.compile(r"\w+(?:[.,]\d+)*|[$¢£¥€%‰°]")
_ARTICLES: Final = frozenset({"a", "an", "the"})

SAME_SHARE: Final = 0.6
"""A sentence that shares this much with the best one, word for word, is no rival of it. To be
listed beside it takes more: the same words, every one."""

CLOSE: Final = 2.5
"""An answer that says something else is shown too if its log-odds are this near the best one's."""


def compare(spans: Sequence[ScoredSpan]) -> tuple[list[ScoredSpan], list[ScoredSpan]]:
    """Return the spans that say what the first one says elsewhere, and those that say otherwise.

    What stands in the first one's own sentence is neither: it is part of the same answer. Nor is
    what says more, or less, of the same. Of spans with the same words, the best counts.
    """
    best = spans[0]
    own = cite(best)
    wanted, around = words_of(own.answer), words_of(own.sentence)
    shared = shingles(own.sentence)
    agreeing: list[ScoredSpan] = []
    rivals: list[ScoredSpan] = []
    seen: set[tuple[str, ...]] = set()
    for each in spans[1:]:
        document, cited = each.candidate.document, cite(each)
        if document.id == own.document.id and each.span.overlaps(own.sentence_span):
            continue
        said = words_of(cited.answer)
        if said in (wanted, around):
            agreeing.append(each)
            continue
        copied = len(shingles(cited.sentence) & shared) >= SAME_SHARE * len(shared)
        if not (_within(said, wanted) or _within(wanted, said) or copied or said in seen):
            seen.add(said)
            rivals.append(each)
    return agreeing, rivals


def disagrees(question: str, rival: ScoredSpan, reading: Reading) -> bool:
    """Say whether a rival is worth showing: nearly as good, and the kind of thing asked for."""
    said = rival.span.cut(rival.candidate.document.text)
    near = reading.spans[0].score - rival.score < CLOSE
    kind = asked_for(question)
    # Two numbers contradict each other; two names may both be right, or one be beside the point.
    own = rival.score - reading.no_answer
    believed = dict(rival.evidence).get("passage", own) if kind in ("number", "date") else own
    return near and believed > 0 and fits(said, kind)


def words_of(text: str) -> tuple[str, ...]:
    """Return what a text says, without punctuation, capitals, articles; £5 is not $5, nor 5 5%."""
    found = tuple(_WORD.findall(text.casefold()))
    return tuple(each for each in found if each not in _ARTICLES) or found or (text,)


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return any(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1))
