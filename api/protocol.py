"""HTTP/1.1 as uvicorn speaks it, but with an end to how long a request's head may take.

uvicorn waits for ever for a connection's first request, and for a head that comes a byte at a time:
its own timer, of the time between two requests, ends with the first byte. Such a client takes up a
connection, of which a process has not many.
"""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


def patient(seconds: float) -> type[H11Protocol]:
    """Return a protocol for `uvicorn.Config(http=...)` that waits so long for a head, no longer."""

    class Patient(H11Protocol):
        _head_due: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            self._forget()

        def _watch(self) -> None:
            answering = self.cycle is not None and not self.cycle.response_complete
            if answering:
                self._forget()
            elif self._head_due is None:
                self._head_due = self.loop.call_later(seconds, self.transport.abort)

        def _forget(self) -> None:
            if self._head_due is not None:
                self._head_due.cancel()
                self._head_due = None

    return Patient
