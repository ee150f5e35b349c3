"""What counts as a question."""

import pytest

from index.errors import BadQuestion
from qa.question import LONGEST_QUESTION, check_question

BAD = {
    "": "ask something",
    " \n\t ": "ask something",
    "\u2003\u00a0": "ask something",
    "x" * (LONGEST_QUESTION + 1): "ask in fewer words",
    "who\x00?": "U+0000",
    "who\x1b[31m?": "U+001B",
    "who\x07?": "U+0007",
    "who\x7f?": "U+007F",
    "who\x9b31m?": "U+009B",
    "who \ud83d?": "send it as UTF-8",
}


@pytest.mark.parametrize(("text", "advice"), BAD.items(), ids=[ascii(each[:9]) for each in BAD])
def test_what_is_no_question_is_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        check_question(text)
    message = str(caught.value)
    assert advice in message
    assert message.isprintable()


def test_the_longest_question_is_measured_without_the_white_space_around_it() -> None:
    longest = "é" * LONGEST_QUESTION
    assert check_question(f"  {longest}\n") == longest


@pytest.mark.parametrize(
    "text", ["who\nwrote it?", "who\twrote it?", "who\r\nwrote it?", "?", "谁？", "🙂", "من كتب؟"]
)
def test_any_other_text_is_a_question(text: str) -> None:
    assert check_question(text) == text


def test_the_position_counts_characters() -> None:
    with pytest.raises(BadQuestion, match="position 2;"):
        check_question("🙂🙂\x00")


def test_the_limit_can_be_another() -> None:
    assert check_question("Why?", 4) == "Why?"
    with pytest.raises(BadQuestion, match="has 4 characters, and the limit is 3"):
        check_question("Why?", 3)
