"""The first reader: it weighs every sentence of the passages, and needs no training of its own.

A sentence is scored from five plain measures: how near it is in meaning to the question, how near
its passage is, how much of the question's content words it holds (rare words counting more), how
much its passage and title hold, and whether it has the kind of thing that is asked for.
The weights turn their sum into the log-odds that the sentence answers the question.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final

from index.embed import Embedder
from index.terms import terms
from qa.answer_type import asked_for, offers
from qa.types import Candidate, Reading, ScoredSpan

FrequencyOf = Callable[[Sequence[str]], list[int]]
"""Returns in how many passages of the archive each of some terms occurs."""

WEIGHTS: Final = {
    "meaning": 5.0,
    "passage_meaning": 2.0,
    "words": 3.0,
    "context_words": 2.0,
    "type": 1.0,
    "bias": -7.0,
}


class SentenceReader:
    """See `qa.read.Reader`. Every span is a whole sentence."""

    name = "sentences"

    def __init__(
        self, embedder: Embedder, frequency_of: FrequencyOf, passages: Callable[[], int]
    ) -> None:
        """Read with `embedder`; the other two tell how rare a word is in the archive."""
        self._embedder = embedder
        self._frequency_of = frequency_of
        self._passages = passages

    def read(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        """See `qa.read.Reader`."""
        places = [
            (candidate, sentence)
            for candidate in candidates
            for sentence in candidate.passage.sentences
        ]
        if not places:
            return Reading((), 0.0)
        texts = [sentence.cut(candidate.document.text) for candidate, sentence in places]
        nearness = self._embedder.encode(texts) @ self._embedder.encode_question(question)
        rarity = self._rarity(question)
        kind = asked_for(question)
        spans = []
        for (candidate, sentence), text, near in zip(places, texts, nearness, strict=True):
            words = set(terms(text))
            context = words.union(terms(candidate.passage.text), terms(candidate.document.title))
            evidence = {
                "meaning": float(near),
                "passage_meaning": candidate.dense,
                "words": _share(rarity, words),
                "context_words": _share(rarity, context),
                "type": float(offers(text, kind, question)),
                "bias": 1.0,
            }
            score = sum(WEIGHTS[name] * value for name, value in evidence.items())
            spans.append(ScoredSpan(candidate, sentence, score, tuple(evidence.items())))
        spans.sort(key=lambda each: -each.score)
        return Reading(tuple(spans), 0.0)

    def _rarity(self, question: str) -> dict[str, float]:
        """Return the inverse document frequency of each of the question's content words."""
        words = list(dict.fromkeys(terms(question)))
        total = self._passages()
        return {
            word: math.log(1 + (total - found + 0.5) / (found + 0.5))
            for word, found in zip(words, self._frequency_of(words), strict=True)
        }


def _share(rarity: dict[str, float], words: set[str]) -> float:
    """Return the share of the question's words among `words`, the rare ones counting more."""
    total = sum(rarity.values())
    return sum(weight for word, weight in rarity.items() if word in words) / total if total else 0.0
