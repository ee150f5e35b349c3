"""Passages of different documents that say nearly the same: one candidate, the others its twins.

Words are compared, not vectors: a vector also holds the title, which differs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeAlias

from index.copies import shingles
from index.types import UNSTORED
from qa.types import Candidate

TWIN_SHARE: Final = 0.8
"""A passage of which this share stands in another document's passage too says nothing new."""

VERSION_SHARE: Final = 1 / 3
"""Nor does a passage of a copy, if of each of its sentences this share stands there: that is a
version of the same sentence, with another number perhaps, which `qa.versions` looks at."""

_Said: TypeAlias = set[tuple[str, ...]]


class Twins:
    """Groups candidates as they come, best first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._groups: list[_Group] = []

    def add(self, candidate: Candidate) -> None:
        """Put a candidate with those that say the same, or first in a group of its own."""
        said = shingles(candidate.passage.text)
        for group in self._groups:
            if group.first.document.id != candidate.document.id and _repeats(
                candidate, said, group.first, group.said
            ):
                group.take(candidate, said)
                return
        copied = [each for each in self._groups if are_copies(each.first, candidate)]
        # Copies are cut into passages in different places: together, others may say all of it.
        together = _Said().union(*(each.said for each in copied))
        if copied and _repeats(candidate, said, copied[0].first, together):
            max(copied, key=lambda each: len(each.said & said)).take(candidate, said)
            return
        for group in copied:
            if _repeats(group.first, group.said, candidate, said):
                group.give_way(candidate, said)
                return
        self._groups.append(_Group(candidate, said))

    def leaders(self) -> list[Candidate]:
        """Return one candidate a group, its twins with it, in the order of the groups' best."""
        return [each.leader() for each in self._groups]


@dataclass(slots=True)
class _Group:
    """Twins with what they say: the one that says all of it, and the others."""

    first: Candidate
    said: _Said
    others: list[tuple[Candidate, _Said]] = field(default_factory=list)

    def take(self, candidate: Candidate, said: _Said) -> None:
        """Add a candidate that says nothing more."""
        self.others.append((candidate, said))

    def give_way(self, candidate: Candidate, said: _Said) -> None:
        """Put one that says all this and more in the first one's place."""
        self.others.insert(0, (self.first, self.said))
        self.first, self.said = replace(candidate, score=self.first.score), said

    def leader(self) -> Candidate:
        """Return the twin to read and cite, in the first one's place."""
        leader = min((self.first, *self._heirs()), key=_precedence)
        everyone = (self.first, *(each for each, _ in self.others))
        twins = tuple(each for each in everyone if each is not leader)
        return replace(leader, score=self.first.score, twins=twins)

    def _heirs(self) -> Iterator[Candidate]:
        """Yield the others that may lead: they say as much, as reporting, or in a copy."""
        for each, said in self.others:
            # The same words in another story stay with the story that the question found.
            outranks = is_comment(self.first) and not is_comment(each)
            may_lead = outranks or are_copies(self.first, each)
            if may_lead and _repeats(self.first, self.said, each, said):
                yield each


def are_copies(one: Candidate, other: Candidate) -> bool:
    """Say whether two candidates come from different documents that are copies of each other."""
    group = one.document.copies
    same = group != UNSTORED and group == other.document.copies
    return same and one.document.id != other.document.id


def is_comment(candidate: Candidate) -> bool:
    """Say whether a candidate is a reader's words, not the document's own reporting."""
    return candidate.passage.kind == "comment"


def _repeats(one: Candidate, own: _Said, other: Candidate, said: _Said) -> bool:
    """Say whether a passage, which says `own`, says nothing beyond `said`, of another document."""
    if len(own & said) >= TWIN_SHARE * len(own):
        return True
    return are_copies(one, other) and all(
        len(each & said) >= VERSION_SHARE * len(each)
        for each in (shingles(span.cut(one.document.text)) for span in one.passage.sentences)
    )


def _precedence(candidate: Candidate) -> tuple[bool, date, int, int]:
    """Order twins: reporting before comments, the earliest, the fullest text, the lowest id."""
    document = candidate.document
    published = date.max if document.published is None else document.published
    return is_comment(candidate), published, -len(document.text), document.id
