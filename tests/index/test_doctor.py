"""`index.doctor`: it names each thing that is wrong, mends it, and then finds nothing."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.archive import Archive
from index.doctor import Finding, examine, mend
from index.errors import ArchiveBusy, NoArchive
from index.layout import Layout
from index.lock import write_lock
from index.store import Addition
from index.vectors import VectorView
from index.words import WordView
from tests.index.workshop import add, check_dense, fake, flip, found_by, problems, reopen, write

TEXTS = {
    "mill.txt": "Fire at Harland Mill\n\nThe mill burned down. Nobody was hurt.\n",
    "fair.txt": "A fair without a date\n\nThe fair had acrobats and otters this year.\n",
    "vote.txt": "Council votes on parking\n\nParking costs two zlotys now.\n",
}


@pytest.fixture
def filled(archive: Archive, papers: Path) -> Path:
    """The home of an archive that is closed."""
    write(papers, TEXTS)
    add(archive, papers)
    write(papers, {"vote.txt": "Council votes again\n\nParking costs three zlotys now.\n"})
    add(archive, papers)
    archive.close()
    assert problems(archive.layout.home) == []
    return archive.layout.home


def sql(home: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(home / "store.sqlite3")
    with connection:
        assert connection.execute(statement, values).rowcount > 0
    connection.close()


def identity(home: Path) -> str:
    connection = sqlite3.connect(home / "store.sqlite3")
    ((archive,),) = connection.execute("SELECT value FROM meta WHERE key = 'archive'").fetchall()
    connection.close()
    return str(archive)


def vectors_behind(home: Path) -> None:
    view = VectorView(home / "vectors.faiss", identity(home), 64)
    view.apply([], [Addition(1, 1, "", "", None, np.ones(64, np.float32))])
    view.reach(1)
    view.save()


def words_at(change: int) -> Callable[[Path], None]:
    def apply(home: Path) -> None:
        view = WordView.create(home / "words", identity(home))
        view.apply([], [Addition(1, 1, "", "", None, np.ones(64, np.float32))])
        view.reach(change)
        view.save()

    return apply


def vectors_at(change: int) -> Callable[[Path], None]:
    def apply(home: Path) -> None:
        view = VectorView.open(home / "vectors.faiss", identity(home), 64)
        view.reach(change)
        view.save()

    return apply


def vectors_without_one(home: Path) -> None:
    view = VectorView.open(home / "vectors.faiss", identity(home), 64)
    view.apply([1], [])
    view._saved = -1
    view.save()


def words_flipped(home: Path) -> None:
    for path in (home / "words").glob("*.store"):
        flip(path, 40)


def words_with_one_twice(home: Path) -> None:
    view = WordView.open(home / "words", identity(home))
    view.apply([], [Addition(1, 1, "", "again", None, np.ones(64, np.float32))])
    view.reach(view.change)
    view.save()


def words_with_a_stranger(home: Path) -> None:
    view = WordView.open(home / "words", identity(home))
    view.apply([1], [Addition(99, 1, "", "again", None, np.ones(64, np.float32))])
    view.reach(view.change)
    view.save()


Harm = Callable[[Path], None]
VIEWS: dict[str, tuple[Harm, str]] = {
    "vectors behind": (vectors_behind, "view vectors is behind the store: change 1 of 2"),
    "words behind": (words_at(1), "view words is behind the store: change 1 of 2"),
    "vectors ahead": (vectors_at(9), "view vectors is ahead of the store"),
    "words ahead": (words_at(9), "view words is ahead of the store"),
    "vectors missing": (lambda home: (home / "vectors.faiss").unlink(), "vectors.faiss is missing"),
    "words missing": (lambda home: shutil.rmtree(home / "words"), "words is missing"),
    "vectors damaged": (lambda home: flip(home / "vectors.faiss", 900), "vectors.faiss is damaged"),
    "words damaged": (words_flipped, "is damaged"),
    "a vector less": (vectors_without_one, "view vectors holds 5 passages of 6"),
    "a passage twice": (words_with_one_twice, "view words holds 7 passages of 6"),
    "a passage of nobody": (
        words_with_a_stranger,
        "view words holds other passages than the store",
    ),
}

OFFSETS = "its text is not what its offsets cut out"
STORE: dict[str, tuple[Harm, str]] = {
    "a start moved": (
        lambda home: sql(home, "UPDATE passages SET start = 3 WHERE id = 2"),
        OFFSETS,
    ),
    "an end moved": (
        lambda home: sql(home, 'UPDATE passages SET "end" = "end" - 1 WHERE id = 2'),
        OFFSETS,
    ),
    "offsets beyond the text": (
        lambda home: sql(home, 'UPDATE passages SET start = 9000, "end" = 9009 WHERE id = 2'),
        OFFSETS,
    ),
    "a sentence outside": (
        lambda home: sql(home, "UPDATE passages SET sentences = '[[0, 5]]' WHERE id = 2"),
        OFFSETS,
    ),
    "sentences that are none": (
        lambda home: sql(home, "UPDATE passages SET sentences = '[[1], 2' WHERE id = 2"),
        OFFSETS,
    ),
    "the text altered": (
        lambda home: sql(
            home, "UPDATE documents SET text = replace(text, 'otters', 'badgers') WHERE id = 1"
        ),
        OFFSETS,
    ),
    "a narrow vector": (
        lambda home: sql(home, "UPDATE passages SET vector = ? WHERE id = 2", b"\0" * 8),
        "its vector has the wrong width",
    ),
    "a vector of odd bytes": (
        lambda home: sql(home, "UPDATE passages SET vector = ? WHERE id = 2", b"\0" * 7),
        "its vector has the wrong width",
    ),
    "a vector of one byte too many": (
        lambda home: sql(
            home, "UPDATE passages SET vector = CAST(vector || x'00' AS BLOB) WHERE id = 2"
        ),
        "its vector has the wrong width",
    ),
}


def test_a_sound_archive(filled: Path) -> None:
    assert problems(filled) == []


def test_an_empty_archive(archive: Archive, home: Path) -> None:
    assert archive.passage_count == 0
    assert problems(home) == []


def test_no_archive(tmp_path: Path) -> None:
    with pytest.raises(NoArchive):
        problems(tmp_path)


def check_mended(home: Path) -> None:
    found = list(examine(home))
    mend(home, found, fake)
    assert problems(home) == []
    archive = reopen(home)
    assert archive.mended == []
    check_dense(archive)
    assert found_by(archive, "burned") == {"mill.txt"}
    assert found_by(archive, "zlotys") == {"vote.txt"}
    archive.close()


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_that_is_not_the_stores_is_named_and_mended(filled: Path, name: str) -> None:
    harm, problem = VIEWS[name]
    harm(filled)
    found = list(examine(filled))
    assert any(problem in each.problem for each in found)
    assert all((each.document_id, each.passage_id) == (None, None) for each in found)
    check_mended(filled)


@pytest.mark.parametrize("name", STORE)
def test_a_passage_that_is_not_as_it_was_put_is_named_and_mended(filled: Path, name: str) -> None:
    harm, problem = STORE[name]
    harm(filled)
    found = list(examine(filled))
    assert Finding(f"passage 2: {problem}", document_id=1) in found
    shutil.rmtree(filled / "words")  # nothing of it keeps the archive from being opened and asked
    (filled / "vectors.faiss").unlink()
    archive = reopen(filled)
    assert found_by(archive, "burned") == {"mill.txt"}
    archive.close()
    check_mended(filled)


def test_an_orphan_is_named_and_mended(filled: Path) -> None:
    sql(filled, "DELETE FROM documents WHERE id = 1")
    found = list(examine(filled))
    assert Finding("passage 1: its document is gone", passage_id=1) in found
    archive = reopen(filled)
    assert found_by(archive, "otters") == set()
    archive.close()
    check_mended(filled)


def test_all_at_once(filled: Path) -> None:
    for name in ("a start moved", "a sentence outside"):
        STORE[name][0](filled)
    sql(filled, "DELETE FROM documents WHERE id = 3")
    shutil.rmtree(filled / "words")
    found = list(examine(filled))
    assert {each.document_id for each in found} == {None, 1}
    mend(filled, found, fake)
    assert problems(filled) == []


def test_mending_what_is_sound_changes_nothing(filled: Path) -> None:
    archive = reopen(filled)
    before = (archive.store.change, archive.store.passage_ids())
    archive.close()
    mend(filled, [], fake)
    archive = reopen(filled)
    assert (archive.store.change, archive.store.passage_ids()) == before
    check_dense(archive)
    archive.close()


def test_mending_waits_for_nobody(filled: Path) -> None:
    with write_lock(Layout(filled)), pytest.raises(ArchiveBusy):
        mend(filled, [], fake)
