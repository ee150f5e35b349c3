"""What copies of a document have where it has the answer: the same, or a correction."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from index.types import Span
from qa.agreement import words_of
from qa.align import counterpart
from qa.answer_type import AnswerType, fits
from qa.cite import cite
from qa.twins import are_copies
from qa.types import Candidate, ScoredSpan

_NUMERALS: Final = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
"""What one house spells out, the next prints in figures: that is no correction."""

_KINDS: Final[tuple[AnswerType, ...]] = ("number", "date", "person")


def versions(
    spans: Iterable[ScoredSpan], candidates: Sequence[Candidate]
) -> tuple[list[ScoredSpan], list[ScoredSpan]]:
    """Return where copies say what some spans say, and where they have something else instead.

    A copy's sentence is laid beside the span's own, word by word: its answer stands in the same
    place, whatever was edited around it. Something else is another number, date or name.

    Args:
        spans: of passages among `candidates`.
        candidates: all that were read.
    """
    same: list[ScoredSpan] = []
    other: list[ScoredSpan] = []
    for scored in spans:
        cited = cite(scored)
        for copy in _copies(scored.candidate, candidates):
            text, places = copy.document.text, copy.passage.sentences
            if cited.span == cited.sentence_span:  # as long as the sentence: no place within it
                said = words_of(cited.sentence)
                found = [each for each in places if words_of(each.cut(text)) == said]
                same += [ScoredSpan(copy, each, scored.score) for each in found]
                continue
            start = cited.sentence_span.start
            inner = Span(cited.span.start - start, cited.span.end - start)
            place = counterpart(cited.sentence, inner, text, places)
            if place is None:
                continue
            there = ScoredSpan(copy, place.other, scored.score)
            own, its = place.own.cut(cited.sentence), place.other.cut(text)
            if _figures(own) == _figures(its):
                same.append(there)
            elif _contradict(own, its):
                other.append(there)
    return same, other


def _copies(candidate: Candidate, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield a candidate's twins, and those of the others that come from copies of its document."""
    yield from candidate.twins
    for each in candidates:
        if each.passage.id != candidate.passage.id:
            yield from (one for one in (each, *each.twins) if are_copies(one, candidate))


def _contradict(one: str, other: str) -> bool:
    """Say whether what only the one says and what only the other says are of a kind."""
    gone, come = _beyond(one, other), _beyond(other, one)
    return any(fits(gone, kind) and fits(come, kind) for kind in _KINDS)


def _beyond(text: str, other: str) -> str:
    """Return the words of a text that the other one has not, as they stand."""
    fresh = set(_figures(text)) - set(_figures(other))
    return " ".join(each for each in text.split() if not fresh.isdisjoint(_figures(each)))


def _figures(text: str) -> tuple[str, ...]:
    return tuple(_NUMERALS.get(each, each) for each in words_of(text))
