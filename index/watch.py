"""When to look at a folder again: at once, and whenever something in it has changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import LoadError

_SETTLED_MS = 500
"""Milliseconds of quiet after which a burst of changes is taken to be over."""


def changes(folder: Path, leave_out: Path) -> Iterator[None]:
    """Yield once, and again after each burst of changes below a folder, until interrupted.

    Hidden files and folders, and what lies in `leave_out`, are passed over.

    Raises:
        LoadError: there is no such folder, or it has vanished.
    """
    from watchfiles import DefaultFilter, watch

    if not folder.is_dir():
        raise LoadError(f"no folder {folder}; name one that exists")
    root, own = folder.resolve(), leave_out.resolve()
    seen = DefaultFilter(ignore_dirs=(), ignore_entity_patterns=(), ignore_paths=[own])

    def counts(change: Any, path: str) -> bool:
        below = Path(path).relative_to(root) if Path(path).is_relative_to(root) else Path()
        return seen(change, path) and not any(part.startswith(".") for part in below.parts)

    yield
    for _ in watch(root, watch_filter=counts, step=_SETTLED_MS, raise_interrupt=True):
        yield
