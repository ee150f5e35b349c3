"""What answering does unless it is told otherwise, and how far it can be told."""

from typing import Final

TOP_K: Final = 10
"""Passages read for each question."""

MOST_PASSAGES: Final = 100
"""Passages that may be asked for."""

MOST_QUESTIONS: Final = 50
"""Questions in one batch over HTTP: answered in some ten seconds."""

MIN_CONFIDENCE: Final = 0.4
"""The confidence below which an answer is withheld.

Where right answers given and unanswerable questions refused, as shares, add up to the most in the
mean of five sets of questions about as many archives."""
