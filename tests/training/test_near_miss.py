"""`training.near_miss`: every kind of change, and what no change may do."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.near_miss import names, near_miss

PASSAGE = "In 1901 Ann Lee sold the first mill in Alton to Carr Booth for 450 pounds."
OTHERS = ["Where does Maria Gray teach singing?", "Why was Dunmore flooded in 1877?"]


def made(question: str, *answers: str, passage: str = PASSAGE) -> set[str]:
    """What a question becomes, over many draws."""
    several = (
        near_miss(question, passage, answers, OTHERS, random.Random(seed)) for seed in range(60)
    )
    return {each for each in several if each is not None}


def test_another_name_is_put_in() -> None:
    found = made("Who met Ann Lee, and when?", "Carr Booth")
    assert found == {f"Who met {name}, and when?" for name in ("Alton", "Maria Gray", "Dunmore")}


def test_another_number_is_put_in() -> None:
    found = made("What cost 450 then", "the first mill")
    assert all(re.fullmatch(r"What cost \d+ then", each) for each in found)
    assert len(found) > 5


def test_the_number_meant_is_changed_and_no_other_that_holds_it() -> None:
    found = made("What of 11 and 1 then", passage="11, 1")
    assert found
    assert all(re.fullmatch(r"What of (?:11 and \d+|\d+ and 1) then", each) for each in found)


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("Which came first", "Which came last"),
        ("Whose sister sang", "Whose brother sang"),
        ("What they lost", "What they won"),
    ],
)
def test_an_antonym_is_put_in(question: str, changed: str) -> None:
    assert made(question, passage="nothing of that") == {changed}


def test_another_word_is_put_in() -> None:
    found = made("What of pounds", passage="For 450 pounds.")
    assert found <= {"What of teach", "What of singing", "What of flooded"}
    assert len(found) > 1


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("Who did it", "Who didn't it"),
        ("Were they there", "Weren't they there"),
        ("Who had what was said", "Who hadn't what was said"),
    ],
)
def test_a_question_is_denied(question: str, changed: str) -> None:
    assert made(question) == {changed}


@pytest.mark.parametrize("question", ["Who did not go", "Who was n't it", "Who wasn’t what he was"])
def test_nothing_is_denied_twice(question: str) -> None:
    assert made(question) == set()


def test_nothing_comes_of_nothing() -> None:
    assert made("Why") == set()
    assert near_miss("Why?", "", (), (), random.Random(1)) is None


def test_no_answer_is_put_in() -> None:
    """Not by an antonym either, nor inside of a longer name."""
    assert made("Which came first", "last") == set()
    found = made("Who met Ann Lee", "Henry", passage="King Henry Tudor met Ann Lee.")
    assert found
    assert not any("Henry" in each for each in found)


def test_it_works_without_other_questions() -> None:
    for seed in range(20):
        question = "When did Ann Lee sell a mill to Carr Booth"
        assert near_miss(question, PASSAGE, ["1901"], [], random.Random(seed)) is not None


def test_a_first_word_is_no_name() -> None:
    assert names("The mill of Ann Lee, in the City of London") == ["Ann Lee", "City of London"]


words = st.sampled_from(
    "Who When did was n't not first last Ann Lee King Henry VIII 7 11 1,901 2.5 the mill mills of "
    "burned before after ’ ? , best worst council school schools “ Größe ４２ ² \\1 ( [".split()
)
texts = st.lists(words, max_size=12).map(" ".join) | st.text(max_size=40)


@given(texts, texts, st.lists(texts, max_size=2), st.lists(texts, max_size=3), st.integers())
def test_what_comes_out_is_a_changed_question_without_the_answer(
    question: str, passage: str, answers: list[str], others: list[str], seed: int
) -> None:
    changed = near_miss(question, passage, answers, others, random.Random(seed))
    if changed is None:
        return
    assert changed.casefold() != question.casefold()
    for each in answers:
        whole = re.compile(rf"(?<!\w){re.escape(each)}(?!\w)", re.I)
        assert whole.search(question) or not whole.search(changed)


def test_a_number_of_thousands_of_digits_is_left_alone() -> None:
    assert made("What is " + "9" * 5000, passage="nothing") <= {"What isn't " + "9" * 5000}
