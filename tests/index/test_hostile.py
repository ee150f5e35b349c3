"""Hostile files: each comes to a clear end in seconds, and harms neither the archive nor the others."""

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from index import loaders, reading
from index.archive import Archive
from index.errors import LoadError
from index.intake import Outcome
from index.loaders import Unread
from index.loaders.protocol import Options
from index.sandbox import Sandbox
from index.types import Document
from index.walk import walk
from tests.index.hostile import FILES, packed
from tests.index.workshop import add, found_by, problems, reopen, sources, write

LATE = "took longer than"


def is_read(name: str) -> bool:
    try:
        return loaders.container_for(name) is not None or loaders.loader_for(name) is not None
    except LoadError:
        return False


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Options(), seconds=20) as made:
        yield made


def said(sandbox: Sandbox, path: Path) -> list[str]:
    """What comes of a file: the texts in it, and what is said of those that cannot be read."""
    outcomes = []
    try:
        for each in sandbox.documents(path, path.name):
            if isinstance(each, Document):
                check(each)
                outcomes.append(each.text)
            else:
                outcomes.append(each.problem)
                assert "\n" not in each.problem
    except LoadError as error:
        outcomes.append(str(error))
        assert "\n" not in str(error)
    return outcomes


def check(document: Document) -> None:
    assert len(document.text) < 2_000_000
    end = 0
    for part in document.parts:
        assert end <= part.span.start < part.span.end <= len(document.text)
        end = part.span.end
    for each in (document.text, document.title, document.author, document.publisher):
        assert each is None or "root:x:" not in each


