"""Ranges of documents' texts over HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api import schemas
from api.app import create_app
from api.texts import MOST_AROUND, Text
from qa.opening import open_for_adding
from tests.api.workshop import run, settings_for

OLD, NEW = "It was 4 👍🏽, e\u0301tait-il dit.", "It was 55."


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Asks about one document of two versions, and one that has vanished."""
    folder = tmp_path_factory.mktemp("changed")
    archive = open_for_adding(settings_for(folder / ".qa", embedder="fake"))
    for texts in ({"a.txt": OLD, "b.txt": "The bus is late."}, {"a.txt": NEW}):
        for each in folder.glob("*.txt"):
            each.unlink()
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8")
        list(archive.sync(folder))
    archive.close()
    with run(create_app(settings_for(folder / ".qa"))) as running:
        running.wait()
        yield running.client


def _text(client: httpx.Client, document: int = 1, **wanted: Any) -> dict[str, Any]:
    reply = client.get(f"/documents/{document}/text", params=wanted)
    assert reply.status_code == 200
    return Text.model_validate(reply.json()).model_dump()


def test_without_a_range_it_is_the_whole_text(changed: httpx.Client) -> None:
    assert _text(changed) == {
        "id": 1, "version": 2, "length": 10, "start": 0, "end": 10,
        "before": "", "text": NEW, "after": "",
    }  # fmt: skip


def test_offsets_count_code_points(changed: httpx.Client) -> None:
    found = _text(changed, version=1, start=7, end=14)
    assert found["text"] == OLD[7:14]
    assert (found["version"], found["length"]) == (1, len(OLD))


def test_what_stands_around_it_is_had_if_asked_for(changed: httpx.Client) -> None:
    found = _text(changed, start=7, end=9, around=3)
    assert (found["before"], found["text"], found["after"]) == ("as ", "55", ".")
    found = _text(changed, start=3, end=3, around=2)
    assert (found["before"], found["text"], found["after"]) == ("t ", "", "wa")


def test_a_vanished_document_is_read_by_its_version(changed: httpx.Client) -> None:
    assert changed.get("/documents/2/text").status_code == 404
    assert _text(changed, 2, version=1, end=7)["text"] == "The bus"


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"start": 0, "end": 11}, "no range from 0 to 11: its text has 10 characters"),
        ({"start": 11}, "no range from 11 to 10"),
        ({"start": 5, "end": 4}, "no range from 5 to 4"),
        ({"start": 2**63 - 1, "end": 2**63 - 1}, "no range from 9223372036854775807"),
    ],
)
def test_a_range_outside_the_text(changed: httpx.Client, wanted: dict[str, int], told: str) -> None:
    reply = changed.get("/documents/1/text", params=wanted)
    assert reply.status_code == 422
    problem = schemas.Problem.model_validate(reply.json())
    assert problem.type == "/problems/bad-range"
    assert told in problem.detail


@pytest.mark.parametrize(
    "query",
    ["start=-1", "end=-1", "start=x", "start=9223372036854775808", "around=-1", "version=0",
     f"around={MOST_AROUND + 1}", "page=2"],
)  # fmt: skip
def test_a_parameter_that_does_not_fit(changed: httpx.Client, query: str) -> None:
    reply = changed.get(f"/documents/1/text?{query}")
    assert reply.status_code == 422
    assert reply.json()["type"] == "/problems/invalid-request"


@pytest.mark.parametrize("path", ["3/text", "1/text?version=3", "3/text?version=1"])
def test_there_are_no_others(changed: httpx.Client, path: str) -> None:
    reply = changed.get(f"/documents/{path}")
    assert reply.status_code == 404
    assert reply.json()["type"] == "/problems/unknown-document"


def test_its_example_is_true(client: httpx.Client) -> None:
    (expected,) = Text.model_json_schema()["examples"]
    given = client.get("/documents/3/text", params={"start": 3335, "end": 3340, "around": 24})
    assert given.json() == expected
    for each in client.get("/documents").json()["documents"]:
        whole = client.get(f"/documents/{each['id']}").json()["text"]
        assert client.get(f"/documents/{each['id']}/text").json()["text"] == whole
