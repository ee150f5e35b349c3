"""What is known of a stretch of text and a question, whoever reads it: words, ranks, kinds."""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from index.terms import terms
from index.types import Span
from qa.answer_type import asked_for, offers
from qa.types import Candidate

FrequencyOf: TypeAlias = Callable[[Sequence[str]], list[int]]
"""Returns in how many passages of the archive each of some terms occurs."""


class Measures:
    """Measures sentences against one question.

    - lexical: the log of the passage's BM25 score
    - dense: the cosine of the passage and the question
    - rank: the passage's fused rank score
    - words: the share of the question's content words in the sentence, the rare counting more
    - near: their share in the sentence, its neighbours and the title together
    - type: 1.0 if the text has the kind of thing that is asked for
    """

    def __init__(self, question: str, frequency_of: FrequencyOf, passage_count: int) -> None:
        """Look up how rare the question's words are in the archive."""
        self.question = question
        self.kind = asked_for(question)
        words = list(dict.fromkeys(terms(question)))
        self._rarity = {
            word: math.log1p((passage_count - found + 0.5) / (found + 0.5))
            for word, found in zip(words, frequency_of(words), strict=True)
        }

    def sentences(self, candidate: Candidate) -> list[tuple[Span, dict[str, float]]]:
        """Return each sentence of the candidate's passage that says more than the question does."""
        sentences = candidate.passage.sentences
        texts = [each.cut(candidate.document.text) for each in sentences]
        # With empty neighbours before the first and after the last.
        words = [set[str](), *(set(terms(each)) for each in texts), set[str]()]
        title = set(terms(candidate.document.title))
        measured = []
        for at, (sentence, text) in enumerate(zip(sentences, texts, strict=True)):
            before, own, after = words[at : at + 3]
            if own.issubset(self._rarity):
                continue
            measures = {
                "lexical": math.log1p(candidate.lexical),
                "dense": candidate.dense,
                "rank": candidate.score,
                "words": self._share(own),
                "near": self._share(before | own | after | title),
                "type": float(offers(text, self.kind, self.question)),
            }
            measured.append((sentence, measures))
        return measured

    def _share(self, words: set[str]) -> float:
        total = sum(self._rarity.values())
        held = sum(weight for word, weight in self._rarity.items() if word in words)
        return held / total if total else 0.0
