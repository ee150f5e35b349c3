"""Messages -> the question that is asked, and the turns before it."""

from collections.abc import Sequence
from typing import NamedTuple

from api.openai.requests import Message
from api.schemas import LONGEST_HISTORY
from index.errors import BadQuestion
from qa.question import check_question


class Turn(NamedTuple):
    """An earlier question, and the reply that it was given, if any."""

    question: str
    reply: str | None


def read_messages(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """Return the last of the user's messages, and the turns before it, oldest first.

    One of the messages must be the user's. What a developer, the system or a tool says has no part
    in it, nor has what follows the last question.
    """
    turns: list[Turn] = []
    for each in messages:
        if each.role == "user":
            turns.append(Turn(str(each.content), None))
        elif each.role == "assistant" and turns:
            turns[-1] = turns[-1]._replace(reply=each.content)
    *earlier, last = turns
    return last.question, earlier


def history_of(turns: Sequence[Turn]) -> list[str]:
    """Return what `Answerer.ask` is told of the turns before a question.

    A program sends a long conversation whole, with what was refused in it: that is left out here.
    """
    return [each.question for each in turns if _can_be_asked(each.question)][-LONGEST_HISTORY:]


def _can_be_asked(question: str) -> bool:
    try:
        check_question(question)
    except BadQuestion:
        return False
    return True
