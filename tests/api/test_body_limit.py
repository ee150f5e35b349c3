"""The limit on request bodies."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from api.body_limit import LARGEST_BODY, BodyLimit


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that replies with the body it was given."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def _ask(chunks: list[bytes], headers: list[tuple[bytes, bytes]] | None = None) -> dict[str, Any]:
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": at < len(chunks) - 1}
        for at, chunk in enumerate(chunks)
    ]
    read = 0
    reply: dict[str, Any] = {"body": b""}

    async def receive() -> Message:
        nonlocal read
        read += 1
        return waiting[read - 1]

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.update(status=message["status"], headers=dict(message["headers"]))
        else:
            reply["body"] += message["body"]

    scope = {"type": "http", "method": "POST", "path": "/ask", "headers": headers or []}
    asyncio.run(BodyLimit(_echo, largest=10)(scope, receive, send))
    return {**reply, "read": read}


@pytest.mark.parametrize("chunks", [[b""], [b"1234567890"], [b"12345", b"", b"67890"]])
def test_a_body_within_the_limit_goes_through_unchanged(chunks: list[bytes]) -> None:
    reply = _ask(chunks)
    assert (reply["status"], reply["body"]) == (200, b"".join(chunks))


def test_bytes_are_counted_as_they_come_and_the_rest_is_thrown_away() -> None:
    reply = _ask([b"123456", b"789012", b"345"])
    assert reply["status"] == 413
    assert reply["read"] == 3
    assert reply["headers"][b"content-type"] == b"application/problem+json"
    assert "10 bytes" in json.loads(reply["body"])["detail"]


def test_a_body_without_end_is_not_read_to_its_end() -> None:
    reply = _ask([b"x" * 60] * 9)
    assert (reply["status"], reply["read"]) == (413, 2)


@pytest.mark.parametrize(
    "headers",
    [[(b"content-length", b"101")], [(b"content-length", b"11"), (b"expect", b"100-continue")]],
)
def test_a_length_that_is_far_too_much_is_refused_unread(
    headers: list[tuple[bytes, bytes]],
) -> None:
    reply = _ask([b"x" * 11], headers)
    assert (reply["status"], reply["read"]) == (413, 0)


@pytest.mark.parametrize("length", [b"1", b"11", b"-5", b"x"])
def test_whatever_the_length_says_bytes_count(length: bytes) -> None:
    assert _ask([b"x" * 11], [(b"content-length", length)])["status"] == 413


def test_a_client_that_leaves_half_way_is_left_to_the_application() -> None:
    seen: list[Message] = []

    async def application(_scope: Scope, receive: Receive, _send: Send) -> None:
        seen.extend([await receive(), await receive()])

    messages: list[Message] = [
        {"type": "http.request", "body": b"x", "more_body": True},
        {"type": "http.disconnect"},
    ]
    left = list(messages)

    async def receive() -> Message:
        return left.pop(0)

    async def send(_message: Message) -> None:
        raise AssertionError

    scope = {"type": "http", "method": "POST", "path": "/ask", "headers": []}
    asyncio.run(BodyLimit(application)(scope, receive, send))
    assert seen == messages


def test_what_is_not_http_passes() -> None:
    seen: list[str] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    asyncio.run(BodyLimit(application)({"type": "lifespan"}, nothing, nothing))
    assert seen == ["lifespan"]


def test_the_service_refuses_a_large_body(client: httpx.Client) -> None:
    reply = client.post("/ask", content=b" " * (LARGEST_BODY + 1))
    assert reply.status_code == 413
    assert reply.headers["content-type"] == "application/problem+json"
    assert client.get("/healthz").status_code == 200


def test_the_service_refuses_a_large_body_that_comes_in_chunks(client: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(60):
            yield b" " * (LARGEST_BODY // 20)

    assert client.post("/ask", content=chunks()).status_code == 413


def test_the_service_takes_a_body_at_the_limit(client: httpx.Client) -> None:
    question = json.dumps({"question": "Who edits Inside Croydon?"}).encode()
    body = question.ljust(LARGEST_BODY)
    reply = client.post("/ask", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 200
