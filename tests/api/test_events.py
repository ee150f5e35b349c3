"""A question's answer as a stream of events."""

import json
import socket
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx_sse import connect_sse

from api import schemas
from api.events import Event
from api.serve import listen
from index.errors import ArchiveDamaged, QuoteError
from qa.read import TellSpan
from qa.stages import Abandoned, ignore
from qa.types import Candidate, Reading, ScoredSpan
from tests.api.workshop import HeldReader, serving, wait_until

EVENTS = {"Accept": "text/event-stream"}
QUESTIONS: list[dict[str, Any]] = [
    {"question": "How many children needed specialist services?"},
    {"question": "Who edits Inside Croydon?", "top_k": 3},
    {"question": "And who signed it off?", "history": ["When was the report published?"]},
    {"question": "What is the boiling point of tungsten?", "since": "2017-01-01"},
    {"question": "Who edits Inside Croydon?", "since": "2030-01-01"},
]

Told = list[tuple[str, dict[str, Any]]]


def _stream(client: httpx.Client, asked: dict[str, Any]) -> Told:
    with connect_sse(client, "POST", "/ask", json=asked) as source:
        assert source.response.status_code == 200
        return [(each.event, json.loads(each.data)) for each in source.iter_sse()]


def _without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in answer.items() if name != "timings_ms"}


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_streamed_answer_is_the_plain_one(
    real_client: httpx.Client, asked: dict[str, Any]
) -> None:
    plain = real_client.post("/ask", json=asked).json()
    (first, retrieved), *told, (last, streamed) = _stream(real_client, asked)
    assert (first, last) == ("retrieved", "answer")
    assert list(streamed) == list(plain)
    assert _without_times(streamed) == _without_times(plain)
    schemas.Answer.model_validate(streamed)
    assert retrieved == {"passages": plain["passages"]}
    assert {name for name, _ in told} <= {"candidate"}


def test_candidates_are_cited_word_for_word_and_said_to_be_no_answer(
    real_client: httpx.Client, seeds: Path
) -> None:
    told = _stream(real_client, QUESTIONS[0])
    candidates = [each for name, each in told if name == "candidate"]
    assert candidates
    for each in candidates:
        assert each["final"] is False
        cited = each["citation"]
        text = (seeds / Path(cited["document"]["source"]).name).read_bytes().decode()
        assert text[cited["start"] : cited["end"]] == each["answer"]
        assert text[cited["sentence_start"] : cited["sentence_end"]] == each["sentence"]
        schemas.Citation.model_validate(cited)


def test_nothing_keeps_the_stream_back(client: httpx.Client) -> None:
    with client.stream("POST", "/ask", json=QUESTIONS[1], headers=EVENTS) as reply:
        assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-accel-buffering"] == "no"
        assert reply.headers["vary"] == "Accept"
        assert "content-length" not in reply.headers


def test_whoever_asks_for_anything_gets_json(client: httpx.Client) -> None:
    reply = client.post("/ask", json=QUESTIONS[1], headers={"Accept": "*/*"})
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        ({"question": " "}, 422, "bad-question"),
        ({"question": "Who?", "colour": "blue"}, 422, "invalid-request"),
        ({"question": "Who?", "since": "2018-01-01", "until": "2017-01-01"}, 422, "bad-question"),
    ],
)
def test_what_fails_before_the_stream_has_a_status_of_its_own(
    client: httpx.Client, asked: dict[str, Any], status: int, kind: str
) -> None:
    reply = client.post("/ask", json=asked, headers=EVENTS)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"] == f"/problems/{kind}"


def test_in_a_conversation_the_streamed_answer_says_where_it_is_kept(own_home: Path) -> None:
    reader = ChattyReader(most=1)
    with serving(reader, own_home) as running:
        begun = running.client.post("/conversations", json={}).json()["id"]
        told = _stream(running.client, {**QUESTIONS[1], "conversation": begun})
        assert [name for name, _ in told] == ["retrieved", "candidate", "answer"]
        place = told[-1][1]["kept"]
        assert place["conversation"] == begun
        kept = running.client.get(f"/answers/{place['id']}").json()
        assert kept["answer"]["question"] == QUESTIONS[1]["question"]
        again = {**QUESTIONS[1], "conversation": begun, "history": ["Who?"]}
        assert running.client.post("/ask", json=again, headers=EVENTS).status_code == 422


