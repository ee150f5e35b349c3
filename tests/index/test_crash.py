"""kill -9 at any moment: what was acknowledged is there, once, and the work can go on."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from index.bundle import unpack
from tests.index.crash_ledger import FOOTER, Files, Job, Ledger, said_in
from tests.index.workshop import (
    add,
    check_dense,
    create,
    found_by,
    problems,
    reopen,
    sources,
    write,
)

KILLS = int(os.environ.get("CUTTINGS_KILLS", "8"))
FILES = 240

ADD = """
import sys
from pathlib import Path
from tests.index.workshop import create, reopen
from index.walk import walk
from index import intake
intake.COMMIT_PASSAGES = 16
home = Path(sys.argv[1])
opened = reopen(home)
print("ready", flush=True)
for outcome in opened.add(list(walk([home.parent], home))):
    if outcome.result != "unchanged":
        print(outcome.path.name, flush=True)
opened.close()
print("closed", flush=True)
"""


def words(n: int, version: int) -> str:
    return f"Number {n} of them\n\nIt is unique{n}v{version}. There were {n} otters there.\n"


def test_killed_at_any_moment(papers: Path, home: Path) -> None:
    draw = random.Random(20170904)
    create(home).close()
    versions = dict.fromkeys(range(FILES), 0)
    write(papers, {f"{n:03}.txt": words(n, 0) for n in range(FILES)})
    stored: dict[str, int] = {}
    killed_while_adding = 0
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", ADD, str(home)], stdout=subprocess.PIPE, text=True
        ) as adding:
            assert adding.stdout is not None
            assert adding.stdout.readline() == "ready\n"
            wanted = draw.randrange(80)
            acknowledged = [each.strip() for each in islice(adding.stdout, wanted)]
            time.sleep(draw.uniform(0, 0.05))
            adding.send_signal(signal.SIGKILL)
            acknowledged += adding.stdout.read().split()
            adding.wait()  # only now is the lock let go of
        killed_while_adding += "closed" not in acknowledged
        stored |= {
            name: versions[int(name[:3])]
            for name in acknowledged
            if name.endswith(".txt")  # not a line cut short
        }
        archive = reopen(home)
        assert archive.mended == []
        assert stored.keys() <= set(sources(archive))
        for name in draw.sample(sorted(stored), min(8, len(stored))):
            assert found_by(archive, f"unique{int(name[:3])}v{stored[name]}") == {name}
        ids = archive.store.passage_ids()
        known = archive.store.passages(ids).values()
        assert len({(document.id, passage.start) for passage, document in known}) == len(ids)
        found = archive.search("otters", 10_000)
        for hits in found:
            assert len({each.passage_id for each in hits}) == len(hits)
        assert sorted(each.passage_id for each in found.dense) == ids
        archive.close()
        assert problems(home) == []
        # Some of what is there is changed, so that the next run has to replace as well.
        for n in draw.sample(range(FILES), 60):
            versions[n] += 1
            write(papers, {f"{n:03}.txt": words(n, versions[n])})
            stored.pop(f"{n:03}.txt", None)
    assert killed_while_adding >= KILLS // 3
    archive = reopen(home)
    add(archive, papers)
    assert len(sources(archive)) == FILES
    for n in range(0, FILES, 24):
        assert found_by(archive, f"unique{n}v{versions[n]}") == {f"{n:03}.txt"}
    check_dense(archive)
    archive.close()
    assert problems(home) == []
    assert not [each.name for each in home.iterdir() if each.name.endswith(".making")]


# Everything at once: files come, change, move and go; documents are added, removed and exported


@contextmanager
def working(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has everything loaded, whose children work and are killed."""
    command = [sys.executable, "-m", "tests.index.crash_worker", str(home)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    ) as process:  # fmt: skip
        try:
            assert line_from(process) == "ready"
            yield process
        finally:
            process.kill()


def line_from(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def killed_at(process: subprocess.Popen[str], jobs: list[Job], draw: random.Random) -> list[str]:
    """Have jobs done, and kill who does them at any moment; return what was heard until then."""
    assert process.stdin is not None
    process.stdin.write(json.dumps(jobs) + "\n")
    process.stdin.flush()
    child = int(line_from(process).removeprefix("child "))
    heard: list[str] = []
    for _ in range(draw.choice([0, 0, draw.randrange(40)])):
        if heard[-1:] != ["closed"]:
            heard.append(line_from(process))
    time.sleep(draw.choice([0, draw.uniform(0, 0.02), draw.uniform(0, 0.6)]))
    os.kill(child, signal.SIGKILL)
    while (line := line_from(process)) != "ended":
        heard.append(line)
    return heard


def test_killed_amid_mixed_work(papers: Path, home: Path, tmp_path: Path) -> None:
    draw = random.Random(20170905)
    files = Files(papers, draw)
    ledger = Ledger(files)
    export, imported = tmp_path / "export.zip", tmp_path / "imported"
    create(home).close()
    killed = 0
    with working(home) as process:
        for _ in range(KILLS):
            jobs = [["sync"], ["add", *files.some()], ["remove", ledger.some_id(draw)], ["sync"],
                    ["export", str(export)]]  # fmt: skip
            draw.shuffle(jobs)
            heard = killed_at(process, jobs, draw)
            killed += "closed" not in heard
            ledger.follow(jobs, heard)
            archive = reopen(home)
            assert archive.mended == []
            ledger.check(archive, draw)
            archive.close()
            assert problems(home) == []
            if export.exists():
                shutil.rmtree(imported, ignore_errors=True)
                unpack(export, imported)
                copy = reopen(imported)
                assert said_in(copy) in ledger.exports
                copy.close()
                assert problems(imported) == []
            for _ in range(draw.randrange(5)):
                files.change()
    assert killed >= KILLS // 2
    archive = reopen(home)
    list(archive.sync(papers))
    assert said_in(archive) == files.said()
    ledger.check_all_versions(archive)
    everything = archive.store.passages(archive.store.passage_ids()).values()
    assert sum(FOOTER in passage.text for passage, _ in everything) == 1
    check_dense(archive)
    archive.close()
    assert problems(home) == []
    assert not [each.name for each in home.iterdir() if each.name.endswith(".making")]
