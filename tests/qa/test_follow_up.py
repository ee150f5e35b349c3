"""Follow-ups become questions that stand alone, and questions that stand alone are left alone."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.follow_up import stand_alone
from qa.question import check_history
from qa.types import Carried, Turn

LEADS = Turn("Who leads Leith Council?", answer="Mary Jones")
LEFT = Turn("How many children left in 2015?", answer="760")
MET = Turn("Where did Ann Hall meet Bob Smith?", answer="in Leith")


def read(question: str, *turns: Turn | str) -> str:
    """Return the question as it stands alone after some turns."""
    return stand_alone(question, turns).question


@pytest.mark.parametrize(
    ("turn", "question", "whole"),
    [
        (LEADS, "Where had she worked before?", "Where had Mary Jones worked before?"),
        (LEADS, "Who replied to her?", "Who replied to Mary Jones?"),
        (LEADS, "What is her salary?", "What is Mary Jones's salary?"),
        (LEADS, "What is its budget?", "What is Leith Council's budget?"),
        (MET, "What did he say?", "What did Bob Smith say?"),
        (MET, "What did she say?", "What did Ann Hall say?"),
        (MET, "Who else lives there?", "Who else lives in Leith?"),
        (LEFT, "Where did they go?", "Where did the 760 children go?"),
        (LEFT, "How many of them were seven?", "How many of the 760 children were seven?"),
        (
            Turn("How many children needed young children's services?", answer="760"),
            "Where did they live?",
            "Where did the 760 children live?",
        ),
        ("Is the bridge open?", "Who built it?", "Who built the bridge?"),
        ("Are the two bridges open?", "Who built them?", "Who built the two bridges?"),
        ("Who is Tony Hall?", "What did he tweet?", "What did Tony Hall tweet?"),
        (
            Turn("Who is Tony Hall?", answer="the leader of Leith Council"),
            "What did he tweet?",
            "What did Tony Hall tweet?",
        ),
        (
            Turn("Which councils failed?", answer="Leith and Ayr"),
            "When were they inspected?",
            "When were Leith and Ayr inspected?",
        ),
        (
            Turn("Where did the fire start?", answer="Mill Lane"),
            "What caused it?",
            "What caused the fire?",
        ),
    ],
)
def test_a_pronoun_means_what_was_said_last_and_agrees(
    turn: Turn | str, question: str, whole: str
) -> None:
    assert read(question, turn) == whole


@pytest.mark.parametrize(
    ("turn", "question", "whole"),
    [
        (LEFT, "And in 2016?", "How many children left in 2016?"),
        ("How many left as of June 2017?", "And in 2016?", "How many left in 2016?"),
        (LEFT, "And what was it in 2016?", "How many children left in 2016?"),
        (LEFT, "And the year before?", "How many children left in 2014?"),
        (LEFT, "What about 2016?", "How many children left in 2016?"),
        (LEFT, "How many adults?", "How many adults left in 2015?"),
        (LEFT, "How many were boys?", "How many of the 760 children were boys?"),
        (LEFT, "Why?", "Why is it that 760 children left in 2015?"),
        (LEADS, "Since when?", "Since when was it that Mary Jones leads Leith Council?"),
        (LEADS, "What about Ayr Council?", "Who leads Ayr Council?"),
        (LEADS, "Who else?", "Who else leads Leith Council?"),
        (LEADS, "And her deputy?", "Who leads Leith Council? And Mary Jones's deputy?"),
        ("Did Ann Hall resign?", "When?", "When did Ann Hall resign?"),
        ("Did Ann Hall resign?", "Why did that happen?", "Why did Ann Hall resign?"),
        ("Did Ann Hall resign?", "And Bob Smith?", "Did Bob Smith resign?"),
        ("What did the bridge cost?", "And the tunnel?", "What did the tunnel cost?"),
        ("Who won the cup in 2010?", "And 2012?", "Who won the cup in 2012?"),
        (
            Turn("Who did they appoint?", answer="Ann Hall"),
            "When?",
            "When did they appoint Ann Hall?",
        ),
    ],
)
def test_a_part_left_out_is_put_in(turn: Turn | str, question: str, whole: str) -> None:
    assert read(question, turn) == whole


@pytest.mark.parametrize(
    ("turn", "question", "whole"),
    [
        (LEFT, "Who was mayor that year?", "Who was mayor in 2015?"),
        (LEFT, "Who was mayor then?", "Who was mayor in 2015?"),
        (LEFT, "Who was mayor the year after?", "Who was mayor in 2016?"),
        (LEFT, "Who taught those children?", "Who taught the 760 children?"),
        (LEADS, "When was that council founded?", "When was Leith Council founded?"),
        (LEADS, "Who founded the council?", "Who founded Leith Council?"),
        ("Who wrote the Ofsted report?", "Who read the report?", "Who read the Ofsted report?"),
        ("How large is Leith?", "Is there any theatre?", "Is there any theatre in Leith?"),
        (
            "Who made the film?",
            "What are the main themes?",
            "What are the main themes of the film?",
        ),
        (LEADS, "How long has she led the council?", "How long has Mary Jones led Leith Council?"),
    ],
)
def test_what_is_pointed_at_or_belongs_to_something_is_named(
    turn: Turn | str, question: str, whole: str
) -> None:
    assert read(question, turn) == whole


def test_an_article_that_is_pointed_at_is_the_one_quoted_last() -> None:
    quoted = Turn("Who resigned?", answer="Ann Hall", title="Mayor goes")
    assert read("Who wrote that article?", quoted) == "Who wrote the article “Mayor goes”?"


@pytest.mark.parametrize(
    "question",
    [
        "Who leads Leith Council?",
        "When did the inspectors visit Leith?",
        "How many social workers left Ayr in 2017?",
        "What is the capital of France?",
        "How many people were killed in the Somme?",
        "Is it true that Leith has a tram?",
        "How long does it take to walk to Ayr?",
        "Is there a tram in Ayr?",
        "Who said that Ann Hall was ill?",
        "Did Carol Brown sell her house?",
        "What did the minister say about his own budget?",
        "Tell me about sharks.",
        "Why did the mill burn down in 1980?",
        "Wer leitet den Rat von Leith?",
    ],
)
@pytest.mark.parametrize("turn", [LEADS, LEFT, MET], ids=["leads", "left", "met"])
def test_a_question_that_stands_alone_is_left_alone(question: str, turn: Turn) -> None:
    left = stand_alone(question, [turn])
    assert left.question == question
    assert not left.rewritten


def test_without_a_conversation_nothing_changes() -> None:
    assert not stand_alone("Where had she worked before?", []).rewritten


def test_where_nothing_agrees_the_last_question_is_asked_as_well() -> None:
    asked = "How large is the budget?"
    assert read("Where had she worked before?", asked) == f"{asked} Where had she worked before?"


def test_what_was_asked_in_a_row_does_not_grow() -> None:
    turns: list[Turn | str] = ["How large is the budget?", *["What does that mean?"] * 5]
    assert read("Is this usual?", *turns) == "How large is the budget? Is this usual?"


def test_a_chain_of_questions_is_followed() -> None:
    turns: list[Turn | str] = [LEADS, "Where had she worked before?", "Who replaced her there?"]
    assert read("Why did she leave?", *turns) == "Why did Mary Jones leave?"


def test_after_a_shift_of_topic_the_new_one_is_meant() -> None:
    turns = [LEADS, Turn("Who is the head of Ayr Academy?", answer="Ruth Bell")]
    assert read("What did she say?", *turns) == "What did Ruth Bell say?"
    assert read("When was it founded?", *turns) == "When was Ayr Academy founded?"
    assert not stand_alone("What is the population of Ayr?", turns).rewritten


def test_what_was_corrected_counts_and_not_what_was_typed() -> None:
    read_as = Turn("Who leads it?", "Who leads Ayr Academy?", "Ruth Bell")
    assert read("When was it founded?", LEADS, read_as) == "When was Ayr Academy founded?"


def test_what_was_carried_is_told() -> None:
    made = stand_alone("Where had she worked in 2015?", [LEFT, LEADS])
    assert made.carried == (Carried("Mary Jones", "she", 1, "answer"),)
    dated = stand_alone("And the year before?", [LEADS, LEFT])
    assert Carried("How many children left in 2015?", "", 1, "question") in dated.carried
    assert Carried("2015", "the year before", 1, "question") in dated.carried


def test_a_turn_is_counted_from_the_first_of_a_long_history() -> None:
    made = stand_alone("Where had she worked before?", [LEFT] * 500 + [LEADS])
    assert made.carried == (Carried("Mary Jones", "she", 500, "answer"),)


def test_what_was_said_long_ago_is_forgotten() -> None:
    assert "Mary" not in read("Where had she worked before?", LEADS, *[LEFT] * 500)


SPOKEN = st.text(max_size=60) | st.lists(
    st.sampled_from(
        "who what where why how many much did is it she he they them there that this those the a "
        "and about else year before after in on of 2015 760 Ann Hall Leith Council children report "
        "'s ’s ? . , left said £5 one then of them".split()
    ),
    max_size=14,
).map(" ".join)
TURNS = st.builds(
    Turn,
    SPOKEN,
    st.none() | SPOKEN,
    st.none() | SPOKEN,
    st.none() | SPOKEN,
    st.none() | SPOKEN,
)


@given(SPOKEN, st.lists(TURNS | SPOKEN, max_size=5))
@example("?", ["?"])
@example("it", [Turn("", "", "", "", "")])
@example("What about ?", [Turn("'s 's", None, "'s")])
def test_anything_can_be_said(question: str, history: list[Turn | str]) -> None:
    made = stand_alone(question, history)
    assert made.rewritten or made.question == question
    assert all(0 <= each.turn < len(history) for each in made.carried)
    assert stand_alone(question, history) == made


@given(
    st.sampled_from(
        [
            "Where had she worked before?",
            "What is its budget?",
            "And in 2016?",
            "How many of them were seven?",
            "Who was mayor that year?",
            "Who founded the council?",
            "What about Ayr Council?",
        ]
    ),
    st.sampled_from([[LEADS, LEFT], [LEFT, LEADS], [LEADS], [LEFT]]),
)
def test_what_stands_alone_is_not_rewritten_again(question: str, history: list[Turn]) -> None:
    made = read(question, *history)
    if made.count("?") == 1:  # two in a row lean as before
        assert read(made, *history) == made


def test_hostile_histories_take_no_time() -> None:
    begun = time.perf_counter()
    for text in ("it " * 300, "(" * 999, "a'" * 499, "Ann " * 249, "of the " * 142, "1," * 499):
        turns = check_history([Turn(text, None, text * 5, text * 5, text)] * 100)
        stand_alone(f"{text[:900]} and she?", turns)
        stand_alone("Where had she worked before?", turns)
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("answer", ["\x00\x1b Ann\nHall\n\n", "Ann\u2028Hall", "Ann Hall\ud800"])
def test_what_was_answered_is_put_in_as_one_line(answer: str) -> None:
    turns = check_history([Turn("Who leads Leith Council?", answer=answer)])
    assert read("Where had she worked before?", *turns) == "Where had Ann Hall worked before?"
