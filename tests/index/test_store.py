"""`index.store`, and that whatever happens to an archive, store and views stay equal to a model."""

import os
import shutil
import sqlite3
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from index.archive import Archive
from index.embed import FakeEmbedder
from index.intake import embedded_texts
from index.loaders import content_hash
from index.store import Store
from index.tables import checksum
from index.types import Document, Passage, Span
from index.words import WordView
from tests.index.workshop import (
    add,
    check_dense,
    create,
    flip,
    found_by,
    problems,
    reopen,
    sources,
    write,
)

EMBEDDER = FakeEmbedder()
Entry = tuple[Document, list[Passage], np.ndarray[tuple[int, ...], np.dtype[np.float32]]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store.sqlite3", EMBEDDER)


def entry(source: str, text: str, published: date | None = None) -> Entry:
    """A document with one passage a line."""
    document = Document(
        source, text, "A title", published=published, content_hash=content_hash(text.encode())
    )
    passages = []
    at = 0
    for line in text.split("\n"):
        span = Span(at, at + len(line))
        passages.append(Passage(span.start, span.end, line, (span,)))
        at = span.end + 1
    texts = embedded_texts(document, passages)
    return document, passages, EMBEDDER.encode(texts)


def test_a_document_comes_back_as_it_was_put(store: Store) -> None:
    document = Document(
        source="a\nb.txt",
        text="One.\r\nTwo.\u2028Ünï 😀\0",
        title="One",
        title_span=Span(0, 3),
        author="Ann Lee",
        published=date(2017, 9, 4),
        encoding="utf-8",
        content_hash="abc",
    )
    (stored,) = store.put([(document, [], np.empty((0, 64), np.float32))])
    assert stored.id == 1
    assert store.document(1) == stored
    assert store.find("a\nb.txt") == [stored]
    assert store.documents()[0].text == ""


def test_passages_come_back_with_their_document(store: Store) -> None:
    document, passages, vectors = entry("a.txt", "One line.\nAnother line.")
    store.put([(document, passages, vectors)])
    found = store.passages([2, 1, 99])
    assert sorted(found) == [1, 2]
    assert found[2][0].text == "Another line."
    assert found[2][0].sentences == (Span(10, 23),)
    assert found[2][1].text == document.text
    assert [each.text for each in store.passages_of(1)] == ["One line.", "Another line."]
    assert store.passages_of(5) == []


def test_unknown_ids_are_no_error(store: Store) -> None:
    assert store.document(1) is None
    assert store.document(10**30) is None
    assert store.passages([]) == {}


def test_each_change_has_the_next_number(store: Store) -> None:
    assert store.change == 0
    store.put([entry("a.txt", "One."), entry("b.txt", "Two.")])
    assert store.change == 1
    store.put([entry("a.txt", "Three.")])
    store.remove([1])
    assert store.change == 3
    assert store.extent() == (3, 1)


def test_replacing_keeps_the_document_id_and_gives_new_passage_ids(store: Store) -> None:
    store.put([entry("a.txt", "One.\nTwo.")])
    (stored,) = store.put([entry("a.txt", "Three.")])
    assert stored.id == 1
    assert store.passage_ids() == [3]


def test_no_id_is_used_twice(store: Store) -> None:
    store.put([entry("a.txt", "One.\nTwo.")])
    store.remove([1])
    (stored,) = store.put([entry("b.txt", "Three.")])
    assert stored.id == 2
    assert store.passage_ids() == [3]


def test_the_same_source_twice_in_one_change_counts_once(store: Store) -> None:
    store.put([entry("a.txt", "One."), entry("a.txt", "Two.")])
    assert store.count() == (1, 1)
    ((_, added),) = store.changes_between(0, 1)
    assert [each.text for each in added] == ["Two."]


def test_what_takes_a_view_from_one_change_to_a_later_one(store: Store) -> None:
    store.put([entry("a.txt", "One.\nTwo.")])
    store.put([entry("b.txt", "Three.")])
    store.put([entry("a.txt", "Four.")])
    store.put([entry("c.txt", "Later.")])
    steps = list(store.changes_between(1, 3))
    assert sorted(each for removed, _ in steps for each in removed) == [1, 2]
    added = [each for _, batch in steps for each in batch]
    assert [(each.passage_id, each.text) for each in added] == [(3, "Three."), (4, "Four.")]
    assert np.allclose(added[0].vector, EMBEDDER.encode(["A title\nThree."])[0])


def test_an_empty_view_is_told_of_no_removals(store: Store) -> None:
    store.put([entry("a.txt", "One.")])
    store.put([entry("a.txt", "Two.")])
    assert [removed for removed, _ in store.changes_between(0, 2)] == [[]]


def test_a_failed_change_leaves_nothing(store: Store) -> None:
    document, passages, vectors = entry("b.txt", "Two.\nThree.")
    with pytest.raises(ValueError, match="zip"):
        store.put([entry("a.txt", "One."), (document, passages, vectors[:1])])
    assert store.count() == (0, 0)
    assert store.change == 0


def test_dates_at_both_ends_belong_to_a_range(store: Store) -> None:
    days = [date(2020, 1, 1), date(2020, 6, 1), date(2021, 1, 1), None]
    store.put([entry(f"{n}.txt", f"Text {n}.", day) for n, day in enumerate(days)])
    assert store.passage_ids() == [1, 2, 3, 4]
    assert store.passage_ids(since=date(2020, 6, 1)) == [2, 3]
    assert store.passage_ids(until=date(2020, 6, 1)) == [1, 2]
    assert store.passage_ids(date(2020, 1, 2), date(2020, 12, 31)) == [2]


def test_below_a_folder(store: Store) -> None:
    names = ["News/a.txt", "news/b.txt", "news_x/c.txt", "newsletter.txt", "/far/news/d.txt"]
    store.put([entry(name, "Text.") for name in names])

    def below(folder: str, with_relative: bool = False) -> list[str]:
        return [each.source for each in store.below(folder, with_relative)]

    assert below("news") == ["news/b.txt"]
    assert below("News/") == ["News/a.txt"]
    assert below("new%") == []
    assert below("/far") == ["/far/news/d.txt"]
    assert below("/") == ["/far/news/d.txt"]
    assert below("/elsewhere", with_relative=True) == names[:4]


def test_documents_in_pages(store: Store) -> None:
    store.put([entry(f"{n}.txt", "Text.") for n in range(5)])
    assert [each.id for each in store.documents(after=2, limit=2)] == [3, 4]


@pytest.mark.parametrize("name", ["what?", "100%", "a#b", "two words", "ünï", "q?mode=memory"])
def test_any_folder_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    store = Store.create(folder / "store.sqlite3", EMBEDDER)
    store.put([entry("a.txt", "One.")])
    store.close()
    assert [each.name for each in folder.iterdir()] == ["store.sqlite3"]
    with sqlite3.connect(folder / "store.sqlite3") as connection:
        assert connection.execute("SELECT text FROM documents").fetchall() == [("One.",)]
    connection.close()


def test_the_checksum_of_a_text_is_that_of_its_utf_8() -> None:
    assert checksum("ü") == checksum("\u00fc") != checksum("u")


NAMES = ["a.txt", "b.txt", "folder/c.txt", "folder/d.txt", "e\n.txt", "Folder/c.txt"]
DAMAGES = ["vectors gone", "vectors cut", "vectors flipped", "words gone", "word file gone",
           "word file flipped", "meta flipped", "words a file", "views of before"]  # fmt: skip


class Upkeep(RuleBasedStateMachine):
    """Any sequence of changes, crashes and damages, against a dict of source to unique word."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.papers = self.folder / "papers"
        self.papers.mkdir()
        self.home = self.papers / ".qa"
        self.model: dict[str, str] = {}
        self.gone: set[str] = set()
        self.words = 0
        self.change = 0
        self.ids: dict[int, str] = {}
        self.archive: Archive | None = None

    def teardown(self) -> None:
        if self.archive is not None:
            self.archive.close()
        # tantivy's own thread looks once after opening, and may just be taking its lock there.
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def open(self) -> Archive:
        assert self.archive is not None
        return self.archive

    @initialize()
    def make(self) -> None:
        self.archive = create(self.home)

    @rule(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    def add(self, names: list[str]) -> None:
        before = dict(self.model)
        for name in names:
            self.words += 1
            if name in self.model:
                self.gone.add(self.model[name])
            self.model[name] = f"zq{self.words}"
            text = f"About {self.model[name]}\n\n{self.model[name]} stood here. Then it did not.\n"
            write(self.papers, {name: text})
        outcomes = add(self.open, *[self.papers / name for name in names])
        assert [each.result for each in outcomes] == [
            "replaced" if name in before else "added" for name in names
        ]
        self.change += 1

    @rule()
    def add_again(self) -> None:
        outcomes = add(self.open, *[self.papers / name for name in self.model])
        assert all(each.result == "unchanged" for each in outcomes)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.model)))
        self.open.remove(str(self.papers / name))
        self.gone.add(self.model.pop(name))
        self.change += 1

    @precondition(lambda self: any(name.startswith("folder/") for name in self.model))
    @rule()
    def remove_folder(self) -> None:
        self.open.remove(str(self.papers / "folder"))
        for name in [each for each in self.model if each.startswith("folder/")]:
            self.gone.add(self.model.pop(name))
        self.change += 1

    @rule()
    def close_and_open(self) -> None:
        self.open.close()
        self.archive = reopen(self.home)
        assert self.open.mended == []

    @rule()
    def crash(self) -> None:
        """The object is dropped, as a killed process drops it."""
        self.archive = None
        self.archive = reopen(self.home)
        assert self.open.mended == []

    @rule(names=st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True))
    def crash_between_store_and_views(self, names: list[str]) -> None:
        """Killed when a change is in the store and no view has heard of it."""
        self.add_to_store_only(names)
        self.archive = None
        self.archive = reopen(self.home)

    @rule(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    def change_through_another(self, names: list[str]) -> None:
        """Another process changes the archive while this one has it open."""
        mine = self.open
        self.archive = reopen(self.home)
        self.add(names)
        self.open.close()
        self.archive = mine

    def add_to_store_only(self, names: list[str]) -> None:
        for name in names:
            self.words += 1
            if name in self.model:
                self.gone.add(self.model[name])
            self.model[name] = f"zq{self.words}"
            document, passages, vectors = entry(name, f"{self.model[name]} stood here.")
            self.open.store.put([(replace(document, file=name), passages, vectors)])
            write(self.papers, {name: f"{self.model[name]} stood here."})
            self.change += 1

    @rule(damage=st.sampled_from(DAMAGES))
    def damage(self, damage: str) -> None:
        self.open.close()
        self.archive = None
        vectors, words = self.home / "vectors.faiss", self.home / "words"
        if damage == "vectors gone":
            vectors.unlink(missing_ok=True)
        elif damage.startswith("vectors") and vectors.exists():
            if damage == "vectors cut":
                vectors.write_bytes(vectors.read_bytes()[:-7])
            else:
                flip(vectors, vectors.stat().st_size // 2)
        elif damage == "words gone":
            shutil.rmtree(words)
        elif damage == "words a file":
            shutil.rmtree(words)
            words.write_bytes(b"")
        elif damage == "meta flipped":
            flip(words / "meta.json", 100)
        elif damage == "views of before":
            shutil.rmtree(words)
            WordView.create(words, "another archive").reach(self.change + 7)
        else:
            files = sorted(words.glob("*.idx"))
            for each in files[:1]:
                if damage == "word file gone":
                    each.unlink()
                else:
                    flip(each, each.stat().st_size // 2)
        self.archive = reopen(self.home)

    @precondition(lambda self: self.archive is not None)
    @invariant()
    def store_and_views_equal_the_model(self) -> None:
        archive = self.open
        assert sorted(sources(archive)) == sorted(self.model)
        assert archive.store.change == self.change
        for name, word in self.model.items():
            assert found_by(archive, word) == {name}
        for word in self.gone:
            assert found_by(archive, word) == set()
        check_dense(archive)
        known = archive.store.passages(archive.store.passage_ids())
        for passage_id, (passage, _) in known.items():
            assert self.ids.setdefault(passage_id, passage.text) == passage.text

    @precondition(lambda self: self.archive is not None)
    @invariant()
    def views_on_disk_are_whole_after_a_search(self) -> None:
        archive = self.open
        archive.search("anything", 1)
        archive._views.save()
        assert problems(self.home) == []


TestUpkeep = Upkeep.TestCase
TestUpkeep.settings = settings(
    max_examples=int(os.environ.get("CUTTINGS_EXAMPLES", "12")), stateful_step_count=12
)
