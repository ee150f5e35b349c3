"""A service elsewhere, for programs: the methods of `qa.Archive`, over HTTP."""

from collections.abc import Collection, Generator, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Self, TypeVar

from index.errors import CuttingsError, NoService
from qa import calls, replies
from qa.async_client import AsyncClient
from qa.calls import Call, Event
from qa.connection import (
    ADDRESS,
    RETRIES,
    TIMEOUT,
    connect_sse,
    httpx,
    in_batches,
    options,
    reaching,
    received,
    refusal,
)
from qa.defaults import TOP_K
from qa.question import Question
from qa.types import Turn

__all__ = ["AsyncClient", "Client"]

Reply = TypeVar("Reply")


class Client:
    """Asks a service. Safe to use from any thread.

    A service that is busy, or not ready, is asked again when it says so. What it refuses is raised
    as the error that `qa.Archive` would raise, with its problem document as the cause.

        >>> from qa.client import Client
        >>> with Client("http://127.0.0.1:8000") as client:
        ...     given = client.ask("How many children needed specialist services?")
        ...     verdict = client.verify(given.sentence)
        >>> given.answer
        '1,789'
        >>> given.citation.document.published
        datetime.date(2017, 9, 5)
        >>> verdict.result
        'found'
    """

    def __init__(
        self,
        address: str = ADDRESS,
        *,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Ask the service at `address`; nothing is sent yet.

        Args:
            address: as `qa serve` prints it.
            timeout: seconds to wait for the next bytes, and, all in all, between retries.
            retries: how often a service that says "later" (429, 503) is asked again.
            headers: sent with each request.
            transport: how to get there, through a proxy for example, instead of directly.
        """
        self._http = httpx.Client(**options(address, timeout, retries, headers, transport))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        history: Sequence[Turn | str] = (),
        since: date | None = None,
        until: date | None = None,
        top_k: int | None = None,
        documents: Collection[int] | None = None,
        *,
        as_is: bool = False,
    ) -> replies.Answer:
        """Answer one question.

        Raises:
            BadQuestion: the question, an earlier one, or the range of dates makes no sense.
            CuttingsError: see `qa.refusals`; so for all methods.
            NoService: nothing answers there, or something else does; so for all methods.
        """
        return self._send(
            calls.ask(Question(question, history, since, until, top_k, documents, as_is))
        )

    def stream(
        self,
        question: str,
        history: Sequence[Turn | str] = (),
        since: date | None = None,
        until: date | None = None,
        top_k: int | None = None,
        documents: Collection[int] | None = None,
        *,
        as_is: bool = False,
    ) -> Generator[Event, None, None]:
        """Do what `ask` does; yield what is known on the way, and at last the answer.

        Closing the generator hangs up.
        """
        request = calls.ask(
            Question(question, history, since, until, top_k, documents, as_is)
        ).as_request()
        with reaching(self._http.base_url), connect_sse(self._http, **request) as source:
            if not source.response.is_success:
                source.response.read()
                raise refusal(source.response)
            for each in source.iter_sse():
                event = calls.event(each.event, each.data)
                if event is not None:
                    yield event
                if isinstance(event, replies.Answer):
                    return
        raise NoService(f"{self._http.base_url} hung up before the answer; ask again")

    def ask_all(self, questions: Sequence[str | Question]) -> list[replies.Answer | CuttingsError]:
        """Answer questions, a batch at a time; where one fails, its error stands in its place."""
        sent = (self._send(calls.ask_all(each)) for each in in_batches(questions))
        return [reply for batch in sent for reply in batch]

    def search(
        self,
        words: str,
        limit: int = TOP_K,
        since: date | None = None,
        until: date | None = None,
        documents: Collection[int] | None = None,
    ) -> tuple[replies.Hit, ...]:
        """Return the passages nearest to some words, best first.

        Raises:
            BadQuestion: the words or the range of dates makes no sense.
        """
        return self._send(calls.search(words, limit, since, until, documents))

    def verify(self, quote: str, document: int | None = None) -> replies.Verdict:
        """Say whether a quotation is in the archive, or in a document.

        Raises:
            UnknownDocument: there is no such document, and never was.
            BadQuote: the quotation is empty, or no text.
        """
        return self._send(calls.verify(quote, document))

    def documents(self) -> list[replies.Document]:
        """Return all documents, without their texts, in order of id."""
        found: list[replies.Document] = []
        after: int | None = 0
        while after is not None:
            page = self._send(calls.documents(after))
            found += page.documents
            after = page.next
        return found

    def document(self, document_id: int, version: int | None = None) -> replies.FullDocument:
        """Return a document with its text, or one of its versions.

        Raises:
            UnknownDocument: there is none.
        """
        return self._send(calls.document(document_id, version))

    def versions(self, document_id: int) -> tuple[replies.Version, ...]:
        """Return the versions of a document, also of one that has vanished, the first one first.

        Raises:
            UnknownDocument: there is none, and never was.
        """
        return self._send(calls.versions(document_id))

    def text(
        self,
        document_id: int,
        start: int = 0,
        end: int | None = None,
        around: int = 0,
        version: int | None = None,
    ) -> replies.Text:
        """Return a range of a document's text, and as many code points around it as wanted.

        Raises:
            UnknownDocument: there is none.
            BadRange: its text has no such range.
        """
        return self._send(calls.text(document_id, start, end, around, version))

    def _send(self, call: Call[Reply]) -> Reply:
        with reaching(self._http.base_url):
            response = self._http.request(**call.as_request())
        return received(call, response)
