"""What a question may be answered from: chosen documents, and a range of days."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from index.errors import BadQuestion

if TYPE_CHECKING:
    from index.store import Store

MOST_DOCUMENTS: Final = 10_000
"""Documents that can be chosen."""

_NAMED: Final = 5
"""Ids that are named where some are not there."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be looked at. Both days belong to the range; None is no limit.

    `documents` are ids; none at all, `()`, is what is left when all of them have vanished.
    """

    documents: tuple[int, ...] | None = None
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Scope":
        """Return the scope that `as_json` described."""
        documents, since, until = (stored[name] for name in ("documents", "since", "until"))
        return cls(
            None if documents is None else tuple(documents),
            None if since is None else date.fromisoformat(since),
            None if until is None else date.fromisoformat(until),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the scope as JSON has it."""
        return {
            "documents": None if self.documents is None else list(self.documents),
            "since": None if self.since is None else self.since.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
        }

    def but(self, other: "Scope") -> "Scope":
        """Return this scope, with `other`'s documents and days in place of its own where it has."""
        return Scope(
            self.documents if other.documents is None else other.documents,
            self.since if other.since is None else other.since,
            self.until if other.until is None else other.until,
        )

    def among(self, store: "Store") -> tuple["Scope", list[int]]:
        """Return the scope without the documents that are no longer there, and their ids."""
        if self.documents is None:
            return self, []
        gone = store.missing(self.documents)
        left = tuple(each for each in self.documents if each not in set(gone))
        return replace(self, documents=left), gone


def check_scope(store: "Store", scope: Scope) -> None:
    """See to it that a scope can be asked.

    Raises:
        BadQuestion: its days are the wrong way round, or its documents too many or not there.
        ArchiveDamaged: the store cannot be read.
    """
    if scope.since is not None and scope.until is not None and scope.since > scope.until:
        raise BadQuestion(f"no day is both since {scope.since} and until {scope.until}; swap them")
    if scope.documents is None:
        return
    if len(scope.documents) > MOST_DOCUMENTS:
        raise BadQuestion(
            f"{len(scope.documents):,} documents are chosen, and the limit is {MOST_DOCUMENTS:,}; "
            "choose fewer, or a range of days"
        )
    missing = store.missing(scope.documents)
    if missing:
        raise BadQuestion(f"the archive holds no {named(missing)}; leave out what is not there")


def named(ids: Collection[int]) -> str:
    """Return the ids of some documents as words: `document 3`, `documents 3, 4 and 8 more`."""
    some = ", ".join(map(str, list(ids)[:_NAMED]))
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"document{'s' if len(ids) > 1 else ''} {some}{more}"
