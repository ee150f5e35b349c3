"""A question in a conversation -> a question that stands alone."""

import pytest

from qa.follow_up import leans, stand_alone

WHO = "Who is executive director of people at Croydon Council?"


@pytest.mark.parametrize(
    "question",
    [
        "Where had she worked before?",
        "What did they say about THAT?",
        "And when?",
        "Why?",
        "What about 2018?",
        "How many of them were young?",
    ],
)
def test_a_question_that_leans_is_asked_with_the_one_before(question: str) -> None:
    assert leans(question)
    assert stand_alone(question, [WHO]) == f"{WHO} {question}"


@pytest.mark.parametrize(
    "question",
    [
        WHO,
        "When did the inspectors visit Croydon?",
        "How many social workers left the council?",
        "What is the theory of sheep breeding?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert not leans(question)
    assert stand_alone(question, [WHO]) == question


def test_without_a_conversation_nothing_changes() -> None:
    assert stand_alone("Where had she worked before?", []) == "Where had she worked before?"


def test_a_chain_goes_back_to_the_question_that_stands_alone() -> None:
    asked = ["How large is the budget?", WHO, "Where had she worked before?", "Who replaced her?"]
    assert stand_alone("Why?", asked) == " ".join([*asked[1:], "Why?"])


def test_only_as_much_of_the_conversation_is_taken_as_is_needed() -> None:
    assert stand_alone("And she?", ["Why?", WHO, "How large is the budget?"]) == (
        "How large is the budget? And she?"
    )
