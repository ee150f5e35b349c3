"""What is told of a question on the way to its answer, and as a stream of events."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api import examples
from api.failures import as_problem
from api.hang_up import unless_hung_up

MEDIA_TYPE: Final = "text/event-stream"

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Vary": "Accept",
    "X-Accel-Buffering": "no",  # nginx would keep all of it back until the end
}


class Event(NamedTuple):
    """`retrieved`, `candidate`, `answer` or `error`, with its data, which JSON can hold."""

    name: str
    data: dict[str, Any]

    def encode(self) -> bytes:
        """Return the event as it is sent. JSON escapes line breaks, so its data is one line."""
        data = json.dumps(self.data, ensure_ascii=False, allow_nan=False)
        return f"event: {self.name}\ndata: {data}\n\n".encode()


DOCUMENTED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The answer, at once or with what is known on the way to it",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "string",
                    "description": "Events whose `data` is JSON on one line. `retrieved`: the "
                    "`passages` that will be read, as the answer has them. `candidate`: the best "
                    "quotation so far, word for word its document's, which is not the answer: "
                    "a better one may follow, or none be good enough; there may be none, or "
                    "several. `answer`: the same as without streaming. `error`: a problem document "
                    "in the answer's place. `answer` or `error` is the last.",
                },
                "example": b"".join(
                    each.encode()
                    for each in (
                        Event("retrieved", {"passages": examples.ANSWER["passages"]}),
                        Event("candidate", examples.TENTATIVE),
                        Event("answer", examples.ANSWER),
                    )
                ).decode(),
            }
        },
    }
}
"""What OpenAPI says of a response of events, besides the JSON."""


class EventStream(StreamingResponse):
    """Events as server-sent events. One that hangs up closes `events`."""

    media_type = MEDIA_TYPE

    def __init__(self, scope: Scope, first: Event, events: AsyncGenerator[Event, None]) -> None:
        """Send `first`, then `events`; if they fail, the event `error`, which is the last."""
        self._events = events
        super().__init__(_encoded(scope, first, events), headers=_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send everything."""
        async with aclosing(self._events):
            await super().__call__(scope, receive, send)


async def stream(request: Request, events: AsyncGenerator[Event, None]) -> EventStream:
    """Return a response of events that has not begun before there is one.

    What fails before that is raised, so that it has a status of its own.
    """
    first = await unless_hung_up(request, _next(events))
    return EventStream(request.scope, first, events)


async def last(events: AsyncGenerator[Event, None]) -> Event:
    """Return the last event."""
    return [each async for each in events][-1]


async def _next(events: AsyncGenerator[Event, None]) -> Event:
    return await anext(events)


async def _encoded(
    scope: Scope, first: Event, events: AsyncIterator[Event]
) -> AsyncIterator[bytes]:
    yield first.encode()
    try:
        async for each in events:
            yield each.encode()
    except Exception as error:  # whatever it is, the client is told
        yield Event("error", as_problem(error, scope)).encode()
