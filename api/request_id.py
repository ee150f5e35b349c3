"""Gives each request an id, by which its reply, its log lines and its problem can be told."""

import re
import uuid
from contextvars import ContextVar
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "X-Request-ID"

_SANE: Final = re.compile(r"[\w.:/+=@~-]{1,128}", re.ASCII)
"""What is taken from a client: what a log shows as it is, and no more than a line can bear."""

# A context variable reaches whatever the request calls, in worker threads too.
_current: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)


def current() -> str | None:
    """Return the id of the request that is being handled, or None outside of any."""
    return _current.get()


class RequestId:
    """ASGI middleware that takes a request's id from its header or makes one, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        """Name the requests of `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        name = given if _SANE.fullmatch(given) else uuid.uuid4().hex

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        token = _current.set(name)
        try:
            await self.app(scope, receive, send_named)
        finally:
            _current.reset(token)
