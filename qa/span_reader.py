"""The trained reader: it finds the short answer inside a passage, or that there is none."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from index.types import Span
from qa.measures import FrequencyOf, Measures
from qa.read import TellSpan
from qa.scorers import NO_ANSWER, Scorer, batches
from qa.spans import Found, best_spans
from qa.stages import ignore
from qa.tidy import tidy
from qa.types import Candidate, Reading, ScoredSpan
from qa.weights import Weights
from qa.windows import windows

SPANS = 3
"""Spans kept of one window."""


class TextReading(NamedTuple):
    """What the reader finds in one text: spans of it, best first, and whether to believe them.

    `answerable` is the log-odds that the text holds an answer.
    """

    spans: tuple[Found, ...]
    answerable: float


class SpanReader:
    """See `qa.read.Reader`. Spans are short answers, wherever the model sees them end.

    A span's score is the log-odds that it is the answer, from what the model, retrieval and the
    sentence's words say; its evidence names each. `qa.measures` has the names, with two more:

    - span: the model's log-odds that this span is an answer
    - passage: its log-odds that the passage holds one
    """

    def __init__(
        self,
        scorer: Scorer,
        weights: Weights,
        frequency_of: FrequencyOf,
        passage_count: Callable[[], int],
    ) -> None:
        """Read with `scorer`; the last two tell how rare a word is in the archive."""
        self.name = scorer.name
        self._scorer = scorer
        self._weights = weights
        self._frequency_of = frequency_of
        self._passage_count = passage_count

    def read(
        self, question: str, candidates: Sequence[Candidate], tell: TellSpan = ignore
    ) -> Reading:
        """See `qa.read.Reader`. Passages are read in batches, and `tell` is told between them."""
        measures = Measures(question, self._frequency_of, self._passage_count())
        texts = [(each.document.title, each.passage.text) for each in candidates]
        spans: dict[int, list[ScoredSpan]] = {}
        best = 0.0
        for row, reading in self._read_each(question, texts):
            spans[row] = self._weigh(candidates[row], reading, measures)
            for each in spans[row]:
                if each.score > best:
                    best = each.score
                    tell(each)
        # Of spans with the same score, the one of the nearer passage comes first.
        together = (each for row in sorted(spans) for each in spans[row])
        return Reading(tuple(sorted(together, key=lambda each: -each.score)), 0.0)

    def read_texts(self, question: str, texts: Sequence[tuple[str, str]]) -> list[TextReading]:
        """Read texts, each after its title, on their own: what the model says, and nothing else.

        Spans count the code points of their text.
        """
        readings = dict(self._read_each(question, texts))
        return [readings[row] for row in range(len(texts))]

    def _weigh(
        self, candidate: Candidate, reading: TextReading, measures: Measures
    ) -> list[ScoredSpan]:
        """Turn what the model found in a candidate's passage into spans of its document."""
        spans: list[ScoredSpan] = []
        measured = measures.sentences(candidate)
        for found in reading.spans:
            first = candidate.passage.start
            place = Span(first + found.span.start, first + found.span.end)
            held = [(each, of) for each, of in measured if each.overlaps(place)]
            if not held:
                continue  # its sentence says nothing that the question does not
            # An answer is part of one sentence: the one that holds most of it.
            sentence, of_sentence = max(held, key=lambda pair: _shared(pair[0], place))
            place = Span(max(place.start, sentence.start), min(place.end, sentence.end))
            evidence = {"span": found.score, "passage": reading.answerable, **of_sentence}
            score = self._weights.weigh(evidence)
            spans.append(ScoredSpan(candidate, place, score, tuple(evidence.items())))
        return spans

    def _read_each(
        self, question: str, texts: Sequence[tuple[str, str]]
    ) -> Iterator[tuple[int, TextReading]]:
        """Yield the number of each text, and its reading, once all its windows have been read."""
        # A text without letters may come to no token at all: the model has nothing to read there.
        made = [
            each
            for each in windows(self._scorer.tokenizer, question, texts)
            if any(place is not None for place in each.places)
        ]
        left = Counter(each.row for each in made)
        yield from ((row, TextReading((), NO_ANSWER)) for row in range(len(texts)) if not left[row])
        found: dict[int, list[Found]] = {}
        odds = dict.fromkeys(left, NO_ANSWER)
        for numbers in batches(made):
            scored = self._scorer.score([made[each] for each in numbers])
            for number, scores in zip(numbers, scored, strict=True):
                window = made[number]
                spans = best_spans(window, scores.start, scores.end, scores.answerable, SPANS)
                text = texts[window.row][1]
                found[number] = [Found(tidy(text, each.span), each.score) for each in spans]
                odds[window.row] = max(odds[window.row], scores.answerable)
                left[window.row] -= 1
                if not left[window.row]:
                    # In the order of the text, in whatever order its windows were read.
                    own = (n for n, each in enumerate(made) if each.row == window.row)
                    spans = [each for n in own for each in found[n]]
                    yield window.row, TextReading(_apart(spans), odds[window.row])


def _apart(spans: Sequence[Found]) -> tuple[Found, ...]:
    """Return spans that do not overlap, best first: windows of one text share some of it."""
    kept: list[Found] = []
    for each in sorted(spans, key=lambda found: -found.score):
        if not any(each.span.overlaps(other.span) for other in kept):
            kept.append(each)
    return tuple(kept)


def _shared(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)
