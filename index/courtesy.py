"""Questions go first: long work on an archive waits while one is being answered.

Both share a file. A question holds it shared; the work, now and then, asks to have it alone. The
system lets go of it when a process dies, so nobody waits for the dead.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from typing import Final

from index.layout import Layout

LONGEST: Final = 1.0
"""Seconds that work gives way for at a time: under constant questions it must still get on."""

_PAUSE: Final = 0.005


class Courtesy:
    """Who goes first in one archive, among all processes that have it open.

    Where the file cannot be had, in a read-only folder for instance, nobody waits for anybody.
    """

    def __init__(self, layout: Layout) -> None:
        """Share the archive's file."""
        self._path = layout.questions

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Keep long work waiting meanwhile."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):
                file = stack.enter_context(self._opened())
                # Work that is just looking has it for an instant only.
                fcntl.flock(file, fcntl.LOCK_SH)
            yield

    def give_way(self) -> None:
        """Wait until no question is being answered, but not for ever."""
        until = time.monotonic() + LONGEST
        with contextlib.suppress(OSError), self._opened() as file:
            while time.monotonic() < until:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    time.sleep(_PAUSE)
                else:
                    return

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        """Open the file. To close it is to let go of it."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            yield file
        finally:
            os.close(file)
