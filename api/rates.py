"""Limits how often one key, or one address without a key, may ask."""

import ipaddress
import math
import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import PROBES
from api.caller import caller_of
from api.kinds import TOO_MANY
from api.problems import ProblemResponse

COUNTERS: Final = 4096
"""How many counters all addresses share, by their hash: however many come, memory stays flat.

Two that share one are a nuisance, but seldom: of a hundred at a time, one in forty."""

_WINDOW: Final = 60
"""Seconds after which a counter begins anew."""

_IPV6_OWN: Final = 64
"""Last bits of an IPv6 address that whoever has it can choose as he likes."""


class Rates:
    """ASGI middleware that counts requests, and refuses those above a rate.

    Replies tell how much is left, in the header fields of draft-ietf-httpapi-ratelimit-headers-10.
    """

    def __init__(self, app: ASGIApp, per_key: int, per_address: int) -> None:
        """Pass on to `app` so many requests a minute; 0 for any number."""
        self.app = app
        self._limits = {"key": per_key, "address": per_address}
        self._counters = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self.app(scope, receive, send)
            return
        key = caller_of(scope)
        policy, caller = ("key", key.name) if key is not None else ("address", _place_of(scope))
        quota = self._limits[policy]
        if quota == 0:
            await self.app(scope, receive, send)
            return
        limit = RateLimitItemPerMinute(quota)
        passes = self._counters.hit(limit, policy, caller)
        left = self._counters.get_window_stats(limit, policy, caller)
        wait = max(1, math.ceil(left.reset_time - time.time()))
        told = {
            "RateLimit-Policy": f'"{policy}";q={quota};w={_WINDOW}',
            "RateLimit": f'"{policy}";r={left.remaining};t={wait}',
        }
        if not passes:
            detail = f"more than {quota:,} requests a minute; try again in {wait} s"
            refusal = ProblemResponse(TOO_MANY, scope, detail, {**told, "Retry-After": str(wait)})
            await refusal(scope, receive, send)
            return

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self.app(scope, receive, send_told)


def _place_of(scope: Scope) -> str:
    """Return the counter of the address that a request comes from."""
    client = scope.get("client")
    place = "" if client is None else client[0]
    try:
        address = ipaddress.ip_address(place)
    except ValueError:  # a socket of another kind, or what a proxy makes of it
        return _counter(place)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return _counter(str(int(address) >> _IPV6_OWN))
        address = address.ipv4_mapped
    return _counter(str(address))


def _counter(place: str) -> str:
    # Python hashes texts otherwise in each process: nobody can aim at another's counter.
    return str(hash(place) % COUNTERS)
