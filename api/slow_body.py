"""Hangs up on clients that take too long to send a request's body."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kinds import TOO_SLOW
from api.problems import ProblemResponse

PACE: Final = 10_000
"""Bytes that buy a client another second: the slowest line on which a large body gets through."""


class SlowBody:
    """ASGI middleware that gives a body some seconds, and one more for each `PACE` bytes of it.

    The head of a request is the server's to wait for; see `api.protocol`.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        """Pass requests on to `app` whose body comes in time."""
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        deadline = asyncio.get_running_loop().time() + self.seconds
        whole = replied = False

        async def hurry() -> Message:
            nonlocal deadline, whole
            if whole:  # what comes now is that the client hangs up, and it need not
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise _TooSlow from error
            deadline += len(message.get("body", b"")) / PACE
            whole = not message.get("more_body", False)
            return message

        async def note(message: Message) -> None:
            nonlocal replied
            replied = True
            await send(message)

        try:
            await self.app(scope, hurry, note)
        except _TooSlow:
            if replied:
                raise
            detail = f"the body did not come within {self.seconds:g} s; send it faster, or less"
            refusal = ProblemResponse(TOO_SLOW, scope, detail, {"Connection": "close"})
            await refusal(scope, receive, send)


class _TooSlow(Exception):
    """The client is too slow; raised through whatever was waiting for the body."""
