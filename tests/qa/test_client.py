"""A service elsewhere, for programs."""

import asyncio
import concurrent.futures
import doctest
import inspect
import json
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from api import examples
from api.app import create_app
from index.errors import (
    ArchiveError,
    BadQuestion,
    BadQuote,
    BadRange,
    NoService,
    ServiceBusy,
    ServiceError,
    UnknownDocument,
)
from index.walk import walk
from qa import Archive, Question, replies
from qa.client import AsyncClient, Client
from qa.defaults import MOST_QUESTIONS
from qa.opening import open_for_adding
from qa.settings import Settings
from qa.stages import Stage
from qa.types import Answer
from tests.api.workshop import HeldReader, Running, run, settings_for

QUESTION = "Who edits Inside Croydon?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """An archive of the seeds whose vectors the fake embedder made."""
    made = tmp_path_factory.mktemp("client") / ".qa"
    archive = open_for_adding(settings_for(made, embedder="fake"))
    list(archive.add(list(walk([seeds], made))))
    archive.close()
    return made


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Running]:
    with run(create_app(settings_for(home, reader="sentences"))) as running:
        running.wait()
        yield running


@pytest.fixture(scope="module")
def archive(home: Path) -> Iterator[Archive]:
    with Archive(home, reader="sentences") as opened:
        yield opened


@pytest.fixture(scope="module")
def client(service: Running) -> Iterator[Client]:
    with Client(f"http://127.0.0.1:{service.port}") as opened:
        yield opened


@pytest.fixture(scope="module")
def real_service(seed_settings: Settings) -> Iterator[str]:
    """The address of a service over the archive with the default model."""
    with run(create_app(seed_settings)) as running:
        running.wait()
        yield f"http://127.0.0.1:{running.port}"


@pytest.fixture
def reader() -> HeldReader:
    """A reader that waits until its `go_on` is set."""
    return HeldReader()


def _as_sent(answer: Answer) -> replies.Answer:
    return replies.read(replies.Answer, json.dumps(answer.as_json()))


def _without_times(answer: replies.Answer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in answer.__slots__ if name != "timings_ms"}


# The same as on this machine


@pytest.mark.parametrize("other", [Client, AsyncClient])
def test_both_sides_have_the_same_methods(other: type[Client] | type[AsyncClient]) -> None:
    for name, method in inspect.getmembers(other, inspect.isfunction):
        if not name.startswith("_"):
            own = inspect.signature(getattr(Archive, name)).parameters
            theirs = inspect.signature(method).parameters
            assert [(each.name, each.default) for each in own.values()] == [
                (each.name, each.default) for each in theirs.values()
            ]


def test_an_answer_is_the_one_from_this_machine(client: Client, archive: Archive) -> None:
    asked = ("How many were there?", ["Who needed specialist services?"], date(2017, 1, 1))
    given = client.ask(*asked, top_k=3, documents=[3, 4])
    here = archive.ask(*asked, top_k=3, documents=[3, 4])
    assert _without_times(given) == _without_times(_as_sent(here))
    assert len(given.passages) == 3
    assert {each.document.id for each in given.passages} <= {3, 4}


def test_a_stream_ends_with_that_answer(client: Client, archive: Archive) -> None:
    there, here = list(client.stream(QUESTION)), list(archive.stream(QUESTION))
    assert [type(each).__name__ for each in there] == [type(each).__name__ for each in here]
    last = there[-1]
    assert isinstance(last, replies.Answer)
    assert isinstance(here[-1], Answer)
    assert _without_times(last) == _without_times(_as_sent(here[-1]))
    for one, other in zip(there[:-1], here[:-1], strict=True):
        assert isinstance(other, Stage)
        assert one == replies.read(type(one), json.dumps(other.as_json()))


def test_of_many_questions_one_may_fail(client: Client) -> None:
    one, two, three = client.ask_all([QUESTION, " ", Question(QUESTION, since=date(2030, 1, 1))])
    assert isinstance(one, replies.Answer)
    assert isinstance(two, BadQuestion)
    assert isinstance(two.__cause__, ServiceError)
    assert two.__cause__.problem["instance"] == "/ask/batch#/questions/1"
    assert isinstance(three, replies.Answer)
    assert one.passages
    assert not three.passages


def test_more_questions_than_fit_into_a_batch_are_several(client: Client) -> None:
    found = client.ask_all([" "] * (MOST_QUESTIONS + 1))
    assert [type(each) for each in found] == [BadQuestion] * (MOST_QUESTIONS + 1)
    assert client.ask_all([]) == []


def test_it_searches_and_verifies(client: Client, archive: Archive) -> None:
    found = client.search("children in need", limit=3, since=date(2017, 9, 5))
    here = archive.search("children in need", limit=3, since=date(2017, 9, 5))
    assert [(each.text, each.dense) for each in found] == [
        (each.passage.text, round(each.dense, 6)) for each in here
    ]
    assert {each.document.id for each in client.search("children", documents={2})} == {2}
    verdict = client.verify("Croydon had 1,789 children", document=3)
    assert (verdict.result, verdict.places[0].text) == ("found", "Croydon had 1,789 children")
    assert client.verify("Croydon had 1,798 children").result == "not found"


def test_it_opens_documents(client: Client, archive: Archive, seeds: Path) -> None:
    listed = client.documents()
    assert [each.id for each in listed] == [each.id for each in archive.documents()]
    document = client.document(3)
    assert document.text == (seeds / Path(document.source).name).read_bytes().decode()
    assert document.published == date(2017, 9, 5)
    assert client.document(3, version=1) == document
    assert [each.version for each in client.versions(3)] == [1]
    found = client.text(3, 3335, 3340, around=8)
    assert (found.before, found.text, found.after) == ("don had ", "1,789", " childre")


def test_documents_beyond_the_first_page_are_listed_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.calls.PAGE", 2)
    assert [each.id for each in client.documents()] == [1, 2, 3, 4, 5]


def test_what_is_refused_is_the_same_error_as_on_this_machine(
    client: Client, archive: Archive
) -> None:
    for opened in (client, archive):
        with pytest.raises(BadQuestion, match="empty"):
            opened.ask(" ")
        with pytest.raises(BadQuestion, match="empty"):
            next(iter(opened.stream(" ")))
        with pytest.raises(BadQuestion, match="no day is both"):
            opened.search("x", since=date(2018, 1, 2), until=date(2018, 1, 1))
        with pytest.raises(UnknownDocument):
            opened.document(6)
        with pytest.raises(UnknownDocument):
            opened.versions(6)
        with pytest.raises(BadRange, match="3,760 characters"):
            opened.text(3, 0, 10_000)
        with pytest.raises(BadQuote, match="empty"):
            opened.verify("")


def test_what_only_a_service_refuses_has_its_problem_document(client: Client) -> None:
    with pytest.raises(ServiceError, match="limit: ") as caught:
        client.search("x", limit=1000)
    assert caught.value.problem["type"] == "/problems/invalid-request"


def test_awaited_it_does_the_same(client: Client) -> None:
    async def scenario() -> None:
        async with AsyncClient(str(client._http.base_url)) as other:
            assert _without_times(await other.ask(QUESTION)) == _without_times(client.ask(QUESTION))
            events = [each async for each in other.stream(QUESTION)]
            assert [type(each) for each in events] == [
                type(each) for each in client.stream(QUESTION)
            ]
            (one,) = await other.ask_all([QUESTION])
            assert isinstance(one, replies.Answer)
            assert await other.search("children", 2) == client.search("children", 2)
            assert await other.verify("1,789 children") == client.verify("1,789 children")
            assert await other.documents() == client.documents()
            assert await other.document(3, 1) == client.document(3, 1)
            assert await other.versions(3) == client.versions(3)
            assert await other.text(3, 0, 5) == client.text(3, 0, 5)
            for refused in (other.ask(" "), anext(other.stream(" "))):
                with pytest.raises(BadQuestion):
                    await refused

    asyncio.run(scenario())


# Waiting, and hanging up


def test_a_busy_service_is_asked_again_when_it_says_so(home: Path, reader: HeldReader) -> None:
    with (
        reader.serving(home, workers=1, queue=0) as running,
        Client(f"http://127.0.0.1:{running.port}") as patient,
        Client(f"http://127.0.0.1:{running.port}", retries=0) as hasty,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        first = threads.submit(patient.ask, QUESTION)
        assert reader.begun.acquire(timeout=60)
        with pytest.raises(ServiceBusy, match="try again"):
            hasty.ask(QUESTION)
        with pytest.raises(ServiceBusy):
            next(hasty.stream(QUESTION))
        begun = time.monotonic()
        threading.Timer(0.2, reader.go_on.set).start()
        assert not patient.ask(QUESTION).answered
        assert time.monotonic() - begun >= 1  # what Retry-After said
        assert not first.result().answered


def test_closing_a_stream_hangs_up(home: Path, reader: HeldReader) -> None:
    with (
        reader.serving(home, workers=1, queue=0) as running,
        Client(f"http://127.0.0.1:{running.port}") as client,
    ):
        told = client.stream(QUESTION)
        assert isinstance(next(told), replies.Retrieved)
        told.close()
        reader.go_on.set()
        assert not client.ask(QUESTION).answered


# Services that are none, or others


def _say(content: str, status: int = 200) -> Response:
    return PlainTextResponse(content, status)


@pytest.fixture(scope="module")
def strange() -> Iterator[Client]:
    """Asks something that is no service of ours, or a newer one: the question says which."""
    app = FastAPI()
    event = "event: answer\ndata: " + json.dumps(examples.ANSWER) + "\n\n"
    streams = {
        "newer": "event: colour\ndata: blue\n\n: a comment\n\n" + event,
        "cut short": 'event: retrieved\ndata: {"passages": []}\n\n',
        "failing": 'event: error\ndata: {"type": "/problems/archive-unavailable", "detail": "no"}\n\n',
        "garbled": "event: answer\ndata: {\n\n",
    }

    @app.post("/ask")
    async def ask(request: Request) -> Response:
        question = (await request.json())["question"]
        if question in streams:

            async def pieces() -> AsyncIterator[bytes]:
                for each in streams[question].encode():
                    yield bytes([each])

            return StreamingResponse(pieces(), media_type="text/event-stream")
        if question == "slow":
            await asyncio.sleep(2)
        if question == "newest":
            return JSONResponse({**examples.ANSWER, "mood": "good"})
        if question == "bare problem":
            return JSONResponse({"title": "No"}, 400, media_type="application/problem+json")
        return _say("<h1>Bad gateway</h1>", 502 if question == "proxy" else 200)

    with (
        run(app) as running,
        Client(f"http://127.0.0.1:{running.port}", timeout=0.5) as client,
    ):
        yield client


def test_a_newer_service_is_understood(strange: Client) -> None:
    assert strange.ask("newest").answer == "1,789"
    assert [type(each) for each in strange.stream("newer")] == [replies.Answer]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("html", "in a form that this version does not know"),
        ("proxy", "status 502 and no reason"),
        ("bare problem", "status 400 and no reason"),
        ("slow", "did not reply in time"),
    ],
)
def test_something_else_is_no_service(strange: Client, question: str, told: str) -> None:
    with pytest.raises(NoService, match=told):
        strange.ask(question)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("html", "cannot reach .*text/event-stream"),
        ("cut short", "hung up before the answer"),
        ("garbled", "in a form that this version does not know"),
        ("proxy", "status 502 and no reason"),
    ],
)
def test_nor_is_what_streams_something_else(strange: Client, question: str, told: str) -> None:
    with pytest.raises(NoService, match=told):
        list(strange.stream(question))


def test_an_error_on_the_way_is_raised(strange: Client) -> None:
    with pytest.raises(ArchiveError, match="no"):
        list(strange.stream("failing"))


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "127.0.0.1:1", ""])
def test_where_nobody_answers(address: str) -> None:
    with Client(address) as client, pytest.raises(NoService, match="cannot reach"):
        client.ask(QUESTION)


# Examples, and what it takes


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_its_example_is_true(kind: type[Client] | type[AsyncClient], real_service: str) -> None:
    text = (kind.__doc__ or "").replace("http://127.0.0.1:8000", real_service)
    example = doctest.DocTestParser().get_doctest(text, {}, kind.__name__, None, None)
    runner = doctest.DocTestRunner()
    assert runner.run(example).failed == 0
    assert runner.tries >= 4


def test_without_its_extra_it_says_what_to_install() -> None:
    program = "import sys; sys.modules['httpx_retries'] = None; import qa.client"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    last = ended.stderr.strip().splitlines()[-1]
    assert last.endswith("a client needs an extra; install it: pip install 'cuttings[client]'")


def test_it_loads_nothing_of_the_archive() -> None:
    program = (
        "import sys, qa.client\n"
        "print({'numpy', 'sqlalchemy', 'faiss', 'tantivy', 'fastapi'} & set(sys.modules))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "set()\n"
