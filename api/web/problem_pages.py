"""Shows problems to people as pages, and to programs as they are."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import MEDIA_TYPE
from api.schemas import Problem
from api.web.page import PART, page


class ProblemPages:
    """ASGI middleware that makes pages of problem documents where a browser asks.

    A `Draft` that a route left in its request's state as `draft` stands in the page, to be asked
    again: whatever goes wrong, nobody has to type a question twice.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Show the problems of `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or not _reads_pages(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        begun: Message | None = None
        body = b""

        async def show(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start" and _is_problem(message):
                begun = message
            elif begun is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _page(scope, begun, body)(scope, receive, send)

        await self.app(scope, receive, show)


def _reads_pages(headers: Headers) -> bool:
    return PART in headers or "text/html" in headers.get("accept", "")


def _is_problem(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type") == MEDIA_TYPE


def _page(scope: Scope, begun: Message, body: bytes) -> Response:
    """Return the page of the problem document that a response began, with its headers."""
    headers = Headers(scope=scope)
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    query = scope["query_string"].decode("ascii", "replace")
    reply = page(
        "_problem.html" if PART in headers else "problem.html",
        begun["status"],
        root="../" * (path.count("/") - 1),
        problem=Problem.model_validate_json(body),
        onward=(path[1:] + (query and f"?{query}")) if scope["method"] == "GET" else None,
        known="authorization" in headers,
        elsewhere=headers.get("sec-fetch-site") == "cross-site",
        draft=scope.get("state", {}).get("draft"),
    )
    told = MutableHeaders(raw=begun["headers"])
    told.update(reply.headers)
    told["Vary"] = "Accept, X-Part"
    reply.raw_headers = told.raw
    return reply
