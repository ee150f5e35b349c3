"""Conversations over HTTP."""

import concurrent.futures
import itertools
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.schemas import Answer
from index.layout import Layout
from qa import conversations, kept
from qa.notebook import Notebook
from tests.api.workshop import HeldReader, run, settings_for

QUESTION = "How many children needed specialist services?"
UNKNOWN = "0" * 32


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, fake_home: Path) -> Path:
    copied: Path = shutil.copytree(fake_home, tmp_path_factory.mktemp("talks") / ".qa")
    return copied


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    """Asks a service whose answers are whole sentences, as sure as may be."""
    settings = settings_for(home, min_confidence=0)
    with run(create_app(settings)) as running:
        running.wait()
        yield running.client


def begin(client: httpx.Client, **body: Any) -> Any:
    reply = client.post("/conversations", json=body)
    assert reply.status_code == 201, reply.text
    assert reply.headers["location"] == f"/conversations/{reply.json()['id']}"
    return reply.json()


def ask(client: httpx.Client, question: str = QUESTION, **body: Any) -> Any:
    reply = client.post("/ask", json={"question": question, **body})
    assert reply.status_code == 200, reply.text
    return reply.json()


def problem(reply: httpx.Response, status: int, kind: str) -> str:
    assert (reply.status_code, reply.json()["type"]) == (status, f"/problems/{kind}"), reply.text
    detail: str = reply.json()["detail"]
    return detail


def test_a_conversation_from_beginning_to_end(client: httpx.Client) -> None:
    made = begin(client)
    assert made["name"] is None
    assert made["scope"] == {"documents": None, "since": None, "until": None}
    first = ask(client, conversation=made["id"])
    assert first["kept"]["conversation"] == made["id"]
    assert first["notices"] == []
    second = ask(client, "And when was that?", conversation=made["id"])
    assert second["standalone_question"].startswith("When was it that")
    assert {each["turn"] for each in second["carried"]} == {0}

    thread = client.get(f"/conversations/{made['id']}").json()
    assert (thread["name"], thread["answers"], thread["next"]) == (QUESTION, 2, None)
    assert [each["id"] for each in thread["thread"]] == [
        first["kept"]["id"],
        second["kept"]["id"],
    ]
    for given, known in zip((first, second), thread["thread"], strict=True):
        assert {**known["answer"], "kept": given["kept"], "notices": []} == given

    changed = client.patch(f"/conversations/{made['id']}", json={"name": "Children"})
    assert changed.json()["name"] == "Children"
    assert client.get("/conversations").json()["conversations"][0] == changed.json()

    deleted = client.delete(f"/conversations/{made['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    for each in (
        client.get(f"/conversations/{made['id']}"),
        client.patch(f"/conversations/{made['id']}", json={"name": "x"}),
        client.delete(f"/conversations/{made['id']}"),
        client.get(f"/conversations/{made['id']}/export"),
        client.post("/ask", json={"question": QUESTION, "conversation": made["id"]}),
    ):
        assert "GET /conversations lists" in problem(each, 404, "unknown-conversation")
    gone = client.get(f"/answers/{first['kept']['id']}")
    problem(gone, 404, "unknown-answer")


def test_a_thread_comes_in_pages(client: httpx.Client) -> None:
    made = begin(client)
    ids = [
        ask(client, f"Question {each}?", conversation=made["id"])["kept"]["id"] for each in range(5)
    ]
    seen, after = [], 0
    for size in (2, 2, 1):
        page = client.get(f"/conversations/{made['id']}", params={"after": after, "limit": 2})
        seen += [each["id"] for each in page.json()["thread"]]
        assert len(page.json()["thread"]) == size
        after = page.json()["next"]
    assert after is None
    assert seen == ids


