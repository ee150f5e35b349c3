"""The first reader: it weighs every sentence of the passages, and needs no model of its own.

A sentence is scored from six plain measures: how near it is in meaning to the question, its
passage's BM25 score and fused rank, how much of the question's content words it holds (rare words
counting more), how much it holds together with its neighbours and the title, and whether it has the
kind of thing that is asked for. The weights turn these into the log-odds that it is the answer.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from index.embed import Embedder
from index.terms import terms
from index.types import Span
from qa.answer_type import asked_for, offers
from qa.types import Candidate, Reading, ScoredSpan

FrequencyOf: TypeAlias = Callable[[Sequence[str]], list[int]]
"""Returns in how many passages of the archive each of some terms occurs."""

WEIGHTS: Final = {
    "meaning": 3.8,
    "lexical": 0.52,
    "rank": 207.0,
    "words": 2.3,
    "near": 2.1,
    "type": 1.3,
}
BIAS: Final = -15.1
"""A logistic regression on 1,780 questions to archives of encyclopaedia paragraphs and of short
posts about news, rounded. Other measures tried moved sentence_at_1 by 0.02 at most on any of five
sets, and by less on most."""

EMBEDDED: Final = 10
"""Sentences whose meaning is compared, the best by the other measures: embedding costs the most,
and on none of three question sets did embedding all of them move sentence_at_1 by 0.01."""


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

    def read(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        """See `qa.read.Reader`."""
        rarity = self._rarity(question)
        kind = asked_for(question)
        places: list[tuple[Candidate, Span, dict[str, float]]] = []
        for candidate in candidates:
            sentences = candidate.passage.sentences
            texts = [each.cut(candidate.document.text) for each in sentences]
            # With empty neighbours before the first and after the last.
            words = [set[str](), *(set(terms(each)) for each in texts), set[str]()]
            title = set(terms(candidate.document.title))
            for at, (sentence, text) in enumerate(zip(sentences, texts, strict=True)):
                before, own, after = words[at : at + 3]
                if own.issubset(rarity):
                    continue  # it says nothing that the question does not
                measures = {
                    "lexical": math.log1p(candidate.lexical),
                    "rank": candidate.score,
                    "words": _share(rarity, own),
                    "near": _share(rarity, before | own | after | title),
                    "type": float(offers(text, kind, question)),
                }
                places.append((candidate, sentence, measures))
        if not places:
            return Reading((), 0.0)
        places.sort(key=lambda place: -_weigh(place[2]))
        near = self._nearness(question, [s.cut(c.document.text) for c, s, _ in places[:EMBEDDED]])
        spans = [
            ScoredSpan(candidate, sentence, BIAS + _weigh(evidence), tuple(evidence.items()))
            for (candidate, sentence, measures), meaning in zip(places, near, strict=False)
            if (evidence := {"meaning": meaning, **measures})
        ]
        spans.sort(key=lambda each: -each.score)
        return Reading(tuple(spans), 0.0)

    def _nearness(self, question: str, texts: list[str]) -> list[float]:
        """Return the cosine between the question and each text."""
        cosines = self._embedder.encode(texts) @ self._embedder.encode_question(question)
        return [float(each) for each in cosines]

    def _rarity(self, question: str) -> dict[str, float]:
        """Return the inverse document frequency of each of the question's content words."""
        words = list(dict.fromkeys(terms(question)))
        total = self._passage_count()
        return {
            word: math.log1p((total - found + 0.5) / (found + 0.5))
            for word, found in zip(words, self._frequency_of(words), strict=True)
        }


def _weigh(measures: dict[str, float]) -> float:
    return sum(WEIGHTS[name] * value for name, value in measures.items())


def _share(rarity: dict[str, float], words: set[str]) -> float:
    """Return the share of the question's words among `words`, the rare ones counting more."""
    total = sum(rarity.values())
    return sum(weight for word, weight in rarity.items() if word in words) / total if total else 0.0
