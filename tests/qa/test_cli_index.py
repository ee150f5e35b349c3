"""`qa index` as its own process: what is told of files in many formats, and of folders kept in step."""

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.qa.workshop import QA, Files, RunQA, write

FILES: Files = {
    "vote.txt": "Council votes\n\nParking costs two zlotys now.\n",
    "mill.md": "# Fire at the mill\n\nThe mill burned down.\n",
    "fair.html": "<html><head><title>The fair</title></head><body><article><h1>The fair</h1>"
    "<p>The fair had acrobats and otters this year, and everybody went.</p></article></body></html>",
    "wire.jsonl": '{"id": "a", "text": "A quokka came."}\n{"id": "b", "text": "A numbat left."}\n',
    "rows.csv": "nr,inhalt\n1,The first wombat.\n2,The second wombat.\n",
    "photo.jpg": b"JFIF",
}  # fmt: skip


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "QA_EMBEDDER": "fake"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files in several formats, one of which nothing reads."""
    made = tmp_path / "papers"
    write(made, FILES)
    with zipfile.ZipFile(made / "old.zip", "w") as file:
        file.writestr("1999/one.txt", "One of the old ones.\n")
        file.writestr("two.txt", "Two of the old ones.\n")
    return made


def listed(run_qa: RunQA) -> dict[str, int]:
    return {
        each["source"]: each["id"] for each in json.loads(run_qa("index", "list", "--json").stdout)
    }


def tally(ended: subprocess.CompletedProcess[str], status: int = 0) -> dict[str, int]:
    """What a command counted: its only line of output."""
    assert ended.returncode == status, ended
    return counts(ended.stdout)


def counts(line: str) -> dict[str, int]:
    return {
        result: int(number) for number, result in re.findall(r"(\d+) (\w+)", line) if number != "0"
    }


def test_a_folder_of_many_formats_is_added(folder: Path, run_qa: RunQA) -> None:
    ended = run_qa("index", "add", "papers")
    assert tally(ended) == {"added": 7, "skipped": 2}
    jpg, csv = sorted(ended.stderr.splitlines())
    assert jpg.startswith("skipped papers/photo.jpg: no loader for .jpg files")
    assert csv.startswith("skipped papers/rows.csv: which field is the text? --field text=NAME")
    again = run_qa("index", "add", "papers", "--field", "text=inhalt", "--field", "id=nr")
    assert tally(again)["added"] == 2
    assert set(listed(run_qa)) == {
        "papers/vote.txt", "papers/mill.md", "papers/fair.html", "papers/wire.jsonl/a",
        "papers/wire.jsonl/b", "papers/rows.csv/1", "papers/rows.csv/2", "papers/old.zip/two.txt",
        "papers/old.zip/1999/one.txt",
    }  # fmt: skip
    assert tally(run_qa("index", "add", "papers")) == {"unchanged": 9, "skipped": 1}


def test_a_sync_tells_what_became_of_files(folder: Path, run_qa: RunQA) -> None:
    synced = run_qa("index", "sync", "papers", "--field", "text=inhalt", "--field", "id=nr")
    assert tally(synced)["skipped"] == 2  # the JSON Lines have no such field
    assert tally(run_qa("index", "sync", "papers")) == {"added": 2, "unchanged": 7, "skipped": 1}
    known = listed(run_qa)
    (folder / "vote.txt").rename(folder / "moved.txt")
    (folder / "mill.md").unlink()
    write(folder, {"fair.html": str(FILES["fair.html"]).replace("otters", "stoats")})
    write(folder, {"rows.csv": "nr,inhalt\n1,The first wombat.\n2,Another wombat.\n"})
    ended = run_qa("index", "sync", "papers")
    assert tally(ended) == {
        "replaced": 2, "moved": 1, "vanished": 1, "unchanged": 5, "skipped": 1
    }  # fmt: skip
    assert min(ended.stderr.splitlines()) == "moved papers/moved.txt: was papers/vote.txt"
    now = listed(run_qa)
    assert now["papers/moved.txt"] == known["papers/vote.txt"]
    assert "papers/mill.md" not in now
    assert run_qa("doctor").returncode == 0
    assert run_qa("index", "sync", "papers", "--quiet").stdout == ""


def test_what_has_vanished_can_still_be_opened(folder: Path, run_qa: RunQA) -> None:
    run_qa("index", "sync", "papers")
    known = listed(run_qa)["papers/vote.txt"]
    (folder / "vote.txt").unlink()
    run_qa("index", "sync", "papers")
    shown = run_qa("index", "versions", str(known))
    assert (shown.returncode, "Council votes" in shown.stdout) == (0, True)


def test_a_folder_that_is_not_there(folder: Path, run_qa: RunQA, tmp_path: Path) -> None:
    for command in ("sync", "watch"):
        ended = run_qa("index", command, "elsewhere")
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith("qa: no folder elsewhere; ")
        assert len(ended.stderr.splitlines()) == 1
    assert not (tmp_path / ".qa").exists()
    run_qa("index", "sync", "papers")
    shutil.rmtree(folder)
    folder.mkdir()
    ended = run_qa("index", "sync", "papers")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("qa: papers is empty, and the archive holds 5 files from it")
    assert len(listed(run_qa)) == 7


@pytest.mark.parametrize("field", ["inhalt", "words=inhalt", "text="])
def test_a_field_that_is_none(folder: Path, run_qa: RunQA, field: str) -> None:
    for command in ("add", "sync", "watch"):
        ended = run_qa("index", command, "papers", "--field", field)
        assert ended.returncode == 2
        assert "write OURS=THEIRS, for example text=body" in ended.stderr


@contextmanager
def running(
    environment: Mapping[str, str], folder: Path, *arguments: str
) -> Iterator[subprocess.Popen[str]]:
    """Run `qa` in the folder above `folder`, until it ends or the context does."""
    with subprocess.Popen(
        [QA, *arguments],
        cwd=folder.parent, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def line_from(process: subprocess.Popen[str]) -> dict[str, int]:
    assert process.stdout is not None
    return counts(process.stdout.readline())


def test_a_folder_is_watched_until_ctrl_c(
    folder: Path, run_qa: RunQA, environment: dict[str, str]
) -> None:
    (folder / "rows.csv").unlink()
    with running(environment, folder, "index", "watch", "papers") as watching:
        assert line_from(watching) == {"added": 7, "skipped": 1}
        write(folder, {"new.txt": "New of them\n\nA pangolin came.\n"})
        assert line_from(watching)["added"] == 1
        (folder / "new.txt").rename(folder / "newer.txt")
        (folder / "vote.txt").unlink()
        assert line_from(watching) == {"moved": 1, "vanished": 1, "unchanged": 6, "skipped": 1}
        assert "papers/newer.txt" in listed(run_qa)  # nobody has to wait for it to end
        watching.send_signal(signal.SIGINT)
        out, error = watching.communicate(timeout=60)
    assert (watching.returncode, out) == (130, "")
    lines = error.splitlines()
    assert [each for each in lines if "photo.jpg" in each] == lines[:1]  # it is said once
    assert lines[1] == "watching papers; Ctrl-C ends it"
    assert lines[-1] == "qa: stopped"
    assert run_qa("doctor").returncode == 0


HOLD = """
import sys
from pathlib import Path
from index.layout import Layout
from index.lock import write_lock
with write_lock(Layout(Path(".qa"))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_watching_goes_on_while_another_writes(
    folder: Path, run_qa: RunQA, environment: dict[str, str]
) -> None:
    run_qa("index", "sync", "papers")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=folder.parent, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        busy = run_qa("index", "sync", "papers")
        assert busy.returncode == 1
        assert f"is being written by process {holder.pid}" in busy.stderr
        write(folder, {"new.txt": "New of them\n\nA pangolin came.\n"})
        with running(environment, folder, "index", "watch", "papers") as watching:
            assert watching.stderr is not None
            said = watching.stderr.readline()
            assert said.endswith("try again when it is done; watching on\n")
            holder.communicate("")
            assert line_from(watching)["added"] == 1  # though nothing changes now


def test_watching_ends_when_the_folder_has_gone(folder: Path, environment: dict[str, str]) -> None:
    with running(environment, folder, "index", "watch", "papers") as watching:
        line_from(watching)
        folder.rename(folder.with_name("unplugged"))
        _, error = watching.communicate(timeout=60)
    assert watching.returncode == 1
    assert error.splitlines()[-1].startswith("qa: no folder papers; ")


def test_ctrl_c_while_syncing_keeps_what_was_told(
    folder: Path, run_qa: RunQA, environment: dict[str, str]
) -> None:
    sentences = " ".join(f"Item {each} of the minutes was read and agreed." for each in range(99))
    write(folder, {f"{at:04}.txt": f"Minutes {at}\n\n{sentences}\n" for at in range(200)})
    with running(environment, folder, "index", "sync", "papers") as syncing:
        while len(stored(folder)) < 60 and syncing.poll() is None:
            time.sleep(0.05)
        syncing.send_signal(signal.SIGINT)
        out, error = syncing.communicate(timeout=60)
    assert syncing.returncode == 130
    assert error.splitlines()[-1] == "qa: stopped"
    told = counts(out)["added"]
    assert 60 <= told <= len(listed(run_qa)) < 200
    assert run_qa("doctor").returncode in (0, 1)
    assert tally(run_qa("index", "sync", "papers"))["unchanged"] >= told
    assert run_qa("doctor").stdout == "nothing is wrong\n"


def stored(folder: Path) -> list[str]:
    """The documents that are on disk, without opening the archive."""
    store = folder.parent / ".qa" / "store.sqlite3"
    try:
        connection = sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)
        rows = connection.execute("SELECT source FROM documents").fetchall()
        connection.close()
    except sqlite3.OperationalError:
        return []
    return [source for (source,) in rows]
