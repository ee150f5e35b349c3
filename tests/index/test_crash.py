"""`kill -9` at many random moments of an add: what was acknowledged is there, once, for ever."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from index.doctor import examine
from tests.index.workshop import add, found_by, reopen, sources, write

ROOT = Path(__file__).parents[2]
FILES: Final = 300
KILLS: Final = int(os.environ.get("CRASH_TEST_KILLS", "12"))

ADD = """
import sys
from pathlib import Path
from index.loaders import walk
from index.archive import COMMIT_PASSAGES
from index.opening import create_archive, open_archive
from index.errors import NoArchive
from tests.index.workshop import fake

folder = Path(sys.argv[1])
home = folder / ".qa"
print("begun", flush=True)
try:
    archive = open_archive(home, fake)
except NoArchive:
    archive = create_archive(home, fake, "fake")
for outcome in archive.add(list(walk([folder], home))):
    print(outcome.result, outcome.path.name, flush=True)
archive.close()
print("done", flush=True)
"""


def article(number: int, version: int) -> str:
    word = f"word{number}x"
    paragraphs = [
        f"Paragraph {n} of {word} says v{version}e{n} about the council." for n in range(6)
    ]
    return f"Report {word}\n\n" + "\n\n".join(paragraphs) + "\n"


def killed_add(folder: Path, delay: float) -> tuple[list[str], bool]:
    """Run an add and kill it some time after it began; return what it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", ADD, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    lines = process.stdout.read().splitlines()
    process.stdout.close()
    process.wait()
    acknowledged = [line.split()[1] for line in lines if line != "done"]
    return acknowledged, lines[-1:] == ["done"]


def check(folder: Path, acknowledged: dict[str, int], latest: int) -> None:
    """See that everything acknowledged is found by both views, once, in its right version."""
    home = folder / ".qa"
    archive = reopen(home)
    try:
        held = sources(archive)
        assert len(held) == len(set(held))
        assert set(acknowledged) <= set(held)
        for name in random.Random(len(acknowledged)).sample(
            sorted(acknowledged), min(10, len(acknowledged))
        ):
            word = name.removesuffix(".txt").replace("article", "word") + "x"
            found = archive.search(word, 1000)
            for hits in found:
                ids = [each.passage_id for each in hits]
                assert len(ids) == len(set(ids))
                places = [
                    (document.id, passage.start)
                    for passage, document in archive.store.passages(ids).values()
                ]
                assert len(places) == len(set(places))
            assert name in found_by(archive, word)
            (document,) = archive.find(str(folder / name))
            number = int(word.removeprefix("word").removesuffix("x"))
            # A later version may have been stored before anybody could be told.
            versions = range(acknowledged[name], latest + 1)
            assert document.text in [article(number, each) for each in versions]
    finally:
        archive.close()
    assert [each.problem for each in examine(home)] == []


def test_kill_at_random_moments(tmp_path: Path) -> None:
    draw = random.Random(7)
    acknowledged: dict[str, int] = {}
    version, fresh = 0, True
    kills = 0
    while kills < KILLS:
        if fresh:  # a whole add went through, or none has begun: change every file
            version += 1
            write(tmp_path, {f"article{n}.txt": article(n, version) for n in range(FILES)})
        names, fresh = killed_add(tmp_path, draw.uniform(0.0, 2.5))
        kills += not fresh
        acknowledged.update(dict.fromkeys(names, version))
        if (tmp_path / ".qa" / "store.sqlite3").exists():
            check(tmp_path, acknowledged, version)
        else:
            assert not acknowledged
    archive = reopen(tmp_path / ".qa")
    try:
        outcomes = add(archive, tmp_path)
        assert len(outcomes) == FILES
        assert not [each for each in outcomes if each.result == "skipped"]
        assert len(sources(archive)) == FILES
    finally:
        archive.close()
    check(tmp_path, {f"article{n}.txt": version for n in range(FILES)}, version)
