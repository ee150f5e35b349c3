"""What every reply tells browsers."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from starlette.responses import HTMLResponse
from starlette.types import Message

from api.security_headers import HEADERS, POLICY, SecurityHeaders


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/docs", 200), ("GET", "/healthz", 200), ("GET", "/openapi.json", 200),
     ("GET", "/nowhere", 404), ("PUT", "/ask", 405), ("POST", "/ask", 422),
     ("GET", "/docs/start.js", 200), ("DELETE", "/documents/x", 422)],
)  # fmt: skip
def test_every_reply_has_them(client: httpx.Client, method: str, path: str, status: int) -> None:
    reply = client.request(method, path)
    assert reply.status_code == status
    for name, value in HEADERS.items():
        assert reply.headers.get_list(name) == [value]


def test_a_request_that_is_refused_at_the_door_has_them(client: httpx.Client) -> None:
    reply = client.get("/docs", headers={"Host": "evil.example"})
    assert reply.status_code == 421
    assert {name: reply.headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_runs_nothing_that_stands_in_a_page() -> None:
    rules = dict(each.split(" ", 1) for each in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in POLICY
    assert not re.search(r"https?:|\*", POLICY)


def test_a_reply_may_bring_its_own() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    page = HTMLResponse("x", headers={"Content-Security-Policy": "sandbox"})
    asyncio.run(SecurityHeaders(page)({"type": "http", "method": "GET"}, nothing, send))
    headers = dict(sent[0]["headers"])
    assert headers[b"content-security-policy"] == b"sandbox"
    assert headers[b"x-content-type-options"] == b"nosniff"
