"""Quotations over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from api import schemas
from api.app import create_app
from api.verify import LONGEST_QUOTE, Quote, Verdict
from qa.cli import cli
from qa.opening import open_for_adding
from tests.api.workshop import run, settings_for

OLD = "Otters\n\nThere were 1,789 otters in the river. They were “happy”.\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive: document 1 has changed, 2 is as it was, 3 has vanished."""
    folder = tmp_path_factory.mktemp("quotes")
    archive = open_for_adding(settings_for(folder / ".qa", embedder="fake"))
    texts = {"a.txt": OLD, "b.txt": "The mill was\nsold.", "c.txt": "The vote was lost."}
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    list(archive.sync(folder))
    (folder / "a.txt").write_text(OLD.replace("1,789", "1,839"), "utf-8")
    (folder / "c.txt").unlink()
    list(archive.sync(folder))
    archive.close()
    return folder / ".qa"


@pytest.fixture(scope="module")
def asked(home: Path) -> Iterator[httpx.Client]:
    with run(create_app(settings_for(home))) as running:
        running.wait()
        yield running.client


@pytest.mark.parametrize(
    ("quote", "document", "result"),
    [
        ("The mill was sold.", None, "found"),
        ("The mill was sold.", 2, "found"),
        ("The mill was sold.", 1, "moved"),
        ("1,789 otters", None, "changed"),
        ("1,789 otters", 1, "changed"),
        ("The vote was lost.", 3, "changed"),
        ("789 otters", None, "changed"),
        ("1,798 otters", None, "not found"),
        ("1,839", 1, "found"),
    ],
)
def test_the_verdict_is_what_qa_verify_prints(
    asked: httpx.Client, home: Path, quote: str, document: int | None, result: str
) -> None:
    reply = asked.post("/verify", json={"quote": quote, "document": document})
    assert reply.status_code == 200
    where = [] if document is None else ["--document", str(document)]
    printed = CliRunner().invoke(cli, ["verify", quote, "--json", "--home", str(home), *where])
    assert reply.json() == json.loads(printed.output)
    assert reply.json()["result"] == result
    Verdict.model_validate(reply.json())


def test_places_are_word_for_word(asked: httpx.Client) -> None:
    (place,) = asked.post("/verify", json={"quote": "mill  was sold"}).json()["places"]
    text = asked.get(f"/documents/{place['document']['id']}").json()["text"]
    assert text[place["start"] : place["end"]] == place["text"] == "mill was\nsold"


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"quote": ""}, 422, "bad-quote"),
        ({"quote": " \n"}, 422, "bad-quote"),
        ({"quote": "\ud800"}, 422, "invalid-request"),
        ({}, 422, "invalid-request"),
        ({"quote": 5}, 422, "invalid-request"),
        ({"quote": "x" * (LONGEST_QUOTE + 1)}, 422, "invalid-request"),
        ({"quote": "x", "document": 0}, 422, "invalid-request"),
        ({"quote": "x", "document": "2"}, 422, "invalid-request"),
        ({"quote": "x", "colour": "blue"}, 422, "invalid-request"),
        ({"quote": "x", "document": 4}, 404, "unknown-document"),
    ],
)
def test_what_cannot_be_looked_for(
    asked: httpx.Client, body: dict[str, Any], status: int, kind: str
) -> None:
    headers = {"Content-Type": "application/json"}
    reply = asked.post("/verify", content=json.dumps(body), headers=headers)
    assert reply.status_code == status
    assert schemas.Problem.model_validate(reply.json()).type == f"/problems/{kind}"


def test_a_character_that_no_text_has_is_not_found(asked: httpx.Client) -> None:
    assert asked.post("/verify", json={"quote": "mill\x00"}).json()["result"] == "not found"


def test_its_example_is_true(client: httpx.Client) -> None:
    (quote,) = Quote.model_json_schema()["examples"]
    (expected,) = Verdict.model_json_schema()["examples"]
    given = client.post("/verify", json=quote).json()
    for each in (given, expected):
        for place in each["places"]:
            place["document"]["source"] = Path(place["document"]["source"]).name
    assert given == expected
