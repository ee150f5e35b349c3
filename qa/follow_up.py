"""A question in a conversation -> a question that stands alone.

A question that leans on the conversation ("Where had she worked before?") is asked together with
the question before it, which names what it leans on. One that stands alone is left alone.
"""

import re
from collections.abc import Sequence

from index.terms import terms

_LEANS = re.compile(
    r"\b(?:he|she|it|they|him|her|his|hers|its|them|their|theirs|this|that|these|those|there|then|"
    r"one|ones|former|latter|same)\b",
    re.IGNORECASE,
)
_CARRIES_ON = re.compile(
    r"^(?:and|but|so|or|what about|how about|why|how|when|where|who|which)\b", re.I
)
_FEWEST_TERMS = 2


def leans(question: str) -> bool:
    """Say whether a question needs the conversation before it to be understood."""
    few = len(terms(question)) < _FEWEST_TERMS
    return bool(_LEANS.search(question)) or (few and bool(_CARRIES_ON.match(question)))


def stand_alone(question: str, history: Sequence[str]) -> str:
    """Return `question` as it can be asked without `history`: earlier questions, oldest first."""
    if not history or not leans(question):
        return question
    # What the last question leans on itself stands in the ones before it.
    needed = [history[-1]]
    for earlier in reversed(history[:-1]):
        if not leans(needed[0]):
            break
        needed.insert(0, earlier)
    return " ".join([*needed, question])
