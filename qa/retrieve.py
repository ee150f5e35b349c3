"""Dense and lexical hits -> one ranking of candidates."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from index.archive import Archive
from index.embed import Vectors
from index.types import UNSTORED
from index.views import Found
from qa.twins import Twins, is_comment
from qa.types import Candidate

DEPTH: Final = 100
"""How many passages each of the two searches contributes."""

DEEPER: Final = (1, 3, 9)
"""Times that depth, as long as copies of the same passages are all that was found."""

RANK_CONSTANT: Final = 60
"""The k of reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""

_LOADED_AT_A_TIME: Final = 50


def retrieve(
    archive: Archive,
    question: str,
    vector: Vectors,
    limit: int,
    since: date | None = None,
    until: date | None = None,
    documents: Collection[int] | None = None,
) -> tuple[Candidate, ...]:
    """Return the `limit` passages most likely to hold the answer, best first.

    Near-identical passages of different documents are one candidate, of copies the earliest, with
    the others as its twins. Unless there is nothing else, no more than half of the places go to
    comments and to what further copies of a document add to it.

    Args:
        archive: where to look.
        question: its words are what the lexical search looks for.
        vector: the question's embedding, float32, shape `(dimension,)`.
        limit: how many candidates at most.
        since: leave out documents from before this day, and those without a date.
        until: leave out documents from after this day, and those without a date.
        documents: leave out all but these, by id.
    """
    placed: list[Candidate] = []
    for times in DEEPER:
        depth = times * max(DEPTH, limit)
        found = archive.search_vector(vector, question, depth, since, until, documents)
        placed, enough = _place(archive, found, limit)
        if enough or max(len(found.dense), len(found.lexical)) < depth:
            break
    return tuple(placed[:limit])


def fuse(found: Found) -> dict[int, float]:
    """Return each passage's reciprocal rank score over the two rankings."""
    fused: dict[int, float] = {}
    for hits in (found.dense, found.lexical):
        for rank, hit in enumerate(hits, start=1):
            fused[hit.passage_id] = fused.get(hit.passage_id, 0.0) + 1 / (RANK_CONSTANT + rank)
    return fused


def _place(archive: Archive, found: Found, limit: int) -> tuple[list[Candidate], bool]:
    """Go down the ranking until `limit` places are taken; say whether they are."""
    fused = fuse(found)
    dense, lexical = dict(found.dense), dict(found.lexical)
    ranked = sorted(fused, key=lambda each: (-fused[each], each))
    twins = Twins()
    placed: list[Candidate] = []
    for at in range(0, len(ranked), _LOADED_AT_A_TIME):
        chunk = ranked[at : at + _LOADED_AT_A_TIME]
        loaded = archive.store.passages(chunk)
        for each in chunk:
            if each in loaded:
                passage, document = loaded[each]
                scores = fused[each], dense.get(each, 0.0), lexical.get(each, 0.0)
                twins.add(Candidate(passage, document, *scores))
        placed, spare = _parted(twins.leaders(), limit // 2)
        if len(placed) >= limit:
            return placed, True
        placed += spare
    return placed, False


def _parted(leaders: Sequence[Candidate], most: int) -> tuple[list[Candidate], list[Candidate]]:
    """Part candidates from those past the first `most` comments and passages of further copies."""
    placed: list[Candidate] = []
    spare: list[Candidate] = []
    originals: dict[int, int] = {}
    for each in leaders:
        document = each.document
        known = originals.setdefault(document.copies, document.id)
        copied = document.copies != UNSTORED and document.id != known
        second = copied or is_comment(each)
        most -= second
        (spare if second and most < 0 else placed).append(each)
    return placed, spare
