"""What the two views of a store have in common."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from index.store import Addition


class Hit(NamedTuple):
    """A passage that a view found. Scores of different views cannot be compared."""

    passage_id: int
    score: float


class DamagedView(Exception):  # noqa: N818 - a state that the archive mends, not an error of its own
    """The view's files cannot be used; the archive makes the view again from the store."""


class View(Protocol):
    """Holds nothing that the store could not give back, and knows the change it has reached."""

    name: str

    @property
    def change(self) -> int:
        """The number of the store's change that this view has reached; 0 when it is empty."""

    def apply(self, removed: Sequence[int], added: Sequence[Addition]) -> None:
        """Forget `removed`, then index `added`, none of which is in the view yet."""

    def reach(self, change: int) -> None:
        """Note that everything up to `change` has been applied, and let searches see it."""

    def save(self) -> None:
        """Bring the view's files to the state it has reached, all or nothing."""

    def ids(self) -> list[int]:
        """Return the ids of all passages in the view, in order."""
