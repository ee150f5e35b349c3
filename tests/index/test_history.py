"""What documents said before, and how to find it again."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from index.archive import Archive
from index.errors import UnknownDocument
from index.history import find, find_one, version, versions
from tests.index.workshop import add, write

FIRST = "Council report\n\nThe council spent £4m on roads in May.\n"
SECOND = "Council report, corrected\n\nThe council spent £5m on roads in May.\n"


@pytest.fixture
def changed(archive: Archive, papers: Path) -> Archive:
    """An archive with a document of two versions, another of one, and one that has vanished."""
    write(papers, {"a.txt": FIRST, "b/b.txt": "The mayor left.\n", "b/c.txt": "The bus is late.\n"})
    list(archive.sync(papers))
    write(papers, {"a.txt": SECOND})
    (papers / "b/c.txt").unlink()
    list(archive.sync(papers))
    return archive


def test_the_versions_of_a_document_are_in_order(changed: Archive) -> None:
    document = find_one(changed, "a.txt")
    old, new = versions(changed.store, document.id)
    assert (old.number, new.number) == (1, 2)
    assert (old.title, new.title) == ("Council report", "Council report, corrected")
    assert (old.length, new.length) == (len(FIRST), len(SECOND))
    assert new.content_hash == document.content_hash != old.content_hash
    assert old.source == new.source == "a.txt"
    assert new.superseded is None
    assert old.superseded is not None
    assert timedelta() <= datetime.now(UTC) - old.superseded < timedelta(minutes=5)


def test_each_version_has_its_own_text(changed: Archive) -> None:
    document = find_one(changed, "a.txt")
    assert version(changed.store, document.id, 1).text == FIRST
    assert version(changed.store, document.id, 2) == changed.document(document.id)


def test_a_version_keeps_its_date(archive: Archive, papers: Path) -> None:
    for day in ("5 September 2017", "6 September 2017"):
        write(papers, {"a.txt": f"Council report\n{day}\n\nThe council spent £4m on roads.\n"})
        add(archive, papers)
    found = versions(archive.store, 1)
    assert [each.published for each in found] == [date(2017, 9, 5), date(2017, 9, 6)]


def test_what_has_vanished_can_still_be_read(changed: Archive) -> None:
    gone = find_one(changed, "b/c.txt")
    (only,) = versions(changed.store, gone.id)
    assert only.superseded is not None
    assert version(changed.store, gone.id, gone.version).text == "The bus is late.\n"
    assert find_one(changed, str(gone.id)).source == "b/c.txt"


def test_a_file_that_is_back_goes_on_with_its_versions(changed: Archive, papers: Path) -> None:
    gone = find_one(changed, "b/c.txt")
    write(papers, {"b/c.txt": "The bus is early.\n"})
    list(changed.sync(papers))
    assert [each.number for each in versions(changed.store, gone.id)] == [1, 2]
    assert find(changed, "b/c.txt").vanished == []


def test_a_folder_means_what_is_there_and_what_was(changed: Archive, papers: Path) -> None:
    found = find(changed, "b")
    assert [each.source for each in found.current] == ["b/b.txt"]
    assert [each.source for each in found.vanished] == ["b/c.txt"]
    assert find(changed, str(papers / "b")) == found
    everything = find(changed, str(papers))
    assert len(everything.current) == 2
    assert everything.vanished == found.vanished


def test_a_name_is_no_beginning_of_another(changed: Archive) -> None:
    for name in ("b/c", "b/c.tx", "B", "b/c.txt/d", "", "%", "0", "99", "9" * 5000):
        with pytest.raises(UnknownDocument, match=r"qa index list"):
            find(changed, name)


def test_what_is_there_comes_before_what_has_vanished(changed: Archive, papers: Path) -> None:
    # Another file takes the name of the one that has vanished, by a move.
    gone = find_one(changed, "b/c.txt")
    os.replace(papers / "b/b.txt", papers / "b/c.txt")
    list(changed.sync(papers))
    found = find(changed, "b/c.txt")
    assert [each.id for each in found.vanished] == [gone.id]
    assert find_one(changed, "b/c.txt") == found.current[0]
    assert found.current[0].id != gone.id


def test_one_of_several_must_be_named(changed: Archive, papers: Path) -> None:
    write(papers, {"b/d.txt": "The train is late.\n"})
    list(changed.sync(papers))
    with pytest.raises(UnknownDocument, match=r"2 documents are at 'b'; give the id of one: 2, 4"):
        find_one(changed, "b")


def test_a_document_of_many_versions_vanishes_as_the_last(archive: Archive, papers: Path) -> None:
    for text in ("One.", "Two.", "Three."):
        write(papers, {"a.txt": text, "b.txt": "Other."})
        add(archive, papers)
    (papers / "a.txt").unlink()
    list(archive.sync(papers))
    assert find_one(archive, "a.txt").version == 3


@pytest.mark.parametrize(("document_id", "number"), [(1, 3), (1, 0), (9, 1)])
def test_other_versions_are_unknown(changed: Archive, document_id: int, number: int) -> None:
    with pytest.raises(UnknownDocument, match=f"qa index versions {document_id}$"):
        version(changed.store, document_id, number)


def test_other_documents_have_no_versions(changed: Archive) -> None:
    with pytest.raises(UnknownDocument, match="no document 9 here"):
        versions(changed.store, 9)