def test_the_list_comes_in_pages_the_last_asked_first(own_home: Path) -> None:
    with run(create_app(settings_for(own_home))) as running:
        running.wait()
        assert running.client.get("/conversations").json() == {
            "conversations": [],
            "total": 0,
            "next": None,
        }
        ids = [begin(running.client, name=f"No {each}")["id"] for each in range(5)]
        ask(running.client, conversation=ids[1])
        seen, asked = [], {"limit": 2}
        for size in (2, 2, 1):
            page = running.client.get("/conversations", params=asked).json()
            assert (page["total"], len(page["conversations"])) == (5, size)
            seen += [each["id"] for each in page["conversations"]]
            asked["before"] = page["next"]
        assert asked["before"] is None
        assert seen == [ids[1], ids[4], ids[3], ids[2], ids[0]]


def test_a_conversation_keeps_to_its_scope(client: httpx.Client) -> None:
    def read(**body: Any) -> set[int]:
        return {each["document"]["id"] for each in ask(client, **body)["passages"]}

    made = begin(client, scope={"documents": [2, 3], "since": "2017-01-01"})
    assert made["scope"] == {"documents": [2, 3], "since": "2017-01-01", "until": None}
    assert read(conversation=made["id"]) <= {2, 3}
    assert read(conversation=made["id"], documents=[3]) == {3}
    assert read(documents=[5, 5]) == {5}
    changed = client.patch(f"/conversations/{made['id']}", json={"scope": {"documents": [5]}})
    assert changed.json()["scope"] == {"documents": [5], "since": None, "until": None}
    assert changed.json()["name"] == QUESTION
    assert read(conversation=made["id"]) == {5}
    assert client.patch(f"/conversations/{made['id']}", json={"scope": {}}).json()["scope"] == {
        "documents": None,
        "since": None,
        "until": None,
    }
    assert len(read(conversation=made["id"])) > 2


