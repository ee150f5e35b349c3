"""The tools over HTTP: the protocol's streamable transport, at `/mcp` of the service."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING

import anyio
from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from api.hang_up import unless_hung_up
from api.mcp.extra import is_installed
from api.service import Service
from qa.settings import Settings

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

Running = Callable[[], AbstractAsyncContextManager[None]]


def mount(app: FastAPI, settings: Settings, service: Service) -> Running:
    """Answer assistants at `/mcp` if the settings say so and the extra is installed.

    Returns what has to be entered while the application runs.
    """
    if not settings.mcp or not is_installed():
        return nullcontext
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from api.mcp.server import make_server

    # By which name it may be called, and by whose pages, is the doors' business: see `api.hosts`.
    # Each request stands alone and has one reply: nothing is kept of those who never come back.
    manager = StreamableHTTPSessionManager(
        make_server(service.pool.run, lambda: service.answerer),
        json_response=True,
        stateless=True,
    )
    app.router.routes.append(Route("/mcp", Endpoint(manager), methods=["POST"]))
    return manager.run


class Endpoint:
    """ASGI application that hands requests to the transport, and drops those of who hung up."""

    def __init__(self, manager: "StreamableHTTPSessionManager") -> None:
        """Answer with what `manager` serves."""
        self.manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        request = Request(scope, receive)
        whole: list[Message] = [{"type": "http.request", "body": await request.body()}]

        async def replay() -> Message:
            if not whole:
                await anyio.sleep_forever()  # who hangs up is noticed elsewhere
            return whole.pop()

        await unless_hung_up(request, self.manager.handle_request(scope, replay, send))
