"""The Reader seam: a question and passages in, scored spans and a no-answer score out."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from qa.stages import ignore
from qa.types import Candidate, Reading, ScoredSpan

TellSpan: TypeAlias = Callable[[ScoredSpan], None]
"""Is told a span that is better than all before it."""


class Reader(Protocol):
    """Finds the spans of the candidates' documents that answer a question.

    Spans lie inside their candidate's passage. A reader that knows only whole sentences returns
    those; one that finds short answers returns them, and `qa.answer` adds the sentence around.
    """

    name: str

    def read(
        self, question: str, candidates: Sequence[Candidate], tell: TellSpan = ignore, /
    ) -> Reading:
        """Return the spans that may answer `question`, best first, and the no-answer score.

        While it reads, it may tell the best span so far, if that is better than no answer. What
        `tell` raises is passed on.
        """
