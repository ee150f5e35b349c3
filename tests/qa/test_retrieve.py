"""Dense and lexical hits -> one ranking of candidates."""

from datetime import date
from typing import Any

import pytest

from index.archive import Archive
from index.passages import sentences
from index.types import Document, Part, Span
from index.view import Hit
from index.views import Found
from qa.retrieve import DEPTH, RANK_CONSTANT, fuse, retrieve
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


def ask(archive: Archive, question: str, limit: int = 10, **limits: Any) -> tuple[Candidate, ...]:
    return retrieve(archive, question, archive.embedder.encode_question(question), limit, **limits)


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


# Copies

STORY = [
    "Croydon council will close four of its twelve libraries by the end of next year to save £1.2m.",
    "Residents have until March to object to the plan, which was drawn up after a cut in grants.",
    "“We have no choice,” said the leader of the council, Ann Beale, at a meeting on Monday.",
    "The libraries in Norbury and Shirley were used by fewer than two hundred people a day.",
]
ASKED = "How many libraries will Croydon council close?"


def edited(number: int) -> str:
    """The story as one newspaper of many has it."""
    sentences = list(STORY)
    if number % 4 == 1:
        sentences[3] = sentences[3].replace("two hundred", f"{number}0")
    if number % 4 == 2:
        del sentences[1]
    if number % 4 == 3:
        sentences[0] = sentences[0].replace("will close", "is to shut")
    return f"Library news {number}\n\n{' '.join(sentences)}\n"


def others(count: int) -> dict[str, str]:
    return {
        f"other{number}.txt": f"Town {number}\n\nThe town of Sutton number {number} keeps its own "
        f"{'library' if number % 2 else 'council'} as it was in the year {1900 + number}.\n"
        for number in range(count)
    }


def test_forty_copies_are_one_answer_and_crowd_nobody_out(make_answerer: MakeAnswerer) -> None:
    files = {f"copy{number:02}.txt": edited(number) for number in range(40)}
    found = ask(make_answerer({**files, **others(12)}).archive, ASKED)
    assert len(found) == 10
    copied = [each for each in found if "copy" in each.document.source]
    (story,) = [each for each in copied if "Library news" not in each.passage.text]
    assert names((story, *story.twins)) == set(files)
    assert len(sentences(story.passage.text)) == len(STORY)
    assert len(copied) <= 5  # the rest are headlines, each in other words


def test_the_ranking_is_followed_as_deep_as_the_copies_go(make_answerer: MakeAnswerer) -> None:
    assert DEPTH < 120
    files = {f"copy{number:03}.txt": " ".join(STORY) for number in range(120)}
    found = ask(make_answerer({**files, **others(3)}).archive, ASKED, limit=4)
    assert len(found) == 4
    assert names(found) - set(files) == set(others(3))


def test_the_earliest_copy_is_the_one_to_read(make_answerer: MakeAnswerer) -> None:
    files = {
        "a.txt": f"Libraries\n\n{' '.join(STORY)}\n",
        "b.txt": f"Libraries\n\n2018-05-02\n\n{' '.join(STORY)}\n",
        "c.txt": f"Libraries\n\n2018-05-01\n\n{' '.join(STORY)}\n",
        "d.txt": f"Libraries\n\n2018-05-03\n\n{' '.join(STORY)}\n",
    }
    (found,) = [
        each
        for each in ask(make_answerer(files).archive, ASKED)
        if "four of its twelve" in each.passage.text
    ]
    assert names((found,)) == {"c.txt"}
    assert len(found.twins) == 3


def test_what_copies_add_takes_half_of_the_places_at_most(make_answerer: MakeAnswerer) -> None:
    towns = "Norbury Selsdon Purley Kenley Waddon Addington Coulsdon Thornton".split()
    files = {
        f"copy{town}.txt": f"{STORY[0]} {STORY[1]} How many {town} libraries will {town} close? "
        f"Will {town} close {town} library, {town} council?"
        for town in towns
    }
    archive = make_answerer({**files, **others(8)}).archive
    for limit, expected in [(4, 3), (6, 4), (8, 5)]:  # the first to be found is no copy
        found = ask(archive, ASKED, limit)
        assert len(found) == limit
        assert len([each for each in found if "copy" in each.document.source]) == expected


def test_comments_take_half_of_the_places_at_most(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(others(6)).archive
    said = [f"Croydon council will close {number} libraries, I say." for number in range(2, 9)]
    archive.add_documents(
        Document(f"talk{each}", each, "Talk", parts=(Part(Span(0, len(each)), "comment"),))
        for each in said
    )
    for limit, expected in [(4, 2), (5, 2), (1, 0)]:
        found = ask(archive, ASKED, limit)
        assert len(found) == limit
        assert [each.passage.kind for each in found].count("comment") == expected
    everything = ask(archive, ASKED, archive.passage_count)
    assert [each.passage.kind for each in everything].count("comment") == len(said)


# A view that knows more than the store


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
