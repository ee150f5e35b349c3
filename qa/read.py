"""The Reader seam: a question and passages in, scored spans and a no-answer score out."""

from collections.abc import Sequence
from typing import Protocol

from qa.types import Candidate, Reading


class Reader(Protocol):
    """Finds the spans of the candidates' documents that answer a question.

    Spans lie inside their candidate's passage. A reader that knows only whole sentences returns
    those; one that finds short answers returns them, and `qa.answer` adds the sentence around.
    """

    name: str

    def read(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        """Return the spans that may answer `question`, best first, and the no-answer score."""
