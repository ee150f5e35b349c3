"""The line that each request leaves in the log, over real HTTP."""

import logging
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.logs import JsonLines, TextLines
from tests.api.workshop import HeldReader, wait_until


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "api")


def _logged(caplog: pytest.LogCaptureFixture, lines: int = 1) -> list[logging.LogRecord]:
    """Return so many lines; the last one is written when the client has its reply already."""

    def found() -> list[logging.LogRecord]:
        return [each for each in caplog.records if each.name == "api.access"]

    wait_until(lambda: len(found()) >= lines)
    return found()


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = record.fields  # type: ignore[attr-defined]
    return found


def test_it_says_what_was_asked_for_and_how_it_ended(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/documents/1", params={"secret": "question"})
    (record,) = _logged(caplog)
    fields = _fields(record)
    assert fields.pop("duration_ms") > 0
    assert fields == {
        "method": "GET",
        "path": "/documents/1",
        "route": "/documents/{id}",
        "status": 200,
        "problem": None,
        "client": "127.0.0.1",
    }
    assert record.levelno == logging.INFO
    assert record.getMessage().startswith("GET /documents/1 200 ")
    assert "secret" not in JsonLines().format(record)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "problem", "route"),
    [
        ("GET", "/nowhere", b"", 404, "unknown-address", None),
        ("PUT", "/ask", b"", 405, "wrong-method", "/ask"),
        ("POST", "/ask", b"{", 422, "invalid-request", "/ask"),
        ("POST", "/ask", b"x" * 1_000_001, 413, "too-large", "/ask"),
        ("GET", "/documents/77", b"", 404, "unknown-document", "/documents/{id}"),
    ],
)
def test_it_says_what_was_wrong(
    client: httpx.Client,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    body: bytes,
    status: int,
    problem: str,
    route: str | None,
) -> None:
    client.request(method, path, content=body)
    fields = _fields(_logged(caplog)[0])
    assert (fields["status"], fields["problem"], fields["route"]) == (status, problem, route)


def test_a_question_is_not_in_it(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    client.post("/ask", json={"question": "Who is our secret source?"})
    _logged(caplog)
    for record in caplog.records:
        if record.name.partition(".")[0] in {"api", "index", "qa", "uvicorn"}:
            assert "secret source" not in JsonLines().format(record)


def test_an_error_that_nobody_foresaw_is_a_500(
    fake_home: Path, reader: HeldReader, caplog: pytest.LogCaptureFixture
) -> None:
    reader.error = KeyError("secret")
    reader.go_on.set()
    with reader.serving(fake_home) as running:
        running.client.post("/ask", json={"question": "Who reads?"})
    (record,) = _logged(caplog)
    assert (_fields(record)["status"], _fields(record)["problem"]) == (500, "unexpected")


def test_probes_are_quiet_while_all_is_well(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)
    assert [each.levelno for each in _logged(caplog, 3)] == [logging.DEBUG] * 3


@pytest.mark.parametrize(
    "path", ["/a%0A2026-11-22 INFO forged", "/a%0D%0Aforged", "/%1B[2J", "/%85"]
)
def test_a_path_cannot_forge_a_line(
    client: httpx.Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    port = client.base_url.port
    assert port is not None
    target = path.replace(" ", "%20").encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            b"GET %b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % target
        )
        while connection.recv(65536):
            pass
    (record,) = _logged(caplog)
    for line in (JsonLines().format(record), TextLines().format(record)):
        assert line.isprintable()
