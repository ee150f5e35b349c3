"""`index.words`: the words of a question, where they stand, and files that cannot lie."""

import os
import resource
import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.errors import ArchiveUnwritable
from index.store import Addition
from index.terms import FUNCTION_WORDS, terms
from index.view import DamagedView
from index.words import WordView
from tests.index.workshop import flip, replace_bytes

NOTHING = np.zeros(1, np.float32)


def addition(
    passage_id: int,
    text: str,
    title: str = "",
    published: date | None = None,
    document_id: int = 1,
) -> Addition:
    return Addition(passage_id, document_id, title, text, published, NOTHING)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "words"


@pytest.fixture
def view(folder: Path) -> WordView:
    made = WordView.create(folder, "archive")
    made.apply(
        [],
        [
            addition(1, "The mill burned down on Tuesday.", "Fire", date(2020, 1, 1)),
            addition(2, "The council met; the mill was on nobody's mind.", "", date(2021, 1, 1)),
            addition(3, "Nothing of the kind was said.", "Mill town diary"),
        ],
    )
    made.reach(1)
    made.save()
    return made


def ids(
    view: WordView, text: str, since: date | None = None, until: date | None = None
) -> list[int]:
    return [each.passage_id for each in view.search(text, 10, since, until)]


def test_a_word_is_found_in_every_form_and_in_titles(view: WordView) -> None:
    assert ids(view, "mills?") == [1, 2, 3]
    assert ids(view, "BURNING") == [1]
    assert ids(view, "diaries") == [3]


def test_more_and_rarer_words_come_first(view: WordView) -> None:
    assert ids(view, "the council and the mill")[0] == 2


@pytest.mark.parametrize(
    "text", ["", "?", "the of and", "zebra", '"', "AND OR NOT (", "mark:1", "*"]
)
def test_nothing_to_look_for_finds_nothing(view: WordView, text: str) -> None:
    assert ids(view, text) == []


def test_syntax_is_nothing_but_text(view: WordView) -> None:
    assert ids(view, 'text:"mill" AND -council^2 (') == ids(view, "text mill council 2")


def test_dates(view: WordView) -> None:
    assert ids(view, "mill", since=date(2020, 1, 1)) == [1, 2]
    assert ids(view, "mill", until=date(2020, 12, 31)) == [1]
    assert ids(view, "mill", date(2020, 1, 2), date(2020, 12, 31)) == []
    plain = {each.passage_id: each.score for each in view.search("mill", 10)}
    dated = {each.passage_id: each.score for each in view.search("mill", 10, date.min, date.max)}
    assert dated == {each: plain[each] for each in (1, 2)}


def test_the_limit(view: WordView) -> None:
    assert len(view.search("mill", 2)) == 2
    assert view.search("mill", 0) == []


def test_it_counts(view: WordView) -> None:
    assert view.count == 3
    assert view.document_frequency(terms("mill")[0]) == 2
    assert view.document_frequency("zebra") == 0


def test_what_is_removed_is_found_no_more(view: WordView) -> None:
    view.apply([1], [addition(4, "Another mill.")])
    assert ids(view, "mill") == [1, 2, 3]
    view.reach(2)
    assert sorted(ids(view, "mill")) == [2, 3, 4]
    assert (view.ids(), view.count, view.change) == ([2, 3, 4], 3, 2)


def test_it_knows_how_much_of_what_it_counts_is_deleted(view: WordView, folder: Path) -> None:
    assert view.waste == 0
    view.apply([1], [])
    view.reach(2)
    assert view.waste == pytest.approx(2 / 5)  # the passage, and the mark of the change before
    view.save()
    assert WordView.open(folder, "archive").waste == view.waste
    assert WordView.in_memory("archive").waste == 0


def test_it_can_be_made_again_in_one_step(view: WordView, folder: Path) -> None:
    view.apply([1], [])
    view.reach(2)
    view.clear()
    view.apply([], [addition(5, "A mill once more.")])
    assert ids(WordView.open(folder, "archive"), "mill") == [2, 3]  # until that is committed
    view.reach(3)
    view.save()
    assert view.waste == 0
    for each in (view, WordView.open(folder, "archive")):
        assert (ids(each, "mill"), each.ids(), each.count, each.change) == ([5], [5], 1, 3)


def test_what_was_cleared_is_there_if_nothing_was_committed(view: WordView, folder: Path) -> None:
    view.clear()
    view.apply([], [addition(5, "A mill once more.")])
    view.refresh()
    assert (ids(view, "mill"), view.change) == ([1, 2, 3], 1)
    view.apply([1], [])
    view.reach(2)
    assert ids(WordView.open(folder, "archive"), "mill") == [2, 3]


def test_it_comes_back_from_its_folder(view: WordView, folder: Path) -> None:
    again = WordView.open(folder, "archive")
    assert (again.change, again.count, again.ids()) == (1, 3, [1, 2, 3])
    assert again.search("mill", 10) == view.search("mill", 10)


def test_what_was_not_reached_is_forgotten(view: WordView, folder: Path) -> None:
    view.apply([1], [addition(4, "Another mill.")])
    view.refresh()
    view.apply([], [addition(5, "A third mill.")])
    view.reach(2)
    view.save()
    assert WordView.open(folder, "archive").ids() == [1, 2, 3, 5]


def test_a_writer_that_died_leaves_the_last_commit(view: WordView, folder: Path) -> None:
    view.apply([1], [addition(4, "Another mill.")])
    del view
    again = WordView.open(folder, "archive")
    assert (again.change, again.ids()) == (1, [1, 2, 3])


