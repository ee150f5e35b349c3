"""The application as a whole, behind a real port."""

import concurrent.futures
import json
import socket
import subprocess
import sys
import threading
from itertools import islice
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from index.errors import ModelError
from qa.answer import Answerer
from qa.opening import open_answerer
from qa.settings import Settings
from tests.api.workshop import HeldReader, run, settings_for, wait_until

QUESTION = {"question": "Who edits Inside Croydon?"}


def _ask_bare(port: int, question: str) -> socket.socket:
    """Ask over a bare connection, and return it: closing it is hanging up."""
    body = json.dumps({"question": question}).encode()
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(
        b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )
    return connection


def _is_busy(client: httpx.Client) -> bool:
    """Ask, and say whether the question was refused; give it up if it was not answered at once."""
    try:
        return client.post("/ask", json=QUESTION, timeout=0.5).status_code == 503
    except httpx.ReadTimeout:
        return False


def test_a_slow_question_holds_nothing_up(fake_home: Path, reader: HeldReader) -> None:
    with (
        reader.serving(fake_home, workers=1) as running,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        asking = threads.submit(running.client.post, "/ask", json=QUESTION)
        assert reader.begun.acquire(timeout=60)
        for path in ("/healthz", "/readyz", "/documents", "/docs"):
            assert running.client.get(path).status_code == 200
        assert not asking.done()
        reader.go_on.set()
        assert asking.result().status_code == 200


def test_more_questions_than_there_are_places_for_are_refused(
    fake_home: Path, reader: HeldReader
) -> None:
    with (
        reader.serving(fake_home, workers=2, queue=1) as running,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        asked = [threads.submit(running.client.post, "/ask", json=QUESTION) for _ in range(5)]
        # Only the refused are answered before the reader goes on.
        for each in islice(concurrent.futures.as_completed(asked), 2):
            reply = each.result()
            assert reply.status_code == 503
            assert reply.headers["retry-after"] == "1"
            assert reply.json()["type"] == "/problems/busy"
        reader.go_on.set()
        statuses = sorted(each.result().status_code for each in asked)
        assert statuses == [200, 200, 200, 503, 503]
        assert running.client.post("/ask", json=QUESTION).status_code == 200


def test_a_client_that_hangs_up_while_it_waits_is_forgotten(
    fake_home: Path, reader: HeldReader
) -> None:
    with reader.serving(fake_home, workers=1, queue=1) as running:
        first = _ask_bare(running.port, "Who is first?")
        assert reader.begun.acquire(timeout=60)
        waiting = _ask_bare(running.port, "Who waits?")
        wait_until(lambda: _is_busy(running.client))
        waiting.close()
        wait_until(lambda: not _is_busy(running.client))
        first.close()
        reader.go_on.set()
        wait_until(lambda: running.client.post("/ask", json=QUESTION).status_code == 200)
        assert "Who waits?" not in reader.questions


def test_a_client_that_hangs_up_while_it_is_served_leaks_no_place(
    fake_home: Path, reader: HeldReader
) -> None:
    with reader.serving(fake_home, workers=1, queue=0) as running:
        first = _ask_bare(running.port, "Who is first?")
        assert reader.begun.acquire(timeout=60)
        first.close()
        assert running.client.post("/ask", json=QUESTION).status_code == 503
        reader.go_on.set()
        wait_until(lambda: running.client.post("/ask", json=QUESTION).status_code == 200)


def test_an_answer_that_takes_too_long_is_given_up_and_its_worker_is_not_lost(
    fake_home: Path, reader: HeldReader
) -> None:
    with reader.serving(fake_home, workers=1, queue=0, answer_seconds=0.2) as running:
        reply = running.client.post("/ask", json=QUESTION)
        assert reply.status_code == 504
        assert reply.json()["type"] == "/problems/took-too-long"
        assert "0.2 s" in reply.json()["detail"]
        assert running.client.post("/ask", json=QUESTION).status_code == 503
        reader.go_on.set()
        wait_until(lambda: running.client.post("/ask", json=QUESTION).status_code == 200)


def test_a_question_may_be_as_long_as_the_settings_say(fake_home: Path) -> None:
    with run(create_app(settings_for(fake_home, max_question=20))) as running:
        running.wait()
        for question, history, status in (
            ("x" * 20, [], 200), ("x" * 21, [], 422), ("x", ["x" * 21], 422)
        ):  # fmt: skip
            asked = {"question": question, "history": history}
            assert running.client.post("/ask", json=asked).status_code == status


def test_stopping_finishes_what_was_begun(fake_home: Path, reader: HeldReader) -> None:
    with (
        reader.serving(fake_home, workers=1) as running,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        asking = threads.submit(running.client.post, "/ask", json=QUESTION)
        assert reader.begun.acquire(timeout=60)
        running.server.should_exit = True
        wait_until(lambda: not running.server.servers[0].is_serving())
        assert not asking.done()
        reader.go_on.set()
        assert asking.result().status_code == 200


def test_a_change_by_another_process_is_seen_by_the_next_question(
    own_home: Path, tmp_path: Path
) -> None:
    article = tmp_path / "zeppelins.txt"
    article.write_text("Zeppelins over Purley\n\nThe zeppelins of Purley were painted purple.\n")
    question = {"question": "Which colour were the zeppelins of Purley painted?", "top_k": 1}
    command = "from qa.cli import main; main()"

    def tell(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-c", command, "index", *arguments, "--home", str(own_home)],
            check=True,
        )

    with run(create_app(settings_for(own_home))) as running:
        running.wait()
        ask = running.client.post
        before = ask("/ask", json=question).json()["passages"][0]["document"]
        assert before["title"] != "Zeppelins over Purley"
        tell("add", str(article), "--quiet")
        after = ask("/ask", json=question).json()["passages"][0]["document"]
        assert after["title"] == "Zeppelins over Purley"
        assert running.client.get("/documents").json()["total"] == 6
        tell("remove", str(article))
        assert ask("/ask", json=question).json()["passages"][0]["document"] == before
        assert running.client.get(f"/documents/{after['id']}").status_code == 404


def test_it_lives_before_it_is_ready(fake_home: Path) -> None:
    go_on = threading.Event()

    def open_slowly(settings: Settings) -> Answerer:
        go_on.wait()
        return open_answerer(settings)

    with run(create_app(settings_for(fake_home), open_slowly)) as running:
        try:
            assert running.client.get("/healthz").json() == {"status": "ok"}
            for method, path in (("GET", "/readyz"), ("POST", "/ask"), ("GET", "/documents")):
                reply = running.client.request(method, path, json=QUESTION)
                assert reply.status_code == 503
                assert reply.headers["retry-after"] == "2"
                assert reply.json()["type"] == "/problems/not-ready"
        finally:
            go_on.set()
        running.wait()
        assert running.client.get("/readyz").json() == {"status": "ok"}


@pytest.mark.parametrize("error", [ModelError("/srv/model is damaged"), KeyError("/srv/model")])
def test_it_says_that_it_will_never_be_ready(
    fake_home: Path, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(_settings: Settings) -> Answerer:
        raise error

    with run(create_app(settings_for(fake_home), fail)) as running:
        running.wait()
        reply = running.client.get("/readyz")
        assert reply.status_code == 503
        assert "cannot be opened" in reply.json()["detail"]
        assert "/srv/model" not in reply.text
        assert running.client.get("/healthz").status_code == 200
    assert "/srv/model" in caplog.text


def test_its_schema_documents_every_problem_and_has_examples_throughout(
    client: httpx.Client,
) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/answers/{id}",
        "/answers/{id}/feedback",
        "/ask",
        "/ask/batch",
        "/conversations",
        "/conversations/{id}",
        "/conversations/{id}/export",
        "/documents",
        "/documents/{id}",
        "/documents/{id}/text",
        "/documents/{id}/versions",
        "/documents/{id}/versions/{n}",
        "/healthz",
        "/metrics",
        "/readyz",
        "/search",
        "/verify",
        "/v1/chat/completions",
        "/v1/models",
        "/v1/models/{id}",
    }
    for name, each in schema["components"]["schemas"].items():
        assert each["examples"], name
    for path, operations in schema["paths"].items():
        ours = "text/plain" if path == "/metrics" else "application/json"
        trouble = "application/json" if path.startswith("/v1/") else "application/problem+json"
        for operation in operations.values():
            assert operation["summary"]
            assert operation["description"]
            for status, response in operation["responses"].items():
                if status == "204":
                    assert "content" not in response
                    continue
                media = ours if status < "300" else trouble
                assert media in response["content"]
                streamed = response["content"].get("text/event-stream")
                assert streamed is None or "example" in streamed
