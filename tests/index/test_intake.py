"""`index.intake`: documents in batches; what is said to be there is there."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index import intake
from index.archive import Archive
from index.embed import Embedder, FakeEmbedder, Vectors
from index.file_record import FileRecord
from index.intake import Intake, Outcome
from index.opening import open_archive
from index.types import Document
from index.walk import walk
from tests.index.workshop import check_dense, create, found_by, problems, reopen


class Counting(FakeEmbedder):
    """Notes how many texts it was given at a time."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.given.append(len(texts))
        return super().encode(texts)


def document(name: str, sentences: int = 1, title: str = "A title") -> Document:
    said = " ".join(f"Word{name}{n} was said here." for n in range(sentences))
    return Document(name, said, title)


def outcome(name: str) -> Outcome:
    return Outcome(Path(name), "added")


@pytest.fixture
def embedder() -> Counting:
    return Counting()


@pytest.fixture
def taking(archive: Archive, embedder: Counting) -> Intake:
    return Intake(archive.store, lambda: embedder, lambda: None, lambda: None)


def test_nothing_is_said_before_it_is_stored(archive: Archive, taking: Intake) -> None:
    assert list(taking.take(document("a"), outcome("a"))) == []
    assert archive.store.count() == (0, 0)
    (said,) = taking.flush()
    assert said.document is not None
    assert archive.store.document(said.document.id) is not None


def test_a_batch_is_stored_when_it_is_full_of_passages(
    archive: Archive, taking: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "COMMIT_PASSAGES", 5)
    said = [each for n in range(7) for each in taking.take(document(str(n)), outcome(str(n)))]
    assert [each.path.name for each in said] == list("01234")
    assert archive.store.count()[0] == 5


def test_a_batch_is_stored_when_it_is_full_of_anything_else(
    archive: Archive, taking: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "COMMIT_DOCUMENTS", 3)
    seven = range(7)
    said = [each for n in seven for each in taking.take(document(str(n)), outcome(str(n)))]
    assert len(said) == 6
    list(taking.flush())
    for n in seven:
        list(taking.finish(FileRecord(f"{n}.txt", 1, 1, 1, "", {})))
    assert len(archive.store.files_below("", with_relative=True)) == 6


def test_a_long_document_is_embedded_in_small_turns(archive: Archive, embedder: Counting) -> None:
    turns: list[int] = []
    given = embedder.given
    taking = Intake(archive.store, lambda: embedder, lambda: turns.append(len(given)), lambda: None)
    list(taking.take(document("long", 3000), outcome("long")))
    list(taking.flush())
    assert sum(given) == archive.store.count()[1] > 3 * intake.AT_A_TIME
    assert max(given) <= intake.AT_A_TIME
    assert turns == list(range(len(given)))  # once before each


def test_vectors_belong_to_their_passages(archive: Archive) -> None:
    """They are embedded in order of length, and stored in order of the text."""
    lengths = (40, 1, 700, 3, 90)
    archive.add_documents(document(str(n), length) for n, length in enumerate(lengths))
    check_dense(archive)


def test_the_embedder_is_left_alone_where_nothing_is_new(home: Path) -> None:
    def refuse(_name: str) -> Embedder:
        raise AssertionError

    create(home).close()
    archive = open_archive(home, refuse)
    assert list(archive.add(walk([home.parent], home))) == []
    assert list(archive.sync(home.parent)) == []
    archive.close()


def test_the_same_source_twice_in_a_batch(archive: Archive) -> None:
    first, last = archive.add_documents([document("a"), Document("a", "A quokka came.", "T")])
    assert first.id == last.id
    assert [each.source for each in archive.store.documents()] == ["a"]
    assert found_by(archive, "quokka") == {"a"}
    assert found_by(archive, "worda0") == set()


def test_a_batch_that_fails_leaves_nothing_of_itself(archive: Archive, home: Path) -> None:
    class Failing(FakeEmbedder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            raise MemoryError

    taking = Intake(archive.store, Failing, lambda: None, lambda: None)
    list(taking.take(document("a"), outcome("a")))
    with pytest.raises(MemoryError):
        list(taking.flush())
    assert archive.store.count() == (0, 0)
    archive.add_documents([document("b")])
    archive.close()
    assert problems(home) == []


def test_words_are_found_while_work_goes_on(
    archive: Archive, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not twice, where another process has added since this one last looked."""
    monkeypatch.setattr("index.views.WORDS_EVERY", 0.0)
    monkeypatch.setattr(archive._views, "_words_due", 0.0)
    monkeypatch.setattr(intake, "COMMIT_PASSAGES", 1)
    other = reopen(home)
    other.add_documents([Document("theirs", "A numbat came.", "T")])

    def slowly() -> Iterator[Document]:
        yield Document("first", "A quokka came.", "T")
        yield Document("second", "A wombat came.", "T")
        assert found_by(other, "quokka numbat") == {"first", "theirs"}

    archive.add_documents(slowly())
    assert found_by(archive, "numbat wombat") == {"theirs", "second"}
    other.close()
    archive.close()
    assert problems(home) == []
