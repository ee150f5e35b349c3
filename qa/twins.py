"""Passages of different documents that say nearly the same: one candidate, the others its twins.

Words are compared, not vectors: a vector also holds the title, which differs.
"""

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
        # Copies are cut into passages in different places: together, others may say all of it.
        cut = [each for each in self._groups if are_copies(each.first, candidate)]
        together = _Said().union(*(each.said for each in cut))
        if cut and _repeats(candidate, said, cut[0].first, together):
            max(cut, key=lambda each: len(each.said & said)).take(candidate, said)
            return
        self._groups.append(_Group(candidate, said))

    def leaders(self) -> list[Candidate]:
        """Return one candidate a group, its twins with it, in the order of the groups' best."""
        return [each.leader() for each in self._groups]


@dataclass(slots=True)
class _Group:
    """The best-ranked of some twins and what it says; the others, and those that may lead."""

    first: Candidate
    said: _Said
    others: list[Candidate] = field(default_factory=list)
    heirs: list[Candidate] = field(default_factory=list)

    def take(self, candidate: Candidate, said: _Said) -> None:
        self.others.append(candidate)
        # The same words in another story stay with the story that the question found.
        outranks = is_comment(self.first) and not is_comment(candidate)
        may_lead = outranks or are_copies(self.first, candidate)
        if may_lead and _repeats(self.first, self.said, candidate, said):
            self.heirs.append(candidate)

    def leader(self) -> Candidate:
        """Return the twin to read and cite, in the first one's place."""
        leader = min((self.first, *self.heirs), key=_precedence)
        twins = tuple(each for each in (self.first, *self.others) if each is not leader)
        return replace(leader, score=self.first.score, twins=twins)


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