@pytest.mark.parametrize("name", [name for name, each in FILES.items() if each.outcome != LATE])
def test_a_hostile_file_comes_to_an_end(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    if not is_read(name):
        pytest.skip("nothing reads such files")
    path = tmp_path / name
    path.write_bytes(FILES[name].make())
    (tmp_path / "good.txt").write_text("Good text.")
    started = time.monotonic()
    outcome = said(sandbox, path)
    assert time.monotonic() - started < 20
    assert outcome != []
    assert re.search(FILES[name].outcome, " ".join(outcome), re.DOTALL), outcome
    assert said(sandbox, tmp_path / "good.txt") == ["Good text."]


@pytest.mark.parametrize("name", [name for name, each in FILES.items() if each.outcome == LATE])
def test_a_file_that_takes_too_long(tmp_path: Path, name: str) -> None:
    if not is_read(name):
        pytest.skip("nothing reads such files")
    path = tmp_path / name
    path.write_bytes(FILES[name].make())
    with Sandbox(Options(), seconds=2) as sandbox:
        assert said(sandbox, path) == ["took longer than 2 s to read"]


def test_they_leave_the_archive_and_the_good_files_alone(
    archive: Archive, papers: Path, home: Path
) -> None:
    quick = "zeros.tar.gz nested.zip devices.tar traversal.zip deep.html laughs.rss laughs.docx "
    quick += "laughs.epub loop.pdf deep.pdf deep.jsonl open.csv laughs.md froms.mbox deep.html"
    for name in quick.split():
        (papers / name).write_bytes(FILES[name].make())
    write(papers, {"a.txt": "The first good text.", "z/z.txt": "The last good text."})
    outcomes = add(archive, papers)
    results = {each.path.name: each.result for each in outcomes}
    assert (results["a.txt"], results["z.txt"]) == ("added", "added")
    for each in outcomes:
        assert each.result == "added" or each.note != ""
    assert {"a.txt", "z/z.txt"} <= set(sources(archive))
    archive.close()
    assert problems(home) == []
    again = reopen(home)
    assert {"a.txt", "z/z.txt"} <= found_by(again, "good")
    again.close()


# A line of 1 GB


def endless_line(path: Path, before: bytes, after: bytes, size: int = 10**9) -> None:
    with path.open("wb") as file:
        file.write(before)
        file.seek(size, os.SEEK_CUR)  # a hole: it takes up no room
        file.write(after)


def test_a_line_of_1_gb(tmp_path: Path) -> None:
    line = b'\n{"text": "Some text."}\n'
    endless_line(tmp_path / "a.jsonl", b'{"text": "First text."}\n', line)
    endless_line(tmp_path / "a.csv", b"text\nFirst text.\n", b"\nSome text.\n", 10**8)
    too_large = "more than 20 MB, the limit; split it, or raise the limit with --max-file-mb"
    with Sandbox(Options(), memory=300_000_000) as sandbox:
        for name in ["a.jsonl", "a.csv"]:
            if is_read(name):
                assert said(sandbox, tmp_path / name) == ["First text.", too_large, "Some text."]


def test_a_text_of_1_gb(tmp_path: Path) -> None:
    for name in ["a.txt", "a.html", "a.pdf"]:
        endless_line(tmp_path / name, b"<p>", b"Some text.")
        if is_read(name):
            with pytest.raises(LoadError, match=r"1000\.0 MB, and the limit is 20 MB"):
                reading.check(tmp_path / name, Options())


@pytest.mark.skipif(not is_read("a.jsonl"), reason="nothing reads such files")
def test_what_a_document_says_of_itself_is_not_without_end(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    long = "word " * 100_000
    record = {"text": "Some text.", "title": long, "author": long, "url": f"http://{long.strip()}"}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    (only,) = sandbox.documents(tmp_path / "a.jsonl", "a.jsonl")
    assert isinstance(only, Document)
    assert only.title == only.author == ("word " * 100).strip()
    assert only.url is None
    assert only.title_span is not None
    assert only.title_span.cut(only.text) == long.strip()


# Names


def test_names_of_files(archive: Archive, papers: Path, home: Path) -> None:
    good = [
        "a\nb.txt",
        "a\x1b[2Jb.txt",
        "a\tb.txt",
        " .txt",
        "a\u202eb.txt",
        "-rf.txt",
        "ü\u2028.txt",
    ]
    for name in good:
        (papers / name).write_text(f"Some text of {name!r}.")
    bad = Path(os.fsdecode(os.fsencode(papers) + b"/\xff\xfe.txt"))
    bad.write_text("Some text.")
    outcomes = add(archive, papers)
    assert sorted(sources(archive)) == sorted(good)
    assert [(each.path, each.note) for each in outcomes if each.result == "skipped"] == [
        (bad, "its name is not valid text; rename it")
    ]
    archive.close()
    assert problems(home) == []


def test_links_in_circles_and_pipes(archive: Archive, papers: Path, home: Path) -> None:
    write(papers, {"a/b/good.txt": "Some text."})
    (papers / "a/b/up").symlink_to(papers / "a")
    (papers / "a/self").symlink_to("self")
    (papers / "a/one").symlink_to("two")
    (papers / "a/two").symlink_to("one")
    (papers / "a/itself").symlink_to(".")
    os.mkfifo(papers / "pipe.txt")
    outcomes = add(archive, papers)
    assert sources(archive) == ["a/b/good.txt"]
    notes = {each.path.name: each.note for each in outcomes if each.result == "skipped"}
    assert notes.pop("pipe.txt") == "not a regular file"
    assert set(notes) <= {"self", "one", "two"}
    archive.close()
    assert problems(home) == []


# Files that do not keep still


def test_a_file_that_vanishes_or_changes_its_nature(archive: Archive, papers: Path) -> None:
    write(papers, {f"{name}.txt": f"Text {name}." for name in "abcd"})
    found = list(walk([papers], papers / ".qa"))
    (papers / "b.txt").unlink()
    (papers / "c.txt").unlink()
    os.mkfifo(papers / "c.txt")
    outcomes = list(archive.add(found))
    assert {each.path.name: each.note for each in outcomes if each.result != "added"} == {
        "b.txt": "no such file or folder",
        "c.txt": "not a regular file",
    }
    assert sources(archive) == ["a.txt", "d.txt"]


@pytest.mark.skipif(not is_read("a.jsonl"), reason="nothing reads such files")
def test_a_file_that_is_cut_off_while_it_is_read(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "%s"}\n' % (b"Some text. " * 1000) * 1000)
    documents = sandbox.documents(path, "a.jsonl")
    assert isinstance(next(documents), Document)
    os.truncate(path, 5_000_000)
    rest = list(documents)
    assert 300 < len(rest) < 999
    assert all(isinstance(each, Document) for each in rest[:-1])
    assert isinstance(rest[-1], Unread)  # half a line
    assert rest[-1].problem.startswith("not JSON")


# Readers that are killed


def reader() -> psutil.Process:
    return max(psutil.Process().children(), key=psutil.Process.create_time)


@pytest.mark.skipif(not is_read("a.jsonl"), reason="nothing reads such files")
def test_a_reader_that_is_killed_between_two_documents(
    archive: Archive, papers: Path, home: Path
) -> None:
    lines = [
        f'{{"text": "{" ".join(map(str, range(n, n + 900)))}"}}' for n in range(0, 300_000, 1000)
    ]
    write(papers, {"a.jsonl": "\n".join(lines), "b.txt": "The last text."})
    outcomes: list[Outcome] = []
    for each in archive.add(walk([papers], home)):
        if outcomes == []:
            reader().kill()
        outcomes.append(each)
    (skipped,) = [each for each in outcomes if each.result == "skipped"]
    assert "its reader crashed (SIGKILL)" in skipped.note
    assert (outcomes[-1].path.name, outcomes[-1].result) == ("b.txt", "added")
    assert len(sources(archive)) == len(outcomes) - 1
    archive.close()
    assert problems(home) == []


@pytest.mark.skipif(not (is_read("a.zip") and is_read("a.pdf")), reason="nothing reads such files")
def test_the_others_in_a_file_outlive_a_crash(tmp_path: Path) -> None:
    crash = FILES["zeros.pdf"].make()
    path = tmp_path / "a.zip"
    path.write_bytes(packed({"1.txt": "One.", "2.pdf": crash, "3.txt": "Three.", "4.txt": "Four."}))
    with Sandbox(Options(), memory=300_000_000) as sandbox:
        found = list(sandbox.documents(path, "a.zip"))
        assert [each.source for each in found] == [
            "a.zip/1.txt", "a.zip/2.pdf", "a.zip/3.txt", "a.zip/4.txt",
        ]  # fmt: skip
        assert [isinstance(each, Document) for each in found] == [True, False, True, True]
        assert isinstance(found[1], Unread)
        assert re.match("its reader crashed|needed more than 0.3 GB", found[1].problem)


@pytest.mark.skipif(not (is_read("a.zip") and is_read("a.pdf")), reason="nothing reads such files")
def test_a_file_of_nothing_but_crashes_is_given_up(tmp_path: Path) -> None:
    crash = FILES["zeros.pdf"].make()
    path = tmp_path / "a.zip"
    path.write_bytes(packed({f"{number}.pdf": crash for number in range(9)}))
    found: list[Document | Unread] = []
    with Sandbox(Options(), memory=300_000_000) as sandbox:
        documents = sandbox.documents(path, "a.zip")
        with pytest.raises(LoadError, match="the rest is left out: 3 of its documents ended"):
            found.extend(documents)
    assert len(found) <= 3
