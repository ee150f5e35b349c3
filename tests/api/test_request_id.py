"""Ids of requests, over real HTTP."""

import concurrent.futures
import logging
import re
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from api import request_id
from qa.types import Candidate, Reading
from tests.api.workshop import HeldReader

MADE = re.compile(r"[0-9a-f]{32}")
QUESTION = {"question": "Who reads?"}


def _sent_back(client: httpx.Client, given: str) -> str:
    reply = client.get("/healthz", headers={b"X-Request-ID": given.encode()})
    (name,) = reply.headers.get_list("x-request-id")
    return name


@pytest.mark.parametrize(
    "given",
    ["a", "7" * 128, "Root=1-67891233-abcdef012345678912345678", "https://x.org/~a/b@c+d_e"],
)
def test_a_sane_one_is_kept(client: httpx.Client, given: str) -> None:
    assert _sent_back(client, given) == given


@pytest.mark.parametrize("given", ["", "a b", "7" * 129, '{"a"}', "a\tb", "<b>", "é", "\x80", "٣"])
def test_any_other_is_replaced(client: httpx.Client, given: str) -> None:
    assert MADE.fullmatch(_sent_back(client, given))


def test_each_request_has_another(client: httpx.Client) -> None:
    paths = ["/healthz", "/nowhere", "/documents/0", "/healthz"]
    assert len({client.get(each).headers["x-request-id"] for each in paths}) == len(paths)


def test_a_body_that_is_refused_unread_has_one(client: httpx.Client) -> None:
    reply = client.post("/ask", content=b"x" * 1_000_001, headers={"X-Request-ID": "large"})
    assert (reply.status_code, reply.headers["x-request-id"]) == (413, "large")


class _Telling(HeldReader):
    """Notes the request that a worker thread reads for."""

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        self.questions.append(f"{question} {request_id.current()}")
        return Reading((), 0.0)


def test_worker_threads_know_it(fake_home: Path) -> None:
    reader = _Telling()
    with (
        reader.serving(fake_home, workers=2, queue=20) as running,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):

        def ask(number: int) -> None:
            name = f"request-{number}"
            asked = {"question": f"Who is {number}?"}
            running.client.post("/ask", json=asked, headers={"X-Request-ID": name})

        list(threads.map(ask, range(20)))
        assert sorted(reader.questions) == sorted(
            f"Who is {each}? request-{each}" for each in range(20)
        )
    assert request_id.current() is None


@pytest.mark.parametrize("error", [KeyError("Who reads?"), None])
def test_an_unexpected_error_quotes_it_and_the_log_has_it(
    fake_home: Path,
    reader: HeldReader,
    caplog: pytest.LogCaptureFixture,
    error: Exception | None,
) -> None:
    seen: list[str | None] = []

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(request_id.current())

    noting = Noting()
    logging.getLogger("api.unexpected").addHandler(noting)
    reader.error = error
    reader.go_on.set()
    with reader.serving(fake_home) as running:
        reply = running.client.post("/ask", json=QUESTION, headers={"X-Request-ID": "tell-me"})
    logging.getLogger("api.unexpected").removeHandler(noting)
    if error is None:
        assert reply.status_code == 200
        assert seen == []
    else:
        assert reply.json()["request_id"] == "tell-me"
        assert seen == ["tell-me"]


def test_a_problem_of_the_clients_own_making_does_not_show_it(client: httpx.Client) -> None:
    assert "request_id" not in client.get("/nowhere").json()
