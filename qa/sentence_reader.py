"""The first reader: it weighs every sentence of the passages, and needs no model of its own.

A sentence is scored from six plain measures: how near it is in meaning to the question, its
passage's BM25 score and fused rank, how much of the question's content words it holds (rare words
counting more), how much it holds together with its neighbours and the title, and whether it has the
kind of thing that is asked for. The weights turn these into the log-odds that it is the answer.
"""

from collections.abc import Callable, Sequence
from typing import Final

from index.embed import Embedder
from index.types import Span
from qa.measures import FrequencyOf, Measures
from qa.read import TellSpan
from qa.stages import ignore
from qa.types import Candidate, Reading, ScoredSpan
from qa.weights import Weights

WEIGHTS: Final = Weights(
    {
        "meaning": 3.8,
        "lexical": 0.52,
        "rank": 207.0,
        "words": 2.3,
        "near": 2.1,
        "type": 1.3,
    },
    bias=-15.1,
)
"""A logistic regression on 1,780 questions to archives of encyclopaedia paragraphs and of short
posts about news, rounded. Other measures tried moved sentence_at_1 by 0.02 at most on any of five
sets, and by less on most. All but "meaning" are from `qa.measures`."""

NO_ANSWER: Final = 0.0
"""What speaks for no answer: scores are log-odds, so that a span is as likely not the answer."""

EMBEDDED: Final = 10
"""Sentences whose meaning is compared, the best by the other measures: embedding costs the most,
and on none of three question sets did embedding all of them move sentence_at_1 by 0.01."""

_PLAIN: Final = Weights({k: v for k, v in WEIGHTS.weights.items() if k != "meaning"}, bias=0.0)
"""What comes before embedding."""


class SentenceReader:
    """See `qa.read.Reader`. Every span is a whole sentence."""

    name = "sentences"

    def __init__(
        self, embedder: Embedder, frequency_of: FrequencyOf, passage_count: Callable[[], int]
    ) -> None:
        """Read with `embedder`; the other two tell how rare a word is in the archive."""
        self._embedder = embedder
        self._frequency_of = frequency_of
        self._passage_count = passage_count

    def read(
        self, question: str, candidates: Sequence[Candidate], tell: TellSpan = ignore
    ) -> Reading:
        """See `qa.read.Reader`."""
        measures = Measures(question, self._frequency_of, self._passage_count())
        places: list[tuple[Candidate, Span, dict[str, float]]] = [
            (candidate, sentence, measured)
            for candidate in candidates
            for sentence, measured in measures.sentences(candidate)
        ]
        if not places:
            return Reading((), NO_ANSWER)
        places.sort(key=lambda place: -_PLAIN.weigh(place[2]))
        near = self._nearness(question, [s.cut(c.document.text) for c, s, _ in places[:EMBEDDED]])
        spans = []
        for (candidate, sentence, measured), meaning in zip(places, near, strict=False):
            known = {"meaning": meaning, **measured}
            evidence = tuple((name, known[name]) for name in WEIGHTS.weights)
            spans.append(ScoredSpan(candidate, sentence, WEIGHTS.weigh(known), evidence))
        spans.sort(key=lambda each: -each.score)
        if spans[0].score > NO_ANSWER:
            tell(spans[0])
        return Reading(tuple(spans), NO_ANSWER)

    def _nearness(self, question: str, texts: list[str]) -> list[float]:
        """Return the cosine between the question and each text."""
        cosines = self._embedder.encode(texts) @ self._embedder.encode_question(question)
        return [float(each) for each in cosines]
