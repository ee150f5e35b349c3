"""Answers that are clauses: why, how, and what somebody said.

A reader trained on short answers points at the heart of such an answer. What is wanted is the
clause around it, or the words between quotation marks.
"""

import re
from typing import Final

from index.types import Span

_WANTED: Final = re.compile(
    r"^\W*(?:why\b|how (?:did|does|do|was|were|is|are|can|could|will|would|has|have|had)\b)"
    r"|\bwhat (?:did|does|do|has|have|had) .+? (?:say|said|tell|told|claim|claimed|write|wrote|"
    r"written|tweet|tweeted|reply|replied|argue|argued|warn|warned|announce|announced|admit|"
    r"admitted|promise|promised|explain|explained|think|thought|believe|believed)\b",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"“[^“”]+”|\"[^\"]+\"|(?<!\w)‘[^‘’]+(?:’\w[^‘’]*)*’(?!\w)")
_BREAKS: Final = re.compile(
    r"[,;:](?=\s)|\s[–—-]\s|[“”\"]|[.!?…]+(?=\W*$)"
    r"|\b(?:because(?: of)?|due to|owing to|so that|in order to|which|who|while|although|but)\b",
    re.IGNORECASE,
)
SHORT: Final = 3
"""Words that a heart has, at most. A longer span is a clause already."""


def asks_for_clause(question: str) -> bool:
    """Say whether a question's answer is a clause rather than a name or a number."""
    return bool(_WANTED.search(question))


def widen(text: str, span: Span, sentence: Span) -> Span:
    """Return the quotation or the clause of `sentence` that holds `span`, or `span` itself.

    Args:
        text: the document, in whose code points both spans count.
        span: what a reader found.
        sentence: which holds it.
    """
    if not sentence.holds(span) or len(span.cut(text).split()) > SHORT:
        return span
    for found in _QUOTED.finditer(text, sentence.start, sentence.end):
        inner = Span(found.start() + 1, found.end() - 1)
        if inner.holds(span):
            return inner
    start, end = sentence.start, sentence.end
    for found in _BREAKS.finditer(text, sentence.start, sentence.end):
        if found.end() <= span.start:
            start = found.end()
        elif found.start() >= span.end:
            end = found.start()
            break
    return Span(start, end)
