"""Clients that take their time over a request's body."""

import asyncio
import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from api import schemas
from api.app import create_app
from api.slow_body import PACE, SlowBody
from tests.api.workshop import Running, run, settings_for

QUESTION = {"question": "Who edits Inside Croydon?"}
JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=b"
FILE = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'


@pytest.fixture(scope="module")
def hasty(fake_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = shutil.copytree(fake_home, tmp_path_factory.mktemp("hasty") / ".qa")
    settings = settings_for(home, workers=1, queue=0, request_seconds=1, max_body_kb=100)
    with run(create_app(settings)) as running:
        running.wait()
        yield running


def _trickle(port: int, path: str, media: str) -> bytes:
    """Send a body a byte every tenth of a second, for ever; return the reply."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media}\r\n"
            "Content-Length: 1000\r\n\r\n".encode()
            + (FILE if media == MULTIPART else b"")
        )
        over = threading.Event()

        def send() -> None:
            with contextlib.suppress(OSError):
                while not over.wait(0.1):
                    connection.sendall(b" ")

        sender = threading.Thread(target=send)
        sender.start()
        reply = b""
        with contextlib.suppress(ConnectionResetError):
            while chunk := connection.recv(4096):
                reply += chunk
        over.set()
        sender.join()
        return reply


@pytest.mark.parametrize(
    ("path", "media"), [("/ask", JSON), ("/documents", JSON), ("/documents", MULTIPART)]
)
def test_a_trickle_is_ended_and_holds_no_worker(hasty: Running, path: str, media: str) -> None:
    replies: list[bytes] = []
    slow = threading.Thread(target=lambda: replies.append(_trickle(hasty.port, path, media)))
    begun = time.monotonic()
    slow.start()
    time.sleep(0.3)
    # The only worker, and every place, are free meanwhile.
    assert hasty.client.post("/ask", json=QUESTION).status_code == 200
    slow.join()
    assert time.monotonic() - begun < 20
    head, _, body = replies[0].partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in head.lower()
    assert schemas.Problem.model_validate_json(body).type == "/problems/too-slow"


def test_uploads_that_trickle_leave_their_places(hasty: Running) -> None:
    trickles = [
        threading.Thread(target=_trickle, args=(hasty.port, "/documents", MULTIPART))
        for _ in range(4)
    ]
    for each in trickles:
        each.start()
    time.sleep(0.4)
    # Anything but a file: what is asked is whether there is a place.
    assert hasty.client.post("/documents", files={"x": ("", b"")}).status_code == 503
    for each in trickles:
        each.join()
    assert hasty.client.post("/documents", files={"x": (".", b"")}).status_code == 200


def _serve(pieces: list[tuple[float, int]], seconds: float) -> list[Any]:
    """Feed pieces of a body, each so many seconds after the last; return what is replied."""
    sent: list[Any] = []
    left = list(pieces)

    async def receive() -> Message:
        wait, size = left.pop(0)
        await asyncio.sleep(wait)
        return {"type": "http.request", "body": b"x" * size, "more_body": bool(left)}

    async def application(_scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/ask", "headers": []}
    asyncio.run(SlowBody(application, seconds)(scope, receive, send))
    return sent


def test_a_large_body_gets_more_time() -> None:
    assert _serve([(0, PACE * 60), (0.3, 1)], seconds=0.1)[0]["status"] == 200
    assert _serve([(0, 1), (0.3, 1)], seconds=0.1)[0]["status"] == 408


def test_a_body_that_is_whole_gives_all_the_time_there_is() -> None:
    async def application(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await asyncio.sleep(0.2)
        assert (await receive())["type"] == "http.disconnect"
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        if not sent:
            sent.append(None)
            return {"type": "http.request", "body": b"x", "more_body": False}
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    sent: list[Any] = []
    scope = {"type": "http", "method": "POST", "path": "/ask", "headers": []}
    asyncio.run(SlowBody(application, 0.05)(scope, receive, send))
    assert sent[1]["status"] == 200
