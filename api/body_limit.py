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

UPLOADS: Final = ("POST", "/documents")
"""What takes files."""


class BodyTooLarge(Exception):
    """A body has more than `largest` bytes; `BodyLimit` says so to the client."""

    def __init__(self, largest: int) -> None:
        super().__init__(largest)
        self.largest = largest


class BodyLimit:
    """ASGI middleware that reads a request's body, and passes it on whole if it is small enough.

    Bytes are counted as they come, so a body that comes in chunks, or is longer than its
    Content-Length says, gets no further than one that says it is too long. An upload, which may be
    larger than memory, is passed on as it comes, and broken off where it becomes too large.
    """

    def __init__(
        self, app: ASGIApp, largest: int = LARGEST_BODY, largest_upload: int = LARGEST_BODY
    ) -> None:
        """Pass requests with at most `largest` bytes of body on to `app`, or `largest_upload`."""
        self.app = app
        self.largest = largest
        self.largest_upload = largest_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        uploading = (scope["method"], scope["path"]) == UPLOADS
        body = _Body(receive, self.largest_upload if uploading else self.largest)
        try:
            if _is_hopeless(scope, body.largest):
                raise BodyTooLarge(body.largest)
            await self.app(scope, body.receive if uploading else await body.whole(), send)
        except BodyTooLarge as refused:
            if not _is_hopeless(scope, refused.largest):
                await body.throw_away(PATIENCE * refused.largest)
            advice = "send fewer or smaller documents" if uploading else "ask in fewer words"
            detail = f"the body has more than {refused.largest:,} bytes; {advice}"
            refusal = ProblemResponse(TOO_LARGE, scope, detail, {"Connection": "close"})
            await refusal(scope, receive, send)


class _Body:
    """A request's body on its way in."""

    def __init__(self, receive: Receive, largest: int) -> None:
        self.largest = largest
        self._receive = receive
        self._size = 0
        self._more = True

    async def receive(self) -> Message:
        """Return the next message.

        Raises:
            BodyTooLarge: the body is, with this message.
        """
        message = await self._receive()
        self._size += len(message.get("body", b""))
        self._more = message.get("more_body", False)
        if self._size > self.largest:
            raise BodyTooLarge(self.largest)
        return message

    async def whole(self) -> Receive:
        """Read the body to its end; return what gives its messages again, and then the next.

        Raises:
            BodyTooLarge: it is.
        """
        messages = [await self.receive()]
        while self._more:
            messages.append(await self.receive())

        async def replay() -> Message:
            return messages.pop(0) if messages else await self._receive()

        return replay

    async def throw_away(self, most: int) -> None:
        """Read on to the end of the body, or until `most` bytes of it have come."""
        while self._more and self._size <= most:
            message = await self._receive()
            self._size += len(message.get("body", b""))
            self._more = message.get("more_body", False)


def _is_hopeless(scope: Scope, largest: int) -> bool:
    """Say whether a body is to be refused unread."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if not length.isdigit() or int(length) <= largest:
        return False
    # A client that sends Expect: 100-continue waits for our word before it sends a body.
    return b"expect" in headers or int(length) > PATIENCE * largest
