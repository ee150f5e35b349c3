"""Clients that take their time over a request's head."""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from api.protocol import patient
from tests.api.workshop import Running, run, settings_for

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def hasty(fake_home: Path) -> Iterator[Running]:
    """Waits a second for a head, and longer for the next request of a connection."""
    app = create_app(settings_for(fake_home))
    with run(app, http=patient(1), timeout_keep_alive=5) as running:
        running.wait()
        yield running


def _lasts(connection: socket.socket, drip: bytes = b"", first: bytes = b"") -> float:
    """Send `first`, then a byte of `drip` now and then; return how long they are listened to."""
    connection.settimeout(0.1)
    begun = time.monotonic()
    connection.sendall(first)
    drops = iter(drip)
    with contextlib.suppress(ConnectionError):
        while time.monotonic() - begun < 30:
            with contextlib.suppress(TimeoutError):
                if not connection.recv(4096):
                    break
            connection.sendall(bytes([drop]) if (drop := next(drops, None)) is not None else b"")
    return time.monotonic() - begun


@pytest.mark.parametrize("drip", [b"", REQUEST[:20], b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100])
def test_a_head_that_never_ends(hasty: Running, drip: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port)) as connection:
        assert 0.5 < _lasts(connection, drip) < 15
    assert hasty.client.get("/healthz").status_code == 200


def test_the_second_head_of_a_connection(hasty: Running) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port)) as connection:
        assert 0.5 < _lasts(connection, b"G" * 300, first=REQUEST) < 15


def test_a_body_that_goes_on_after_the_reply(hasty: Running) -> None:
    refused = b"POST /nowhere HTTP/1.1\r\nHost: x.example\r\nContent-Length: 999\r\n\r\n"
    with socket.create_connection(("127.0.0.1", hasty.port)) as connection:
        assert 0.5 < _lasts(connection, b"x" * 300, first=refused) < 15


def test_a_connection_that_is_used_lasts(hasty: Running) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=30) as connection:
        for _ in range(4):
            connection.sendall(REQUEST)
            received = b""
            while not received.endswith(b'{"status":"ok"}'):
                received += connection.recv(4096)
            time.sleep(0.4)


def test_requests_in_a_row_are_all_answered(hasty: Running) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=30) as connection:
        connection.sendall(REQUEST * 5)
        received = b""
        while received.count(b"HTTP/1.1 200") < 5:
            received += connection.recv(4096)
