"""`index.sync`: after one pass the archive holds what the folder holds, and nothing said is lost."""

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from index import history, intake
from index.archive import Archive
from index.errors import LoadError
from index.intake import Outcome
from index.loaders.protocol import Options
from index.types import Document
from index.walk import walk
from tests.index.workshop import (
    add,
    check_dense,
    create,
    found_by,
    problems,
    python,
    reopen,
    sources,
    write,
)

LONG_AGO = 1_600_000_000
TEXTS = {
    "mill.txt": "Fire at Harland Mill\n\nThe mill burned down. Nobody was hurt.\n",
    "news/vote.txt": "Council votes on parking\n\nParking costs two zlotys now.\n",
    "news/fair.txt": "A fair without a date\n\nThe fair had acrobats and otters.\n",
}


def settle(folder: Path, when: int = LONG_AGO) -> None:
    """Make files look as if they had been written long ago, so that their times can be trusted."""
    for each in folder.rglob("*"):
        os.utime(each, (when, when), follow_symlinks=False)


@pytest.fixture
def folder(papers: Path) -> Path:
    write(papers, TEXTS)
    settle(papers)
    return papers


@pytest.fixture
def synced(archive: Archive, folder: Path) -> Archive:
    assert became(archive, folder) == {("added", name) for name in TEXTS}
    return archive


def became(archive: Archive, folder: Path, options: Options | None = None) -> set[tuple[str, str]]:
    """Sync; return what became of each file that is not as it was."""
    base = archive.layout.base
    outcomes = list(archive.sync(folder, options))
    changed = [each for each in outcomes if each.result != "unchanged"]
    assert len({(each.result, each.path) for each in changed}) == len(changed)
    return {(each.result, str(each.path.relative_to(base))) for each in changed}


def ids(archive: Archive) -> dict[str, int]:
    return {each.source: each.id for each in archive.store.documents()}


def texts(archive: Archive) -> dict[str, str]:
    return {each.source: archive.document(each.id).text for each in archive.store.documents()}


def said(archive: Archive, document_id: int) -> list[str]:
    """What a document has said, its current text last."""
    return [
        history.version(archive.store, document_id, each.number).text
        for each in history.versions(archive.store, document_id)
    ]


