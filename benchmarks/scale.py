"""How adding, syncing and asking hold up as an archive grows.

    python benchmarks/scale.py PARAGRAPHS.txt --folder FOLDER [--documents 10000 --documents 100000]

PARAGRAPHS.txt has a paragraph a line, all different; each becomes a file of its own. Each size is
added in one run of `qa index add`, the smaller one first. Then a hundred files of the largest are
changed and the folder is synced, and questions are asked while nothing else goes on and while files
are added. Rates depend on the machine: what counts is one size against the other, and processor
time beside the time on the clock, where the machine has other things to do.
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import NamedTuple

QA = Path(sys.executable).with_name("qa")
ASKED = 60
"""Questions asked of each kind."""

CHANGED = 100


class Cost(NamedTuple):
    """What a command took: seconds on the clock, seconds of processor time, most memory in MB."""

    clock: float
    processor: float
    memory: float


def run(*arguments: str | Path, cwd: Path) -> Cost:
    """Run `qa` to its end; say what it printed on the way."""
    begun = time.perf_counter()
    process = subprocess.Popen([QA, *arguments], cwd=cwd)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"qa {arguments[0]} failed")
    clock = time.perf_counter() - begun
    return Cost(clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def write(paragraphs: Path, folder: Path, documents: int, after: int = 0) -> None:
    """Write a file for each of some paragraphs, a thousand a folder."""
    with paragraphs.open(encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, after, after + documents), start=after):
            path = folder / f"{number // 1000:04}" / f"{number:06}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(line, "utf-8")


def change(folder: Path, documents: int) -> None:
    """Change some of the files."""
    for number in random.Random(1).sample(range(documents), CHANGED):
        path = folder / f"{number // 1000:04}" / f"{number:06}.txt"
        path.write_text(
            f"{path.read_text('utf-8').strip()} So it stood on {number} May.\n", "utf-8"
        )


def ask(
    home: Path, questions: list[str], while_running: subprocess.Popen[bytes] | None
) -> list[float]:
    """Return the seconds that each question takes in a process that stays open."""
    from qa.opening import open_answerer
    from qa.settings import Settings

    answerer = open_answerer(Settings(home=home))
    answerer.ask(questions[0])
    times = []
    for question in questions:
        if while_running is not None and while_running.poll() is not None:
            raise SystemExit("the files were all added before the questions were: give it more")
        time.sleep(random.Random(question).uniform(0, 0.3))
        begun = time.perf_counter()
        answerer.ask(question)
        times.append(time.perf_counter() - begun)
    answerer.archive.close()
    return times


def main() -> None:
    """Measure, and print a line for each thing measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paragraphs", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--documents", type=int, action="append")
    parser.add_argument("--meanwhile", type=int, default=5000, help="files added while asking")
    given = parser.parse_args()
    sizes = given.documents if given.documents is not None else [10_000, 100_000]
    for size in sizes:
        place = given.folder / str(size)
        write(given.paragraphs, place / "files", size)
        cost = run("index", "add", "files", "--quiet", cwd=place)
        print(
            f"add {size:,}: {size / cost.clock:.1f} documents a second, "
            f"{1000 * cost.processor / size:.1f} ms of processor each, "
            f"at most {cost.memory:.0f} MB",
            flush=True,
        )
    size = sizes[-1]
    place = given.folder / str(size)
    change(place / "files", size)
    for name in (f"sync, {CHANGED} of {size:,} changed", "sync, nothing changed"):
        cost = run("index", "sync", "files", cwd=place)
        print(f"{name}: {cost.clock:.1f} s, at most {cost.memory:.0f} MB", flush=True)
    with given.paragraphs.open(encoding="utf-8") as lines:
        drawn = random.Random(2).sample(list(islice(lines, size)), ASKED)
    questions = [f"What is said about {' '.join(line.split()[3:8])}?" for line in drawn]
    idle = ask(place / ".qa", questions, None)
    write(given.paragraphs, place / "more", given.meanwhile, after=size)
    adding = subprocess.Popen([QA, "index", "add", "more", "--quiet"], cwd=place)
    time.sleep(8)  # until it has loaded its model
    busy = ask(place / ".qa", questions, adding)
    adding.terminate()
    adding.wait()
    p95 = {}
    for name, times in (("idle", idle), ("while adding", busy)):
        twentieths = statistics.quantiles(times, n=20)
        p95[name] = twentieths[18]
        print(f"ask, {name}: p50 {twentieths[9] * 1000:.0f} ms, p95 {p95[name] * 1000:.0f} ms")
    print(f"p95 while adding: {p95['while adding'] / p95['idle']:.2f} of idle")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
