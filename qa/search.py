"""Words -> the passages nearest to them, in meaning and in words: what a question is read from."""

from collections.abc import Collection
from datetime import date
from typing import Any

from index.archive import Archive
from index.errors import BadQuestion
from qa.defaults import MOST_PASSAGES, TOP_K
from qa.question import check_question
from qa.retrieve import retrieve
from qa.scope import Scope, check_scope
from qa.types import Candidate, describe, describe_passage


def search(
    archive: Archive,
    words: str,
    limit: int = TOP_K,
    since: date | None = None,
    until: date | None = None,
    documents: Collection[int] | None = None,
) -> tuple[Candidate, ...]:
    """Return the passages nearest to some words, or to a question, best first.

    They are what `Answerer.ask` would read for the same words.

    Args:
        archive: where to look.
        words: at most 1,000 characters.
        limit: how many passages at most.
        since: leave out documents from before this day, and those without a date.
        until: leave out documents from after this day, and those without a date.
        documents: leave out all but these, by id.

    Raises:
        BadQuestion: the words, the limit or the range of dates makes no sense, or a chosen document
                is not there.
        ArchiveDamaged: the store cannot be read.
    """
    wanted = check_question(words)
    chosen = None if documents is None else tuple(documents)
    check_scope(archive.store, Scope(chosen, since, until))
    if not 1 <= limit <= MOST_PASSAGES:
        raise BadQuestion(f"limit is {limit}; give a number from 1 to {MOST_PASSAGES}")
    with archive.asking():  # files that are being added meanwhile can wait
        vector = archive.embedder.encode_question(wanted)
        return retrieve(archive, wanted, vector, limit, since, until, chosen)


def describe_found(words: str, found: tuple[Candidate, ...]) -> dict[str, Any]:
    """Return what `qa search --json` prints and `GET /search` replies."""
    return {"query": words, "passages": [_describe(each) for each in found]}


def _describe(candidate: Candidate) -> dict[str, Any]:
    return {
        **describe_passage(candidate),
        "dense": round(candidate.dense, 6),
        "lexical": round(candidate.lexical, 6),
        "twins": [
            {
                "document": describe(each.document),
                "kind": each.passage.kind,
                "start": each.passage.start,
                "end": each.passage.end,
            }
            for each in candidate.twins
        ],
    }
