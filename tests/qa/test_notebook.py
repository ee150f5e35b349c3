"""The file of conversations: made when it is needed, safe from crashes, its owner's alone."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index.errors import ArchiveDamaged, ArchiveUnwritable, NewerArchive, UnknownConversation
from qa import conversations, feedback, kept
from qa.notebook import Notebook
from qa.scope import Scope
from tests.qa.kept_answers import answer_to

ROOT = Path(__file__).parents[2]

# Keeps answers in a conversation until it is killed; says the id of each once it is kept.
KEEPING = """
import sys
from pathlib import Path
from qa import conversations, kept
from qa.notebook import Notebook
from qa.scope import Scope
from tests.qa.kept_answers import answer_to

notebook = Notebook(Path(sys.argv[1]))
most = int(sys.argv[2])
conversation = sys.argv[3] if len(sys.argv) > 3 else conversations.begin(notebook).id
for number in range(most):
    made = kept.keep(notebook, answer_to(f"Question {number}?" + "x" * 5000), Scope(), conversation)
    print(conversation, made.id, flush=True)
"""


def start(path: Path, most: int, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", KEEPING, str(path), str(most), *more],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "conversations.sqlite3"


@pytest.fixture
def notebook(path: Path) -> Iterator[Notebook]:
    path.parent.mkdir()
    made = Notebook(path)
    yield made
    made.close()


def test_nothing_is_made_before_something_is_kept(notebook: Notebook, path: Path) -> None:
    assert conversations.newest(notebook) == []
    assert conversations.count(notebook) == 0
    assert list(feedback.judged(notebook)) == []
    kept.check_room(notebook)
    with pytest.raises(UnknownConversation):
        conversations.delete(notebook, "0" * 32)
    assert list(path.parent.iterdir()) == []
    conversations.begin(notebook)
    assert path.exists()


def test_only_its_owner_may_read_it(notebook: Notebook, path: Path) -> None:
    before = os.umask(0)
    try:
        made = conversations.begin(notebook)
        kept.keep(notebook, answer_to("Who?"), Scope(), made.id)
    finally:
        os.umask(before)
    files = [each for each in path.parent.iterdir() if not each.name.endswith(".lock")]
    assert {each.name for each in files} >= {path.name, f"{path.name}-wal"}
    assert all(each.stat().st_mode & 0o077 == 0 for each in files)


def test_what_is_deleted_leaves_no_trace(notebook: Notebook, path: Path) -> None:
    made = conversations.begin(notebook)
    for question in ("Where is the aardvark?", "Where is the axolotl?"):
        answer = kept.keep(notebook, answer_to(question), Scope(), made.id)
        feedback.give(notebook, answer.id, "right", "as seen in the zoological garden")

    def traces(text: bytes) -> bool:
        return any(text in each.read_bytes() for each in path.parent.iterdir())

    assert traces(b"axolotl")
    assert traces(b"zoological")
    feedback.withdraw(notebook, answer.id)
    kept.delete(notebook, answer.id)
    assert not traces(b"axolotl")
    assert traces(b"aardvark")
    conversations.delete(notebook, made.id)
    assert not traces(b"aardvark")
    assert not traces(b"zoological")


def test_processes_that_begin_at_once_make_one_file(path: Path) -> None:
    path.parent.mkdir()
    started = [start(path, 5) for _ in range(3)]
    said = [process.communicate(timeout=120)[0].split() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0]
    with closing(Notebook(path)) as notebook:
        assert conversations.count(notebook) == 3
        for words in said:
            thread = kept.thread(notebook, words[0])
            assert [each.id for each in thread] == words[1::2]


def test_threads_that_begin_at_once_make_one_file(notebook: Notebook) -> None:
    threads = [
        threading.Thread(target=conversations.begin, args=(notebook, f"No {n}")) for n in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = conversations.newest(notebook)
    assert {each.name for each in found} == {f"No {n}" for n in range(8)}
    assert sorted(each.place for each in found) == list(range(1, 9))


def test_two_processes_keep_in_one_conversation_and_lose_nothing(
    notebook: Notebook, path: Path
) -> None:
    made = conversations.begin(notebook)
    started = [start(path, 25, made.id) for _ in range(2)]
    said = [process.communicate(timeout=120)[0].split()[1::2] for process in started]
    thread = [each.id for each in kept.thread(notebook, made.id)]
    assert sorted(thread) == sorted(said[0] + said[1])
    for ids in said:
        assert [each for each in thread if each in ids] == ids
    assert conversations.find(notebook, made.id).answers == 50


@pytest.mark.parametrize("moment", [0.0, 0.01, 0.05])
def test_a_crash_loses_nothing_that_was_kept(path: Path, moment: float) -> None:
    path.parent.mkdir()
    process = start(path, 10_000)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    words = (first + process.stdout.read()).split("\n")
    process.stdout.close()
    process.wait()
    told = [each.split()[1] for each in words[:-1]]
    with closing(Notebook(path)) as notebook:
        (found,) = conversations.newest(notebook)
        thread = kept.thread(notebook, found.id)
        assert [each.id for each in thread][: len(told)] == told
        assert found.answers == len(thread) <= len(told) + 1
        kept.keep(notebook, answer_to("Still there?"), Scope(), found.id)


def test_what_a_crash_left_half_made_is_in_nobodys_way(notebook: Notebook, path: Path) -> None:
    half = path.with_name(f"{path.name}.making")
    half.write_bytes(b"SQLite format 3\0 and no more")
    path.with_name(f"{half.name}-wal").write_bytes(b"half")
    conversations.begin(notebook, "Trams")
    assert [each.name for each in conversations.newest(notebook)] == ["Trams"]
    assert not list(path.parent.glob("*making*"))


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 90, None])
def test_a_file_that_is_damaged_is_said(
    notebook: Notebook, path: Path, damage: bytes | None
) -> None:
    made = conversations.begin(notebook)
    for number in range(20):
        kept.keep(notebook, answer_to(f"Question {number}?" * 300), Scope(), made.id)
    notebook.close()
    content = path.read_bytes()
    path.write_bytes(content[:3000] + b"\xff" * 20_000 if damage is None else damage)
    again = Notebook(path)
    reading: list[Any] = [
        lambda: conversations.newest(again),
        lambda: kept.thread(again, made.id),
        lambda: conversations.begin(again),
    ]
    for read in reading:
        with pytest.raises(ArchiveDamaged, match="restore it from a backup, or remove it"):
            read()
    again.close()
    path.unlink()
    conversations.begin(again, "After it was removed")
    assert conversations.count(again) == 1
    again.close()


def test_a_file_of_a_newer_version_is_left_alone(notebook: Notebook, path: Path) -> None:
    conversations.begin(notebook)
    notebook.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 7")
    with pytest.raises(NewerArchive, match="upgrade"):
        conversations.newest(Notebook(path))
    with pytest.raises(NewerArchive, match="upgrade"):
        conversations.begin(Notebook(path))


def test_a_folder_that_is_gone_is_said(notebook: Notebook, path: Path) -> None:
    shutil.rmtree(path.parent)
    with pytest.raises(ArchiveUnwritable, match="no such folder"):
        conversations.begin(notebook)
    assert not path.parent.exists()


READ_ONLY = """
import sys
from pathlib import Path
from index.errors import ArchiveUnwritable
from qa import conversations, kept
from qa.notebook import Notebook
from qa.scope import Scope
from tests.index.workshop import drop_rights
from tests.qa.kept_answers import answer_to

