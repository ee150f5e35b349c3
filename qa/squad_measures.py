"""The measures of SQuAD, as its scorer has them (Rajpurkar et al. 2016, 2018)."""

import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

_PUNCTUATION: Final = str.maketrans("", "", string.punctuation)
_ARTICLES: Final = re.compile(r"\b(a|an|the)\b")


class Scores(NamedTuple):
    """How one prediction compares with the right answers, each measure from 0 to 1."""

    em: float
    f1: float


def scores(said: str, answers: Sequence[str]) -> Scores:
    """Compare a prediction with the right answers; the best match counts.

    Args:
        said: the prediction, empty for an abstention.
        answers: none where the question has no answer. Only saying nothing is right then.
    """
    # An answer of which nothing is left to compare is none: SQuAD 2.0's scorer drops it too.
    gold = [each for each in answers if normalize(each)] or [""]
    return Scores(
        max(exact_match(said, each) for each in gold), max(f1_score(said, each) for each in gold)
    )


def normalize(text: str) -> str:
    """Return a short answer as it is compared: no case, ASCII punctuation or articles."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(said: str, gold: str) -> float:
    """Return 1.0 if the two say the same, else 0.0."""
    return float(normalize(said) == normalize(gold))


def f1_score(said: str, gold: str) -> float:
    """Return the F1 of the words that two short answers share, from 0 to 1."""
    ours, theirs = normalize(said).split(), normalize(gold).split()
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))
