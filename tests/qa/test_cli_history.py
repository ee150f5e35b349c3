"""`qa verify`, `qa index versions`, `qa index export` and `import`: what they print and where."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pytest

from index.doctor import examine
from qa.cli import main
from qa.opening import open_for_adding
from qa.settings import Settings
from tests.qa.workshop import write

OLD = "Otters\n5 September 2017\n\nThere were 1,789 otters in the river. They were “happy”.\n"
NEW = OLD.replace("1,789", "1,839")
SENTENCE = "There were 1,789 otters in the river."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive: document 1 has changed, 2 is as it was, 3 has vanished."""
    folder = tmp_path_factory.mktemp("made")
    files = folder / "files"
    archive = open_for_adding(Settings(home=folder / ".qa", embedder="fake"))
    write(files, {"a.txt": OLD, "b.txt": "The mill was\nsold.", "c.txt": "The vote was lost."})
    list(archive.sync(files))
    write(files, {"a.txt": NEW})
    (files / "c.txt").unlink()
    list(archive.sync(files))
    archive.close()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of that folder, where this test's `qa` runs."""
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True)


RunQA: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_qa(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> RunQA:
    """Runs `qa` in that folder, in this process: many times, and quickly."""
    monkeypatch.chdir(folder)
    for name in [each for each in os.environ if each.startswith("QA_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str | bytes) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["qa", *map(os.fsdecode, arguments)])
        status = 0
        try:
            main()
        except SystemExit as ended:
            assert isinstance(ended.code, int)
            status = ended.code
        return subprocess.CompletedProcess(arguments, status, *capsys.readouterr())

    return run


class Verified(Protocol):
    """Runs `qa verify --json`."""

    def __call__(self, quote: str, *options: str, status: int) -> dict[str, Any]: ...


@pytest.fixture
def verified(run_qa: RunQA) -> Verified:
    def verify(quote: str, *options: str, status: int) -> dict[str, Any]:
        ended = run_qa("verify", quote, "--json", *options)
        assert (ended.returncode, ended.stderr) == (status, "")
        found: dict[str, Any] = json.loads(ended.stdout)
        assert list(found) == ["quote", "result", "places", "earlier", "more"]
        assert found["quote"] == quote
        return found

    return verify


def test_a_quotation_is_found(verified: Verified, folder: Path) -> None:
    (place,) = verified("1,839 otters", status=0)["places"]
    assert place["document"]["source"] == "files/a.txt"
    assert place["document"]["version"] == 2
    assert NEW[place["start"] : place["end"]] == place["text"] == "1,839 otters"
    assert NEW[place["sentence_start"] : place["sentence_end"]] == place["sentence"]
    assert (place["kind"], place["torn"]) == ("body", False)
    first, last = place["original"]["bytes"]
    assert (folder / "files/a.txt").read_bytes()[first:last].decode() == place["sentence"]


def test_what_the_document_has_is_shown_as_it_stands(verified: Verified) -> None:
    (place,) = verified("mill was sold", status=0)["places"]
    assert place["text"] == "mill was\nsold"


def test_a_changed_digit_is_not_found(verified: Verified) -> None:
    found = verified("1,798 otters", status=1)
    assert (found["result"], found["places"], found["earlier"]) == ("not found", [], [])
    assert verified('They were "happy"', status=1)["result"] == "not found"


def test_a_changed_sentence_is_shown_as_it_was_and_is(verified: Verified) -> None:
    found = verified("1,789 otters", status=1)
    assert (found["result"], found["places"]) == ("changed", [])
    (earlier,) = found["earlier"]
    assert earlier["document"]["version"] == 1
    assert earlier["sentence"] == SENTENCE
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", earlier["superseded"])
    assert earlier["now"]["sentence"] == SENTENCE.replace("1,789", "1,839")
    assert not earlier["vanished"]


def test_what_has_vanished_has_no_successor(verified: Verified) -> None:
    (earlier,) = verified("The vote was lost", status=1)["earlier"]
    assert earlier["now"] is None
    assert earlier["vanished"]


@pytest.mark.parametrize("reference", ["2", "files/b.txt"])
def test_a_quotation_may_stand_elsewhere(verified: Verified, reference: str) -> None:
    assert verified("The mill", "--document", reference, status=0)["result"] == "found"
    found = verified("1,839 otters", "--document", reference, status=0)
    assert found["result"] == "moved"
    assert [each["document"]["id"] for each in found["places"]] == [1]


def test_it_is_said_in_words(folder: Path, run_qa: RunQA) -> None:
    a = "[1] Otters, 2017-09-05, files/a.txt, characters 25-62"
    now = SENTENCE.replace("1,789", "1,839")
    assert run_qa("verify", "1,839 otters").stdout == f"Found.\n{now}\n  {a}\n"
    moved = run_qa("verify", "839 otters", "--document", "2").stdout.splitlines()
    assert moved == [
        "Moved: that document does not have it, but it is here.",
        now,
        f"  {a}",
        "  it begins or ends inside a word or figure there",
    ]
    changed = run_qa("verify", "1,789 otters").stdout.splitlines()
    assert changed[0] == "Changed: only an earlier version has it."
    assert re.fullmatch(r"Until \S+Z, in version 1:", changed[1])
    assert changed[2:] == [SENTENCE, f"  {a}", "Now:", now, f"  {a}"]
    assert run_qa("verify", "vote was").stdout.splitlines()[-1] == "The document has vanished."
    assert run_qa("verify", "were").stdout.startswith("Found in 2 places.\n")
    assert run_qa("verify", "nowhere").stdout == "Not found.\n"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("verify", " "), 2, "empty"),
        (("verify", b"\xff"), 2, "not valid text"),
        (("verify", "x", "--document", "9"), 1, "no document '9'"),
        (("verify", "x", "--document", b"\xff"), 1, "no document"),
        (("verify", "x", "--home", "nowhere"), 1, "no archive at nowhere"),
        (("index", "versions", "files/d.txt"), 1, "no document 'files/d.txt'"),
        (("index", "versions", "1", "--show", "3"), 1, "qa index versions 1"),
        (("index", "versions", "files"), 1, "2 documents are at 'files'"),
        (("index", "export", "files"), 2, "is a folder"),
        (("index", "export", "files/a.txt"), 2, "--force"),
        (("index", "export", "no/where"), 1, "cannot write no/where"),
        (("index", "export", "x", "--home", "nowhere"), 1, "no archive at nowhere"),
        (("index", "import", "files/a.txt", "--home", "new"), 1, "is no export"),
        (("index", "import", "missing", "--home", "new"), 1, "cannot read missing"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    folder: Path, run_qa: RunQA, arguments: tuple[str | bytes, ...], status: int, said: str
) -> None:
    ended = run_qa(*arguments)
    assert (ended.returncode, ended.stdout) == (status, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("qa: ")
    assert said in line
    assert not (folder / "new").exists()


def test_the_versions_of_a_document_are_listed(folder: Path, run_qa: RunQA) -> None:
    ended = run_qa("index", "versions", "files/a.txt")
    assert ended.stderr == ""
    old, new = ended.stdout.splitlines()
    rest = rf"2017-09-05, {len(OLD)} characters, Otters, files/a\.txt"
    assert re.fullmatch(rf"   1  until \S+Z +{rest}", old)
    assert re.fullmatch(rf"   2  current +{rest}", new)
    listed = json.loads(run_qa("index", "versions", "1", "--json").stdout)
    assert listed["id"] == 1
    assert [each["version"] for each in listed["versions"]] == [1, 2]
    assert [each["length"] for each in listed["versions"]] == [len(OLD), len(NEW)]
    assert listed["versions"][1]["superseded"] is None


@pytest.mark.parametrize("reference", ["3", "files/c.txt"])
def test_what_has_vanished_can_be_read(folder: Path, run_qa: RunQA, reference: str) -> None:
    assert " until " in run_qa("index", "versions", reference).stdout
    shown = run_qa("index", "versions", reference, "--show", "1")
    assert shown.stdout == "The vote was lost.\n"


def test_a_version_is_shown_as_it_was(folder: Path, run_qa: RunQA) -> None:
    assert run_qa("index", "versions", "1", "--show", "1").stdout == OLD + "\n"
    shown = json.loads(run_qa("index", "versions", "1", "--show", "2", "--json").stdout)
    assert (shown["text"], shown["version"]) == (NEW, 2)


def test_an_archive_is_taken_elsewhere(folder: Path, run_qa: RunQA) -> None:
    contents = "2 documents, 2 earlier versions and 4 passages"
    exported = run_qa("index", "export", "x.cuttings")
    assert (exported.returncode, exported.stderr) == (0, "")
    assert re.fullmatch(rf"exported {contents}, at change \d+, to x\.cuttings\n", exported.stdout)
    imported = run_qa("index", "import", "x.cuttings", "--home", "new/.qa")
    assert (imported.returncode, imported.stderr) == (0, "")
    assert re.fullmatch(rf"imported {contents}, at change \d+, into new/\.qa\n", imported.stdout)
    assert list(examine(folder / "new/.qa")) == []
    for command in (("verify", "1,789 otters", "--json"), ("index", "versions", "1", "--json"),
                    ("index", "list", "--json")):  # fmt: skip
        there = run_qa(*command, "--home", "new/.qa")
        assert there.stdout == run_qa(*command).stdout
        assert there.stderr == ""
    again = run_qa("index", "import", "x.cuttings", "--home", "new/.qa")
    assert again.returncode == 2
    assert "holds an archive already" in again.stderr
    assert run_qa("index", "export", "x.cuttings", "--force").returncode == 0
