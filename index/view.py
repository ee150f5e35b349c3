"""What the two views of a store have in common."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from index.errors import ArchiveUnwritable
from index.store import Addition


class Hit(NamedTuple):
    """A passage that a view found. Scores of different views cannot be compared."""

    passage_id: int
    score: float


class DamagedView(Exception):
    """The view's files cannot be used; the archive makes the view again from the store."""


def unwritable(path: Path, error: Exception) -> ArchiveUnwritable:
    """Make the error for a view that could not be saved; asking goes on without its files."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return ArchiveUnwritable(
        f"cannot write {path}: {reason}; nothing that was acknowledged is lost: make room or make "
        "it writable, then run the command again"
    )


class View(Protocol):
    """Holds nothing that the store could not give back, and knows the change it has reached."""

    name: str

    @property
    def change(self) -> int:
        """The number of the store's change that this view has reached; 0 when it is empty."""

    @property
    def count(self) -> int:
        """How many passages it holds, by its own count."""

    def apply(self, removed: Sequence[int], added: Sequence[Addition]) -> None:
        """Forget `removed`, then index `added`: what `reach` will make stand, or a crash undo."""

    def reach(self, change: int) -> None:
        """Note that everything up to `change` has been applied, and let searches see it."""

    def save(self) -> None:
        """Bring the view's files to the state it has reached, all or nothing."""

    def ids(self) -> list[int]:
        """Return the ids of all passages in the view, in order."""
