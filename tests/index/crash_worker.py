"""`python -m tests.index.crash_worker HOME`: changes an archive until it is killed.

Each line of its input is a list of things to do, as JSON. A child that has everything loaded does
them, and says what is on disk, a line each, as soon as it knows.
"""

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from index import intake, reading, views
from index.bundle import pack
from index.errors import UnknownDocument
from index.loaders.protocol import Options
from index.walk import walk
from tests.index.workshop import reopen

# Read here, where everything is loaded: a sandbox of each child's own would take seconds to start.
reading.is_plain = lambda path: True
intake.COMMIT_PASSAGES = 6  # type: ignore[misc]
views.WORDS_EVERY = 0.02  # type: ignore[misc]


def say(*words: object) -> None:
    """Print a line in one piece, whoever is killed."""
    os.write(1, " ".join(map(str, words)).encode() + b"\n")


def work(home: Path, jobs: list[list[Any]]) -> NoReturn:
    """Do one thing after another, then wait to be killed."""
    say("child", os.getpid())
    papers = home.parent
    archive = reopen(home)
    for what, *about in jobs:
        if what == "add":
            outcomes = archive.add(walk([papers / name for name in about], home))
        elif what == "sync":
            outcomes = archive.sync(papers)
        else:
            outcomes = iter(())
        for each in outcomes:
            if each.path != papers:
                say(each.result, each.path.relative_to(papers), each.note.removeprefix("was "))
        if what == "remove":
            with contextlib.suppress(UnknownDocument):
                archive.remove(about[0])
        elif what == "export":
            pack(archive.store, Path(about[0]), force=True)
        say("done")
    archive.close()
    say("closed")
    while True:
        signal.pause()


def main() -> None:
    """Serve until the input ends."""
    home = Path(sys.argv[1])
    for each in walk([home.parent], home):  # loads what reads them
        list(reading.documents(each.path, each.path.name, Options()))
    say("ready")
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            work(home, json.loads(line))
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
