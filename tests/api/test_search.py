"""Passages over HTTP."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from api import schemas
from api.search import Found, Wanted
from qa.opening import open_answerer
from tests.api.workshop import settings_for

WORDS = "children in need of specialist services"


def test_it_finds_what_the_question_side_finds(
    client: httpx.Client, fake_home: Path, seeds: Path
) -> None:
    found = client.get("/search", params={"q": WORDS, "limit": 4})
    assert found.status_code == 200
    passages = found.json()["passages"]
    answerer = open_answerer(settings_for(fake_home))
    expected = answerer.ask(WORDS, top_k=4).passages
    answerer.archive.close()
    assert [each["score"] for each in passages] == [round(each.score, 6) for each in expected]
    for each, candidate in zip(passages, expected, strict=True):
        assert each["document"]["id"] == candidate.document.id
        assert each["dense"] == round(candidate.dense, 6)
        assert each["lexical"] == round(candidate.lexical, 6)
        assert each["kind"] == candidate.passage.kind
        text = (seeds / Path(each["document"]["source"]).name).read_bytes().decode()
        assert text[each["start"] : each["end"]] == each["text"]
        assert len(each["twins"]) == len(candidate.twins)


def test_the_same_said_elsewhere_is_named(client: httpx.Client, seeds: Path) -> None:
    passages = client.get("/search", params={"q": WORDS, "limit": 20}).json()["passages"]
    twins = [twin for each in passages for twin in each["twins"]]
    assert twins
    for each in twins:
        text = (seeds / Path(each["document"]["source"]).name).read_bytes().decode()
        assert text[each["start"] : each["end"]].strip()


def test_dates_leave_documents_out(client: httpx.Client) -> None:
    wanted = {"q": WORDS, "since": "2017-09-05", "until": "2017-09-05"}
    found = client.get("/search", params=wanted).json()["passages"]
    assert {each["document"]["published"] for each in found} == {"2017-09-05"}
    assert client.get("/search", params={**wanted, "until": "2030-01-01", "since": "2030-01-01"}
                      ).json() == {"query": WORDS, "passages": []}  # fmt: skip


def test_only_chosen_documents_are_looked_at(client: httpx.Client) -> None:
    found = client.get("/search", params={"q": WORDS, "documents": [2, 4]}).json()["passages"]
    assert {each["document"]["id"] for each in found} == {2, 4}


@pytest.mark.parametrize(
    ("wanted", "kind", "told"),
    [
        ({"q": "x", "documents": [2, 99]}, "bad-question", "no document 99"),
        ({"q": "x", "documents": ["two"]}, "invalid-request", "documents[0]"),
        ({}, "invalid-request", "q is missing"),
        ({"q": " "}, "bad-question", "empty"),
        ({"q": "x" * 1001}, "bad-question", "1,001 characters"),
        ({"q": "x", "limit": "0"}, "invalid-request", "limit: "),
        ({"q": "x", "limit": "101"}, "invalid-request", "limit: "),
        ({"q": "x", "since": "today"}, "invalid-request", "YYYY-MM-DD"),
        ({"q": "x", "since": "2018-01-01", "until": "2017-01-01"}, "bad-question", "no day"),
        ({"q": "x", "colour": "blue"}, "invalid-request", "colour is not known here"),
    ],
)
def test_what_cannot_be_searched_for(
    client: httpx.Client, wanted: dict[str, str], kind: str, told: str
) -> None:
    reply = client.get("/search", params=wanted)
    assert reply.status_code == 422
    problem = schemas.Problem.model_validate(reply.json())
    assert problem.type == f"/problems/{kind}"
    assert told in problem.detail


def test_its_examples_are_of_its_shape(client: httpx.Client) -> None:
    (wanted,) = Wanted.model_json_schema()["examples"]
    (expected,) = Found.model_json_schema()["examples"]
    found: dict[str, Any] = client.get("/search", params=wanted).json()
    assert found["query"] == expected["query"] == WORDS
    assert set(found["passages"][0]) == set(expected["passages"][0])
