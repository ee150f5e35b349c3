"""Refuses requests whose body is too large, before anything else sees them."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kinds import TOO_LARGE
from api.problems import ProblemResponse

LARGEST_BODY: Final = 1_000_000
"""Bytes in the body of a request, at most: a question and its history are far shorter."""

PATIENCE: Final = 10
"""How many times the limit is read before giving up on a client that goes on sending.

A client learns why it was refused only if the connection stays open until it has sent everything.
"""


class BodyLimit:
    """ASGI middleware that reads a request's body, and passes it on whole if it is small enough.

    Bytes are counted as they come, so a body that comes in chunks, or is longer than its
    Content-Length says, gets no further than one that says it is too long.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        """Pass requests with at most `largest` bytes of body on to `app`."""
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = None if self._is_hopeless(scope) else await self._read(receive)
        if body is None:
            detail = f"the body has more than {self.largest:,} bytes; ask in fewer words"
            refusal = ProblemResponse(TOO_LARGE, scope, detail, {"Connection": "close"})
            await refusal(scope, receive, send)
            return

        async def replay() -> Message:
            return body.pop(0) if body else await receive()

        await self.app(scope, replay, send)

    def _is_hopeless(self, scope: Scope) -> bool:
        """Say whether a body is to be refused unread."""
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"")
        if not length.isdigit() or int(length) <= self.largest:
            return False
        # A client that sends Expect: 100-continue waits for our word before it sends a body.
        return b"expect" in headers or int(length) > PATIENCE * self.largest

    async def _read(self, receive: Receive) -> list[Message] | None:
        """Return the messages that make up the body, or None if it is too large."""
        messages: list[Message] = []
        size = 0
        more = True
        while more and size <= PATIENCE * self.largest:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
            if size <= self.largest:
                messages.append(message)
        return messages if size <= self.largest else None
