"""Full and read-only disks, folders that vanish, two writers, and questions while work goes on."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.archive import Archive
from index.courtesy import Courtesy
from index.errors import ArchiveBusy, ArchiveUnwritable
from index.walk import walk
from tests.index.workshop import (
    check_dense,
    found_by,
    problems,
    python,
    reopen,
    sources,
    write,
)

FILES = 90


def texts(number: int = FILES, version: int = 0) -> dict[str, str]:
    return {
        f"{n:03}.txt": f"Number {n} title\n\n" + f"It is unique{n}v{version}. " * 20
        for n in range(number)
    }


@pytest.fixture
def synced(archive: Archive, papers: Path) -> Archive:
    write(papers, texts(40))
    list(archive.sync(papers))
    return archive


FULL_DISK = """
import resource, sys
from pathlib import Path
from index.errors import ArchiveUnwritable
from tests.index.workshop import reopen
home, limit = Path(sys.argv[1]), int(sys.argv[2])
archive = reopen(home)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, -1))
try:
    for outcome in archive.sync(home.parent):
        print(outcome.result, outcome.path.name)
except ArchiveUnwritable as error:
    print("error", error)
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
archive.close()
"""


@pytest.mark.parametrize("limit", [100, 60_000])
def test_a_full_disk_while_syncing(synced: Archive, papers: Path, home: Path, limit: int) -> None:
    synced.close()
    write(papers, {**texts(), **texts(5, version=1)})
    (papers / "010.txt").unlink()
    (papers / "011.txt").rename(papers / "moved.txt")
    done = python(FULL_DISK, home, limit)
    assert done.stderr == ""
    *outcomes, error = done.stdout.splitlines()
    assert re.match(f"error cannot write {home}.*make room", error)
    said: dict[str, list[str]] = {}
    for each in outcomes:
        said.setdefault(each.split()[0], []).append(each.split()[1])
    archive = reopen(home)
    held = set(sources(archive))
    assert set(said.get("added", [])) | set(said.get("moved", [])) <= held
    assert not set(said.get("vanished", [])) & held
    assert {f"{n:03}.txt" for n in range(10)} <= held
    for name in said.get("replaced", []):
        assert found_by(archive, f"unique{int(name[:3])}v1") == {name}
    check_dense(archive)
    assert problems(home) == []
    list(archive.sync(papers))
    assert len(sources(archive)) == FILES - 1
    assert {each.result for each in archive.sync(papers)} == {"unchanged"}
    archive.close()
    assert problems(home) == []


READ_ONLY = """
import sys
from pathlib import Path
from index.errors import ArchiveUnwritable
from tests.index.workshop import drop_rights, found_by, reopen
drop_rights()
archive = reopen(Path(sys.argv[1]))
try:
    print(*archive.sync(Path(sys.argv[1]).parent))
except ArchiveUnwritable as error:
    print(error)
