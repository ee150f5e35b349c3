"""What a client asks of a service: each call, with how its reply is read."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final, Generic, TypeAlias, TypeVar

from index.errors import CuttingsError
from qa import replies
from qa.question import Question
from qa.refusals import as_error
from qa.replies import read

Reply = TypeVar("Reply")

Event: TypeAlias = replies.Retrieved | replies.Tentative | replies.Answer

PAGE: Final = 500
"""Documents on a page of the list."""

_EVENTS: Final[Mapping[str, type[Event]]] = {
    "retrieved": replies.Retrieved,
    "candidate": replies.Tentative,
    "answer": replies.Answer,
}


@dataclass(frozen=True, slots=True)
class Call(Generic[Reply]):
    """One request. Parameters that are None are not sent."""

    method: str
    path: str
    read: Callable[[bytes], Reply]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    def as_request(self) -> dict[str, Any]:
        """Return it as httpx takes it."""
        given = {name: each for name, each in self.parameters.items() if each is not None}
        return {"method": self.method, "url": self.path, "params": given, "json": self.body}


def ask(question: Question) -> Call[replies.Answer]:
    """Ask one question."""
    return Call("POST", "/ask", reading(replies.Answer), body=_body(question))


def ask_all(questions: Sequence[str | Question]) -> Call[list[replies.Answer | CuttingsError]]:
    """Ask a batch of questions."""
    bodies = [_body(Question(each) if isinstance(each, str) else each) for each in questions]
    return Call("POST", "/ask/batch", _read_batch, body={"questions": bodies})


def search(
    words: str,
    limit: int,
    since: date | None,
    until: date | None,
    documents: Collection[int] | None,
) -> Call[tuple[replies.Hit, ...]]:
    """Search for passages."""
    chosen = None if documents is None else list(documents)
    wanted = {"q": words, "limit": limit, "since": since, "until": until, "documents": chosen}
    return Call("GET", "/search", lambda content: read(replies.Found, content).passages, wanted)


def verify(quote: str, document: int | None) -> Call[replies.Verdict]:
    """Look for a quotation."""
    body = {"quote": quote, "document": document}
    return Call("POST", "/verify", reading(replies.Verdict), body=body)


def documents(after: int) -> Call[replies.Documents]:
    """List documents, a page of them."""
    return Call("GET", "/documents", reading(replies.Documents), {"after": after, "limit": PAGE})


def document(document_id: int, version: int | None) -> Call[replies.FullDocument]:
    """Read a document, or one of its versions."""
    where = f"/documents/{document_id}"
    where += "" if version is None else f"/versions/{version}"
    return Call("GET", where, reading(replies.FullDocument))


def versions(document_id: int) -> Call[tuple[replies.Version, ...]]:
    """List the versions of a document."""
    where = f"/documents/{document_id}/versions"
    return Call("GET", where, lambda content: read(replies.Versions, content).versions)


def text(
    document_id: int, start: int, end: int | None, around: int, version: int | None
) -> Call[replies.Text]:
    """Read a range of a document's text."""
    wanted = {"start": start, "end": end, "around": around, "version": version}
    return Call("GET", f"/documents/{document_id}/text", reading(replies.Text), wanted)


def reading(reply: type[Reply]) -> Callable[[bytes], Reply]:
    """Return what reads such replies."""
    return lambda content: read(reply, content)


def event(name: str, data: str) -> Event | None:
    """Return an event of a stream; None for one that only a newer service knows.

    Raises:
        CuttingsError: the event is an error.
        ValueError: its data is not what such an event has.
    """
    if name == "error":
        raise as_error(json.loads(data))
    return read(_EVENTS[name], data) if name in _EVENTS else None


def _read_batch(content: bytes) -> list[replies.Answer | CuttingsError]:
    return [
        as_error(_document(each)) if isinstance(each, replies.Problem) else each
        for each in read(replies.Replies, content).replies
    ]


def _document(problem: replies.Problem) -> dict[str, Any]:
    return {name: each for name, each in asdict(problem).items() if each is not None}


def _body(question: Question) -> dict[str, Any]:
    """Return a question as JSON, without what it does not say."""
    days = {"since": question.since, "until": question.until}
    return {
        "question": question.question,
        "history": [each if isinstance(each, str) else asdict(each) for each in question.history],
        **{name: day.isoformat() for name, day in days.items() if day is not None},
        **({} if question.top_k is None else {"top_k": question.top_k}),
        **({} if question.documents is None else {"documents": list(question.documents)}),
        **({"as_is": True} if question.as_is else {}),
    }
