"""Refuses what a page from elsewhere makes a browser on this machine send.

Where no key is asked for, being on this machine is all that tells friend from stranger, and a
browser here is on this machine for every page that it shows. Two ways lead in. A page may give its
own name our address (DNS rebinding), and then read what it likes: such requests name another host.
Or it may send a form to us, whose reply it cannot read: such requests name it as their origin.
"""

import ipaddress
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.kinds import FOREIGN_PAGE, UNKNOWN_HOST
from api.problems import ProblemResponse

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Hosts:
    """ASGI middleware that passes on requests meant for this service, by whoever sends them."""

    def __init__(self, app: ASGIApp, names: Collection[str], origins: Collection[str]) -> None:
        """Guard `app`.

        Args:
            app: what is guarded.
            names: what the service is called. An address, or `localhost`, is right at any rate:
                no page elsewhere can give us that for its own name.
            origins: whose pages may send what they like; "*" for all.
        """
        self.app = app
        self.names = frozenset(map(str.lower, names))
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host"), headers.get("origin")
        if host is not None and not self._is_ours(_name(f"//{host}")):
            await ProblemResponse(UNKNOWN_HOST, scope)(scope, receive, send)
        elif (
            origin is not None
            and scope["method"] not in _READING
            and not self._is_welcome(origin, host)
        ):
            await ProblemResponse(FOREIGN_PAGE, scope)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_ours(self, name: str | None) -> bool:
        if name is None:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name == "localhost" or name in self.names
        return True

    def _is_welcome(self, origin: str, host: str | None) -> bool:
        if not self.origins.isdisjoint({origin, "*"}):
            return True
        # Its own pages; behind a proxy that passes another host on, they go by its name.
        own = host is not None and origin.partition("://")[2].lower() == host.lower()
        return own or _name(origin) in self.names


def _name(address: str) -> str | None:
    """Return the host of an address, without its port; None if there is none."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