def pack(path: Path, entries: Mapping[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for name, text in entries.items():
            file.writestr(name, text)


# One pass


def test_a_second_look_reads_nothing(
    synced: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (synced.store.change, ids(synced))
    for each in folder.rglob("*.txt"):
        each.chmod(0)
    monkeypatch.setattr("index.reading.file_hash", None)
    (outcome,) = synced.sync(folder)
    assert (outcome.result, outcome.count) == ("unchanged", 3)
    assert (synced.store.change, ids(synced)) == before


def test_a_changed_file_is_replaced_and_its_old_text_stays(synced: Archive, folder: Path) -> None:
    known = ids(synced)
    write(folder, {"mill.txt": "Fire at Harland Mill\n\nOne was hurt.\n"})
    assert became(synced, folder) == {("replaced", "mill.txt")}
    assert ids(synced) == known
    assert said(synced, known["mill.txt"]) == [
        TEXTS["mill.txt"],
        "Fire at Harland Mill\n\nOne was hurt.\n",
    ]
    assert found_by(synced, "burned") == set()
    check_dense(synced)


def test_a_vanished_file_is_found_no_more_but_can_be_read(synced: Archive, folder: Path) -> None:
    known = ids(synced)
    (folder / "mill.txt").unlink()
    assert became(synced, folder) == {("vanished", "mill.txt")}
    assert set(ids(synced)) == {"news/fair.txt", "news/vote.txt"}
    assert found_by(synced, "burned") == set()
    assert said(synced, known["mill.txt"]) == [TEXTS["mill.txt"]]
    assert became(synced, folder) == set()
    check_dense(synced)


def test_a_file_that_comes_back_has_its_id_and_the_next_version(
    synced: Archive, folder: Path
) -> None:
    known = ids(synced)
    for _ in range(2):
        (folder / "mill.txt").unlink()
        became(synced, folder)
        write(folder, {"mill.txt": "Fire at Harland Mill\n\nIt was rebuilt.\n"})
        assert became(synced, folder) == {("added", "mill.txt")}
    assert ids(synced) == known
    assert synced.find("mill.txt")[0].version == 3
    assert len(said(synced, known["mill.txt"])) == 3


def test_a_file_that_was_moved_keeps_its_id(synced: Archive, folder: Path) -> None:
    known, passages = ids(synced), synced.store.passage_ids()
    (folder / "mill.txt").rename(folder / "news" / "burnt.txt")
    (outcome,) = [each for each in synced.sync(folder) if each.result != "unchanged"]
    assert (outcome.result, outcome.path, outcome.note) == (
        "moved", folder / "news" / "burnt.txt", "was mill.txt"
    )  # fmt: skip
    assert ids(synced)["news/burnt.txt"] == known["mill.txt"]
    assert synced.store.passage_ids() == passages
    assert found_by(synced, "burned") == {"news/burnt.txt"}
    assert [each.source for each in synced.remove(str(folder / "news" / "burnt.txt"))]


def test_a_folder_that_was_moved_keeps_every_id(synced: Archive, folder: Path) -> None:
    write(folder, {"news/same.txt": TEXTS["news/fair.txt"], "news/deep/a.txt": "Deep in it.\n"})
    settle(folder)
    became(synced, folder)
    known = ids(synced)
    (folder / "news").rename(folder / "old news")
    assert {result for result, _ in became(synced, folder)} == {"moved"}
    assert ids(synced) == {
        name.replace("news/", "old news/"): number for name, number in known.items()
    }
    assert became(synced, folder) == set()


def test_a_copy_is_no_move(synced: Archive, folder: Path) -> None:
    known = ids(synced)
    shutil.copy(folder / "mill.txt", folder / "again.txt")
    assert became(synced, folder) == {("added", "again.txt")}
    assert ids(synced) | known == ids(synced)


def test_the_same_content_twice_and_one_moved(synced: Archive, folder: Path) -> None:
    write(folder, {"twin.txt": TEXTS["mill.txt"]})
    settle(folder)
    became(synced, folder)
    known = ids(synced)
    (folder / "twin.txt").rename(folder / "elsewhere.txt")
    assert became(synced, folder) == {("moved", "elsewhere.txt")}
    assert ids(synced)["elsewhere.txt"] == known["twin.txt"]
    assert ids(synced)["mill.txt"] == known["mill.txt"]


def test_a_file_with_another_suffix_is_another_document(synced: Archive, folder: Path) -> None:
    (folder / "mill.txt").rename(folder / "mill.md")
    assert became(synced, folder) == {("vanished", "mill.txt"), ("added", "mill.md")}


def test_a_file_moved_over_another_replaces_it(synced: Archive, folder: Path) -> None:
    known = ids(synced)
    (folder / "mill.txt").replace(folder / "news" / "vote.txt")
    settle(folder)
    assert became(synced, folder) == {("vanished", "mill.txt"), ("replaced", "news/vote.txt")}
    assert said(synced, known["news/vote.txt"]) == [TEXTS["news/vote.txt"], TEXTS["mill.txt"]]
    assert said(synced, known["mill.txt"]) == [TEXTS["mill.txt"]]


def test_two_files_that_swapped_names_have_each_other_s_text(synced: Archive, folder: Path) -> None:
    known = ids(synced)
    one, two = folder / "mill.txt", folder / "news" / "vote.txt"
    one.rename(folder / "between")
    two.rename(one)
    (folder / "between").rename(two)
    assert became(synced, folder) == {("replaced", "mill.txt"), ("replaced", "news/vote.txt")}
    assert ids(synced) == known
    assert texts(synced)["mill.txt"] == TEXTS["news/vote.txt"]
    assert texts(synced)["news/vote.txt"] == TEXTS["mill.txt"]
    check_dense(synced)


def test_a_name_that_is_taken_over_keeps_both_apart(synced: Archive, folder: Path) -> None:
    """Moved away and vanished there: the id belongs to the last name, whoever had the first."""
    known = ids(synced)
    write(folder, {"mill.txt": "Fire at Harland Mill\n\nOne was hurt.\n"})
    became(synced, folder)
    (folder / "mill.txt").rename(folder / "moved.txt")
    became(synced, folder)
    (folder / "moved.txt").unlink()
    became(synced, folder)
    write(folder, {"mill.txt": "Another mill\n\nIt stands.\n"})
    assert became(synced, folder) == {("added", "mill.txt")}
    assert ids(synced)["mill.txt"] not in known.values()
    write(folder, {"moved.txt": "Moved\n\nIt is back.\n"})
    became(synced, folder)
    assert ids(synced)["moved.txt"] == known["mill.txt"]
    assert len(said(synced, known["mill.txt"])) == 3
    for name in ("mill.txt", "moved.txt"):
        (folder / name).unlink()
    assert became(synced, folder) == {("vanished", "mill.txt"), ("vanished", "moved.txt")}


def test_an_old_citation_s_document_opens_after_all_that(synced: Archive, folder: Path) -> None:
    known = ids(synced)["mill.txt"]
    (folder / "mill.txt").rename(folder / "b.txt")
    became(synced, folder)
    write(folder, {"b.txt": "Changed\n\nWholly.\n"})
    became(synced, folder)
    (folder / "b.txt").unlink()
    became(synced, folder)
    assert history.version(synced.store, known, 1).text == TEXTS["mill.txt"]
    assert history.find_one(synced, str(known)).id == known


# Files that change without showing it


def test_a_change_within_the_same_second_and_size_is_seen(archive: Archive, papers: Path) -> None:
    write(papers, {"a.txt": "One of them\n\nFirst.\n"})
    status = (papers / "a.txt").stat()
    became(archive, papers)
    write(papers, {"a.txt": "One of them\n\nOther.\n"})
    os.utime(papers / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (papers / "a.txt").stat().st_size == status.st_size
    assert became(archive, papers) == {("replaced", "a.txt")}


def test_a_change_behind_a_time_set_back_is_seen_by_adding_only(
    synced: Archive, folder: Path
) -> None:
    write(folder, {"mill.txt": TEXTS["mill.txt"].replace("Nobody", "Nobudy")})
    settle(folder)
    assert became(synced, folder) == set()
    assert [each.result for each in add(synced, folder / "mill.txt")] == ["replaced"]


def test_a_file_that_was_only_touched_is_unchanged(synced: Archive, folder: Path) -> None:
    os.utime(folder / "mill.txt", (LONG_AGO + 5, LONG_AGO + 5))
    before = synced.store.change
    assert became(synced, folder) == set()
    assert synced.store.change == before
    (outcome,) = synced.sync(folder)  # noted: it is not read again
    assert outcome.count == 3


# What cannot be looked at, or is not there


def test_a_missing_folder_changes_nothing(synced: Archive, folder: Path) -> None:
    (folder / "news").rename(folder / ".unplugged")
    before = ids(synced)
    for missing in (folder / "news", folder / "sports", folder / "mill.txt"):
        with pytest.raises(LoadError, match=r"no folder .*nothing was changed.*qa index remove"):
            list(synced.sync(missing))
    assert ids(synced) == before
    (folder / ".unplugged").rename(folder / "news")
    assert became(synced, folder) == set()


def test_an_empty_folder_is_a_disk_that_is_not_there(synced: Archive, folder: Path) -> None:
    shutil.rmtree(folder / "news")
    (folder / "news").mkdir()
    before = ids(synced)
    with pytest.raises(LoadError, match="is empty, and the archive holds 2 files from it"):
        list(synced.sync(folder / "news"))
    assert ids(synced) == before


def test_an_empty_folder_of_which_nothing_is_known(archive: Archive, papers: Path) -> None:
    assert list(archive.sync(papers)) == []


def test_only_the_folder_itself_is_looked_at(synced: Archive, folder: Path) -> None:
    for each in folder.rglob("*.txt"):
        each.unlink()
    write(folder, {"news/new.txt": "News of it\n\nA quokka.\n", "new.txt": "Old of it\n\nHm.\n"})
    assert became(synced, folder / "news") == {
        ("added", "news/new.txt"), ("vanished", "news/fair.txt"), ("vanished", "news/vote.txt")
    }  # fmt: skip
    assert set(ids(synced)) == {"mill.txt", "news/new.txt"}


UNREADABLE = """
import sys
from pathlib import Path
from tests.index.workshop import drop_rights, reopen, sources
home = Path(sys.argv[1])
drop_rights()
archive = reopen(home)
for outcome in archive.sync(home.parent):
    print(outcome.result, outcome.path.name)
print(*sources(archive))
archive.close()
"""


@pytest.mark.parametrize("mode", [0o000, 0o400, 0o100])
def test_what_is_in_a_folder_without_permission_stays(
    synced: Archive, folder: Path, home: Path, mode: int
) -> None:
    synced.close()
    (folder / "mill.txt").unlink()
    (folder / "news").chmod(mode)
    done = python(UNREADABLE, home)
    (folder / "news").chmod(0o755)
    assert done.stderr == ""
    *outcomes, left = done.stdout.splitlines()
    assert "vanished mill.txt" in outcomes
    assert any(line.startswith("skipped") for line in outcomes)
    assert left == "news/fair.txt news/vote.txt"


def test_a_folder_that_vanishes_while_it_is_read(synced: Archive, folder: Path, home: Path) -> None:
    write(folder, {f"a/{n}.txt": f"Number {n} of it\n\nWord{n}.\n" for n in range(9)})
    syncing = synced.sync(folder)
    next(syncing)
    folder.rename(folder.with_name("gone"))
    folder.mkdir()
    home.with_name("gone").joinpath(home.name)
    (folder.with_name("gone") / home.name).rename(home)
    outcomes = list(syncing)
    assert {each.result for each in outcomes} == {"skipped"}
    assert set(ids(synced)) == set(TEXTS)


# Names and places


def test_files_outside_of_the_archive_s_own_folder(archive: Archive, tmp_path: Path) -> None:
    far = tmp_path / "far"
    write(far, TEXTS)
    assert {result for result, _ in outcomes_of(archive, far)} == {"added"}
    (far / "mill.txt").rename(far / "b.txt")
    (far / "news" / "vote.txt").unlink()
    assert outcomes_of(archive, far) == {
        ("moved", far / "b.txt"), ("vanished", far / "news" / "vote.txt")
    }  # fmt: skip
    assert sorted(sources(archive)) == [str(far / "b.txt"), str(far / "news" / "fair.txt")]


def outcomes_of(archive: Archive, folder: Path) -> set[tuple[str, Path]]:
    changed = (each for each in archive.sync(folder) if each.result != "unchanged")
    return {(each.result, each.path) for each in changed}


def test_a_folder_around_the_archive_s_own(archive: Archive, folder: Path, tmp_path: Path) -> None:
    write(tmp_path, {"far.txt": "Far away\n\nA quokka.\n"})
    list(archive.sync(tmp_path))
    assert len(ids(archive)) == 4
    (tmp_path / "far.txt").unlink()
    (folder / "mill.txt").unlink()
    assert outcomes_of(archive, tmp_path) == {
        ("vanished", tmp_path / "far.txt"), ("vanished", folder / "mill.txt")
    }  # fmt: skip


def test_a_moved_archive_is_in_step_with_its_files(synced: Archive, folder: Path) -> None:
    synced.close()
    moved = folder.rename(folder.with_name("elsewhere"))
    archive = reopen(moved / ".qa")
    assert became(archive, moved) == set()
    archive.close()


def test_a_folder_named_by_a_link_or_from_within(
    synced: Archive, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert outcomes_of(synced, tmp_path / "link") == set()
    monkeypatch.chdir(folder / "news")
    (folder / "news" / "fair.txt").unlink()
    assert outcomes_of(synced, Path()) == {("vanished", folder / "news" / "fair.txt")}


def test_a_file_replaced_by_a_folder_of_its_name(synced: Archive, folder: Path) -> None:
    (folder / "mill.txt").unlink()
    write(folder, {"mill.txt/part.txt": "Part of it\n\nA quokka.\n"})
    assert became(synced, folder) == {("vanished", "mill.txt"), ("added", "mill.txt/part.txt")}
    shutil.rmtree(folder / "mill.txt")
    write(folder, {"mill.txt": TEXTS["mill.txt"]})
    assert became(synced, folder) == {("vanished", "mill.txt/part.txt"), ("added", "mill.txt")}


def test_an_archive_file_replaced_by_a_folder_of_its_name(archive: Archive, papers: Path) -> None:
    pack(papers / "all.zip", {"a.txt": "One of it\n\nFirst.\n", "b.txt": "Two\n\nSecond.\n"})
    became(archive, papers)
    known = ids(archive)
    (papers / "all.zip").unlink()
    write(papers, {"all.zip/a.txt": "One of it\n\nFirst.\n"})
    assert became(archive, papers) == {("vanished", "all.zip"), ("added", "all.zip/a.txt")}
    assert ids(archive) == {"all.zip/a.txt": known["all.zip/a.txt"]}
    assert became(archive, papers) == set()
    assert found_by(archive, "first") == {"all.zip/a.txt"}


def test_adding_what_replaced_an_archive_file_takes_it_over(archive: Archive, papers: Path) -> None:
    pack(papers / "all.zip", {"a.txt": "One of it\n\nFirst.\n"})
    add(archive, papers)
    (papers / "all.zip").unlink()
    write(papers, {"all.zip/a.txt": "One of it\n\nFirst.\n"})
    settle(papers)
    assert [each.result for each in add(archive, papers)] == ["replaced"]
    became(archive, papers)
    assert found_by(archive, "first") == {"all.zip/a.txt"}


def test_a_link_in_place_of_a_file(synced: Archive, folder: Path) -> None:
    (folder / "mill.txt").unlink()
    (folder / "mill.txt").symlink_to("news/fair.txt")
    (folder / "news" / "vote.txt").unlink()
    (folder / "news" / "vote.txt").symlink_to("/nowhere/at/all.txt")
    assert became(synced, folder) == {("vanished", "mill.txt"), ("skipped", "news/vote.txt")}
    assert set(ids(synced)) == {"news/fair.txt", "news/vote.txt"}


def test_loops_of_links_come_to_an_end(synced: Archive, folder: Path) -> None:
    (folder / "news" / "up").symlink_to("..")
    (folder / "self").symlink_to("self")
    assert became(synced, folder) == {("skipped", "self")}


def test_a_hidden_file_that_was_named_stays_until_it_is_gone(synced: Archive, folder: Path) -> None:
    write(folder, {".notes/a.txt": "Notes of it\n\nA quokka.\n"})
    add(synced, folder / ".notes" / "a.txt")
    assert became(synced, folder) == set()
    assert found_by(synced, "quokka") == {".notes/a.txt"}
    shutil.rmtree(folder / ".notes")
    assert became(synced, folder) == {("vanished", ".notes/a.txt")}


def test_a_file_moved_to_a_name_that_is_no_text(synced: Archive, folder: Path) -> None:
    (folder / "mill.txt").rename(folder / os.fsdecode(b"caf\xe9.txt"))
    results = {each.result for each in synced.sync(folder)}
    assert results == {"vanished", "skipped", "unchanged"}


def test_the_archive_s_own_files_are_left_out(folder: Path) -> None:
    archive = create(folder / "home")
    for _ in range(2):
        list(archive.sync(folder))
    assert set(ids(archive)) == set(TEXTS)
    archive.close()


def test_documents_that_are_no_files_are_left_alone(synced: Archive, folder: Path) -> None:
    synced.add_documents(
        [Document("mill.txt/note", "A numbat.", "Note"), Document("api:7", "A quokka.", "Seven")]
    )
    (folder / "mill.txt").unlink()
    assert became(synced, folder) == {("vanished", "mill.txt")}
    assert found_by(synced, "numbat quokka") == {"mill.txt/note", "api:7"}


def test_documents_that_bear_a_file_s_name_outlast_it(synced: Archive, folder: Path) -> None:
    pack(folder / "all.zip", {"x.txt": "One of it\n\nFirst.\n"})
    became(synced, folder)
    synced.add_documents(
        [Document("all.zip", "A numbat.", "Note"), Document("mill.txt", "A quokka.", "Note")]
    )
    pack(folder / "all.zip", {"y.txt": "Two of it\n\nSecond.\n"})
    (folder / "mill.txt").unlink()
    assert became(synced, folder) == {("added", "all.zip/y.txt"), ("vanished", "mill.txt")}
    assert found_by(synced, "numbat quokka") == {"all.zip", "mill.txt"}


def test_a_move_to_the_name_of_a_document_that_is_no_file(synced: Archive, folder: Path) -> None:
    synced.add_documents([Document("b.txt", "A numbat.", "Note")])
    (folder / "mill.txt").rename(folder / "b.txt")
    assert became(synced, folder) == {("vanished", "mill.txt"), ("replaced", "b.txt")}
    pack(folder / "a.zip", {"x.txt": "One of it\n\nFirst.\n"})
    settle(folder)
    became(synced, folder)
    synced.add_documents([Document("b.zip/x.txt", "A quokka.", "Note")])
    (folder / "a.zip").rename(folder / "b.zip")
    results = {each.result for each in synced.sync(folder)}
    assert "moved" not in results
    assert texts(synced)["b.zip/x.txt"] == "One of it\n\nFirst.\n"


# Files that hold many documents


def test_only_those_entries_of_an_archive_file_change_that_did(
    archive: Archive, papers: Path
) -> None:
    entries = {f"{n}.txt": f"Number {n} of it\n\nWord{n} was said.\n" for n in range(4)}
    pack(papers / "all.zip", entries)
    became(archive, papers)
    known = ids(archive)
    kept = archive.store.passages_of(known["all.zip/2.txt"])
    del entries["0.txt"]
    pack(papers / "all.zip", {**entries, "1.txt": "Other\n\nA quokka.\n", "4.txt": "New\n\nHi.\n"})
    outcomes = {(each.result, each.path.name): each.count for each in archive.sync(papers)}
    assert outcomes == {
        ("replaced", "1.txt"): 1, ("added", "4.txt"): 1, ("unchanged", "2.txt"): 1,
        ("unchanged", "3.txt"): 1,
    }  # fmt: skip
    assert set(ids(archive)) == {f"all.zip/{n}.txt" for n in range(1, 5)}
    assert archive.store.passages_of(known["all.zip/2.txt"]) == kept
    assert said(archive, known["all.zip/0.txt"]) == ["Number 0 of it\n\nWord0 was said.\n"]
    check_dense(archive)
    (papers / "all.zip").rename(papers / "moved.zip")
    assert [(each.result, each.count) for each in archive.sync(papers)] == [("moved", 4)]
    assert ids(archive)["moved.zip/2.txt"] == known["all.zip/2.txt"]
    (papers / "moved.zip").unlink()
    write(papers, {"left.txt": "Left of it\n\nHi.\n"})
    assert [each.count for each in archive.sync(papers) if each.result == "vanished"] == [4]


def test_an_archive_file_that_only_lost_an_entry(archive: Archive, papers: Path) -> None:
    pack(papers / "all.zip", {"a.txt": "One of it\n\nFirst.\n", "b.txt": "Two\n\nSecond.\n"})
    became(archive, papers)
    pack(papers / "all.zip", {"a.txt": "One of it\n\nFirst.\n"})
    became(archive, papers)
    assert set(ids(archive)) == {"all.zip/a.txt"}
    check_dense(archive)


def test_bytes_of_records_are_those_of_now(archive: Archive, papers: Path) -> None:
    lines = [f'{{"id": "{n}", "text": "Record {n} says word{n}."}}\n' for n in range(3)]
    write(papers, {"all.jsonl": "".join(lines)})
    became(archive, papers)
    write(papers, {"all.jsonl": '{"id": "new", "text": "Pushed before."}\n' + "".join(lines)})
    assert became(archive, papers) == {("added", "all.jsonl/new")}
    content = (papers / "all.jsonl").read_bytes()
    for document in archive.store.documents():
        record = document.original.record
        assert record is not None
        own = document.source.removeprefix("all.jsonl/")
        assert f'"id": "{own}"'.encode() in content[record.start : record.end]


def test_fields_that_were_named_once_count_for_later_syncs(archive: Archive, papers: Path) -> None:
    write(papers, {"a.csv": "nr,inhalt\n1,The first otters.\n", "b.txt": "B of it\n\nHm.\n"})
    options = Options(fields={"text": "inhalt", "id": "nr"})
    assert became(archive, papers, options) == {("added", "a.csv/1"), ("added", "b.txt")}
    write(papers, {"a.csv": "nr,inhalt\n1,The first quokka.\n2,Another.\n"})
    assert became(archive, papers) == {("replaced", "a.csv/1"), ("added", "a.csv/2")}
    assert found_by(archive, "quokka") == {"a.csv/1"}
    (papers / "a.csv").rename(papers / "moved.csv")
    became(archive, papers)
    write(papers, {"moved.csv": "nr,inhalt\n1,The first numbat.\n"})
    became(archive, papers)
    assert found_by(archive, "numbat") == {"moved.csv/1"}


def test_naming_fields_leaves_alone_what_has_none(archive: Archive, papers: Path) -> None:
    write(papers, {"b.txt": "B of it\n\nHm.\n"})
    add(archive, papers)
    options = Options(fields={"text": "inhalt"})
    (outcome,) = archive.add(walk([papers], archive.layout.home), options)
    assert outcome.result == "unchanged"


# Versions that cannot be read


def test_a_bad_new_version_leaves_the_old_one(synced: Archive, folder: Path) -> None:
    (folder / "mill.txt").write_bytes(b"\0\1\2")
    for _ in range(2):
        assert became(synced, folder) == {("skipped", "mill.txt")}
    assert found_by(synced, "burned") == {"mill.txt"}
    write(folder, {"mill.txt": "Fire at Harland Mill\n\nIt was rebuilt.\n"})
    assert became(synced, folder) == {("replaced", "mill.txt")}


def test_an_entry_that_cannot_be_read_is_tried_again_by_adding(
    archive: Archive, papers: Path
) -> None:
    """What was missing, an extra for instance, may be there by then."""
    good, bad = '{"id": "a", "text": "The first otters."}\n', '{"id": "b"}\n'
    write(papers, {"all.jsonl": good + bad})
    settle(papers)
    skipped = ("skipped", "all.jsonl/b")
    assert became(archive, papers) == {("added", "all.jsonl/a"), skipped}
    assert [each.result for each in add(archive, papers)] == ["unchanged", "skipped"]
    (outcome,) = archive.sync(papers)
    assert (outcome.result, outcome.count) == ("unchanged", 1)
    known = ids(archive)
    (papers / "all.jsonl").rename(papers / "moved.jsonl")
    assert became(archive, papers) == {("moved", "moved.jsonl")}
    assert ids(archive) == {"moved.jsonl/a": known["all.jsonl/a"]}


def test_an_entry_that_can_be_read_no_more_says_what_it_said(
    archive: Archive, papers: Path
) -> None:
    write(papers, {"all.jsonl": '{"id": "a", "text": "The first otters."}\n'})
    became(archive, papers)
    write(papers, {"all.jsonl": '{"id": "a", "text": 7}\n{"id": "b", "text": "A quokka."}\n'})
    assert became(archive, papers) == {("skipped", "all.jsonl/a"), ("added", "all.jsonl/b")}
    assert found_by(archive, "otters quokka") == {"all.jsonl/a", "all.jsonl/b"}


# Work that breaks off


def test_a_large_file_that_was_begun_is_read_again_or_vanishes(
    archive: Archive, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "COMMIT_DOCUMENTS", 2)
    lines = "".join(f"{n},The word{n} of it.\n" for n in range(7))
    write(papers, {"a.csv": "nr,inhalt\n" + lines, "b.txt": "B of it\n\nHm.\n"})
    settle(papers)
    syncing = archive.sync(papers, Options(fields={"text": "inhalt", "id": "nr"}))
    next(syncing)
    del syncing
    begun = len(sources(archive))
    assert 0 < begun < 7
    assert archive.store.file("a.csv") is not None
    results = [each.result for each in archive.sync(papers)]  # without its fields named again
    assert (results.count("added"), len(sources(archive))) == (8 - begun, 8)
    archive.remove("a.csv")
    for outcome in archive.sync(papers, Options(fields={"text": "inhalt", "id": "nr"})):
        if outcome.result == "added":
            break
    assert archive.store.count()[0] > 1
    (papers / "a.csv").unlink()
    assert ("vanished", "a.csv") in became(archive, papers)
    assert sources(archive) == ["b.txt"]


def test_removed_by_hand_and_still_in_the_folder(synced: Archive, folder: Path) -> None:
    synced.remove("mill.txt")
    assert synced.store.file("mill.txt") is None
    (folder / "news" / "vote.txt").unlink()
    synced.remove("news/vote.txt")
    assert became(synced, folder) == {("added", "mill.txt")}


@pytest.mark.parametrize("again", ["sync", "add"])
def test_one_of_several_documents_of_a_file_removed_by_hand(
    synced: Archive, folder: Path, again: str
) -> None:
    rows = [json.dumps({"id": each, "text": f"It is said of {each}."}) for each in ("one", "two")]
    write(folder, {"rows.jsonl": "\n".join(rows)})
    became(synced, folder)
    synced.remove("rows.jsonl/one")
    if again == "sync":
        became(synced, folder)
    else:
        add(synced, folder / "rows.jsonl")
    assert {"rows.jsonl/one", "rows.jsonl/two"} <= set(sources(synced))


def test_what_vanished_is_said_only_when_it_is_safe(synced: Archive, folder: Path) -> None:
    (folder / "mill.txt").unlink()
    (folder / "news" / "fair.txt").rename(folder / "b.txt")
    for outcome in synced.sync(folder):
        other = reopen(folder / ".qa")
        if outcome.result == "vanished":
            assert "mill.txt" not in sources(other)
        if outcome.result == "moved":
            assert "b.txt" in sources(other)
        other.close()


# Any sequence of these

NAMES = ["a.txt", "b.txt", "folder/c.txt", "folder/d.txt", "other/c.txt", ".hidden.txt"]
name = st.sampled_from(NAMES)


class InStep(RuleBasedStateMachine):
    """Whatever happens to a folder: after a sync the archive holds what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(tempfile.mkdtemp())
        self.folder = self.top / "papers"
        self.home = self.top / "home"
        self.files: dict[str, str] = {}
        self.words = 0
        self.said: dict[int, list[str]] = {}
        self.archive: Archive | None = None

    def teardown(self) -> None:
        if self.archive is not None:
            self.archive.close()
        shutil.rmtree(self.top)

    @property
    def open(self) -> Archive:
        assert self.archive is not None
        return self.archive

    @initialize()
    def make(self) -> None:
        self.folder.mkdir()
        self.archive = create(self.home)

    @rule(name=name, again=st.booleans())
    def write(self, name: str, again: bool) -> None:
        """Write a text, new or, as a copy, the one of another file."""
        self.words += 1
        text = f"About zq{self.words}\n\nzq{self.words} stood here. Then it did not.\n"
        if again and self.files:
            text = self.files[min(self.files)]
        write(self.folder, {name: text})
        self.files[name] = text

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        (self.folder / name).unlink()
        del self.files[name]

    @precondition(lambda self: self.files)
    @rule(data=st.data(), new=name)
    def move(self, data: st.DataObject, new: str) -> None:
        old = data.draw(st.sampled_from(sorted(self.files)))
        (self.folder / new).parent.mkdir(exist_ok=True)
        (self.folder / old).replace(self.folder / new)
        self.files[new] = self.files.pop(old)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def swap(self, data: st.DataObject) -> None:
        one, two = (data.draw(st.sampled_from(sorted(self.files))) for _ in range(2))
        self.files[one], self.files[two] = self.files[two], self.files[one]
        write(self.folder, self.files)

    @rule()
    def move_folder(self) -> None:
        if (self.folder / "folder").is_dir():
            shutil.rmtree(self.folder / "other", ignore_errors=True)
            (self.folder / "folder").rename(self.folder / "other")
            moved = {n: t for n, t in self.files.items() if n.startswith("folder/")}
            self.files = {n: t for n, t in self.files.items() if "/" not in n}
            self.files |= {n.replace("folder/", "other/"): t for n, t in moved.items()}

    @precondition(lambda self: self.files)
    @rule()
    def touch(self) -> None:
        self.words += 1
        settle(self.folder, LONG_AGO + self.words)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        for document in self.open.store.documents()[:1]:
            self.open.remove(str(document.id))
            self.said.pop(document.id, None)

    @rule()
    def crash(self) -> None:
        self.archive = None
        self.archive = reopen(self.home)

    @rule(outcomes=st.integers(0, 3))
    def break_off(self, outcomes: int) -> None:
        syncing = self.open.sync(self.folder)
        try:
            for _ in range(outcomes):
                next(syncing, None)
        except LoadError:
            assert not self.visible()
        del syncing
        self.remember()

    @rule()
    def sync(self) -> None:
        before = {each.id: each for each in map(self.with_text, self.open.store.documents())}
        known = {source_text(each) for each in before.values()}
        try:
            outcomes = list(self.open.sync(self.folder))
        except LoadError:
            assert not self.visible()
            return
        assert "skipped" not in {each.result for each in outcomes}
        now = {each.id: each for each in map(self.with_text, self.open.store.documents())}
        assert {source_text(each) for each in now.values()} == set(self.visible().items())
        for each in now.values():  # what has not changed keeps its id
            if source_text(each) in known:
                assert source_text(before[each.id]) == source_text(each)
        vanished = {t for _, t in known} - {each.text for each in now.values()}
        assert len(now.keys() - before.keys()) <= len(self.visible())
        self.remember()
        for text in vanished:  # nothing that was said is lost
            assert any(text in texts for texts in self.said.values())

    def visible(self) -> dict[str, str]:
        """The files that a walk meets, by their names in the archive."""
        shown = {n: t for n, t in self.files.items() if not n.startswith(".")}
        return {f"papers/{n}": t for n, t in shown.items()}

    def with_text(self, document: Document) -> Document:
        return self.open.document(document.id)

    def remember(self) -> None:
        """Note what each document says, and see to it that it still says what it said before."""
        for document in self.open.store.documents():
            self.said.setdefault(document.id, [])
        for number, texts in self.said.items():
            now = said(self.open, number)
            assert all(text in now for text in texts)
            self.said[number] = now

    @precondition(lambda self: self.archive is not None)
    @invariant()
    def views_agree_with_the_store(self) -> None:
        archive = self.open
        check_dense(archive)
        for document in archive.store.documents()[:3]:
            word = document.title.removeprefix("About ")
            same = {n for n, t in texts(archive).items() if f"{word} " in t}
            assert found_by(archive, word) == same
        archive._views.save()
        assert problems(self.home) == []


def source_text(document: Document) -> tuple[str, str]:
    return document.source, document.text


TestInStep = InStep.TestCase
TestInStep.settings = settings(
    max_examples=int(os.environ.get("CUTTINGS_EXAMPLES", "8")), stateful_step_count=14
)


def test_outcomes_add_up(synced: Archive, folder: Path) -> None:
    write(folder, {"new.txt": "New of it\n\nHm.\n"})
    outcomes: list[Outcome] = list(synced.sync(folder))
    assert sum(each.count for each in outcomes) == synced.store.count()[0]