print(*found_by(archive, "unique7v0"))
archive.close()
"""


def test_a_read_only_archive_is_not_synced(synced: Archive, papers: Path, home: Path) -> None:
    synced.close()
    (papers / "007.txt").unlink()
    home.chmod(0o555)
    done = python(READ_ONLY, home)
    home.chmod(0o755)
    assert done.stderr == ""
    error, found = done.stdout.splitlines()
    assert error.startswith(f"cannot write {home}")
    assert found == "007.txt"


def test_a_folder_that_cannot_be_written_is_synced_all_the_same(
    tmp_path: Path, archive: Archive
) -> None:
    """A disk that was mounted to be read only."""
    folder = tmp_path / "fixed"
    write(folder, texts(3))
    folder.chmod(0o555)
    assert [each.result for each in archive.sync(folder)] == ["added"] * 3
    folder.chmod(0o755)


@pytest.mark.parametrize("back", [True, False])
def test_the_archive_s_folder_vanishes_while_adding(
    synced: Archive, papers: Path, home: Path, tmp_path: Path, back: bool
) -> None:
    write(papers, texts())
    adding = synced.sync(papers)
    said = [next(adding), next(adding)]
    home.rename(tmp_path / "gone")
    with pytest.raises(ArchiveUnwritable) as raised:
        said += adding
    assert "\n" not in str(raised.value)
    assert not home.exists()
    with pytest.raises(ArchiveUnwritable, match="no such folder; bring it back"):
        list(synced.sync(papers))
    assert not home.exists()  # no empty archive in its place
    if back:
        (tmp_path / "gone").rename(home)
        archive = reopen(home)
        assert {each.document.source for each in said if each.document} <= set(sources(archive))
        list(archive.sync(papers))
        assert len(sources(archive)) == FILES
        archive.close()
        assert problems(home) == []


WORK: dict[str, Callable[[Archive, Path], object]] = {
    "add": lambda archive, papers: next(archive.add(walk([papers], archive.layout.home))),
    "sync": lambda archive, papers: next(archive.sync(papers)),
    "remove": lambda archive, _: archive.remove("007.txt"),
}


@pytest.mark.parametrize("first", ["add", "sync"])
@pytest.mark.parametrize("second", WORK)
def test_a_second_writer_is_told_of_the_first(
    synced: Archive, papers: Path, home: Path, first: str, second: str
) -> None:
    write(papers, texts(50))
    one = synced.sync(papers) if first == "sync" else synced.add(walk([papers], home))
    next(one)
    other = reopen(home)
    with pytest.raises(ArchiveBusy, match=f"being written by process {os.getpid()} "):
        WORK[second](other, papers)
    said = list(one)
    assert len([each for each in said if each.result == "added"]) >= 9
    WORK[second](other, papers)
    other.close()
    assert problems(home) == []


ADD = """
import sys, time
from pathlib import Path
from index import intake, views
from tests.index.workshop import reopen
intake.COMMIT_PASSAGES = 8
views.WORDS_EVERY = 0.2
home = Path(sys.argv[1])
archive = reopen(home)
archive._views._words_due = 0
print("ready", flush=True)
for outcome in archive.sync(home.parent):
    print(outcome.result, outcome.path.name, flush=True)
    time.sleep(0.01)
archive.close()
"""


def now(archive: Archive) -> set[int]:
    return set(archive.store.passage_ids())


def test_questions_meanwhile_see_one_state(synced: Archive, papers: Path, home: Path) -> None:
    """Files are added and replaced; whoever asks sees each passage once, and what is new soon."""
    write(papers, {**texts(140), **texts(20, version=1)})
    counts: set[int] = set()
    by_words: set[int] = set()
    asked = 0
    courtesy = Courtesy(synced.layout)
    with subprocess.Popen(
        [sys.executable, "-c", ADD, str(home)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    ) as adding:  # fmt: skip
        assert adding.stdout is not None
        assert adding.stdout.readline() == "ready\n"
        while adding.poll() is None:
            before = synced.store.passage_ids()
            with courtesy.asking():
                found = synced.search("number title", 10_000)
            after = now(synced)
            for hits in found:
                ids = [each.passage_id for each in hits]
                assert len(set(ids)) == len(ids)
                known = synced.store.passages(ids)
                assert after.intersection(ids) - known.keys() <= after - now(synced)
                for passage, document in known.values():
                    assert document.text[passage.start : passage.end] == passage.text
            dense = {each.passage_id for each in found.dense}
            assert after.intersection(before) <= dense
            counts.add(len(dense))
            by_words.add(len(found.lexical))
            asked += 1
        said = adding.stdout.read()
    assert said.count("added") == 100
    assert said.count("replaced") == 20
    assert asked > 3
    assert len(counts) > 2
    assert len(by_words) > 2
    assert found_by(synced, "unique139v0") == {"139.txt"}
    assert found_by(synced, "unique7v0") == set()
    check_dense(synced)
    synced.close()
    assert problems(home) == []


def test_what_is_left_of_a_home_is_said_to_be_no_archive(
    synced: Archive, papers: Path, home: Path
) -> None:
    synced.close()
    archive = reopen(home)
    shutil.rmtree(home)
    with pytest.raises(ArchiveUnwritable):
        list(archive.sync(papers))
    assert not home.exists()
