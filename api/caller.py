"""Finds out whose key a request bears, for those who come after: how often may it, and what?"""

import logging

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.keys import Key, Keyring
from api.kinds import NO_ARCHIVE
from api.problems import ProblemResponse
from index.errors import KeysDamaged

_logger = logging.getLogger(__name__)


class Caller:
    """ASGI middleware that looks up the key in `Authorization: Bearer KEY`; see `caller_of`."""

    def __init__(self, app: ASGIApp, keyring: Keyring) -> None:
        """Tell `app` whose key of `keyring` it is."""
        self.app = app
        self.keyring = keyring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http":
            scheme, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
            if scheme.lower() == "bearer":
                try:
                    key = self.keyring.find(secret.strip())
                except KeysDamaged as error:  # nobody can be told from anybody: no one gets in
                    _logger.error("%s", error)  # noqa: TRY400
                    await ProblemResponse(NO_ARCHIVE, scope)(scope, receive, send)
                    return
                scope.setdefault("state", {})["caller"] = key
        await self.app(scope, receive, send)


def caller_of(scope: Scope) -> Key | None:
    """Return the key that a request bears; None if it bears none, or none of ours."""
    key: Key | None = scope.get("state", {}).get("caller")
    return key
