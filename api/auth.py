"""Lets through what a key may do, or what may be done without one."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import caller_of
from api.keys import Right, includes
from api.kinds import FORBIDDEN, NO_KEY
from api.problems import ProblemResponse
from api.rights import right_for

REALM = 'Bearer realm="cuttings"'


class Auth:
    """ASGI middleware that refuses requests whose caller has not the right that they take."""

    def __init__(self, app: ASGIApp, free: Right | None) -> None:
        """Pass on to `app` what may be done. `free` is what may be done without a key."""
        self.app = app
        self.free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        right = right_for(scope["method"], scope["path"])
        if right is None or (self.free is not None and includes(self.free, right)):
            await self.app(scope, receive, send)
            return
        key = caller_of(scope)
        if key is None:
            # RFC 6750: a request that shows no key is told of no error.
            shown = any(name == b"authorization" for name, _ in scope["headers"])
            challenge = f'{REALM}, error="invalid_token"' if shown else REALM
            refusal = ProblemResponse(NO_KEY, scope, headers={"WWW-Authenticate": challenge})
        elif not key.may(right):
            challenge = f'{REALM}, error="insufficient_scope", scope="{right}"'
            detail = f"this takes a key that may {right}, and this one may {key.can}"
            refusal = ProblemResponse(FORBIDDEN, scope, detail, {"WWW-Authenticate": challenge})
        else:
            await self.app(scope, receive, send)
            return
        await refusal(scope, receive, send)
