"""Counts each request and logs it, once it has been answered."""

import logging
import time
from typing import Final
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import PROBES, Addresses
from api.metrics import Metrics
from api.problems import encodable

_logger = logging.getLogger(__name__)

_FAILED: Final = 500
"""The status of a request that was not answered at all."""


class Access:
    """ASGI middleware that tells the metrics and the log of each request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Watch the requests to `app`."""
        self.app = app
        self.metrics = metrics
        self._addresses: Addresses | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self._addresses is None:
            self._addresses = Addresses(scope["app"].routes)
        # Looked up before anything changes the scope.
        address = self._addresses.find(scope)
        path, status = scope["path"], _FAILED
        begun = time.perf_counter()

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            seconds = time.perf_counter() - begun
            problem: str | None = scope.get("problem")
            template = None if address is None else address.template
            self.metrics.count_request(scope["method"], template, status, seconds)
            if address is not None and address.takes_questions and problem is not None:
                self.metrics.count_refusal(problem)
            client = scope["client"][0] if scope.get("client") else None
            fields = {
                "method": scope["method"],
                "path": quote(encodable(path)),
                "route": template,
                "status": status,
                "problem": problem,
                "duration_ms": round(seconds * 1000, 1),
                "client": client,
            }
            # Probes would drown the rest; when they fail they are worth a line.
            quiet = template in PROBES and status < _FAILED
            _logger.log(
                logging.DEBUG if quiet else logging.INFO,
                "%s %s %d %.0f ms %s",
                scope["method"],
                fields["path"],
                status,
                seconds * 1000,
                client,
                extra={"fields": fields},
            )
