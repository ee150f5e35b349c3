"""Kept answers over HTTP, and what people think of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.owner import owner_of
from index.archive import Archive
from qa.opening import open_for_adding
from tests.api.workshop import Running, run, settings_for

SAID = "The mill in Surrey Street burned down in May with all its flour."
QUESTION = {"question": "What burned down in Surrey Street?"}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive of one article, to be changed."""
    settings = settings_for(tmp_path / ".qa", embedder="fake")
    (tmp_path / "mill.txt").write_text(f"The mill\n\n{SAID} Nobody slept that night.\n")
    made = open_for_adding(settings)
    list(made.sync(tmp_path))
    yield made
    made.close()


@pytest.fixture
def running(archive: Archive) -> Iterator[Running]:
    home = archive.layout.home
    with run(create_app(settings_for(home, min_confidence=0))) as started:
        started.wait()
        yield started


def keep(client: httpx.Client, **body: Any) -> Any:
    reply = client.post("/ask", json={**QUESTION, "keep": True, **body})
    assert reply.status_code == 200, reply.text
    assert reply.json()["sentence"] == SAID
    return reply.json()


def test_only_what_is_to_be_kept_is_kept(running: Running) -> None:
    for body in (QUESTION, {**QUESTION, "keep": False}):
        assert "kept" not in running.client.post("/ask", json=body).json()
    assert running.client.post("/ask", json={**QUESTION, "keep": "yes"}).status_code == 422


def test_an_answer_is_opened_as_it_was_given(running: Running) -> None:
    given = keep(running.client, history=["Who sleeps?"], documents=[1], top_k=1)
    address = f"/answers/{given['kept']['id']}"
    found = running.client.get(address).json()
    assert {**found["answer"], "kept": given["kept"], "notices": []} == given
    assert (found["conversation"], found["feedback"]) == (None, None)
    assert found["scope"] == {"documents": [1], "since": None, "until": None}
    assert found["standing"]["result"] == "found"
    assert running.client.delete(address).status_code == 204
    for reply in (
        running.client.get(address),
        running.client.delete(address),
        running.client.post(f"{address}/feedback", json={"verdict": "right"}),
        running.client.delete(f"{address}/feedback"),
        running.client.get("/answers/x"),
    ):
        assert reply.status_code == 404
        assert reply.json()["type"] == "/problems/unknown-answer"


def test_it_says_whether_the_quotation_still_stands_and_what_to_open(
    running: Running, archive: Archive, tmp_path: Path
) -> None:
    client = running.client
    given = keep(client)
    address = f"/answers/{given['kept']['id']}"

    def opened(place: dict[str, Any]) -> str:
        document = place["document"]
        version = f"/documents/{document['id']}/versions/{document['version']}"
        text: str = client.get(version).json()["text"]
        assert text[place["start"] : place["end"]] == place["text"]
        said: str = place["text"]
        return said

    (tmp_path / "mill.txt").write_text(f"The mill\n\nIt rained. {SAID}\n")
    list(archive.sync(tmp_path))
    standing = client.get(address).json()["standing"]
    assert (standing["result"], opened(standing["place"])) == ("found", SAID)
    assert standing["place"]["document"]["version"] == 2

    (tmp_path / "mill.txt").write_text(f"The mill\n\nIt rained. {SAID.replace('May', 'June')}\n")
    list(archive.sync(tmp_path))
    standing = client.get(address).json()["standing"]
    assert (standing["result"], opened(standing["place"])) == ("changed", SAID)
    assert opened(standing["now"]) == SAID.replace("May", "June")

    (tmp_path / "other.txt").write_text(f"Another article\n\nNobody knows. {SAID}\n")
    list(archive.sync(tmp_path))
    standing = client.get(address).json()["standing"]
    assert (standing["result"], opened(standing["place"])) == ("moved", SAID)
    assert standing["place"]["document"]["title"] == "Another article"

    archive.remove("1")
    (tmp_path / "other.txt").unlink()
    archive.remove("2")
    standing = client.get(address).json()["standing"]
    assert standing == {"result": "not found", "place": None, "now": None}
    assert client.get(address).json()["answer"]["sentence"] == SAID


def test_an_answer_that_quotes_nothing_has_no_standing(running: Running) -> None:
    reply = running.client.post(
        "/ask", json={**QUESTION, "keep": True, "since": "2030-01-01"}
    ).json()
    assert not reply["answered"]
    assert running.client.get(f"/answers/{reply['kept']['id']}").json()["standing"] is None


def test_feedback_is_given_changed_and_taken_back(running: Running) -> None:
    client = running.client
    address = f"/answers/{keep(client)['kept']['id']}"
    for body in (
        {"verdict": "right"},
        {"verdict": "wrong answer", "note": " It was June. "},
        {"verdict": "wrong citation"},
    ):
        given = client.post(f"{address}/feedback", json=body)
        assert given.status_code == 200
        told = given.json()
        assert (told["verdict"], told["note"]) == (body["verdict"], body.get("note", "").strip())
        assert client.get(address).json()["feedback"] == told
    for _ in range(2):
        assert client.delete(f"{address}/feedback").status_code == 204
        assert client.get(address).json()["feedback"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"verdict": "good"},
        {"verdict": "right", "note": "x" * 2001},
        {"verdict": "right", "note": "\x07"},
        {"verdict": "right", "colour": "red"},
    ],
)
def test_feedback_that_makes_no_sense(running: Running, body: dict[str, Any]) -> None:
    address = f"/answers/{keep(running.client)['kept']['id']}"
    reply = running.client.post(f"{address}/feedback", json=body)
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/invalid-request")
    assert running.client.get(address).json()["feedback"] is None


def test_others_see_an_answer_and_nothing_around_it(running: Running) -> None:
    client = running.client
    made = client.post("/conversations", json={}).json()
    kept = keep(client, conversation=made["id"])["kept"]
    address = f"/answers/{kept['id']}"
    client.post(f"{address}/feedback", json={"verdict": "right"})
    assert client.get(address).json()["conversation"] == made["id"]
    running.app.dependency_overrides[owner_of] = lambda: "somebody else"
    shared = client.get(address).json()
    assert shared["answer"]["sentence"] == SAID
    assert (shared["conversation"], shared["feedback"]) == (None, None)
    assert client.get("/conversations").json()["conversations"] == []
    for reply in (
        client.delete(address),
        client.post(f"{address}/feedback", json={"verdict": "right"}),
        client.delete(f"{address}/feedback"),
        client.get(f"/conversations/{made['id']}"),
        client.get(f"/conversations/{made['id']}/export"),
        client.patch(f"/conversations/{made['id']}", json={"name": "x"}),
        client.delete(f"/conversations/{made['id']}"),
        client.post("/ask", json={**QUESTION, "conversation": made["id"]}),
    ):
        assert reply.status_code == 404
    running.app.dependency_overrides.clear()
    assert client.get(address).json()["feedback"]["verdict"] == "right"
