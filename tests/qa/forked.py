"""`qa` in a process of its own that need not import anything: it is forked from one that has.

It differs from the program in nothing else that these tests look at, and is ready a second sooner.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["qa.cli", "qa.opening", "qa.chat", "index.sync", "index.watch", "tests.qa.forked"]
)


def run(
    arguments: Sequence[str | bytes | Path],
    env: Mapping[str, str],
    cwd: Path,
    stdin: str = "",
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run `qa` and return what became of it.

    Args:
        arguments: those of the command.
        env: its whole environment; variables that Python itself reads come too late.
        cwd: the folder that it runs in.
        stdin: what it is given to read.
        timeout: seconds that it may take.

    Raises:
        TimeoutExpired: it took longer.
    """
    with tempfile.TemporaryDirectory() as folder:
        ends = [Path(folder, name) for name in ("in", "out", "err")]
        ends[0].write_text(stdin, "utf-8", newline="")
        words = [os.fsdecode(each) for each in arguments]
        process = _FORKS.Process(target=_be_qa, args=(words, dict(env), cwd, ends))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(["qa", *words], timeout)
        out, err = (_read(each) for each in ends[1:])
        return subprocess.CompletedProcess(["qa", *words], process.exitcode, out, err)


def _read(path: Path) -> str:
    # As subprocess does: every line ends in "\n".
    return path.read_text("utf-8") if path.exists() else ""


def _be_qa(arguments: list[str], env: dict[str, str], cwd: Path, ends: list[Path]) -> None:
    from qa.cli import main

    flags = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
    for number, (path, flag) in enumerate(zip(ends, flags, strict=True)):
        os.dup2(os.open(path, flag), number)
    sys.stdin = _text(0, "r")
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["qa", *arguments]
    main()


def _text(number: int, mode: str) -> IO[str]:
    return open(number, mode, encoding="utf-8", closefd=False)
