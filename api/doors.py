"""The doors of the service: what every request passes before a route sees it, outermost first."""

from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from api.access import Access
from api.auth import Auth
from api.body_limit import BodyLimit
from api.caller import Caller
from api.hosts import Hosts
from api.keys import Keyring
from api.metrics import Metrics
from api.rates import Rates
from api.request_id import HEADER, RequestId
from api.rights import free_right, is_loopback
from api.security_headers import SecurityHeaders
from api.slow_body import SlowBody
from api.unexpected import UnexpectedErrors
from index.layout import Layout
from qa.settings import Settings

PER_ADDRESS: Final = 120
"""Requests a minute from an address without a key: two a second, for as long as it likes."""


def doors(settings: Settings, figures: Metrics) -> list[Middleware]:
    """Return the middleware that guards a service with these settings, and counts in `figures`."""
    free = free_right(settings)
    per_address = settings.rate_per_address
    if per_address is None:
        per_address = 0 if is_loopback(settings.host) else PER_ADDRESS
    # A key is nothing that a browser sends by itself: where it takes one, no page can use it.
    wary = free is not None or settings.allowed_hosts != ()
    return [
        Middleware(RequestId),
        Middleware(Access, figures),
        Middleware(SecurityHeaders),
        Middleware(UnexpectedErrors),
        *([Middleware(Hosts, settings.allowed_hosts, settings.cors)] if wary else []),
        *([_cors(settings.cors)] if settings.cors else []),
        Middleware(Caller, Keyring(Layout(settings.home))),
        Middleware(Rates, settings.rate_per_key, per_address),
        Middleware(Auth, free),
        Middleware(SlowBody, settings.request_seconds),
        Middleware(
            BodyLimit, round(settings.max_body_kb * 1e3), round(settings.max_upload_mb * 1e6)
        ),
    ]


def _cors(origins: tuple[str, ...]) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=["*"],  # clients of OpenAI and MCP bring their own
        expose_headers=["RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate", HEADER],
    )
