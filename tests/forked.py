"""`qa` in a process of its own that need not import anything: it is forked from one that has.

It differs from the program in nothing else that these tests look at, and is ready a second sooner.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedReader, BufferedWriter, FileIO, TextIOWrapper
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Final

_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "qa.cli",
        "qa.opening",
        "qa.chat",
        "index.sync",
        "index.watch",
        "api.app",
        "api.server",
        "tests.forked",
    ]
)


class Running:
    """As much of `subprocess.Popen` as the tests of a running `qa` need."""

    def __init__(self, process: BaseProcess, stdout: IO[str], stderr: IO[str]) -> None:
        """Wrap a process that was started, and the ends of its pipes."""
        self._process = process
        self.stdout = stdout
        self.stderr = stderr

    @property
    def returncode(self) -> int | None:
        """Its exit status, or less than 0 if a signal ended it; None while it runs."""
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it."""
        self._process.kill()

    def communicate(self, timeout: float) -> tuple[str, str]:
        """Wait for its end, `timeout` seconds at most; return the rest of what it said.

        Raises:
            TimeoutExpired: it took longer.
        """
        said = ["", ""]

        def read(number: int, file: IO[str]) -> None:
            said[number] = file.read()

        threads = [
            threading.Thread(target=read, args=each, daemon=True)
            for each in enumerate((self.stdout, self.stderr))
        ]
        for each in threads:
            each.start()
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("qa", timeout)
        for each in threads:
            each.join()
        return said[0], said[1]


@contextmanager
def start(arguments: Sequence[str], cwd: Path) -> Iterator[Running]:
    """Start `qa`, and kill it at the end if it still runs.

    Args:
        arguments: those of the command.
        cwd: the folder that it runs in.
    """
    with tempfile.TemporaryDirectory() as folder:
        ends = [Path(os.devnull), *(Path(folder, name) for name in ("out", "err"))]
        for each in ends[1:]:
            os.mkfifo(each)
        process = _start(arguments, os.environ, cwd, ends)
        with ends[1].open(encoding="utf-8") as out, ends[2].open(encoding="utf-8") as err:
            try:
                yield Running(process, out, err)
            finally:
                process.kill()
                process.join()


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
        process = _start(words, env, cwd, ends)
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(["qa", *words], timeout)
        out, err = (_read(each) for each in ends[1:])
        return subprocess.CompletedProcess(["qa", *words], process.exitcode, out, err)


def _read(path: Path) -> str:
    # As subprocess does: every line ends in "\n".
    return path.read_text("utf-8") if path.exists() else ""


def _start(
    arguments: Sequence[str], env: Mapping[str, str], cwd: Path, ends: Sequence[Path]
) -> BaseProcess:
    process = _FORKS.Process(target=_be_qa, args=(list(arguments), dict(env), cwd, ends))
    process.start()
    return process


def _be_qa(arguments: list[str], env: dict[str, str], cwd: Path, ends: Sequence[Path]) -> None:
    from qa.cli import main

    flags = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
    for number, (path, flag) in enumerate(zip(ends, flags, strict=True)):
        os.dup2(os.open(path, flag), number)
    # Those that it was forked with know what kind of file they were on.
    sys.stdin, sys.stdout, sys.stderr = _text(0, "r"), _text(1, "w"), _text(2, "w")
    sys.stderr.reconfigure(errors="backslashreplace", line_buffering=True)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["qa", *arguments]
    main()


def _text(number: int, mode: str) -> TextIOWrapper:
    raw = FileIO(number, mode, closefd=False)
    buffered = BufferedReader(raw) if mode == "r" else BufferedWriter(raw)
    return TextIOWrapper(buffered, "utf-8")
