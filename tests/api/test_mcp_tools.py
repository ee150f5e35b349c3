"""What the tools find, and that every quotation in it is the document's own text."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.mcp import opening
from api.mcp.listing import Page
from api.mcp.opening import Place, Text, open_text
from api.mcp.server import TOOLS
from index.errors import BadQuestion, Misuse, UnknownDocument
from qa.answer import Answerer
from qa.opening import open_answerer, open_for_adding
from tests.api.workshop import settings_for


@pytest.fixture(scope="module")
def answerer(fake_home: Path) -> Iterator[Answerer]:
    """Answers from the seeds."""
    opened = open_answerer(settings_for(fake_home, min_confidence=0))
    yield opened
    opened.archive.close()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    """Answers from a document of two versions and one of two copies; a third has vanished."""
    folder = tmp_path_factory.mktemp("changed")
    home = folder / ".qa"
    settings = settings_for(home, embedder="fake", min_confidence=0)
    archive = open_for_adding(settings)
    before = {"a.txt": "The bridge cost 40 pounds.", "b.txt": "The bus is late.", "c.txt": "Rain."}
    after = {"a.txt": "The bridge cost 55 pounds.", "c.txt": "Rain.", "d.txt": "Rain. And hail."}
    for texts in (before, after):
        for each in folder.glob("*.txt"):
            each.unlink()
        for name, text in texts.items():
            (folder / name).write_text(text)
        list(archive.sync(folder))
    archive.close()
    opened = open_answerer(settings)
    yield opened
    opened.archive.close()


def use(answerer: Answerer, name: str, **arguments: Any) -> tuple[str, Any]:
    """Use a tool as the server does; check its quotations, and that its words hold no others."""
    tool = TOOLS[name]
    text, data = tool.work(answerer, tool.arguments.model_validate(arguments))
    found = data.model_dump(mode="json")
    tool.result.model_validate(found)
    _check(answerer, found)
    return text, found


def _check(answerer: Answerer, found: Any) -> None:
    """Check whatever is quoted, however deep, against the version that it is said to be from."""
    if isinstance(found, list):
        for each in found:
            _check(answerer, each)
    if not isinstance(found, dict):
        return
    if "quote" in found:
        told = found["document"]
        place = Place(document=told["id"], version=told["version"], start=found["start"],
                      end=found["end"], around=0)  # fmt: skip
        opened = open_text(answerer, place).data
        assert isinstance(opened, Text)
        assert opened.text == found["quote"]
    _check(answerer, list(found.values()))


def test_every_tool_is_read_only_and_says_what_it_takes() -> None:
    assert list(TOOLS) == ["ask", "search", "open", "verify", "list"]
    for name, tool in TOOLS.items():
        assert tool.name == name
        for schema in (tool.arguments.model_json_schema(), tool.result.model_json_schema()):
            assert schema["type"] == "object"
        for field in tool.arguments.model_json_schema()["properties"].values():
            assert field["description"]


def test_ask(answerer: Answerer) -> None:
    text, found = use(answerer, "ask", question="Who edits Inside Croydon?")
    assert found["answered"]
    assert found["quotation"]["quote"].count(found["answer"]) == 1
    assert text.startswith(f"“{found['quotation']['quote']}” [1]")
    assert found["nearest"] == []


def test_ask_where_the_archive_does_not_say(fake_home: Path) -> None:
    opened = open_answerer(settings_for(fake_home, min_confidence=1))
    text, found = use(opened, "ask", question="Who won the league?")
    opened.archive.close()
    assert text.startswith("The archive does not say.")
    assert (found["answered"], found["answer"], found["quotation"]) == (False, None, None)
    assert len(found["nearest"]) == 3


def test_search(answerer: Answerer) -> None:
    query = "children in need of specialist services"
    text, found = use(answerer, "search", query=query, limit=4)
    assert len(found["passages"]) == 4
    for number, each in enumerate(found["passages"], start=1):
        assert f"“{each['quote']}” [{number}]" in text
    scores = [each["score"] for each in found["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_search_in_a_range_of_dates(answerer: Answerer) -> None:
    _, found = use(answerer, "search", query="children", since="2017-09-05", until="2017-09-05")
    assert {each["document"]["published"] for each in found["passages"]} == {"2017-09-05"}
    text, found = use(answerer, "search", query="children", since="2030-01-01")
    assert found["passages"] == []
    assert text.startswith("There was nothing to search")
    with pytest.raises(BadQuestion, match="swap them"):
        use(answerer, "search", query="children", since="2018-01-01", until="2017-01-01")


def test_open_shows_what_stands_around(answerer: Answerer) -> None:
    text, found = use(answerer, "open", document=3, start=3311, end=3447, around=30)
    assert (found["start"], found["end"]) == (3281, 3477)
    assert text.endswith(f", characters 3281-3477 of {found['length']}:\n\n{found['text']}")
    assert found["next"] == 3477


@given(
    start=st.integers(0, 9000), end=st.none() | st.integers(0, 9000), around=st.integers(0, 9000)
)
def test_whatever_is_opened_is_the_documents_text(
    answerer: Answerer, start: int, end: int | None, around: int
) -> None:
    whole = answerer.archive.document(3).text
    place = Place(document=3, start=start, end=end, around=around)
    found = open_text(answerer, place).data
    assert isinstance(found, Text)
    assert found.text == whole[found.start : found.end]
    assert found.length == len(whole)
    assert len(found.text) <= opening.MOST
    assert found.next == (None if found.end == len(whole) else found.end)
    if end is not None and start <= end <= len(whole):
        assert found.start <= start <= end <= found.end


def test_a_long_document_is_opened_piece_by_piece(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / ".qa", embedder="fake")
    long = tmp_path / "long.txt"
    long.write_text("".join(f"This is sentence {number}.\n\n" for number in range(1500)))
    archive = open_for_adding(settings)
    list(archive.sync(tmp_path))
    archive.close()
    opened = open_answerer(settings)
    pieces, start = [], 0
    while start is not None:
        _, found = use(opened, "open", document=1, start=start, around=0)
        pieces.append(found["text"])
        start = found["next"]
    opened.archive.close()
    assert len(pieces) == 4
    assert "".join(pieces) == long.read_text()


def test_open_an_earlier_version(changed: Answerer) -> None:
    _, found = use(changed, "open", document=1, version=1)
    assert found["text"] == "The bridge cost 40 pounds."
    for absent in ({"document": 9}, {"document": 1, "version": 7}, {"document": 2}):
        with pytest.raises(UnknownDocument):
            use(changed, "open", **absent)


def test_verify_what_is_there(answerer: Answerer) -> None:
    text, found = use(answerer, "verify", quote="Croydon  had\n1,789 children")
    (place,) = found["places"]
    assert found["result"] == "found"
    assert place["quote"] == "Croydon had 1,789 children"
    assert not place["torn"]
    assert text.startswith(f"Found.\n\n“{place['sentence']}” [1]\n\n[1] Government takes control")


def test_verify_what_is_not(answerer: Answerer) -> None:
    text, found = use(answerer, "verify", quote="Croydon had 1,798 children")
    assert text == "Not found."
    assert found == {"result": "not found", "places": [], "earlier": [], "more": False}
    text, found = use(answerer, "verify", quote="789 children")
    assert found["places"][0]["torn"]
    assert "inside a word or figure" in text
    with pytest.raises(Misuse, match="empty"):
        use(answerer, "verify", quote=" ")


def test_verify_what_has_changed(changed: Answerer) -> None:
    text, found = use(changed, "verify", quote="cost 40 pounds")
    (earlier,) = found["earlier"]
    assert (found["result"], earlier["quote"]) == ("changed", "cost 40 pounds")
    assert earlier["now"]["sentence"] == "The bridge cost 55 pounds."
    assert "in version 1: “The bridge cost 40 pounds.” [1]" in text
    assert "Now: “The bridge cost 55 pounds.” [2]" in text
    text, found = use(changed, "verify", quote="The bus is late.")
    assert found["earlier"][0]["vanished"]
    assert "The document has vanished." in text


def test_verify_what_stands_elsewhere(changed: Answerer) -> None:
    text, found = use(changed, "verify", quote="Rain.", document=1)
    assert found["result"] == "moved"
    assert {each["document"]["source"] for each in found["places"]} == {"c.txt", "d.txt"}
    assert text.startswith("Moved:")


def test_verify_lists_a_few_places(answerer: Answerer) -> None:
    text, found = use(answerer, "verify", quote="the")
    assert len(found["places"]) == 5
    assert found["more"]
    assert "There are more places" in text


def test_list_by_pages(answerer: Answerer) -> None:
    ids, after = [], 0
    while after is not None:
        text, found = use(answerer, "list", after=after, limit=2)
        for each in found["documents"]:
            assert f"document {each['id']}: {each['title']}" in text
            ids.append(each["id"])
        after = found["next"]
        assert (f"list those after {after}." in text) == (after is not None)
    assert ids == [1, 2, 3, 4, 5]
    assert found["total"] == 5


@pytest.mark.parametrize("given", [{"limit": 101}, {"after": -1}, {"page": 2}])
def test_arguments_that_do_not_fit(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Page.model_validate(given)
