"""An archive for programs."""

import doctest
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import qa.archive
from index.errors import BadQuestion, BadQuote, BadRange, BadSetting, NoArchive, UnknownDocument
from qa import Archive, Question
from qa.opening import open_answerer
from qa.settings import Settings
from qa.stages import Retrieved
from qa.types import Answer
from tests.qa.workshop import write

FILES = {
    "one.txt": "Libraries\n5 May 2017\n\nThe council closed four libraries in May.",
    "two.txt": "School\n6 May 2018\n\nThe mayor opened a new school.",
}
QUESTION = "How many libraries has the council closed?"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files and no settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("QA_HOME", "QA_READER", "QA_EMBEDDER"):
        monkeypatch.delenv(name, raising=False)
    write(tmp_path / "files", FILES)
    return tmp_path


@pytest.fixture
def archive(folder: Path) -> Iterator[Archive]:
    """An archive of these files, with the fake embedder and the reader that needs no model."""
    with Archive(create=True, embedder="fake", reader="sentences", min_confidence=0.0) as opened:
        assert [each.result for each in opened.add("files")] == ["added", "added"]
        yield opened


def test_it_answers_as_the_answerer_does(archive: Archive, folder: Path) -> None:
    settings = Settings(home=folder / ".qa", reader="sentences", min_confidence=0.0)
    answerer = open_answerer(settings)
    given = archive.ask(QUESTION, ["Who closed it?"], until=date(2018, 1, 1), top_k=1)
    expected = answerer.ask(QUESTION, ["Who closed it?"], until=date(2018, 1, 1), top_k=1)
    answerer.archive.close()
    assert (given.citation, given.passages) == (expected.citation, expected.passages)
    assert given.answer == given.sentence == "The council closed four libraries in May."


def test_an_answer_that_is_none_has_neither_answer_nor_sentence(archive: Archive) -> None:
    given = archive.ask(QUESTION, since=date(2030, 1, 1))
    assert (given.answered, given.answer, given.sentence) == (False, None, None)


def test_it_streams(archive: Archive) -> None:
    first, *_, last = archive.stream(QUESTION, top_k=1)
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answer)
    assert last.citation == archive.ask(QUESTION, top_k=1).citation


def test_of_many_questions_one_may_fail(archive: Archive) -> None:
    one, two, three = archive.ask_all([QUESTION, " ", Question(QUESTION, since=date(2018, 1, 1))])
    assert isinstance(one, Answer)
    assert isinstance(two, BadQuestion)
    assert isinstance(three, Answer)
    assert one.citation != three.citation


def test_it_searches_and_verifies(archive: Archive) -> None:
    assert archive.search("libraries", limit=1)[0].document.id == 1
    assert archive.verify("closed four libraries").result == "found"
    assert archive.verify("closed four libraries", document=2).result == "moved"
    with pytest.raises(UnknownDocument):
        archive.verify("closed four libraries", document=3)
    with pytest.raises(BadQuote):
        archive.verify(" ")


def test_it_opens_documents_and_their_versions(archive: Archive, folder: Path) -> None:
    write(folder / "files", {"one.txt": FILES["one.txt"].replace("four", "five")})
    results = {each.result for each in archive.add(folder / "files")}
    assert results == {"replaced", "unchanged"}
    assert [each.id for each in archive.documents()] == [1, 2]
    assert archive.document(1).text == (folder / "files" / "one.txt").read_text()
    assert archive.document(1, version=1).text == FILES["one.txt"]
    assert [each.number for each in archive.versions(1)] == [1, 2]
    at = FILES["one.txt"].index("four")
    for version, word in ((None, "five"), (1, "four")):
        found = archive.text(1, at, at + 4, around=7, version=version)
        assert (found.before, found.text, found.after) == ("closed ", word, " librar")
    with pytest.raises(BadRange):
        archive.text(1, 0, 1000)
    with pytest.raises(UnknownDocument):
        archive.document(3)


def test_it_keeps_in_step_with_a_folder(archive: Archive, folder: Path) -> None:
    (folder / "files" / "two.txt").unlink()
    assert "vanished" in {each.result for each in archive.sync("files")}
    assert [each.id for each in archive.documents()] == [1]
    assert [each.source for each in archive.remove(1)] == ["files/one.txt"]
    assert archive.status().documents == 0


def test_it_must_be_there_unless_it_is_to_be_made(folder: Path) -> None:
    with pytest.raises(NoArchive):
        Archive(folder / "elsewhere")
    Archive(folder / "elsewhere", create=True, embedder="fake").close()
    Archive(str(folder / "elsewhere")).close()


def test_settings_are_those_of_qa(archive: Archive, folder: Path) -> None:
    with pytest.raises(BadSetting, match="did you mean reader"):
        Archive(redaer="sentences")
    (folder / "qa.toml").write_text("min_confidence = 1.0\nreader = 'sentences'\n")
    with Archive() as strict:
        assert not strict.ask(QUESTION).answered
    assert archive.ask(QUESTION).answered


def test_its_example_is_true(seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(seeds, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testmod(qa.archive)
    assert (failed, tried > 3) == (0, True)


def test_importing_it_loads_nothing_that_is_not_asked_for() -> None:
    program = (
        "import sys, qa\n"
        "assert not {'index', 'numpy', 'pydantic', 'sqlalchemy'} & set(sys.modules)\n"
        "from qa import Archive\n"
        "assert not {'torch', 'onnxruntime', 'httpx', 'fastapi'} & set(sys.modules)\n"
        "try: qa.Archiv\n"
        "except AttributeError as error: print(error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "module 'qa' has no attribute 'Archiv'\n"
