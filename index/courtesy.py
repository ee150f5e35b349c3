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
    """Who goes first in one archive, among all processes that have it open."""

    def __init__(self, layout: Layout) -> None:
        """Share the archive's file, if it can be written; otherwise there is no long work."""
        self._path = layout.questions

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Keep long work waiting meanwhile."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:  # a read-only archive, or a full disk: a question needs neither
            yield
            return
        try:
            # Work that is just looking has it for an instant only.
            fcntl.flock(file, fcntl.LOCK_SH)
            yield
        finally:
            os.close(file)

    def give_way(self) -> None:
        """Wait until no question is being answered, but not for ever."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            return
        until = time.monotonic() + LONGEST
        try:
            while time.monotonic() < until:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                time.sleep(_PAUSE)
        finally:
            os.close(file)
