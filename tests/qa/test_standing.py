"""Whether what was quoted still stands."""

from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from qa.answer import Answerer
from qa.standing import Standing, standing
from tests.qa.workshop import MakeAnswerer, write

MILL = (
    "The mill\n\nThe mill in Surrey Street burned down in May with all its flour. Nobody slept.\n"
)
OTHER = "Trams\n\nThe tram to Wimbledon leaves every twelve minutes from the depot.\n"
QUESTION = "What burned down in Surrey Street?"
SAID = "The mill in Surrey Street burned down in May with all its flour."


@pytest.fixture
def answerer(make_answerer: MakeAnswerer) -> Answerer:
    return make_answerer({"mill.txt": MILL, "other.txt": OTHER})


@pytest.fixture
def given(answerer: Answerer) -> dict[str, Any]:
    answer = answerer.ask(QUESTION).as_json()
    assert answer["sentence"] == SAID
    return answer


def stands(archive: Archive, folder: Path, given: dict[str, Any], **files: str) -> Standing:
    write(folder, {f"{name}.txt": text for name, text in files.items()})
    list(archive.sync(folder))
    found = standing(archive.store, given)
    assert found is not None
    if found.place is not None:
        said = found.place.span.cut(found.place.document.text)
        assert said.split() == SAID.split()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def test_a_quotation_that_is_where_it_was(
    answerer: Answerer, given: dict[str, Any], folder: Path
) -> None:
    found = stands(answerer.archive, folder, given)
    told = found.as_json()
    cited = given["citation"]
    assert (told["result"], told["now"]) == ("found", None)
    assert told["place"] == {
        "document": cited["document"],
        "start": cited["sentence_start"],
        "end": cited["sentence_end"],
        "text": SAID,
    }


def test_a_quotation_elsewhere_in_a_new_version(
    answerer: Answerer, given: dict[str, Any], folder: Path
) -> None:
    longer = MILL.replace("The mill in", "It rained.  The mill in").replace("with all", "with\nall")
    found = stands(answerer.archive, folder, given, mill=longer)
    assert found.result == "found"
    assert found.place is not None
    assert (found.place.document.id, found.place.document.version) == (
        given["citation"]["document"]["id"],
        2,
    )
    assert found.place.span.start > given["citation"]["sentence_start"]


def test_a_change_that_leaves_the_quotation_in_its_place(
    answerer: Answerer, given: dict[str, Any], folder: Path
) -> None:
    found = stands(answerer.archive, folder, given, mill=MILL + "\nThe end.\n")
    assert found.result == "found"
    assert found.place is not None
    assert found.place.document.version == 2
    assert found.place.span.start == given["citation"]["sentence_start"]


def test_a_quotation_that_another_document_has(
    answerer: Answerer, given: dict[str, Any], folder: Path
) -> None:
    found = stands(
        answerer.archive, folder, given, mill="The mill\n\nNothing.\n", other=OTHER + f"\n{SAID}\n"
    )
    assert found.result == "moved"
    assert found.place is not None
    assert found.place.document.id != given["citation"]["document"]["id"]


def test_a_quotation_that_was_changed(
    answerer: Answerer, given: dict[str, Any], folder: Path
) -> None:
    found = stands(answerer.archive, folder, given, mill=MILL.replace("May", "June"))
    assert found.result == "changed"
    assert found.place is not None
    assert found.now is not None
    assert (found.place.document.version, found.now.document.version) == (1, 2)
    assert found.now.span.cut(found.now.document.text) == SAID.replace("May", "June")


def test_a_quotation_of_a_document_that_has_vanished(
    answerer: Answerer, given: dict[str, Any], folder: Path
) -> None:
    (folder / "mill.txt").unlink()
    found = stands(answerer.archive, folder, given)
    assert (found.result, found.now) == ("changed", None)
    assert found.place is not None
    assert found.place.document.id == given["citation"]["document"]["id"]
    assert found.place.document.version == 1


def test_a_quotation_of_a_document_that_was_removed(
    answerer: Answerer, given: dict[str, Any]
) -> None:
    answerer.archive.remove(str(given["citation"]["document"]["id"]))
    found = standing(answerer.archive.store, given)
    assert found == Standing("not found")
    assert found.as_json() == {"result": "not found", "place": None, "now": None}


def test_what_quotes_nothing_does_not_stand(answerer: Answerer) -> None:
    given = answerer.ask("What?", min_confidence=1.0).as_json()
    assert given["citation"] is None
    assert standing(answerer.archive.store, given) is None
