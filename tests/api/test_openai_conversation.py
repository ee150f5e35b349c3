"""What a conversation asks, and what it leans on."""

from typing import Any

from api.openai.conversation import read_messages
from api.openai.requests import Message
from api.schemas import LONGEST_HISTORY, LONGEST_REPLY
from qa.types import Turn


def _messages(*given: tuple[str, Any]) -> list[Message]:
    return [Message.model_validate({"role": role, "content": content}) for role, content in given]


def test_the_last_question_and_the_turns_before_it() -> None:
    found = read_messages(
        _messages(
            ("assistant", "How can I help?"),
            ("user", "Who?"),
            (
                "assistant",
                [
                    {"type": "text", "text": "“Ann”\n\n“Ann."},
                    {"type": "text", "text": "Other” [1]\n\n[1] A title"},
                ],
            ),
            ("tool", {"anything": "at all"}),
            ("user", "When?"),
            ("user", [{"type": "text", "text": "Where"}, {"type": "text", "text": "then?"}]),
            ("assistant", None),
        )
    )
    assert found == ("Where\nthen?", [Turn("Who?", None, "Ann", "Ann.\nOther"), Turn("When?")])


def test_how_a_question_was_read_counts_if_it_could_be_asked() -> None:
    for read, kept in (("Who is Ann Other?", "Who is Ann Other?"), ("x" * 1001, None)):
        reply = f"Read as: {read}\n\nThe archive does not say."
        _, (turn,) = read_messages(
            _messages(("user", "Who?"), ("assistant", reply), ("user", "When?"))
        )
        assert turn == Turn("Who?", kept)


def test_of_a_reply_only_so_much_is_read() -> None:
    reply = f"“{'Ann Other. ' * LONGEST_REPLY}” [1]\n\n[1] A title"
    _, turns = read_messages(_messages(("user", "Who?"), ("assistant", reply), ("user", "When?")))
    assert turns == [Turn("Who?")]


def test_the_history_is_of_questions_that_could_be_asked() -> None:
    asked = [("user", each) for each in ("Who?", " ", "x" * 1001, "When?", "Where?")]
    assert read_messages(_messages(*asked)) == ("Where?", [Turn("Who?"), Turn("When?")])


def test_the_history_is_as_long_as_may_be() -> None:
    asked = [("user", f"Who is {number}?") for number in range(LONGEST_HISTORY + 6)]
    _, found = read_messages(_messages(*asked))
    assert len(found) == LONGEST_HISTORY
    assert found[-1].question == asked[-2][1]
