"""Every error leaves the service as a problem document."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import schemas
from api.kinds import KINDS
from index.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveUnwritable,
    CuttingsError,
    QuoteError,
)
from tests.api.workshop import HeldReader

JSON = {"Content-Type": "application/json"}


def _problem(reply: httpx.Response, status: int, kind: str) -> str:
    """Check that a reply is a problem document, and return its detail."""
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = schemas.Problem.model_validate_json(reply.content)
    assert problem.status == status
    assert problem.type == f"/problems/{kind}"
    assert problem.title == KINDS[kind].title
    assert problem.instance == reply.request.url.raw_path.decode().partition("?")[0]
    return problem.detail


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "question is missing"),
        ({"question": 5}, "question: input should be a valid string"),
        ({"question": None}, "question: "),
        ({"question": ["Who?"]}, "question: "),
        ({"question": float("nan")}, "question: "),
        ({"question": float("inf")}, "question: "),
        ({"question": "Who?", "history": "x"}, "history: input should be a valid list"),
        ({"question": "Who?", "history": ["x", 5]}, "history[1]: "),
        ({"question": "Who?", "history": None}, "history: "),
        ({"question": "Who?", "history": ["x"] * 101}, "history: list should have at most 100"),
        ({"question": "Who?", "top_k": "many"}, "top_k: input should be a valid integer"),
        ({"question": "Who?", "top_k": "5"}, "top_k: "),
        ({"question": "Who?", "top_k": True}, "top_k: "),
        ({"question": "Who?", "top_k": 5.0}, "top_k: "),
        ({"question": "Who?", "top_k": float("nan")}, "top_k: "),
        ({"question": "Who?", "top_k": float("-inf")}, "top_k: "),
        ({"question": "Who?", "top_k": 0}, "top_k: input should be greater than or equal to 1"),
        ({"question": "Who?", "top_k": 101}, "top_k: input should be less than or equal to 100"),
        ({"question": "Who?", "top_k": 10**30}, "top_k: "),
        ({"question": "Who?", "since": "yesterday"}, "since: a day is written YYYY-MM-DD"),
        ({"question": "Who?", "until": 5}, "until: a day is written YYYY-MM-DD"),
        ({"question": "Who?", "colour": "blue"}, "colour is not known here"),
        ({"question": "Who?", "\ud800": 1}, "the name of a field is not valid text"),
        ([], "the body must be a JSON object"),
        ("Who?", "the body must be a JSON object"),
        (None, "the body must be a JSON object"),
    ],
)  # fmt: skip
def test_a_field_that_does_not_fit(client: httpx.Client, body: Any, told: str) -> None:
    reply = client.post("/ask", content=json.dumps(body), headers=JSON)
    assert told in _problem(reply, 422, "invalid-request")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"question": ""}, "the question is empty"),
        ({"question": " \n\t "}, "the question is empty"),
        ({"question": "x" * 1001}, "the question has 1,001 characters"),
        ({"question": "Who\x00?"}, "control character (U+0000)"),
        ({"question": "Who\x1b[2J?"}, "control character (U+001B)"),
        ({"question": "Who\x7f?"}, "control character (U+007F)"),
        ({"question": "Who \ud800?"}, "lone surrogate"),
        ({"question": "Who?", "history": [""]}, "the question is empty"),
        ({"question": "Who?", "history": ["\udfff"]}, "lone surrogate"),
        ({"question": "Who?", "since": "2018-01-01", "until": "2017-01-01"}, "no day is both"),
    ],
)
def test_a_question_that_cannot_be_asked(
    client: httpx.Client, body: dict[str, Any], told: str
) -> None:
    reply = client.post("/ask", content=json.dumps(body), headers=JSON)
    assert told in _problem(reply, 422, "bad-question")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'question': 'Who?'}",
        b'{"question": "Who?"',
        b'{"question": "Who\n?"}',
        b'{"question": "\xff\xfe"}',
        b"[" * 100_000,
        b'{"question": "Who?", "top_k": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_not_json(client: httpx.Client, body: bytes) -> None:
    _problem(client.post("/ask", content=body, headers=JSON), 400, "malformed-body")


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}])
def test_a_body_that_does_not_say_it_is_json(client: httpx.Client, headers: dict[str, str]) -> None:
    reply = client.post("/ask", content=b'{"question": "Who?"}', headers=headers)
    assert "Content-Type: application/json" in _problem(reply, 422, "invalid-request")


def test_no_body_at_all(client: httpx.Client) -> None:
    _problem(client.post("/ask"), 422, "invalid-request")


@pytest.mark.parametrize(
    "path", ["/nowhere", "/ask/me", "/docs/x.js", "/caf%C3%A9%0A", "/%ED%A0%80"]
)
def test_an_unknown_address(client: httpx.Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404
    problem = schemas.Problem.model_validate_json(reply.content)
    assert problem.instance.isascii()


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/ask", "POST"), ("PUT", "/documents/1", "GET, DELETE"), ("PUT", "/healthz", "GET"),
     ("PUT", "/documents", "GET, POST"), ("POST", "/docs/swagger-ui.css", "GET")],
)  # fmt: skip
def test_a_wrong_method(client: httpx.Client, method: str, path: str, allowed: str) -> None:
    reply = client.request(method, path)
    _problem(reply, 405, "wrong-method")
    assert reply.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/documents/6", "/documents/9223372036854775807"])
def test_an_unknown_document(client: httpx.Client, path: str) -> None:
    assert "GET /documents" in _problem(client.get(path), 404, "unknown-document")


@pytest.mark.parametrize(
    "path",
    ["/documents/0", "/documents/-1", "/documents/9223372036854775808", "/documents/one",
     "/documents?limit=0", "/documents?limit=501", "/documents?after=-1", "/documents?after=x",
     "/documents?after=9223372036854775808", "/documents?page=2"],
)  # fmt: skip
def test_a_parameter_that_does_not_fit(client: httpx.Client, path: str) -> None:
    _problem(client.get(path), 422, "invalid-request")


def test_every_kind_is_explained_where_its_type_points(client: httpx.Client) -> None:
    for kind in KINDS.values():
        reply = client.get(kind.type)
        assert reply.status_code == 200
        assert kind.title in reply.text
    assert client.get("/problems/none").status_code == 404


SECRET = "/srv/papers/index.sqlite"


@pytest.mark.parametrize(
    ("error", "status", "kind", "logged"),
    [
        (ArchiveDamaged(f"cannot read {SECRET}"), 503, "archive-unavailable", True),
        (ArchiveBusy(f"{SECRET} is being written"), 503, "archive-busy", False),
        (ArchiveUnwritable(f"cannot write {SECRET}"), 507, "archive-unwritable", True),
        (QuoteError(f"a quotation from {SECRET} is not in it"), 500, "unexpected", True),
        (CuttingsError(f"no more {SECRET}"), 500, "unexpected", True),
        (RuntimeError(f"Who reads {SECRET}?"), 500, "unexpected", False),
    ],
)
def test_errors_of_the_service_tell_strangers_nothing(
    fake_home: Path,
    reader: HeldReader,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    kind: str,
    logged: bool,
) -> None:
    reader.error = error
    reader.go_on.set()
    with reader.serving(fake_home) as running:
        reply = running.client.post("/ask", json={"question": "Who reads?"})
        _problem(reply, status, kind)
        assert SECRET not in reply.text
        assert "Traceback" not in reply.text
        assert ("retry-after" in reply.headers) == (status == 503)
        assert running.client.get("/healthz").status_code == 200
    assert (SECRET in caplog.text) == logged
    assert "Who reads?" not in caplog.text
    assert ("POST" in caplog.text) == (kind != "archive-busy")  # which is nobody's fault
