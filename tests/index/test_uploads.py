"""Files that come from elsewhere."""

import os
import time
from pathlib import Path

import pytest

from index import uploads
from index.archive import Archive
from index.errors import ArchiveUnwritable, LoadError
from index.intake import Outcome
from index.uploads import Upload, arriving, check_name
from tests.index.workshop import add, problems, sources, write


def _upload(archive: Archive, name: str, content: bytes) -> list[Outcome]:
    with arriving(archive.layout) as folder:
        (folder / name).write_bytes(content)
        return list(archive.add_uploads([Upload(folder / name, name)]))


def test_an_upload_lies_where_its_source_says(archive: Archive) -> None:
    (outcome,) = _upload(archive, "a.txt", b"A tram.")
    assert outcome.result == "added"
    assert outcome.path == Path(".qa/uploads/a.txt")
    assert sources(archive) == [".qa/uploads/a.txt"]
    assert archive.path_of(".qa/uploads/a.txt").read_bytes() == b"A tram."
    assert [each.name for each in archive.layout.uploads.iterdir()] == ["a.txt"]


def test_adding_the_original_again_changes_nothing(archive: Archive) -> None:
    _upload(archive, "a.txt", b"A tram.")
    (outcome,) = add(archive, archive.layout.uploads / "a.txt")
    assert outcome.result == "unchanged"


def test_a_folder_that_is_synced_leaves_uploads_alone(archive: Archive, papers: Path) -> None:
    _upload(archive, "a.txt", b"A tram.")
    write(papers, {"b.txt": "A bus.", "c.txt": "A goat."})
    for _ in range(2):
        list(archive.sync(papers))
        assert sorted(sources(archive)) == [".qa/uploads/a.txt", "b.txt", "c.txt"]
        (papers / "c.txt").write_text("Another goat.")


def test_an_original_that_was_lost_comes_back(archive: Archive) -> None:
    """As after a crash between the store's commit and the original's taking its place."""
    _upload(archive, "a.txt", b"A tram.")
    original = archive.layout.uploads / "a.txt"
    original.unlink()
    (outcome,) = _upload(archive, "a.txt", b"A tram.")
    assert outcome.result == "unchanged"
    assert original.read_bytes() == b"A tram."


def test_removing_takes_the_original_too(archive: Archive, papers: Path) -> None:
    write(papers, {"mine.txt": "A bus."})
    add(archive, papers / "mine.txt")
    _upload(archive, "a.txt", b"A tram.")
    for each in archive.store.documents():
        archive.remove(each.source)
    assert list(archive.layout.uploads.iterdir()) == []
    assert (papers / "mine.txt").exists()
    assert problems(archive.layout.home) == []


def test_removing_by_id_means_no_path(archive: Archive, papers: Path) -> None:
    write(papers, {"a.txt": "A tram.", "1": "A goat."})
    add(archive, papers / "a.txt", papers / "1")
    first = archive.store.documents()[0]
    assert archive.remove_document(first.id).source == first.source
    (left,) = archive.store.documents()
    assert left.id != first.id


@pytest.mark.parametrize(
    "name", ["a.txt", "Ärger über Trams.pdf", "a b.c.d", "x" * 200, "3", "日本"]
)
def test_names(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name", ["", " ", ".", "..", ".a", "a/b", "/a", "a\\b", "a\0", "a\n", "x" * 201, "\ud800"]
)
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(LoadError, match="name"):
        check_name(name)


def test_what_a_crash_left_is_cleared_away_in_time(archive: Archive) -> None:
    with arriving(archive.layout):
        old, new = (archive.layout.uploads / f".arriving-{each}" for each in ("old", "new"))
        for each in (old, new):
            each.mkdir()
            (each / "x").touch()
        day_before = time.time() - 2 * 86_400
        os.utime(old, (day_before, day_before))
    assert new.exists()
    with arriving(archive.layout):
        assert not old.exists()
        assert new.exists()


def test_nothing_can_arrive_where_nothing_can_be_written(archive: Archive) -> None:
    archive.layout.uploads.write_text("no folder")
    with pytest.raises(ArchiveUnwritable, match="cannot write"), arriving(archive.layout):
        raise AssertionError


def test_a_problem_is_told_and_nothing_looked_for(archive: Archive) -> None:
    bad = Upload(Path("/nowhere"), "../../etc/passwd", "its name is a path")
    found = uploads.found(archive, bad)
    assert (found.name, found.problem) == ("../../etc/passwd", "its name is a path")
    (outcome,) = archive.add_uploads([bad])
    assert (outcome.result, outcome.note) == ("skipped", "its name is a path")
