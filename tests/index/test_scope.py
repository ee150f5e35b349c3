"""Searching within chosen documents: the same as searching everywhere and leaving out the others."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.types import Document
from index.view import Hit
from tests.index.workshop import create, problems

DAYS = [None, *(date(2020, 1, 1) + timedelta(days=each) for each in range(4))]
EVERYTHING = 1000


def _document(number: int) -> Document:
    words = " ".join(f"tram{number % each} bridge{number // each}." for each in range(2, 7))
    text = "\n\n".join(f"Line {each} of the town: {words} It was {each}." for each in range(9))
    return Document(f"{number}.txt", text, f"Trams {number}", published=DAYS[number % len(DAYS)])


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Thirty documents, some with a date; ten were there and went, so that ids have gaps."""
    home: Path = tmp_path_factory.mktemp("scope") / ".qa"
    made = create(home)
    made.add_documents(map(_document, range(40)))
    for each in range(0, 40, 4):
        made.remove(f"{each}.txt")
    assert problems(home) == []
    yield made
    made.close()


def _within(archive: Archive, hits: list[Hit], documents: set[int]) -> list[Hit]:
    owners = archive.store.passages([each.passage_id for each in hits])
    return [each for each in hits if owners[each.passage_id][1].id in documents]


@given(
    question=st.sampled_from(["tram1 bridge3", "the town", "tram0 tram1 tram2", "zebra"]),
    documents=st.sets(st.integers(1, 45)),
    limit=st.integers(1, 12),
    since=st.sampled_from(DAYS),
    until=st.sampled_from(DAYS),
)
def test_what_is_found_is_exactly_what_is_in_the_scope(
    archive: Archive,
    question: str,
    documents: set[int],
    limit: int,
    since: date | None,
    until: date | None,
) -> None:
    everywhere = archive.search(question, EVERYTHING, since, until)
    found = archive.search(question, limit, since, until, documents)
    for view, every in (("dense", everywhere.dense), ("lexical", everywhere.lexical)):
        hits: list[Hit] = getattr(found, view)
        wanted = _within(archive, every, documents)
        assert [each.score for each in hits] == pytest.approx(
            [each.score for each in wanted[:limit]], rel=1e-5
        )
        # Of passages with the same score, any may come first.
        scores = {each.passage_id: each.score for each in wanted}
        assert len({each.passage_id for each in hits}) == len(hits)
        for hit in hits:
            assert hit.score == pytest.approx(scores[hit.passage_id], rel=1e-5)


def test_ids_come_from_one_document_as_from_thousands(archive: Archive) -> None:
    ids = [each.id for each in archive.store.documents()]
    every = archive.store.passage_ids()
    assert archive.store.passage_ids(documents=range(1, 20_000)) == every
    assert archive.store.passage_ids(documents=[]) == []
    one = [each.id for each in archive.store.passages_of(ids[0])]
    assert archive.store.passage_ids(documents=[ids[0], ids[0]]) == one


def test_what_is_not_there_is_missing(archive: Archive) -> None:
    there = {each.id for each in archive.store.documents()}
    assert archive.store.missing(there) == []
    wanted = [0, -1, 1, 2**63, 2**70, *range(30_000, 31_000)]
    assert archive.store.missing(wanted) == sorted(set(wanted) - there)
    assert 1 not in there
