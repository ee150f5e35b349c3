"""What a conversation asks, and what it leans on."""

from typing import Any

from api.openai.conversation import Turn, history_of, read_messages
from api.openai.requests import Message
from api.schemas import LONGEST_HISTORY


def _messages(*given: tuple[str, Any]) -> list[Message]:
    return [Message.model_validate({"role": role, "content": content}) for role, content in given]


def test_the_last_question_and_the_turns_before_it() -> None:
    found = read_messages(
        _messages(
            ("assistant", "How can I help?"),
            ("user", "Who?"),
            (
                "assistant",
                [{"type": "text", "text": "“Ann."}, {"type": "text", "text": "Other” [1]"}],
            ),
            ("tool", {"anything": "at all"}),
            ("user", "When?"),
            ("user", [{"type": "text", "text": "Where"}, {"type": "text", "text": "then?"}]),
            ("assistant", None),
        )
    )
    assert found == ("Where\nthen?", [Turn("Who?", "“Ann.\nOther” [1]"), Turn("When?", None)])


def test_the_history_is_of_questions_that_could_be_asked() -> None:
    turns = [Turn(each, "“Ann Other.” [1]") for each in ("Who?", " ", "x" * 1001, "When?")]
    assert history_of(turns) == ["Who?", "When?"]


def test_the_history_is_as_long_as_may_be() -> None:
    turns = [Turn(f"Who is {number}?", None) for number in range(LONGEST_HISTORY + 5)]
    found = history_of(turns)
    assert len(found) == LONGEST_HISTORY
    assert found[-1] == turns[-1].question
