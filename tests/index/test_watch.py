"""`index.watch`: no change is missed, and a folder that is gone is said to be."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from index import watch
from index.errors import LoadError
from index.watch import Watch
from tests.index.workshop import python, write

QUIET = 1.5
"""Seconds after which nothing more is to be expected."""

Heard = SimpleQueue[LoadError | None]
Follow = Callable[[Watch], Heard]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    write(made, {"a.txt": "One.", "news/b.txt": "Two."})
    return made


@pytest.fixture
def follow(folder: Path) -> Iterator[Follow]:
    """Follows a watch in a thread, and puts its moments, and the error that ends it, in a queue."""
    threads: list[threading.Thread] = []

    def begin(watching: Watch) -> Heard:
        heard: Heard = SimpleQueue()

        def listen() -> None:
            try:
                for moment in watching.moments():
                    heard.put(moment)
            except LoadError as error:
                heard.put(error)

        threads.append(threading.Thread(target=listen))
        threads[-1].start()
        return heard

    yield begin
    shutil.rmtree(folder, ignore_errors=True)  # which ends them
    for each in threads:
        each.join(20)


def is_quiet(heard: Heard) -> bool:
    try:
        heard.get(timeout=QUIET)
    except Empty:
        return True
    return False


def test_it_looks_at_once_and_after_each_burst(folder: Path, follow: Follow) -> None:
    heard = follow(Watch(folder, folder / ".qa"))
    assert heard.get(timeout=20) is None
    assert is_quiet(heard)
    write(folder, {f"new/{n}.txt": "More." for n in range(20)})
    assert heard.get(timeout=20) is None
    assert is_quiet(heard)
    (folder / "new").rename(folder / "renamed")
    assert heard.get(timeout=20) is None


def test_a_change_while_it_looks_is_not_missed(folder: Path) -> None:
    moments = Watch(folder, folder / ".qa").moments()
    next(moments)
    write(folder, {"a.txt": "Changed."})
    next(moments)
    write(folder, {"late/in/a/new/folder.txt": "New."})
    next(moments)


def test_what_is_hidden_or_left_out_counts_for_nothing(folder: Path, follow: Follow) -> None:
    write(folder, {"home/x": "", ".git/x": ""})
    heard = follow(Watch(folder, folder / "home"))
    assert heard.get(timeout=20) is None
    write(folder, {"home/words/x": "1", ".git/x": "2", ".hidden": "3"})
    assert is_quiet(heard)
    write(folder, {"home of the brave.txt": "Another folder's name may begin like that."})
    assert heard.get(timeout=20) is None


def test_it_looks_again_soon_where_looking_failed(
    folder: Path, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_SOON", 0.1)
    watching = Watch(folder, folder / ".qa")
    heard = follow(watching)
    heard.get(timeout=20)
    assert is_quiet(heard)
    watching.look_again()
    assert heard.get(timeout=20) is None
    assert is_quiet(heard)


def test_it_looks_now_and_then_though_nothing_is_heard(
    folder: Path, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_LATER", 0.1)
    heard = follow(Watch(folder, folder / ".qa"))
    for _ in range(3):
        assert heard.get(timeout=20) is None


def test_a_folder_named_by_a_link(folder: Path, follow: Follow, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    heard = follow(Watch(tmp_path / "link", tmp_path / ".qa"))
    heard.get(timeout=20)
    write(folder, {"a.txt": "Changed."})
    assert heard.get(timeout=20) is None


@pytest.mark.parametrize("name", ["nothing", "a.txt"])
def test_no_such_folder(folder: Path, name: str) -> None:
    with pytest.raises(LoadError, match=r"no folder .*name one that exists"):
        Watch(folder / name, folder / ".qa")


def test_a_folder_that_vanishes(folder: Path, follow: Follow) -> None:
    heard = follow(Watch(folder, folder / ".qa"))
    heard.get(timeout=20)
    folder.rename(folder.with_name("unplugged"))
    assert "no folder" in str(heard.get(timeout=20))


def test_a_folder_that_is_replaced_by_another(folder: Path, follow: Follow) -> None:
    """As when a disk goes and leaves the empty folder that it was mounted on."""
    heard = follow(Watch(folder, folder / ".qa"))
    heard.get(timeout=20)
    (folder.with_name("empty")).mkdir()
    folder.rename(folder.with_name("unplugged"))
    folder.with_name("empty").rename(folder)
    assert "another folder is at" in str(heard.get(timeout=20))


UNREADABLE = """
import sys
from pathlib import Path
from index.watch import Watch
from tests.index.workshop import drop_rights, write
folder = Path(sys.argv[1])
drop_rights()
moments = Watch(folder, folder / ".qa").moments()
next(moments)
write(folder, {"a.txt": "Changed."})
next(moments)
print("seen")
"""


def test_a_folder_in_it_without_permission(folder: Path) -> None:
    (folder / "news").chmod(0)
    done = python(UNREADABLE, folder)
    (folder / "news").chmod(0o755)
    assert (done.stderr, done.stdout) == ("", "seen\n")
