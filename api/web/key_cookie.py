"""The key that a browser keeps, for services that ask for one.

What checks keys looks for them in `Authorization` and knows nothing of cookies. No script can read
this one, and no other site can use it: a browser sends it from pages of ours only (`SameSite`),
and where one does not know our port from another, it says so in what it sends beside.
"""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.web.own_pages import is_ours

NAME: Final = "cuttings-key"

LASTS: Final = 30 * 24 * 3600
"""Seconds after which it has to be given again."""

_KEY: Final = re.compile(r"[A-Za-z0-9._~+/-]{1,200}=*")
"""What can follow `Bearer` in `Authorization`, by RFC 6750."""


class KeyCookie:
    """ASGI middleware that takes a key out of its cookie and puts it where it is looked for."""

    def __init__(self, app: ASGIApp) -> None:
        """Tell `app` the key."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            key = cookie_parser(headers.get("cookie", "")).get(NAME, "")
            if key and "authorization" not in headers and is_ours(headers):
                shown = (b"authorization", f"Bearer {key}".encode())
                scope = {**scope, "headers": [*scope["headers"], shown]}
        await self.app(scope, receive, send)


def is_key(text: str) -> bool:
    """Say whether a text could be a key."""
    return _KEY.fullmatch(text) is not None


def keep(reply: Response, key: str, request: Request) -> None:
    """Have the browser keep a key."""
    secure = request.url.scheme == "https"
    reply.set_cookie(NAME, key, LASTS, path="/", secure=secure, httponly=True, samesite="strict")


def forget(reply: Response) -> None:
    """Have the browser forget the key."""
    reply.delete_cookie(NAME, path="/", httponly=True, samesite="strict")