drop_rights()
notebook = Notebook(Path(sys.argv[1]))
found = conversations.newest(notebook)
for each in found:
    print(each.name, [one.question for one in kept.thread(notebook, each.id)])
try:
    if found:
        kept.keep(notebook, answer_to("Who?"), Scope(), found[0].id)
    else:
        conversations.begin(notebook)
except ArchiveUnwritable as error:
    print(error)
"""


@pytest.mark.parametrize("was_used", [True, False])
def test_what_is_read_only_can_be_read(notebook: Notebook, path: Path, was_used: bool) -> None:
    if was_used:
        made = conversations.begin(notebook, "Trams")
        kept.keep(notebook, answer_to("Which?"), Scope(), made.id)
        notebook.close()
        path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", READ_ONLY, path],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    finally:
        path.parent.chmod(0o700)
    assert ended.stderr == ""
    *shown, problem = ended.stdout.splitlines()
    assert shown == (["Trams ['Which?']"] if was_used else [])
    assert problem.startswith(f"cannot write {path}: ")
    assert problem.endswith("make room or make it writable")


def test_a_full_disk_is_said_and_loses_nothing(notebook: Notebook) -> None:
    made = conversations.begin(notebook)
    with notebook.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with notebook.writing() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(ArchiveUnwritable, match="disk is full; make room"):
        kept.keep(notebook, answer_to("x" * 100_000), Scope(), made.id)
    assert kept.thread(notebook, made.id) == []
    kept.keep(notebook, answer_to("Short?"), Scope(), made.id)
    assert conversations.find(notebook, made.id).answers == 1
