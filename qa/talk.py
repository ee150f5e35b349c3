"""What is kept of a conversation: itself, its answers, and what was thought of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias
from unicodedata import category

from index.errors import BadName
from qa.scope import Scope
from qa.types import in_utc

Verdict: TypeAlias = Literal["right", "wrong answer", "wrong citation"]
"""What somebody thought of an answer."""

_NO_TEXT: Final = ("Cc", "Cs")
"""Unicode's categories of control characters and of lone surrogates."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Questions that belong together. Moments are in UTC.

    `name` is None until it is named or its first question names it. `place` orders conversations of
    one owner by when they were last asked something, the newest highest.
    """

    id: str
    owner: str
    name: str | None
    created: datetime
    updated: datetime
    place: int
    scope: Scope
    answers: int

    def as_json(self) -> dict[str, Any]:
        """Return the conversation, without its answers, as JSON has it."""
        return {
            "id": self.id,
            "name": self.name,
            "created": in_utc(self.created),
            "updated": in_utc(self.updated),
            "scope": self.scope.as_json(),
            "answers": self.answers,
        }


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of an answer, and when. `note` may be empty."""

    verdict: Verdict
    note: str
    given: datetime

    def as_json(self) -> dict[str, Any]:
        """Return the feedback as JSON has it."""
        return {"verdict": self.verdict, "note": self.note, "given": in_utc(self.given)}


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given, in the form of `Answer.as_json`, whatever has changed since.

    `conversation` is None where it was asked outside of one, and `number` then 0; in one, it only
    grows. `scope` is what the question was asked of.
    """

    id: str
    owner: str
    conversation: str | None
    number: int
    asked: datetime
    scope: Scope
    answer: dict[str, Any]
    feedback: Feedback | None

    @property
    def question(self) -> str:
        """The question as it was asked."""
        return str(self.answer["question"])

    def as_json(self) -> dict[str, Any]:
        """Return everything about it but whose it is, as JSON has it."""
        return {
            "id": self.id,
            "conversation": self.conversation,
            "asked": in_utc(self.asked),
            "scope": self.scope.as_json(),
            "answer": self.answer,
            "feedback": None if self.feedback is None else self.feedback.as_json(),
        }


def now() -> datetime:
    """Return this second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def check_text(text: str, what: str, longest: int) -> str:
    """Return a text that somebody gave, without the white space around it.

    Raises:
        BadName: longer than `longest` characters, or with characters that no text holds.
    """
    kept = text.strip()
    if len(kept) > longest:
        raise BadName(
            f"the {what} has {len(kept):,} characters, and the limit is {longest:,}; shorten it"
        )
    for at, each in enumerate(kept):
        if category(each) in _NO_TEXT and not each.isspace():
            raise BadName(
                f"the {what} has a character that is no text (U+{ord(each):04X}) at position {at}; "
                "remove it"
            )
    return kept
