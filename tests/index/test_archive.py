"""`index.archive` and `index.opening`: what users and other processes may do to an archive."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.archive import Archive
from index.embed import FakeEmbedder
from index.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveError,
    ArchiveUnwritable,
    NewerArchive,
    NoArchive,
    NotAnArchive,
    OlderArchive,
    UnknownDocument,
    WrongEmbedder,
)
from index.lock import write_lock
from index.opening import create_archive, open_archive
from index.walk import walk
from tests.index.workshop import (
    add,
    check_dense,
    create,
    fake,
    flip,
    found_by,
    problems,
    python,
    reopen,
    replace_bytes,
    sources,
    write,
)

TEXTS = {
    "mill.txt": "Fire at Harland Mill\n\n4 March 2020\n\nThe mill burned down. Nobody was hurt.\n",
    "news/vote.txt": "Council votes on parking\n\n1 June 2021\n\nParking costs two zlotys now.\n",
    "news/fair.txt": "A fair without a date\n\nThe fair had acrobats and otters this year.\n",
}


@pytest.fixture
def filled(archive: Archive, papers: Path) -> Archive:
    write(papers, TEXTS)
    add(archive, papers)
    return archive


# Adding and removing


def test_each_file_is_added_with_what_it_says_of_itself(archive: Archive, papers: Path) -> None:
    write(papers, TEXTS)
    outcomes = add(archive, papers)
    assert [(each.path.name, each.result) for each in outcomes] == [
        ("mill.txt", "added"),
        ("fair.txt", "added"),
        ("vote.txt", "added"),
    ]
    document = outcomes[0].document
    assert document is not None
    assert (document.source, document.title) == ("mill.txt", "Fire at Harland Mill")
    assert archive.document(document.id).text == TEXTS["mill.txt"]
    assert archive.document(document.id).published == date(2020, 3, 4)
    assert problems(archive.layout.home) == []


def test_adding_again_changes_nothing(filled: Archive, papers: Path) -> None:
    before = (filled.store.change, filled.store.passage_ids(), sources(filled))
    assert {each.result for each in add(filled, papers)} == {"unchanged"}
    assert (filled.store.change, filled.store.passage_ids(), sources(filled)) == before


def test_a_changed_file_replaces_what_it_held(filled: Archive, papers: Path) -> None:
    known = filled.find(str(papers / "mill.txt"))[0].id
    write(papers, {"mill.txt": "Fire at Harland Mill\n\nIt was an aardvark.\n"})
    outcomes = {each.path.name: each.result for each in add(filled, papers)}
    assert outcomes == {"mill.txt": "replaced", "fair.txt": "unchanged", "vote.txt": "unchanged"}
    assert found_by(filled, "burned") == set()
    assert found_by(filled, "aardvark") == {"mill.txt"}
    assert filled.find(str(papers / "mill.txt"))[0].id == known
    check_dense(filled)


def test_what_cannot_be_read_is_skipped_and_said(archive: Archive, papers: Path) -> None:
    write(papers, {**TEXTS, "empty.txt": "", "photo.jpg": "JFIF"})
    outcomes = {each.path.name: each for each in add(archive, papers, papers / "missing.txt")}
    assert outcomes["empty.txt"].note == "empty"
    assert outcomes["photo.jpg"].note.startswith("no loader for .jpg files")
    assert outcomes["missing.txt"].note == "no such file or folder"
    assert len(sources(archive)) == 3


def test_encodings_other_than_utf_8_are_said(archive: Archive, papers: Path) -> None:
    (papers / "a.txt").write_bytes(
        ("Der Rat tagte früh. Über Nacht fiel Schnee. " * 9).encode("cp1252")
    )
    (outcome,) = add(archive, papers)
    assert outcome.note in {"read as cp1252", "read as latin_1", "read as cp1250"}


def test_a_name_that_is_no_text_is_skipped(archive: Archive, papers: Path) -> None:
    (papers / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"Some text.")
    (outcome,) = add(archive, papers)
    assert (outcome.result, outcome.note) == ("skipped", "its name is not valid text; rename it")


def test_more_files_than_one_commit(archive: Archive, papers: Path) -> None:
    write(papers, {f"{n:03}.txt": f"Number {n} title\n\nIt is unique{n}.\n" for n in range(150)})
    seen = 0
    for outcome in archive.add(list(walk([papers], papers / ".qa"))):
        seen += 1
        assert outcome.document is not None
        assert archive.store.document(outcome.document.id) is not None
    assert seen == 150
    assert archive.store.change > 1
    assert found_by(archive, "unique149") == {"149.txt"}
    assert problems(archive.layout.home) == []


def test_an_add_that_is_given_up_keeps_what_it_said(archive: Archive, papers: Path) -> None:
    write(papers, {f"{n:03}.txt": f"Number {n} title\n\nIt is unique{n}.\n" for n in range(100)})
    adding = archive.add(list(walk([papers], papers / ".qa")))
    first = next(adding)
    del adding
    assert first.document is not None
    assert found_by(archive, "unique0") == {"000.txt"}
    assert {each.result for each in add(archive, papers)} == {"added", "unchanged"}
    assert problems(archive.layout.home) == []


def test_documents_can_be_removed_by_path_name_id_and_folder(
    filled: Archive, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def removed(reference: str) -> list[str]:
        return [each.source for each in filled.remove(reference)]

    assert removed(str(papers / "mill.txt")) == ["mill.txt"]
    assert removed("news/fair.txt") == ["news/fair.txt"]
    write(papers, TEXTS)
    add(filled, papers)
    assert removed(str(filled.find("mill.txt")[0].id)) == ["mill.txt"]
    assert sorted(removed(str(papers / "news"))) == ["news/fair.txt", "news/vote.txt"]
    assert sources(filled) == []
    add(filled, papers)
    monkeypatch.chdir(papers / "news")
    assert removed("vote.txt") == ["news/vote.txt"]
    assert len(removed("..")) == 2
    assert found_by(filled, "mill") == set()
    assert problems(filled.layout.home) == []


def test_removing_the_folder_above_removes_all(
    filled: Archive, papers: Path, tmp_path: Path
) -> None:
    write(tmp_path, {"far.txt": "A far text\n\nIt is far away.\n"})
    add(filled, tmp_path / "far.txt")
    assert str(tmp_path / "far.txt") in sources(filled)
    assert len(filled.remove(str(tmp_path))) == 4


@pytest.mark.parametrize("reference", ["nothing.txt", "99", "9" * 30, "new", "", "a" * 5000])
def test_what_is_not_there_cannot_be_removed(filled: Archive, reference: str) -> None:
    before = filled.store.change
    with pytest.raises(UnknownDocument):
        filled.remove(reference)
    assert filled.store.change == before


def test_a_loop_of_links_is_no_document(filled: Archive, papers: Path) -> None:
    (papers / "loop").symlink_to(papers / "loop")
    with pytest.raises(UnknownDocument):
        filled.remove(str(papers / "loop"))


def test_a_moved_archive_still_knows_its_files(filled: Archive, papers: Path) -> None:
    filled.close()
    moved = papers.with_name("moved")
    papers.rename(moved)
    archive = reopen(moved / ".qa")
    assert {each.result for each in add(archive, moved)} == {"unchanged"}
    assert [each.source for each in archive.remove(str(moved / "mill.txt"))] == ["mill.txt"]
    archive.close()


def test_the_status_counts(filled: Archive) -> None:
    status = filled.status()
    assert (status.documents, status.change, status.embedder) == (3, 1, "fake")
    assert (status.dimension, status.passages) == (64, filled.passage_count)
    assert status.bytes_on_disk > 10_000


# Searching


def test_how_an_archive_came_about_does_not_show_in_its_scores(
    filled: Archive, papers: Path
) -> None:
    before = filled.search("mill parking otters", 10).lexical
    for name in TEXTS:
        write(
            papers, {name: f"Of {name}\n\nThe parking of otters by the mill was another matter.\n"}
        )
    add(filled, papers)
    write(papers, TEXTS)
    add(filled, papers)
    after = filled.search("mill parking otters", 10).lexical
    assert [each.score for each in after] == [each.score for each in before]
    assert len(after) == 5


def test_since_and_until(filled: Archive) -> None:
    def names(since: date | None, until: date | None) -> tuple[set[str], set[str]]:
        found = filled.search("mill parking otters", 50, since, until)
        known = filled.store.passages(filled.store.passage_ids())
        return (
            {known[each.passage_id][1].source for each in found.dense},
            {known[each.passage_id][1].source for each in found.lexical},
        )

    assert names(None, None) == (set(TEXTS), set(TEXTS))
    assert names(date(2020, 3, 4), None) == ({"mill.txt", "news/vote.txt"},) * 2
    assert names(date(2020, 3, 5), date(2021, 6, 1)) == ({"news/vote.txt"},) * 2
    assert names(None, date(2020, 3, 3)) == (set(), set())


def test_an_empty_archive_finds_nothing(archive: Archive) -> None:
    assert archive.search("anything", 5) == ([], [])


def test_it_tells_how_rare_a_word_is(filled: Archive) -> None:
    assert filled.document_frequencies(["burn", "otter", "zebra"]) == [1, 1, 0]


def test_what_one_changes_the_other_sees(filled: Archive, papers: Path, home: Path) -> None:
    other = reopen(home)
    for n in range(3):
        # Neither searches between: each has to notice that the other was there.
        write(papers, {"ping.txt": f"Ping of it\n\nA pangolin{n} came.\n"})
        add(filled, papers)
        write(papers, {"pong.txt": f"Pong of it\n\nA quokka{n} came.\n"})
        add(other, papers)
    for archive in (filled, other):
        assert found_by(archive, "quokka2") == {"pong.txt"}
        assert found_by(archive, "pangolin2") == {"ping.txt"}
        assert found_by(archive, "pangolin1 quokka0") == set()
        check_dense(archive)
    other.remove("mill.txt")
    assert found_by(filled, "mill") == set()
    other.close()
    assert problems(home) == []


def test_views_made_again_by_one_serve_the_other(filled: Archive, papers: Path, home: Path) -> None:
    other = reopen(home)
    other.rebuild_views()
    assert found_by(filled, "otters") == {"news/fair.txt"}
    write(papers, {"new.txt": "New thing\n\nA quokka came.\n"})
    add(other, papers)
    assert found_by(filled, "quokka") == {"new.txt"}
    write(papers, {"new.txt": "New thing\n\nA numbat came.\n"})
    add(filled, papers)
    assert found_by(other, "numbat") == {"new.txt"}
    other.close()
    assert problems(home) == []


# One writer at a time


def test_a_second_writer_is_told_who_the_first_is(
    filled: Archive, papers: Path, home: Path
) -> None:
    code = (
        "import sys, time; from pathlib import Path; from index.layout import Layout\n"
        "from index.lock import write_lock\n"
        "with write_lock(Layout(Path(sys.argv[1]))):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for change in (lambda: add(filled, papers), lambda: filled.remove("mill.txt")):
            with pytest.raises(ArchiveBusy, match=rf"process {holder.pid} \(-c, for 0 min\)"):
                change()
        assert found_by(filled, "otters") == {"news/fair.txt"}
        reader = reopen(home)
        assert found_by(reader, "otters") == {"news/fair.txt"}
        reader.close()
        holder.communicate("")
    assert add(filled, papers)[0].result == "unchanged"


def test_a_lock_left_by_a_dead_process_holds_nobody_up(filled: Archive, papers: Path) -> None:
    layout = filled.layout
    layout.lock.touch()
    layout.holder.write_text(json.dumps({"pid": 1, "command": "qa", "since": 0}))
    assert add(filled, papers)[0].result == "unchanged"
    assert not layout.holder.exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pid": 1, "since": "x"}'])
def test_an_unknown_holder_is_another_process(filled: Archive, content: str) -> None:
    with write_lock(filled.layout):
        filled.layout.holder.write_text(content)
        with pytest.raises(ArchiveBusy, match="is being written by another process"):
            filled.remove("mill.txt")


# Folders that cannot be written, disks that are full

READ_ONLY = """
import sys
from pathlib import Path
from index.errors import ArchiveUnwritable
from tests.index.workshop import add, check_dense, drop_rights, found_by, problems, reopen
home = Path(sys.argv[1])
drop_rights()
archive = reopen(home)
print(sorted(found_by(archive, "otters")), archive.mended, problems(home))
check_dense(archive)
for change in (
    lambda: add(archive, home.parent), lambda: archive.remove("mill.txt"), archive.rebuild_views
):
    try:
        change()
    except ArchiveUnwritable as error:
        print(error)
