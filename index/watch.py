"""When to look at a folder again: at once, and whenever something in it has changed."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from index.errors import LoadError

_SETTLED_MS: Final = 500
"""Milliseconds of quiet after which a burst of changes is taken to be over."""

_LATER: Final = 600.0
"""Seconds after which to look in any case: of some changes on a network drive nobody is told."""

_SOON: Final = 10.0
"""Seconds after which to look again where looking has failed."""


class Watch:
    """Watches one folder. What changes while its changes are being dealt with is not missed."""

    def __init__(self, folder: Path, leave_out: Path) -> None:
        """Watch `folder`; hidden files and folders, and what lies in `leave_out`, are passed over.

        Raises:
            LoadError: there is no such folder.
        """
        self._folder = folder
        self._root = folder.resolve()
        self._own = leave_out.resolve()
        self._place = self._look()
        self._due = time.monotonic()

    def moments(self) -> Iterator[None]:
        """Yield whenever it is time to look, the first time at once, until interrupted.

        Raises:
            LoadError: the folder has vanished, or cannot be watched.
        """
        from watchfiles import watch

        try:
            for changed in watch(
                self._root,
                watch_filter=lambda _, path: self._counts(Path(path)),
                step=_SETTLED_MS,
                rust_timeout=_SETTLED_MS,
                yield_on_timeout=True,
                ignore_permission_denied=True,
            ):
                if self._look() != self._place:
                    raise LoadError(f"another folder is at {self._folder} now; watch it anew")
                if changed or time.monotonic() >= self._due:
                    self._due = time.monotonic() + _LATER
                    yield
        except OSError as error:
            raise LoadError(
                f"cannot watch {self._folder}: {error}; use qa index sync now and then"
            ) from error

    def look_again(self) -> None:
        """Let the next moment come soon, though nothing may change until then."""
        self._due = time.monotonic() + _SOON

    def _look(self) -> tuple[int, int]:
        try:
            status = os.stat(f"{self._root}/.")  # noqa: PTH116 - a Path would lose the dot
        except OSError as error:
            raise LoadError(f"no folder {self._folder}; name one that exists") from error
        return status.st_dev, status.st_ino

    def _counts(self, path: Path) -> bool:
        below = path.relative_to(self._root) if path.is_relative_to(self._root) else Path()
        hidden = any(part.startswith(".") for part in below.parts)
        return not hidden and not path.is_relative_to(self._own)
