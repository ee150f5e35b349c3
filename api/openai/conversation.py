"""Messages -> the question that is asked, and the turns before it."""

from collections.abc import Sequence

from api.openai.requests import Message
from api.schemas import LONGEST_HISTORY, LONGEST_REPLY
from index.errors import BadQuestion
from qa.footnotes import read_back
from qa.question import check_question
from qa.types import Turn


def read_messages(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """Return the last of the user's messages, and the turns before it, oldest first.

    One of the messages must be the user's. What a developer, the system or a tool says has no part
    in it, nor has what follows the last question. Of a reply counts what `qa.footnotes` wrote: how
    the question was read, the answer and its sentence. A program sends a long conversation whole,
    with what was refused in it: that is left out.
    """
    turns: list[Turn] = []
    for each in messages:
        if each.role == "user":
            turns.append(Turn(str(each.content)))
        elif each.role == "assistant" and each.content is not None and turns:
            turns[-1] = _answered(turns[-1].question, each.content)
    *earlier, last = turns
    return last.question, [each for each in earlier if _can_be_asked(each.question)][
        -LONGEST_HISTORY:
    ]


def _answered(question: str, reply: str) -> Turn:
    standalone, answer, sentence = read_back(reply[:LONGEST_REPLY])
    if standalone is not None and not _can_be_asked(standalone):
        standalone = None
    return Turn(question, standalone, answer, sentence)


def _can_be_asked(question: str) -> bool:
    try:
        check_question(question)
    except BadQuestion:
        return False
    return True