print(sorted(found_by(archive, "otters")))
archive.close()
"""


def lock_up(home: Path) -> None:
    for each in [*home.rglob("*"), home]:
        each.chmod(0o555 if each.is_dir() else 0o444)


def unlock(home: Path) -> None:
    home.chmod(0o755)
    for each in home.rglob("*"):
        each.chmod(0o755 if each.is_dir() else 0o644)


@pytest.mark.parametrize("files_too", [False, True])
def test_a_read_only_archive_can_be_asked_and_not_changed(
    filled: Archive, home: Path, files_too: bool
) -> None:
    filled.close()
    write(home.parent, {"new.txt": "New thing\n\nA quokka came.\n"})
    if files_too:
        lock_up(home)
    else:
        home.chmod(0o555)
    done = python(READ_ONLY, home)
    unlock(home)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "['news/fair.txt'] [] []"
    assert lines[-1] == "['news/fair.txt']"
    assert len(lines) == 5
    for line in lines[1:-1]:
        assert line.startswith(f"cannot write {home}")
    reopen(home).close()
    assert problems(home) == []


@pytest.mark.parametrize("harm", ["words", "vectors.faiss"])
def test_a_read_only_archive_with_a_damaged_view_can_be_asked(
    filled: Archive, home: Path, harm: str
) -> None:
    filled.close()
    if harm == "words":
        shutil.rmtree(home / harm)
    else:
        (home / harm).unlink()
    lock_up(home)
    done = python(READ_ONLY, home)
    unlock(home)
    assert done.stderr == ""
    assert done.stdout.startswith(f"['news/fair.txt'] ['{Path(harm).stem}")


def test_a_read_only_archive_left_by_a_crash_shows_all_that_was_acknowledged(
    archive: Archive, papers: Path, home: Path
) -> None:
    archive.close()
    write(papers, TEXTS)
    crashed = python(
        "import os, sys; from pathlib import Path; from tests.index.workshop import *\n"
        "archive = reopen(Path(sys.argv[1])); add(archive, Path(sys.argv[1]).parent)\n"
        "os._exit(9)",
        home,
    )
    assert crashed.returncode == 9
    assert (home / "store.sqlite3-wal").stat().st_size > 0
    lock_up(home)
    done = python(READ_ONLY, home)
    unlock(home)
    assert done.stderr == ""
    assert done.stdout.startswith("['news/fair.txt'] []")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    done = python(
        "import sys; from pathlib import Path; from tests.index.workshop import *\n"
        "from index.errors import ArchiveUnwritable\n"
        "drop_rights()\n"
        "for home in (Path(sys.argv[1]) / 'new', Path(sys.argv[1])):\n"
        "    try: create(home)\n"
        "    except ArchiveUnwritable as error: print(error)\n",
        tmp_path,
    )
    tmp_path.chmod(0o755)
    assert done.stderr == ""
    assert [line.startswith("cannot ") for line in done.stdout.splitlines()] == [True, True]


FULL_DISK = """
import resource, sys
from pathlib import Path
from index.errors import ArchiveUnwritable
from tests.index.workshop import add, check_dense, found_by, reopen
home, limit = Path(sys.argv[1]), int(sys.argv[2])
archive = reopen(home)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, -1))
from index.walk import walk
try:
    for outcome in archive.add(list(walk([home.parent], home))):
        print("done", outcome.path.name)
