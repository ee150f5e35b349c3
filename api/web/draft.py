"""What stands in the form in which one asks: typed, chosen, and sent from page to page."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from starlette.datastructures import ImmutableMultiDict

from api.web.page import in_words
from index.errors import BadQuestion
from qa.scope import Scope


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that has not been asked yet, and what it may be answered from.

    `talk` is the conversation that it belongs to; `history` holds the questions before it, where no
    conversation could be kept. `instead` is the answer whose place its own is to take: then the
    question is asked as it is, or, with `typed`, as it was typed at first. It is `limited` if its
    days and documents are all that may be looked at, none meaning any; else the conversation's are.
    """

    question: str = ""
    talk: str = ""
    since: str = ""
    until: str = ""
    documents: tuple[str, ...] = ()
    limited: bool = False
    instead: str = ""
    typed: bool = False
    history: tuple[str, ...] = ()

    @classmethod
    def read(cls, sent: ImmutableMultiDict[str, Any]) -> "Draft":
        """Return what a browser sent, in an address or a form."""

        def one(name: str) -> str:
            return str(sent.get(name, ""))

        return cls(
            question=one("question"),
            talk=one("talk"),
            since=one("since"),
            until=one("until"),
            documents=tuple(map(str, sent.getlist("in"))),
            limited="limited" in sent or "in" in sent,
            instead=one("instead"),
            typed=one("as") == "typed",
            history=tuple(map(str, sent.getlist("history"))),
        )

    def answered(self) -> "Draft":
        """Return what stands in the form once this has been asked, and could not be kept."""
        return replace(self, question="", history=(*self.history, self.question))

    def within(self, scope: Scope) -> "Draft":
        """Return this draft with the limits of a conversation."""
        documents = () if scope.documents is None else scope.documents
        return replace(
            self,
            since="" if scope.since is None else str(scope.since),
            until="" if scope.until is None else str(scope.until),
            documents=tuple(map(str, documents)),
        )

    @property
    def scope(self) -> Scope:
        """What the question may be answered from.

        Raises:
            BadQuestion: something of it is no day, or no document's id.
        """
        return Scope(
            documents=tuple(map(_id, self.documents)) if self.documents else None,
            since=_day(self.since),
            until=_day(self.until),
        )


def limits(scope: Scope) -> str:
    """Return what may be looked at, in a few words."""
    since, until = (None if each is None else in_words(each) for each in (scope.since, scope.until))
    if since is None and until is None:
        days = "of any date"
    elif until is None:
        days = f"since {since}"
    elif since is None:
        days = f"until {until}"
    else:
        days = f"from {since} to {until}"
    count = None if scope.documents is None else len(scope.documents)
    which = "All documents" if count is None else f"{count:,} document{'s' if count != 1 else ''}"
    return f"{which}, {days}"


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadQuestion(f"{text!r} is no day; write it like 2017-09-05") from None


def _id(text: str) -> int:
    if not text.isdecimal():
        raise BadQuestion(f"{text!r} is no document's id; choose documents from the list")
    return int(text)
