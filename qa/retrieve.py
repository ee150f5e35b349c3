"""Dense and lexical hits -> one ranking of candidates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from index.archive import Archive
from index.copies import shingles
from index.embed import Vectors
from index.views import Found
from qa.types import Candidate

DEPTH: Final = 100
"""How many passages each of the two searches contributes."""

RANK_CONSTANT: Final = 60
"""The k of reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""

TWIN_SHARE: Final = 0.8
"""A passage of which this share stands in another document's passage too says nothing new."""


def retrieve(
    archive: Archive,
    question: str,
    vector: Vectors,
    limit: int,
    since: date | None = None,
    until: date | None = None,
) -> tuple[Candidate, ...]:
    """Return the `limit` passages most likely to hold the answer, best first.

    Near-identical passages of different documents are one candidate: the best of them, with the
    others as its twins.

    Args:
        archive: where to look.
        question: its words are what the lexical search looks for.
        vector: the question's embedding, float32, shape `(dimension,)`.
        limit: how many candidates at most.
        since: leave out documents from before this day, and those without a date.
        until: leave out documents from after this day, and those without a date.
    """
    found = archive.search_vector(vector, question, max(DEPTH, limit), since, until)
    fused = fuse(found)
    dense, lexical = dict(found.dense), dict(found.lexical)
    ranked = sorted(fused, key=lambda each: (-fused[each], each))
    # Twins take no places, so look a little further down the ranking than is asked for.
    loaded = archive.store.passages(ranked[: 4 * limit])
    candidates = [
        Candidate(
            passage=loaded[each][0],
            document=loaded[each][1],
            score=fused[each],
            dense=dense.get(each, 0.0),
            lexical=lexical.get(each, 0.0),
        )
        for each in ranked
        if each in loaded
    ]
    return tuple(group_twins(candidates)[:limit])


def fuse(found: Found) -> dict[int, float]:
    """Return each passage's reciprocal rank score over the two rankings."""
    fused: dict[int, float] = {}
    for hits in (found.dense, found.lexical):
        for rank, hit in enumerate(hits, start=1):
            fused[hit.passage_id] = fused.get(hit.passage_id, 0.0) + 1 / (RANK_CONSTANT + rank)
    return fused


def group_twins(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Put near-identical passages of different documents together, under the best-ranked one.

    Words are compared, not vectors: a vector also holds the title, which differs.
    """
    leaders: list[Candidate] = []
    said: list[set[tuple[str, ...]]] = []
    for candidate in candidates:
        own = shingles(candidate.passage.text)
        for at, leader in enumerate(leaders):
            other = leader.document.id != candidate.document.id
            if other and len(own & said[at]) >= TWIN_SHARE * len(own):
                leaders[at] = replace(leader, twins=(*leader.twins, candidate))
                break
        else:
            leaders.append(candidate)
            said.append(own)
    return leaders