except ArchiveUnwritable as error:
    print("error", error)
print("found", *found_by(archive, "otters"))
check_dense(archive)
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
archive.search("otters", 1)
archive.close()
"""


@pytest.mark.parametrize("limit", [100, 30_000, 150_000])
def test_a_full_disk_loses_nothing_that_was_acknowledged(
    filled: Archive, papers: Path, home: Path, limit: int
) -> None:
    filled.close()
    more = {f"{n:03}.txt": f"Number {n} title\n\n" + f"It is unique{n}. " * 20 for n in range(150)}
    write(papers, more)
    done = python(FULL_DISK, home, limit)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    errors = [line for line in lines if line.startswith("error")]
    assert len(errors) == 1
    assert "cannot write" in errors[0]
    assert lines[-1] == "found news/fair.txt"
    acknowledged = {line.split()[1] for line in lines if line.startswith("done")}
    archive = reopen(home)
    assert acknowledged - {"mill.txt", "fair.txt", "vote.txt"} <= set(sources(archive))
    assert set(TEXTS) <= set(sources(archive))
    assert problems(home) == []
    add(archive, papers)
    assert found_by(archive, "unique149") == {"149.txt"}
    assert problems(home) == []
    archive.close()


# Places that are no archive, or not a whole one


def test_no_archive(tmp_path: Path) -> None:
    for home in (tmp_path, tmp_path / "none"):
        with pytest.raises(NoArchive, match="make one with: qa index add PATH"):
            reopen(home)


def test_a_folder_that_holds_other_things(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(NotAnArchive):
        reopen(tmp_path)
    with pytest.raises(NotAnArchive):
        create(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["photo.jpg"]


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError):
        create(tmp_path / "file")
    with pytest.raises(ArchiveError):
        create(tmp_path / "file" / "below")


def test_what_a_killed_first_attempt_left_is_no_hindrance(tmp_path: Path) -> None:
    for name in ("write.lock", "write.holder", "write.holder.making", "store.sqlite3.making-1-wal"):
        (tmp_path / name).touch()
    create(tmp_path).close()


def test_an_archive_that_is_there_is_opened(filled: Archive, home: Path) -> None:
    with pytest.raises(NotAnArchive):
        create(home)
    assert len(sources(filled)) == 3


def test_an_archive_of_a_newer_version(filled: Archive, home: Path) -> None:
    filled.close()
    with sqlite3.connect(home / "store.sqlite3") as connection:
        connection.execute("UPDATE meta SET value = '3' WHERE key = 'format'")
    connection.close()
    with pytest.raises(NewerArchive, match="upgrade cuttings"):
        reopen(home)


def test_an_archive_of_an_older_version(filled: Archive, home: Path) -> None:
    filled.close()
    with sqlite3.connect(home / "store.sqlite3") as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'format'")
    connection.close()
    with pytest.raises(OlderArchive, match="add its files again"):
        reopen(home)


def text_file(path: Path) -> None:
    replace_bytes(path, b"Dear diary,\n" * 1000)


def truncated(path: Path) -> None:
    replace_bytes(path, path.read_bytes()[: path.stat().st_size // 2])


def cut_to_header(path: Path) -> None:
    replace_bytes(path, path.read_bytes()[:50])


def empty(path: Path) -> None:
    replace_bytes(path, b"")


def garbage_at(path: Path, share: float) -> None:
    content = bytearray(path.read_bytes())
    at = int(len(content) * share)
    content[at : at + 6000] = b"garbage " * 750
    replace_bytes(path, bytes(content))


def garbage_early(path: Path) -> None:
    garbage_at(path, 0.03)


def garbage_in_the_middle(path: Path) -> None:
    garbage_at(path, 0.5)


def another_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE meta (key, value)")
    connection.close()


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "harm",
    [
        text_file,
        truncated,
        cut_to_header,
        empty,
        garbage_early,
        garbage_in_the_middle,
        another_database,
        folder,
    ],
)
def test_a_harmed_store_is_a_clear_error(
    filled: Archive, papers: Path, home: Path, harm: Callable[[Path], None]
) -> None:
    write(papers, {f"{n:03}.txt": f"Number {n} title\n\nIt is unique{n}.\n" for n in range(60)})
    add(filled, papers)
    filled.close()
    harm(home / "store.sqlite3")

    def use_all() -> None:
        archive = reopen(home)
        try:
            archive.rebuild_views()
            for document in archive.store.documents():
                archive.document(document.id)
        finally:
            archive.close()

    with pytest.raises((ArchiveDamaged, NotAnArchive)) as raised:
        use_all()
    assert "\n" not in str(raised.value)
    with pytest.raises((ArchiveDamaged, NotAnArchive)):
        problems(home)


def test_the_wrong_embedder(filled: Archive, home: Path) -> None:
    class Other(FakeEmbedder):
        name = "other"
        fingerprint = "0123456789abcdef"

    filled.close()
    with pytest.raises(WrongEmbedder, match="was made with fake, not other"):
        open_archive(home, lambda _: Other(), wanted="other")
    archive = open_archive(home, lambda _: Other())
    with pytest.raises(WrongEmbedder, match="other weights of fake"):
        archive.search("otters", 1)
    archive.close()
    again = open_archive(home, fake, wanted="the fake one by another name")
    assert found_by(again, "otters") == {"news/fair.txt"}
    again.close()


def test_an_archive_is_made_for_its_embedder(tmp_path: Path) -> None:
    archive = create_archive(tmp_path / "new" / "home", fake, "fake")
    assert archive.store.identity.fingerprint == FakeEmbedder.fingerprint
    archive.close()


# Views that are damaged heal themselves


def of_another_archive(home: Path) -> None:
    other = create(home.with_name("other"))
    other.store.put([])
    other._views.save()
    other.close()
    shutil.copy(home.with_name("other") / "vectors.faiss", home / "vectors.faiss")
    shutil.rmtree(home / "words")
    shutil.copytree(home.with_name("other") / "words", home / "words")


def in_words(harm: Callable[[Path], None], pattern: str) -> Callable[[Path], None]:
    def apply(home: Path) -> None:
        files = sorted((home / "words").glob(pattern))
        assert files
        for path in files:
            harm(path)

    return apply


def lost_deletes(home: Path) -> None:
    """Still valid JSON; the removed entries would come back."""
    meta = home / "words" / "meta.json"
    replace_bytes(meta, re.sub(rb'"deletes": \{', b'"delates": {', meta.read_bytes()))


def miscounted(home: Path) -> None:
    meta = home / "words" / "meta.json"
    more = re.sub(
        rb'"max_doc": (\d+)', lambda found: b'"max_doc": 9%b' % found[1], meta.read_bytes()
    )
    replace_bytes(meta, more)


def words_a_file(home: Path) -> None:
    shutil.rmtree(home / "words")
    (home / "words").write_bytes(b"not a folder")


HARMS: dict[str, Callable[[Path], None]] = {
    "vectors gone": lambda home: (home / "vectors.faiss").unlink(),
    "vectors cut": lambda home: truncated(home / "vectors.faiss"),
    "vectors empty": lambda home: empty(home / "vectors.faiss"),
    "vectors flipped": lambda home: flip(home / "vectors.faiss", 400),
    "vectors with a bad header": lambda home: flip(home / "vectors.faiss", 5),
    "vectors with another change number": lambda home: replace_bytes(
        home / "vectors.faiss",
        re.sub(rb'"change": \d', b'"change": 1', (home / "vectors.faiss").read_bytes()),
    ),
    "of another archive": of_another_archive,
    "words gone": lambda home: shutil.rmtree(home / "words"),
    "words a file": words_a_file,
    "a word file gone": in_words(Path.unlink, "*.term"),
    "a word file cut": in_words(truncated, "*.idx"),
    "a word file flipped": in_words(lambda path: flip(path, 30), "*.store"),
    "meta.json gone": in_words(Path.unlink, "meta.json"),
    "meta.json cut": in_words(truncated, "meta.json"),
    "meta.json without its deletes": lost_deletes,
    "meta.json with other counts": miscounted,
}


@pytest.mark.parametrize("name", HARMS)
def test_a_damaged_view_is_reported_and_heals_itself(
    filled: Archive, papers: Path, home: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.views.WASTE", 1.0)  # or there would be no deletions to lose
    write(papers, {"mill.txt": "Fire at the mill\n\nIt was replaced by wombats.\n"})
    add(filled, papers)
    filled.remove("news/vote.txt")
    before = [filled.search(each, 20) for each in ("otters", "wombats", "parking", "mill")]
    filled.close()
    assert problems(home) == []
    HARMS[name](home)
    assert problems(home) != []
    archive = reopen(home)
    assert archive.mended != []
    after = [archive.search(each, 20) for each in ("otters", "wombats", "parking", "mill")]
    assert [[each.passage_id for each in found.dense] for found in after] == [
        [each.passage_id for each in found.dense] for found in before
    ]
    assert [{each.passage_id for each in found.lexical} for found in after] == [
        {each.passage_id for each in found.lexical} for found in before
    ]
    check_dense(archive)
    write(papers, {"new.txt": "New thing\n\nA quokka came.\n"})
    add(archive, papers / "new.txt")
    archive.close()
    assert problems(home) == []
    again = reopen(home)
    assert again.mended == []
    again.close()


def test_a_store_restored_from_a_backup_brings_its_views_back(
    filled: Archive, papers: Path, home: Path
) -> None:
    filled.close()
    backup = (home / "store.sqlite3").read_bytes()
    archive = reopen(home)
    write(papers, {"later.txt": "Later thing\n\nA quokka came.\n"})
    add(archive, papers)
    archive.close()
    replace_bytes(home / "store.sqlite3", backup)
    assert any("ahead of the store" in each for each in problems(home))
    restored = reopen(home)
    assert found_by(restored, "quokka") == set()
    assert found_by(restored, "otters") == {"news/fair.txt"}
    check_dense(restored)
    restored.close()


def test_the_state_of_an_unwritable_error_is_one_line(filled: Archive, home: Path) -> None:
    (home / "vectors.faiss").unlink()
    (home / "vectors.faiss").mkdir()
    with pytest.raises(ArchiveUnwritable) as raised:
        filled.rebuild_views()
    assert "\n" not in str(raised.value)
    (home / "vectors.faiss").rmdir()
    assert found_by(filled, "otters") == {"news/fair.txt"}