@pytest.mark.parametrize(
    ("scope", "kind", "detail"),
    [
        ({"documents": [2, 77]}, "bad-question", "the archive holds no document 77"),
        ({"since": "2018-01-01", "until": "2017-01-01"}, "bad-question", "swap them"),
        ({"documents": []}, "invalid-request", "documents: list should have at least 1 item"),
        ({"documents": [0]}, "invalid-request", "documents[0]"),
        ({"documents": ["2"]}, "invalid-request", "documents[0]"),
        ({"documents": [1] * 10_001}, "invalid-request", "at most 10000 items"),
        ({"since": "tomorrow"}, "invalid-request", "since: a day is written YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_scopes_that_make_no_sense(
    client: httpx.Client, scope: dict[str, Any], kind: str, detail: str
) -> None:
    made = begin(client)
    for each in (
        client.post("/ask", json={"question": QUESTION, **scope}),
        client.post("/ask", json={"question": QUESTION, "conversation": made["id"], **scope}),
        client.post("/conversations", json={"scope": scope}),
        client.patch(f"/conversations/{made['id']}", json={"scope": scope}),
    ):
        assert detail in problem(each, 422, kind)
    assert client.get(f"/conversations/{made['id']}").json() == {**made, "thread": [], "next": None}


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\x00b", None])
def test_names_that_are_none(client: httpx.Client, name: str | None) -> None:
    made = begin(client, name="Mine")
    reply = client.patch(f"/conversations/{made['id']}", json={"name": name})
    if name is None:  # nothing to be changed
        assert reply.json() == made
        return
    assert "the name" in problem(reply, 422, "invalid-request")
    problem(client.post("/conversations", json={"name": name}), 422, "invalid-request")


def test_history_and_conversation_exclude_each_other(client: httpx.Client) -> None:
    body = {"question": "And when?", "history": [QUESTION], "conversation": begin(client)["id"]}
    reply = client.post("/ask", json=body)
    assert "leave out history" in problem(reply, 422, "bad-question")
    reply = client.post("/ask", json={**body, "conversation": UNKNOWN, "history": []})
    problem(reply, 404, "unknown-conversation")


def test_limits_are_problems(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = begin(client)
    monkeypatch.setattr(kept, "MOST_ANSWERS", 0)
    monkeypatch.setattr(kept, "MOST_ALONE", 0)
    monkeypatch.setattr(conversations, "MOST_CONVERSATIONS", 1)
    for path, body, detail in (
        ("/ask", {"question": QUESTION, "conversation": made["id"]}, "begin another"),
        ("/ask", {"question": QUESTION, "keep": True}, "outside of conversations"),
        ("/conversations", {}, "delete some"),
    ):
        assert detail in problem(client.post(path, json=body), 409, "limit-reached")


def test_an_export_in_both_forms(client: httpx.Client) -> None:
    made = begin(client, name="Children & others")
    ask(client, conversation=made["id"])
    path = f"/conversations/{made['id']}/export"
    text = client.get(path)
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    assert text.headers["content-disposition"] == 'attachment; filename="conversation.md"'
    assert text.text.startswith("# Children \\& others\n")
    assert "[^1]: " in text.text
    assert client.get(path, params={"format": "md"}).text == text.text
    told = client.get(path, params={"format": "json"})
    assert told.headers["content-type"] == "application/json"
    assert told.headers["content-disposition"] == 'attachment; filename="conversation.json"'
    assert told.json() == client.get(f"/conversations/{made['id']}").json()
    problem(client.get(path, params={"format": "pdf"}), 422, "invalid-request")


def test_two_questions_at_once_are_kept_in_order_and_none_is_lost(
    own_home: Path, reader: HeldReader
) -> None:
    with (
        reader.serving(own_home, workers=4) as running,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        made = begin(running.client)
        other = begin(running.client)

        def send(number: int, conversation: str) -> Any:
            return threads.submit(
                ask, running.client, f"And question {number} of it?", conversation=conversation
            )

        asked = [send(0, made["id"])]
        assert reader.begun.acquire(timeout=60)
        for number in range(1, 5):
            asked.append(send(number, made["id"]))
            waiting = running.app.state.lines._lines[made["id"]]
            while waiting.length < number + 1:
                pass
        # They wait for each other, and for nobody else.
        asked.append(send(9, other["id"]))
        assert reader.begun.acquire(timeout=60)
        assert len(reader.questions) == 2
        reader.go_on.set()
        replies = [each.result() for each in asked]
        thread = running.client.get(f"/conversations/{made['id']}").json()["thread"]
        assert [each["id"] for each in thread] == [each["kept"]["id"] for each in replies[:5]]
        assert [each["answer"]["question"] for each in thread] == [
            f"And question {number} of it?" for number in range(5)
        ]
        # Each could lean on those before it.
        leaned_on = [{turn["turn"] for turn in each["answer"]["carried"]} for each in thread]
        assert leaned_on == [set(), {0}, {1}, {2}, {3}]


def test_a_conversation_that_too_many_ask_at_once(own_home: Path, reader: HeldReader) -> None:
    with (
        reader.serving(own_home) as running,
        concurrent.futures.ThreadPoolExecutor(32) as threads,
    ):
        made = begin(running.client)
        body = {"question": QUESTION, "conversation": made["id"]}
        asked = [threads.submit(running.client.post, "/ask", json=body) for _ in range(20)]
        refused = [
            each.result() for each in itertools.islice(concurrent.futures.as_completed(asked), 4)
        ]
        for each in refused:
            assert "16 questions to this conversation are waiting" in problem(each, 503, "busy")
        reader.go_on.set()
        statuses = sorted(each.result().status_code for each in asked)
        assert statuses == [200] * 16 + [503] * 4
        assert running.client.get("/conversations").json()["conversations"][0]["answers"] == 16


def test_what_another_process_keeps_is_seen(own_home: Path) -> None:
    with run(create_app(settings_for(own_home))) as running:
        running.wait()
        made = begin(running.client)
        command = [sys.executable, "-c", "from qa.cli import main; main()", "chat"]
        subprocess.run(
            [*command, "--continue", made["id"], "--home", str(own_home), "--reader", "sentences"],
            input=f"{QUESTION}\n",
            text=True,
            check=True,
            capture_output=True,
        )
        thread = running.client.get(f"/conversations/{made['id']}").json()
        assert (thread["name"], thread["answers"]) == (QUESTION, 1)
        reply = ask(running.client, "And when was that?", conversation=made["id"])
        assert reply["standalone_question"].startswith("When was it that")


def test_documents_that_vanish_from_a_scope_are_said(own_home: Path) -> None:
    with run(create_app(settings_for(own_home))) as running:
        running.wait()
        made = begin(running.client, scope={"documents": [2, 3]})
        running.app.state.service.answerer.archive.remove("3")
        reply = ask(running.client, conversation=made["id"])
        assert reply["notices"] == ["document 3 is no longer in the archive, and left out"]
        assert {each["document"]["id"] for each in reply["passages"]} == {2}


@pytest.fixture
def read_only(own_home: Path) -> Iterator[httpx.Client]:
    """Asks a service that cannot write its archive, which has one conversation, called Before."""
    with closing(Notebook(Layout(own_home).conversations)) as notebook:
        conversations.begin(notebook, "Before")
    everything = [*own_home.rglob("*"), own_home]
    for each in everything:
        each.chmod(0o555 if each.is_dir() else 0o444)
    # Root may write everywhere, unless it gives that up.
    code = "from tests.index.workshop import drop_rights; from qa.cli import main; drop_rights(); main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "serve", "--port", "0", "--home", str(own_home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().rstrip("\n").rpartition(" ")[2]
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            yield client
        process.terminate()
    for each in reversed(everything):
        each.chmod(0o755)


def test_where_nothing_can_be_kept_questions_are_answered_all_the_same(
    read_only: httpx.Client, own_home: Path
) -> None:
    (known,) = read_only.get("/conversations").json()["conversations"]
    for body in ({"conversation": known["id"]}, {"keep": True}):
        reply = ask(read_only, **body)
        assert reply["kept"] is None
        assert reply["notices"] == ["this answer was not kept: the archive cannot be written"]
        Answer.model_validate(reply)
    thread = read_only.get(f"/conversations/{known['id']}").json()
    assert (thread["name"], thread["answers"]) == ("Before", 0)
    for refused in (
        read_only.post("/conversations", json={}),
        read_only.patch(f"/conversations/{known['id']}", json={"name": "x"}),
        read_only.delete(f"/conversations/{known['id']}"),
    ):
        assert str(own_home) not in problem(refused, 507, "archive-unwritable")


def test_a_damaged_file_of_conversations_stops_nothing_else(own_home: Path) -> None:
    Layout(own_home).conversations.write_bytes(b"no database at all" * 900)
    with run(create_app(settings_for(own_home))) as running:
        running.wait()
        ask(running.client)
        reply = running.client.get("/conversations")
        assert str(own_home) not in problem(reply, 503, "archive-unavailable")


def test_an_answer_of_another_version_is_shown_as_it_is(own_home: Path) -> None:
    with run(create_app(settings_for(own_home))) as running:
        running.wait()
        made = begin(running.client)
        ask(running.client, conversation=made["id"])
        notebook: Notebook = running.app.state.notebook
        (known,) = kept.thread(notebook, made["id"])
        other = {**known.answer, "mood": "certain"}
        del other["timings_ms"]
        with notebook.writing() as connection:
            connection.exec_driver_sql("UPDATE answers SET answer = ?", (json.dumps(other),))
        thread = running.client.get(f"/conversations/{made['id']}").json()["thread"]
        assert thread[0]["answer"] == other
        assert running.client.get(f"/answers/{known.id}").json()["answer"] == other
