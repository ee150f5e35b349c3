"""What is at each address."""

from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa.opening import open_answerer
from tests.api.workshop import settings_for


@pytest.mark.parametrize(
    "asked",
    [
        {"question": "Who edits Inside Croydon?"},
        {"question": "How many children needed specialist services?", "since": "2017-09-05",
         "until": "2017-09-05", "top_k": 3},
        {"question": "And who signed it off?", "history": ["When was the report published?"]},
        {"question": "What is the boiling point of tungsten?", "top_k": 2},
    ],
)  # fmt: skip
def test_an_answer_is_what_the_question_side_says(
    real_client: httpx.Client, real_home: Path, asked: dict[str, Any]
) -> None:
    given = real_client.post("/ask", json=asked).json()
    answerer = open_answerer(settings_for(real_home))
    for each in {"since", "until"} & set(asked):
        asked = {**asked, each: date.fromisoformat(asked[each])}
    expected = answerer.ask(**asked).as_json()
    answerer.archive.close()
    assert list(given) == list(expected)
    assert set(given.pop("timings_ms")) == set(expected.pop("timings_ms"))
    assert given == expected


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
