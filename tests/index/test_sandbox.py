"""`index.sandbox`: files are read by a child process that may fail without harm."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from index import reading
from index.errors import LoadError
from index.loaders import Unread
from index.loaders.protocol import Options
from index.sandbox import Sandbox
from index.types import Document
from tests.index.workshop import write


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Options()) as made:
        yield made


@pytest.fixture(autouse=True)
def no_child_stays() -> Iterator[None]:
    before = children()
    yield
    assert children() == before


def readers() -> list[psutil.Process]:
    """The processes that read for this one."""
    every = psutil.Process().children()
    return [each for each in every if "index.sandbox_worker" in each.cmdline()]


def children() -> list[int]:
    return [each.pid for each in readers()]


def only(sandbox: Sandbox, path: Path) -> Document | Unread:
    (found,) = sandbox.documents(path, path.name)
    return found


def text_of(sandbox: Sandbox, path: Path) -> str:
    found = only(sandbox, path)
    assert isinstance(found, Document)
    return found.text


def test_what_it_reads_is_what_is_read_here(sandbox: Sandbox, seeds: Path) -> None:
    for path in sorted(seeds.iterdir()):
        there = list(sandbox.documents(path, path.name))
        assert there == list(reading.documents(path, path.name, Options()))


def test_one_child_reads_many_files_until_it_is_old(tmp_path: Path) -> None:
    write(tmp_path, {f"{number}.txt": f"Text {number}." for number in range(7)})
    seen = []
    with Sandbox(Options(), files=3) as sandbox:
        for number in range(7):
            assert text_of(sandbox, tmp_path / f"{number}.txt") == f"Text {number}."
            seen += children()
    assert [seen.count(each) for each in dict.fromkeys(seen)] == [3, 3, 1]


def test_it_can_be_used_again_after_it_was_closed(sandbox: Sandbox, seeds: Path) -> None:
    path = next(seeds.iterdir())
    text = text_of(sandbox, path)
    sandbox.close()
    assert children() == []
    assert text_of(sandbox, path) == text


def test_a_file_that_cannot_be_read_says_why(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\0")
    (tmp_path / "b.txt").write_bytes(b"Some text.")
    with pytest.raises(LoadError, match=r"^a binary file, not text$"):
        only(sandbox, tmp_path / "a.txt")
    with pytest.raises(LoadError, match=r"^no such file or folder$"):
        only(sandbox, tmp_path / "vanished.txt")
    child = children()
    assert text_of(sandbox, tmp_path / "b.txt") == "Some text."
    assert children() == child


def test_names_of_any_bytes(sandbox: Sandbox, tmp_path: Path) -> None:
    for name in [b"a\nb.txt", b"a\xffb.txt", b"a\x1b[2Jb.txt", "ü\u2028.txt".encode()]:
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        path.write_bytes(name + b" Some text.")
        assert "Some text." in text_of(sandbox, path)


def test_a_path_is_meant_from_the_folder_that_is_current_now(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"one/a.txt": "One.", "two/a.txt": "Two."})
    for folder, text in [("one", "One."), ("two", "Two.")]:
        monkeypatch.chdir(tmp_path / folder)
        assert text_of(sandbox, Path("a.txt")) == text


def test_modules_in_the_current_folder_are_no_part_of_it(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.txt": "Text.", "json.py": "raise SystemExit", "chardet.py": "1 / 0"})
    monkeypatch.chdir(tmp_path)
    assert text_of(sandbox, tmp_path / "a.txt") == "Text."


def test_it_knows_no_secrets(
    sandbox: Sandbox, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "secret")
    only(sandbox, next(seeds.iterdir()))
    (child,) = readers()
    assert "SOME_TOKEN" not in child.environ()


# What is limited


def test_memory(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"Some text. " * 8_000_000)
    (tmp_path / "small.txt").write_bytes(b"Some text.")
    options = Options(largest=100_000_000)
    with Sandbox(options, memory=150_000_000) as sandbox:
        assert only(sandbox, tmp_path / "big.txt") == Unread(
            "big.txt", "needed more than 0.15 GB of memory to read"
        )
        assert text_of(sandbox, tmp_path / "small.txt") == "Some text."


def test_the_length_of_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("ä" * 2001, "utf-8")
    with Sandbox(Options(largest=2000)) as sandbox, pytest.raises(LoadError, match="the limit is"):
        only(sandbox, tmp_path / "a.txt")


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file that never comes to its end: a pipe that nobody closes."""
    path = tmp_path / "endless.txt"
    os.mkfifo(path)
    return path


def test_time(endless: Path) -> None:
    write(endless.parent, {"b.txt": "Some text."})
    with Sandbox(Options(), seconds=0.5) as sandbox:
        assert text_of(sandbox, endless.with_name("b.txt")) == "Some text."
        assert only(sandbox, endless) == Unread("endless.txt", "took longer than 0.5 s to read")
        assert text_of(sandbox, endless.with_name("b.txt")) == "Some text."


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_a_crash(sandbox: Sandbox, endless: Path, how: signal.Signals) -> None:
    write(endless.parent, {"b.txt": "Some text."})

    def kill() -> None:
        with endless.open("wb"):  # goes on when the child has opened it
            (child,) = children()
            os.kill(child, how)

    killer = threading.Thread(target=kill)
    killer.start()
    assert only(sandbox, endless) == Unread("endless.txt", f"its reader crashed ({how.name})")
    killer.join()
    assert text_of(sandbox, endless.with_name("b.txt")) == "Some text."


def test_a_child_that_dies_idle_is_not_missed(sandbox: Sandbox, seeds: Path) -> None:
    path = next(seeds.iterdir())
    text = text_of(sandbox, path)
    (child,) = readers()
    child.kill()
    psutil.wait_procs([child])
    assert text_of(sandbox, path) == text


def test_it_can_write_nothing(sandbox: Sandbox, seeds: Path) -> None:
    only(sandbox, next(seeds.iterdir()))
    (child,) = readers()
    assert child.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)


# How it ends

PARENT = """
import sys
from pathlib import Path
from index.loaders.protocol import Options
from index.sandbox import Sandbox

sandbox = Sandbox(Options(), seconds=2)
for path in map(Path, sys.argv[1:]):
    print(path, flush=True)
    list(sandbox.documents(path, path.name))
print("idle", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("busy", [False, True])
def test_it_ends_when_its_parent_is_killed(seeds: Path, endless: Path, busy: bool) -> None:
    paths = [next(seeds.iterdir()), *[endless] * busy]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, *map(str, paths)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as parent:
        assert parent.stdout is not None
        for _ in range(2):
            parent.stdout.readline()
        (child,) = psutil.Process(parent.pid).children()
        parent.kill()
    assert psutil.wait_procs([child], timeout=10)[1] == []


def test_ctrl_c_reaches_the_parent_alone(seeds: Path, endless: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, *map(str, [next(seeds.iterdir()), endless])],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        start_new_session=True,
    ) as parent:
        while not (found := psutil.Process(parent.pid).children()):
            time.sleep(0.01)
        time.sleep(0.5)
        os.killpg(parent.pid, signal.SIGINT)
        assert parent.stderr is not None
        assert parent.stderr.read().rstrip().endswith(b"KeyboardInterrupt")
    assert psutil.wait_procs(found, timeout=10)[1] == []


def test_a_file_that_is_left_half_read_leaves_no_child_waiting(
    sandbox: Sandbox, seeds: Path
) -> None:
    documents = sandbox.documents(next(seeds.iterdir()), "a.txt")
    next(documents)
    del documents
    assert children() == []