SECRET = "/srv/papers/index.sqlite"


@pytest.mark.parametrize(
    ("error", "kind", "logged"),
    [
        (ArchiveDamaged(f"cannot read {SECRET}"), "archive-unavailable", True),
        (QuoteError(f"a quotation from {SECRET} is not in it"), "unexpected", True),
        (RuntimeError(f"Who reads {SECRET}?"), "unexpected", False),
    ],
)
def test_what_fails_later_is_told_in_the_answers_place(
    fake_home: Path,
    reader: HeldReader,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    kind: str,
    logged: bool,
) -> None:
    reader.error = error
    reader.go_on.set()
    with reader.serving(fake_home) as running:
        told = _stream(running.client, {"question": "Who reads?"})
        counted = f'cuttings_questions_total{{outcome="refused",reason="{kind}"}} 1.0'
        assert counted in running.client.get("/metrics").text.splitlines()
        assert [name for name, _ in told] == ["retrieved", "error"]
        problem = schemas.Problem.model_validate(told[1][1])
        assert problem.type == f"/problems/{kind}"
        assert problem.instance == "/ask"
        assert SECRET not in str(told)
        assert running.client.get("/healthz").status_code == 200
    assert (SECRET in caplog.text) == logged
    assert "Who reads?" not in caplog.text


def test_the_data_of_an_event_is_one_line_whatever_is_in_it() -> None:
    text = "a\nb\rc\r\nd\u2028e\u0085f\x0bg"
    sent = Event("candidate", {"answer": text}).encode()
    name, data, *rest = sent.decode().split("\n")
    assert (name, rest) == ("event: candidate", ["", ""])
    assert "\r" not in data
    assert json.loads(data.removeprefix("data: ")) == {"answer": text}


@dataclass
class ChattyReader:
    """Tells the same span again and again, notes how that ends, and finds nothing."""

    most: int
    pause: float = 0.0
    name: str = "chatty"
    begun: threading.Event = field(default_factory=threading.Event)
    ended: list[str] = field(default_factory=list)

    def read(
        self, question: str, candidates: Sequence[Candidate], tell: TellSpan = ignore, /
    ) -> Reading:
        self.begun.set()
        found = ScoredSpan(candidates[0], candidates[0].passage.sentences[0], 1.0)
        try:
            for _ in range(self.most):
                tell(found)
                time.sleep(self.pause)
        except Abandoned:
            self.ended.append("abandoned")
            raise
        self.ended.append("read")
        return Reading((), 0.0)


def _ask_bare(port: int, headers: bytes, receive_buffer: int | None = None) -> socket.socket:
    """Ask over a bare connection, and return it: closing it is hanging up."""
    body = json.dumps(QUESTIONS[1]).encode()
    connection = socket.socket()
    if receive_buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.connect(("127.0.0.1", port))
    connection.sendall(
        b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%b"
        b"Content-Length: %d\r\n\r\n%b" % (headers, len(body), body)
    )
    return connection


@pytest.mark.parametrize("headers", [b"Accept: text/event-stream\r\n", b""])
def test_a_client_that_hangs_up_mid_answer_frees_its_worker(
    fake_home: Path, headers: bytes
) -> None:
    reader = ChattyReader(most=60_000, pause=0.001)
    with serving(reader, fake_home, workers=1, queue=0) as running:
        connection = _ask_bare(running.port, headers)
        assert reader.begun.wait(60)
        if headers:
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        connection.close()
        wait_until(lambda: reader.ended == ["abandoned"])
        reader.most = 0
        wait_until(lambda: running.client.post("/ask", json=QUESTIONS[1]).status_code == 200)


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not cut it off")
def test_a_client_that_never_reads_keeps_no_worker_and_is_cut_off(fake_home: Path) -> None:
    reader = ChattyReader(most=1000)
    listener = listen("127.0.0.1", 0, seconds=3.0)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with serving(reader, fake_home, listener, workers=1, queue=0) as running:
        with _ask_bare(running.port, b"Accept: text/event-stream\r\n", receive_buffer=4096):
            wait_until(lambda: reader.ended == ["read"])
            reader.most = 0
            wait_until(lambda: running.client.post("/ask", json=QUESTIONS[1]).status_code == 200)
            wait_until(lambda: not running.server.server_state.tasks)
        assert len(running.server.server_state.connections) <= 1  # our own
