"""What counts as a question."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from index.errors import BadQuestion
from qa.types import Turn

LONGEST_QUESTION: Final = 1000
"""Characters in a question, at most, unless the settings say otherwise."""

LONGEST_ALLOWED: Final = 10_000
"""What they can say: models read the beginning of a question, and no more than this."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what it may be answered from: see `qa.answer.Answerer.ask`."""

    question: str
    history: Sequence[Turn | str] = ()
    since: date | None = None
    until: date | None = None
    top_k: int | None = None
    documents: Collection[int] | None = None
    as_is: bool = False


def check_question(text: str, longest: int = LONGEST_QUESTION) -> str:
    """Return the question without the white space around it.

    Args:
        text: the question.
        longest: characters that it may have.

    Raises:
        BadQuestion: blank, too long, or with characters that no text holds.
    """
    question = text.strip()
    if not question:
        raise BadQuestion(
            "the question is empty; ask something, for example: Who wrote the report?"
        )
    if len(question) > longest:
        raise BadQuestion(
            f"the question has {len(question):,} characters, and the limit is "
            f"{longest:,}; ask in fewer words"
        )
    for at, each in enumerate(question):
        if (each < " " and each not in "\t\n\r") or "\x7f" <= each <= "\x9f":
            raise BadQuestion(
                f"the question has a control character (U+{ord(each):04X}) at position {at}; "
                "remove it"
            )
        if "\ud800" <= each <= "\udfff":
            raise BadQuestion(
                f"the question is not valid text (a lone surrogate at position {at}); "
                "send it as UTF-8"
            )
    return question


_UNSPOKEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\s\ud800-\udfff]+")


def check_history(history: Sequence[Turn | str], longest: int = LONGEST_QUESTION) -> list[Turn]:
    """Return the turns of a conversation, each question as `check_question` returns it.

    What was answered is a document's, and taken as it is, as one line.

    Raises:
        BadQuestion: an earlier question that cannot be one.
    """
    turns = [Turn(each) if isinstance(each, str) else each for each in history]
    return [
        replace(
            each,
            question=check_question(each.question, longest),
            standalone_question=None
            if each.standalone_question is None
            else check_question(each.standalone_question, longest),
            answer=_spoken(each.answer),
            sentence=_spoken(each.sentence),
            title=_spoken(each.title),
        )
        for each in turns
    ]


def _spoken(text: str | None) -> str | None:
    """Return a text as one line; None if there is nothing on it."""
    line = None if text is None else _UNSPOKEN.sub(" ", text).strip()
    return None if line == "" else line
