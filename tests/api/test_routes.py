"""What is at each address."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from api.app import create_app
from index.types import Kind
from qa.opening import open_answerer, open_for_adding
from tests.api.workshop import run, settings_for


@pytest.mark.parametrize(
    "asked",
    [
        {"question": "Who edits Inside Croydon?"},
        {"question": "How many children needed specialist services?", "since": "2017-09-05",
         "until": "2017-09-05", "top_k": 3},
        {"question": "And who signed it off?", "history": ["When was the report published?"]},
        {"question": "And who signed it off?", "history": ["When was it?"], "as_is": True},
        {"question": "What is the boiling point of tungsten?", "top_k": 2},
    ],
)  # fmt: skip
def test_an_answer_is_what_the_question_side_says(
    real_client: httpx.Client, real_home: Path, asked: dict[str, Any]
) -> None:
    given = real_client.post("/ask", json=asked).json()
    answerer = open_answerer(settings_for(real_home, reader=None))
    for each in {"since", "until"} & set(asked):
        asked = {**asked, each: date.fromisoformat(asked[each])}
    expected = answerer.ask(**asked).as_json()
    answerer.archive.close()
    assert list(given) == list(expected)
    assert set(given.pop("timings_ms")) == set(expected.pop("timings_ms"))
    assert given == expected


def test_what_is_carried_is_told_and_can_be_undone(real_client: httpx.Client) -> None:
    turn = {"question": "Who edits Inside Croydon?", "answer": "Steven Downes", "title": "Home"}
    asked = {"question": "What did he write?", "history": [turn]}
    given = real_client.post("/ask", json=asked).json()
    assert given["standalone_question"] == "What did Steven Downes write?"
    carried = {"text": "Steven Downes", "replaced": "he", "turn": 0, "origin": "answer"}
    assert given["carried"] == [carried]
    undone = real_client.post("/ask", json={**asked, "as_is": True}).json()
    assert (undone["standalone_question"], undone["carried"]) == ("What did he write?", [])
    read_as = {**turn, "question": "And the editor?", "standalone_question": "Who edits?"}
    given = real_client.post("/ask", json={**asked, "history": [read_as]}).json()
    assert given["standalone_question"] == "What did Steven Downes write?"


@pytest.mark.parametrize(
    "turn",
    [
        {"answer": "Ann"},
        {"question": "Who?", "id": 5},
        {"question": "Who?", "answer": 5},
        {"question": "Who?", "answer": "x" * 10_001},
        {"question": "Who?", "standalone_question": ""},
        {"question": "x" * 1001},
        5,
    ],
)
def test_a_history_that_is_none_is_refused(real_client: httpx.Client, turn: Any) -> None:
    reply = real_client.post("/ask", json={"question": "And she?", "history": [turn]})
    assert reply.status_code == 422


def test_a_quotation_is_cut_out_of_the_document(real_client: httpx.Client) -> None:
    given = real_client.post("/ask", json={"question": "Who edits Inside Croydon?"}).json()
    assert given["answered"]
    cited = given["citation"]
    text = real_client.get(f"/documents/{cited['document']['id']}").json()["text"]
    assert text[cited["start"] : cited["end"]] == given["answer"]
    assert text[cited["sentence_start"] : cited["sentence_end"]] == given["sentence"]
    assert "Steven Downes" in given["sentence"]
    for passage in given["passages"]:
        text = real_client.get(f"/documents/{passage['document']['id']}").json()["text"]
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_nothing_is_quoted_where_the_archive_does_not_say(real_client: httpx.Client) -> None:
    given = real_client.post("/ask", json={"question": "Who won the league in 1966?"}).json()
    assert not given["answered"]
    assert given["answer"] is given["sentence"] is given["citation"] is None
    assert given["passages"]


def test_the_pages_of_the_list_hold_every_document_once(client: httpx.Client) -> None:
    ids, after = [], 0
    for shown in (2, 2, 1):
        page = client.get("/documents", params={"after": after, "limit": 2}).json()
        assert page["total"] == 5
        assert len(page["documents"]) == shown
        ids += [each["id"] for each in page["documents"]]
        after = page["next"]
    assert after is None
    assert ids == [1, 2, 3, 4, 5]


def test_a_page_that_ends_the_list_exactly_is_the_last(client: httpx.Client) -> None:
    assert client.get("/documents?limit=5").json()["next"] is None
    assert client.get("/documents?after=5").json() == {"documents": [], "total": 5, "next": None}


def test_a_document_has_its_whole_text(client: httpx.Client, seeds: Path) -> None:
    for listed in client.get("/documents").json()["documents"]:
        found = client.get(f"/documents/{listed['id']}").json()
        text = found.pop("text")
        assert found == listed
        assert text == (seeds / Path(listed["source"]).name).read_bytes().decode()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Asks about one document of two versions, and one that has vanished."""
    folder = tmp_path_factory.mktemp("changed")
    home = folder / ".qa"
    archive = open_for_adding(settings_for(home, embedder="fake"))
    for texts in ({"a.txt": "It was 4.", "b.txt": "The bus is late."}, {"a.txt": "It was 55."}):
        for each in folder.glob("*.txt"):
            each.unlink()
        for name, text in texts.items():
            (folder / name).write_text(text)
        list(archive.sync(folder))
    archive.close()
    with run(create_app(settings_for(home))) as running:
        running.wait()
        yield running.client


def test_a_document_has_its_versions(changed: httpx.Client) -> None:
    found = changed.get("/documents/1/versions").json()
    assert found["id"] == 1
    old, new = found["versions"]
    assert (old["version"], old["length"]) == (1, len("It was 4."))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", old["superseded"])
    assert (new["version"], new["length"], new["superseded"]) == (2, len("It was 55."), None)


def test_each_version_can_be_opened(changed: httpx.Client) -> None:
    current = changed.get("/documents/1").json()
    assert changed.get("/documents/1/versions/2").json() == current
    old = changed.get("/documents/1/versions/1").json()
    assert old["text"] == "It was 4."
    assert old["version"] == 1
    assert old["content_hash"] != current["content_hash"]


def test_what_has_vanished_can_be_opened_by_its_version(changed: httpx.Client) -> None:
    assert changed.get("/documents/2").status_code == 404
    (only,) = changed.get("/documents/2/versions").json()["versions"]
    assert only["superseded"] is not None
    assert changed.get("/documents/2/versions/1").json()["text"] == "The bus is late."


@pytest.mark.parametrize("path", ["1/versions/3", "3/versions/1", "3/versions"])
def test_there_are_no_other_versions(changed: httpx.Client, path: str) -> None:
    reply = changed.get(f"/documents/{path}")
    assert reply.status_code == 404
    assert reply.json()["type"] == "/problems/unknown-document"


@pytest.mark.parametrize("number", ["0", "-1", "first", str(2**63)])
def test_a_version_is_a_number(changed: httpx.Client, number: str) -> None:
    assert changed.get(f"/documents/1/versions/{number}").status_code == 422


def test_a_citation_says_where_in_its_file_it_stands(
    real_client: httpx.Client, seeds: Path
) -> None:
    given = real_client.post("/ask", json={"question": "Who edits Inside Croydon?"}).json()
    cited = given["citation"]
    file = (seeds / Path(cited["document"]["source"]).name).read_bytes()
    first, last = cited["original"]["bytes"]
    assert list(cited["original"]) == ["bytes"]
    assert file[first:last].decode() == given["sentence"]
    assert hashlib.sha256(file).hexdigest() == cited["document"]["content_hash"]
    assert all(each["kind"] in get_args(Kind) for each in given["passages"])
