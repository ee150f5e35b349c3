"""Dense and lexical hits -> one ranking of candidates."""

from datetime import date
from typing import Any

import pytest

from index.archive import Archive
from index.view import Hit
from index.views import Found
from qa.retrieve import RANK_CONSTANT, fuse, retrieve
from qa.types import Candidate
from tests.qa.workshop import MakeAnswerer

FILES = {
    "bread.txt": "Bread\n\nThe baker in Surrey Street sells forty loaves of rye bread a day.\n",
    "trams.txt": "Trams\n\n2018-05-01\n\nThe tram to Wimbledon leaves every twelve minutes.\n",
    "market.txt": "Market\n\n2016-03-09\n\nSurrey Street market has been held since 1276.\n",
}

COPY = (
    "The council said on Monday that it would close four of its twelve libraries by the end of "
    "next year. Residents have until March to object to the plan."
)


def ask(archive: Archive, question: str, limit: int = 10, **days: date) -> tuple[Candidate, ...]:
    return retrieve(archive, question, archive.embedder.encode_question(question), limit, **days)


def names(candidates: tuple[Candidate, ...]) -> set[str]:
    return {each.document.source.rpartition("/")[2] for each in candidates}


def test_ranks_are_fused_reciprocally() -> None:
    found = Found(
        dense=[Hit(7, 0.9), Hit(3, 0.8), Hit(5, 0.1)], lexical=[Hit(3, 12.0), Hit(9, 4.0)]
    )
    k = RANK_CONSTANT
    assert fuse(found) == {
        7: pytest.approx(1 / (k + 1)),
        3: pytest.approx(1 / (k + 2) + 1 / (k + 1)),
        5: pytest.approx(1 / (k + 3)),
        9: pytest.approx(1 / (k + 2)),
    }


def test_scores_do_not_matter_to_the_fusion_only_ranks_do() -> None:
    one = Found(dense=[Hit(1, 0.9), Hit(2, 0.1)], lexical=[Hit(2, 90.0)])
    other = Found(dense=[Hit(1, 0.2), Hit(2, 0.1)], lexical=[Hit(2, 0.5)])
    assert fuse(one) == fuse(other)


def test_nothing_found_is_nothing_fused() -> None:
    assert fuse(Found(dense=[], lexical=[])) == {}


def test_a_candidate_carries_both_scores_and_its_document(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(FILES).archive
    best = ask(archive, "rye bread loaves")[0]
    assert "forty loaves" in best.passage.text
    assert best.passage.text == best.document.text[best.passage.start : best.passage.end]
    assert 0 < best.dense <= 1
    assert best.lexical > 0


def test_candidates_come_best_first_and_no_more_than_asked_for(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(FILES).archive
    everything = ask(archive, "Surrey Street market")
    scores = [each.score for each in everything]
    assert scores == sorted(scores, reverse=True)
    assert len(everything) == archive.passage_count
    for limit in (1, 2):
        assert ask(archive, "Surrey Street market", limit) == everything[:limit]


def test_days_leave_out_other_documents_and_those_without_one(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(FILES).archive
    question = "Surrey Street tram"
    assert names(ask(archive, question)) == set(FILES)
    assert names(ask(archive, question, since=date(2016, 3, 9))) == {"trams.txt", "market.txt"}
    assert names(ask(archive, question, since=date(2016, 3, 10))) == {"trams.txt"}
    assert names(ask(archive, question, until=date(2018, 4, 30))) == {"market.txt"}
    assert ask(archive, question, since=date(2017, 1, 1), until=date(2017, 12, 31)) == ()


def test_the_same_passage_in_several_documents_is_one_candidate(
    make_answerer: MakeAnswerer,
) -> None:
    archive = make_answerer(
        {
            "one.txt": COPY,
            "two.txt": COPY,
            "three.txt": COPY.replace("Monday", "Tuesday"),
            "other.txt": "The libraries of Sutton stay open, the council of Sutton said.",
        }
    ).archive
    found = ask(archive, "How many libraries would the council close?")
    assert len(found) == 2
    (together,) = [each for each in found if each.twins]
    assert names((together, *together.twins)) == {"one.txt", "two.txt", "three.txt"}
    assert together.score >= max(each.score for each in together.twins)


def test_twins_take_no_places(make_answerer: MakeAnswerer) -> None:
    files = {f"copy{number}.txt": COPY for number in range(3)}
    archive = make_answerer({**files, "tram.txt": FILES["trams.txt"]}).archive
    found = ask(archive, "Which libraries would the council close?", limit=2)
    assert len(found) == 2
    assert len(found[0].twins) == 2


def test_a_passage_repeated_within_one_document_is_no_twin(make_answerer: MakeAnswerer) -> None:
    filler = " ".join(f"Then item {number} was read." for number in range(60))
    archive = make_answerer({"minutes.txt": f"{filler}\n\n{filler}\n"}).archive
    assert not any(each.twins for each in ask(archive, "Which item was read?"))


class LosingArchive(Archive):
    """Somebody removes a document just after each search."""

    def search_vector(self, *arguments: Any, **days: Any) -> Found:
        found = super().search_vector(*arguments, **days)
        self.remove(self.store.documents()[0].source)
        return found


def test_a_passage_removed_between_search_and_load_is_dropped(make_answerer: MakeAnswerer) -> None:
    whole = make_answerer(FILES).archive
    losing = LosingArchive(whole.layout, whole.store, lambda _: whole.embedder)
    assert names(ask(losing, "Surrey Street tram bread")) == {"trams.txt", "market.txt"}
    assert names(ask(losing, "Surrey Street tram bread")) == {"trams.txt"}
    assert ask(losing, "Surrey Street tram bread") == ()