def test_a_disk_that_was_full_for_a_while_costs_nothing(view: WordView, folder: Path) -> None:
    many = [addition(each, f"Mill number{each} of {each * 7919}.") for each in range(10, 900)]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
    try:
        with pytest.raises(ArchiveUnwritable) as raised:
            view.apply([], many)
            view.reach(2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "\n" not in str(raised.value)
    assert WordView.open(folder, "archive").change == 1
    view.apply([], many)
    view.reach(2)
    view.save()
    assert WordView.open(folder, "archive").ids() == [1, 2, 3, *range(10, 900)]


def test_one_sees_what_another_commits(view: WordView, folder: Path) -> None:
    reader = WordView.open(folder, "archive")
    view.apply([2], [addition(4, "A fourth mill.")])
    view.reach(2)
    view.save()
    reader.refresh()
    assert (reader.change, reader.ids()) == (2, [1, 3, 4])


def test_in_memory_leaves_no_trace(tmp_path: Path) -> None:
    view = WordView.in_memory("archive")
    view.apply([], [addition(1, "A mill.")])
    view.reach(1)
    view.save()
    assert ids(view, "mill") == [1]
    assert list(tmp_path.iterdir()) == []


def test_a_new_view_replaces_whatever_was_there(folder: Path) -> None:
    folder.write_bytes(b"a file")
    WordView.create(folder, "archive").reach(1)
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    shutil.rmtree(folder)
    folder.symlink_to(elsewhere)
    WordView.create(folder, "archive").reach(1)
    assert (elsewhere / "precious").exists()
    assert WordView.open(folder, "archive").ids() == []


def test_another_archives_files_are_noticed(view: WordView, folder: Path) -> None:
    assert view.count == 3
    with pytest.raises(DamagedView, match="another archive"):
        WordView.open(folder, "other")


def test_no_folder(folder: Path) -> None:
    with pytest.raises(DamagedView, match="missing"):
        WordView.open(folder, "archive")


def committed(folder: Path) -> list[Path]:
    """The files that hold words: tantivy writes an empty .pos for a field without positions."""
    return sorted(
        each for each in folder.iterdir() if each.name[0] != "." and each.suffix != ".json"
    )


def test_a_flipped_bit_in_any_file_is_noticed(view: WordView, folder: Path) -> None:
    view.apply([2], [])
    view.reach(2)
    view.save()
    files = committed(folder)
    assert {each.suffix for each in files} >= {".idx", ".term", ".store", ".fast", ".del"}
    live = WordView.open(folder, "archive").ids()
    noticed = 0
    for path in files:
        content = path.read_bytes()
        for at in {0, len(content) // 2, len(content) - 1}:
            flip(path, at)
            try:
                assert WordView.open(folder, "archive").ids() == live  # of a segment merged away
            except DamagedView:
                noticed += 1
            replace_bytes(path, content)
    assert noticed > 20


@pytest.mark.parametrize("suffix", [".idx", ".term", ".store", ".fast", ".fieldnorm"])
@pytest.mark.parametrize("harm", ["gone", "empty", "cut"])
def test_a_harmed_file_is_noticed(view: WordView, folder: Path, suffix: str, harm: str) -> None:
    assert view.count == 3
    for path in [each for each in committed(folder) if each.suffix == suffix]:
        if harm == "gone":
            path.unlink()
        else:
            replace_bytes(path, path.read_bytes()[:-3] if harm == "cut" else b"")
    with pytest.raises(DamagedView):
        WordView.open(folder, "archive")


@pytest.mark.parametrize(
    "content", [None, b"", b"{}", b"[]", b"null", b'{"segments": [1]}', b"\xff"]
)
def test_a_harmed_list_of_files_is_noticed(
    view: WordView, folder: Path, content: bytes | None
) -> None:
    assert view.count == 3
    if content is None:
        (folder / "meta.json").unlink()
    else:
        replace_bytes(folder / "meta.json", content)
    with pytest.raises(DamagedView):
        WordView.open(folder, "archive")


def test_another_schema_is_noticed(view: WordView, folder: Path) -> None:
    assert view.count == 3
    meta = folder / "meta.json"
    replace_bytes(meta, meta.read_bytes().replace(b'"fast": true', b'"gast": true'))
    with pytest.raises(DamagedView, match="version"):
        WordView.open(folder, "archive")


def test_terms_are_the_content_words_as_search_sees_them() -> None:
    assert terms("Why weren't the Mills' cafés RUNNING?") == ["mill", "cafe", "run"]
    assert terms(" ".join(FUNCTION_WORDS)) == []
    assert terms("") == []


def test_a_commit_elsewhere_is_seen_when_asked_for_and_not_before(
    view: WordView, folder: Path
) -> None:
    """tantivy looks for commits every half second, unless it is told not to."""
    other = WordView.open(folder, "archive")
    view.apply([], [addition(4, "The mill stands again.")])
    view.reach(2)
    view.save()
    time.sleep(0.7)
    assert (other.count, other.change) == (3, 1)
    other.refresh()
    assert (other.count, other.change) == (4, 2)


def test_made_again_while_another_process_takes_a_lock_there(
    view: WordView, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = os.rmdir
    late = iter([folder / ".tantivy-meta.lock"])

    def interrupted(*args: Any, **options: Any) -> None:
        for each in late:
            each.touch()
        remove(*args, **options)

    monkeypatch.setattr(os, "rmdir", interrupted)
    assert view.count == 3
    assert WordView.create(folder, "archive").count == 0
    assert list(late) == []
