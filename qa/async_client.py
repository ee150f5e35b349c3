"""The client for programs that do other things meanwhile: `qa.client.Client` with `await`."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Self, TypeVar

from index.errors import CuttingsError, NoService
from qa import calls, replies
from qa.calls import Call, Event
from qa.connection import (
    ADDRESS,
    RETRIES,
    TIMEOUT,
    aconnect_sse,
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

Reply = TypeVar("Reply")


class AsyncClient:
    """Asks a service; see `qa.client.Client` for what its methods do and raise.

    >>> import asyncio
    >>> from qa.client import AsyncClient
    >>> async def main() -> None:
    ...     async with AsyncClient("http://127.0.0.1:8000") as client:
    ...         async for event in client.stream("Who edits Inside Croydon?"):
    ...             print(type(event).__name__)
    >>> asyncio.run(main())
    Retrieved
    Answer
    """

    def __init__(
        self,
        address: str = ADDRESS,
        *,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        headers: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Ask the service at `address`; nothing is sent yet.

        Args:
            address: as `qa serve` prints it.
            timeout: seconds to wait for the next bytes, and, all in all, between retries.
            retries: how often a service that says "later" (429, 503) is asked again.
            headers: sent with each request.
            transport: how to get there, through a proxy for example, instead of directly.
        """
        self._http = httpx.AsyncClient(**options(address, timeout, retries, headers, transport))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(
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
        """Answer one question."""
        return await self._send(
            calls.ask(Question(question, history, since, until, top_k, documents, as_is))
        )

    async def stream(
        self,
        question: str,
        history: Sequence[Turn | str] = (),
        since: date | None = None,
        until: date | None = None,
        top_k: int | None = None,
        documents: Collection[int] | None = None,
        *,
        as_is: bool = False,
    ) -> AsyncGenerator[Event, None]:
        """Do what `ask` does; yield what is known on the way, and at last the answer.

        Closing the generator hangs up.
        """
        request = calls.ask(
            Question(question, history, since, until, top_k, documents, as_is)
        ).as_request()
        with reaching(self._http.base_url):
            async with aconnect_sse(self._http, **request) as source:
                if not source.response.is_success:
                    await source.response.aread()
                    raise refusal(source.response)
                async for each in source.aiter_sse():
                    event = calls.event(each.event, each.data)
                    if event is not None:
                        yield event
                    if isinstance(event, replies.Answer):
                        return
        raise NoService(f"{self._http.base_url} hung up before the answer; ask again")

    async def ask_all(
        self, questions: Sequence[str | Question]
    ) -> list[replies.Answer | CuttingsError]:
        """Answer questions, a batch at a time; where one fails, its error stands in its place."""
        sent = [await self._send(calls.ask_all(each)) for each in in_batches(questions)]
        return [reply for batch in sent for reply in batch]

    async def search(
        self,
        words: str,
        limit: int = TOP_K,
        since: date | None = None,
        until: date | None = None,
        documents: Collection[int] | None = None,
    ) -> tuple[replies.Hit, ...]:
        """Return the passages nearest to some words, best first."""
        return await self._send(calls.search(words, limit, since, until, documents))

    async def verify(self, quote: str, document: int | None = None) -> replies.Verdict:
        """Say whether a quotation is in the archive, or in a document."""
        return await self._send(calls.verify(quote, document))

    async def documents(self) -> list[replies.Document]:
        """Return all documents, without their texts, in order of id."""
        found: list[replies.Document] = []
        after: int | None = 0
        while after is not None:
            page = await self._send(calls.documents(after))
            found += page.documents
            after = page.next
        return found

    async def document(self, document_id: int, version: int | None = None) -> replies.FullDocument:
        """Return a document with its text, or one of its versions."""
        return await self._send(calls.document(document_id, version))

    async def versions(self, document_id: int) -> tuple[replies.Version, ...]:
        """Return the versions of a document, also of one that has vanished, the first one first."""
        return await self._send(calls.versions(document_id))

    async def text(
        self,
        document_id: int,
        start: int = 0,
        end: int | None = None,
        around: int = 0,
        version: int | None = None,
    ) -> replies.Text:
        """Return a range of a document's text, and as many code points around it as wanted."""
        return await self._send(calls.text(document_id, start, end, around, version))

    async def _send(self, call: Call[Reply]) -> Reply:
        with reaching(self._http.base_url):
            response = await self._http.request(**call.as_request())
        return received(call, response)
