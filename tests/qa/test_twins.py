"""Passages that say the same are one candidate; which of them is read, and what is kept apart."""

from collections.abc import Sequence
from datetime import date

import pytest

from index.passages import sentences
from index.types import Document, Kind, Passage
from qa.twins import Twins, are_copies
from qa.types import Candidate

ONE = "The council said on Monday that it would close four of its twelve libraries next year."
TWO = "Residents have until March to object to the plan, which will save more than a million."
THREE = "The mayor of the borough, who opened two of them, did not wish to comment on the news."
FOUR = "Norbury library was used by fewer than two hundred people a day, a report had found."


def candidate(
    number: int,
    *said: str,
    copies: int = 0,
    day: int | None = None,
    rest: str = "",
    kind: Kind = "body",
) -> Candidate:
    """A passage at the beginning of a document that goes on with `rest`."""
    text = " ".join(said)
    document = Document(
        f"{number}.txt",
        text + rest,
        f"Article {number}",
        published=None if day is None else date(2018, 5, day),
        id=number,
        copies=copies,
    )
    passage = Passage(0, len(text), text, tuple(sentences(text)), kind, number, number)
    return Candidate(passage, document, 1 / number, 0.5, 1.0)


def grouped(candidates: Sequence[Candidate]) -> list[list[int]]:
    """Return the documents of each group, its leader first."""
    twins = Twins()
    for each in candidates:
        twins.add(each)
    return [[each.document.id for each in (leader, *leader.twins)] for leader in twins.leaders()]


def test_the_same_words_are_one_candidate_whoever_prints_them() -> None:
    found = [candidate(1, ONE, TWO), candidate(2, THREE, FOUR), candidate(3, ONE, TWO)]
    assert grouped(found) == [[1, 3], [2]]


def test_the_same_words_in_one_document_are_two_candidates() -> None:
    assert grouped([candidate(1, ONE, TWO), candidate(1, ONE, TWO)]) == [[1], [1]]


@pytest.mark.parametrize(("copies", "groups"), [(0, [[1], [2]]), (7, [[1, 2]])])
def test_versions_of_each_sentence_are_twins_in_copies_only(
    copies: int, groups: list[list[int]]
) -> None:
    edited = TWO.replace("until March", "till Easter").replace("save more than", "cut")
    found = [
        candidate(1, ONE, TWO, copies=copies),
        candidate(2, ONE.replace("four of its twelve", "some"), edited, copies=copies),
    ]
    assert grouped(found) == groups


def test_what_a_copy_adds_is_kept() -> None:
    found = [candidate(1, ONE, TWO, copies=7), candidate(2, TWO, THREE, copies=7)]
    assert grouped(found) == [[1], [2]]


def test_a_fuller_copy_takes_the_place_of_the_shorter_ones() -> None:
    found = [
        candidate(1, ONE, TWO, copies=7),
        candidate(2, ONE, TWO, copies=7, day=1),
        candidate(3, ONE, TWO, THREE, copies=7, day=3),
        candidate(4, ONE, TWO, THREE, copies=7, day=2),
    ]
    assert grouped(found) == [[4, 3, 1, 2]]


def test_a_passage_with_more_in_it_is_no_twin_outside_of_copies() -> None:
    assert grouped([candidate(1, ONE), candidate(2, ONE, TWO, THREE)]) == [[1], [2]]


def test_copies_that_are_cut_elsewhere_are_compared_with_all_that_was_said() -> None:
    found = [
        candidate(1, ONE, TWO, copies=7),
        candidate(1, THREE, FOUR, copies=7),
        candidate(2, TWO, THREE, copies=7),
    ]
    assert grouped(found) == [[1], [1, 2]]


@pytest.mark.parametrize(
    ("others", "leader"),
    [
        ([(2, {"day": 3}), (3, {"day": 2})], 3),
        ([(2, {}), (3, {"day": 30})], 3),
        ([(2, {"rest": " And more."}), (3, {})], 2),
        ([(3, {}), (2, {})], 1),
        ([(2, {"day": 2, "rest": " And more."}), (3, {"day": 2})], 2),
    ],
)
def test_of_copies_the_earliest_leads_then_the_fullest_then_the_first(
    others: list[tuple[int, dict[str, int | str]]], leader: int
) -> None:
    found = [candidate(1, ONE, TWO, copies=7)]
    found += [candidate(number, ONE, TWO, copies=7, **known) for number, known in others]  # type: ignore[arg-type]
    (group,) = grouped(found)
    assert group[0] == leader
    assert sorted(group) == [1, 2, 3]


def test_the_leader_stands_in_the_place_of_the_best() -> None:
    twins = Twins()
    for each in (candidate(1, ONE, TWO, copies=7), candidate(2, ONE, TWO, copies=7, day=1)):
        twins.add(each)
    (leader,) = twins.leaders()
    assert (leader.document.id, leader.score, leader.dense) == (2, 1.0, 0.5)


def test_an_earlier_copy_that_says_less_does_not_lead() -> None:
    found = [candidate(1, ONE, TWO, THREE, copies=7, day=2), candidate(2, ONE, copies=7, day=1)]
    assert grouped(found) == [[1, 2]]


def test_the_same_words_in_an_earlier_story_do_not_lead() -> None:
    found = [candidate(1, ONE, TWO, copies=7, day=2), candidate(2, ONE, TWO, copies=8, day=1)]
    assert grouped(found) == [[1, 2]]


@pytest.mark.parametrize("copies", [0, 7])
def test_reporting_leads_before_the_comment_that_quotes_it(copies: int) -> None:
    comment = candidate(1, ONE, TWO, copies=copies, day=1, kind="comment")
    assert grouped([comment, candidate(2, ONE, TWO, copies=copies)]) == [[2, 1]]


def test_copies_have_a_group_in_common() -> None:
    assert are_copies(candidate(1, ONE, copies=7), candidate(2, TWO, copies=7))
    assert not are_copies(candidate(1, ONE, copies=7), candidate(2, ONE, copies=8))
    assert not are_copies(candidate(1, ONE), candidate(2, ONE))
    assert not are_copies(candidate(1, ONE, copies=7), candidate(1, TWO, copies=7))
