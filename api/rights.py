"""Which right a request takes: the one place to look, and a route that it does not know takes one.

Methods and addresses, not routes, decide, so that a request without the right is refused before
anything of it is read.
"""

import ipaddress
import socket
from typing import Final

from api.keys import Right
from qa.settings import Settings

OPEN: Final = frozenset({"/healthz", "/readyz", "/docs", "/openapi.json", "/key"})
"""Addresses that are open to everybody: they tell nothing of what the archive holds.

`/key` is where the page asks for a key.
"""

OPEN_BELOW: Final = ("/docs/", "/problems/", "/static/")
"""Likewise, and all that is below them."""

_CHANGING: Final[dict[str, Right]] = {
    "POST": "add",
    "PUT": "admin",
    "PATCH": "admin",
    "DELETE": "admin",
}
"""What changes the documents. Whatever else there is, is asking."""


def right_for(method: str, path: str) -> Right | None:
    """Return the right that a request takes, or None if anybody may send it."""
    if path in OPEN or path.startswith(OPEN_BELOW):
        return None
    if f"{path}/".startswith("/documents/"):
        return _CHANGING.get(method, "ask")
    return "ask"


def free_right(settings: Settings) -> Right | None:
    """Return what may be done without a key, by the settings; None if nothing.

    On loopback it is everything, unless keys are asked for. Elsewhere it is nothing, or asking
    if the settings say so: they are never enough to change an archive from another machine.
    """
    if settings.auth is True:
        return None
    if is_loopback(settings.host):
        return "admin"
    return None if settings.auth is None else "ask"


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches `host`, an address or a name to listen at."""
    if host == "":  # every address
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:  # to listen there will fail, and say why
        return False
    return all(ipaddress.ip_address(address[0]).is_loopback for *_, address in found)
