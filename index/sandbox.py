"""Reads files in a process of its own, so that no file can take the archive down.

That process is limited in memory, writes no file, and is stopped when a document
takes too long. It starts when it is first needed, and is kept for the files that follow.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final, Self

from index import wire
from index.errors import LoadError
from index.loaders import Unread
from index.loaders.protocol import Options
from index.sandbox_worker import OUT_OF_MEMORY
from index.types import Document

SECONDS: Final = 30.0
"""How long a document may take to read."""

MEMORY: Final = 1_500_000_000
"""Bytes of memory that the reading process may take."""

FAILURES: Final = 3
"""Documents of one file that may end the process before the rest of the file is given up."""

FILES: Final = 2_000
"""Files that one process reads, at most: libraries leak."""

_INHERITED: Final = ("HOME", "LD_LIBRARY_PATH", "PATH", "TZ")


class Sandbox:
    """Reads files in a child process; to be closed, or used as a context manager."""

    def __init__(
        self, options: Options, seconds: float = SECONDS, memory: int = MEMORY, files: int = FILES
    ) -> None:
        self._options = options
        self._seconds = seconds
        self._memory = memory
        self._files = files
        self._idle: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child process; the next file starts another."""
        if self._idle is not None:
            self._idle.close()
            self._idle = None

    def documents(self, path: Path, source: str) -> Iterator[Document | Unread]:
        """Yield the documents in a file that `reading.check` has passed, in order.

        A document that takes too long or too much memory, or crashes its reader, comes back unread
        like one that cannot be read for any other reason. Those after it are read all the same.

        Args:
            path: the file.
            source: its name in the archive.

        Raises:
            LoadError: the file as a whole cannot be read, or not from here on.
        """
        done = 0
        for _ in range(FAILURES):
            begun: str | None = None
            try:
                with self._child() as child:
                    for message in child.ask(path, source, self._options, done):
                        if "begun" in message:
                            begun = message["begun"]
                        elif "ended" in message:
                            problem = message["ended"]
                        else:
                            yield _read(message)
                            done += 1
                            begun = None
            except _Died as death:
                if begun is None:
                    raise LoadError(f"{death}, after {done} of its documents") from death
                yield Unread(begun, str(death))
                done += 1
            else:
                if problem is not None:
                    raise LoadError(problem)
                return
        raise LoadError(f"the rest is left out: {FAILURES} of its documents ended their reader")

    @contextlib.contextmanager
    def _child(self) -> Iterator["_Child"]:
        """Lend a child for one file. If the answer is not heard to its end, neither is the next."""
        child, self._idle = self._idle, None
        if child is None or not child.is_alive or child.asked >= self._files:
            if child is not None:
                child.close()
            child = _Child(self._seconds, self._memory)
        try:
            yield child
        except BaseException:
            child.close()
            raise
        self.close()
        self._idle = child


class _Died(Exception):
    """The child is dead; the message says why, as said of the document at fault."""


class _Child:
    """One process that reads files."""

    def __init__(self, seconds: float, memory: int) -> None:
        self.asked = 0
        self._seconds = seconds
        self._memory = memory
        # -P: a folder of articles may hold a file called json.py.
        command = [sys.executable, "-B", "-P", "-m", "index.sandbox_worker"]
        self._process = subprocess.Popen(  # noqa: S603 - this program itself
            [*command, str(round(seconds) + 1), str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the parent, which knows what is half done
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests = self._process.stdin
        self._replies = self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._replies, select.POLLIN)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._requests.close()
        self._replies.close()

    def ask(self, path: Path, source: str, options: Options, skip: int) -> Iterator[wire.Message]:
        """Send a request, and yield the answer up to its end.

        Raises:
            _Died: the process did, or was stopped for taking too long.
        """
        self.asked += 1
        request = {
            "path": str(path.absolute()),
            "source": source,
            "largest": options.largest,
            "fields": dict(options.fields),
            "skip": skip,
        }
        with contextlib.suppress(BrokenPipeError):  # its silence will tell
            self._requests.write(wire.encode(request))
        ended = False
        while not ended:
            deadline = time.monotonic() + self._seconds
            message = wire.receive(partial(self._read, deadline))
            if message is None:
                raise _Died(self._cause())
            yield message
            ended = "ended" in message

    def _read(self, deadline: float, size: int) -> bytes:
        read = bytearray()
        while len(read) < size:
            left = max(0.0, deadline - time.monotonic())
            if not self._poll.poll(left * 1000):
                raise _Died(f"took longer than {self._seconds:g} s to read")
            chunk = os.read(self._replies.fileno(), min(size - len(read), 1 << 20))
            if not chunk:
                break
            read += chunk
        return bytes(read)

    def _cause(self) -> str:
        self._process.kill()  # it has closed its pipe: nothing but its exit status is left
        status = self._process.wait()
        if status == OUT_OF_MEMORY:
            return f"needed more than {self._memory / 1e9:g} GB of memory to read"
        if status == -signal.SIGALRM:
            return f"took longer than {self._seconds:g} s to read"
        how = signal.Signals(-status).name if status < 0 else f"exit status {status}"
        return f"its reader crashed ({how})"


def _read(message: wire.Message) -> Document | Unread:
    if "document" in message:
        return wire.unpack(message["document"])
    return Unread(*message["unread"])


def _environment() -> dict[str, str]:
    """Return what the child needs to find this program, and no secrets."""
    return {
        "PYTHONPATH": os.pathsep.join(str(Path(each).absolute()) for each in sys.path),
        "PYTHONUTF8": "1",
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
    }
