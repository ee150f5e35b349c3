"""A question asked within a conversation, or on its own, whose answer is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from index.errors import ArchiveUnwritable, TooMuchKept, UnknownConversation
from qa import conversations, kept
from qa.answer import Answerer
from qa.notebook import Notebook
from qa.scope import Scope, named
from qa.stages import Tell, ignore
from qa.talk import KeptAnswer
from qa.types import Answer, Turn

LEANED_ON: Final = 20
"""The last answers of a conversation, which a question may lean on."""

NOT_WRITTEN: Final = "this answer was not kept: the archive cannot be written"
_NO_LIMITS: Final = Scope()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, what was kept of it, and what else is to be said, a line each."""

    answer: Answer
    kept: KeptAnswer | None
    notices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the answer as JSON has it, with `kept` and `notices`."""
        place = self.kept
        return {
            **self.answer.as_json(),
            "kept": None if place is None else {"id": place.id, "conversation": place.conversation},
            "notices": list(self.notices),
        }


def ask_and_keep(
    answerer: Answerer,
    notebook: Notebook,
    question: str,
    scope: Scope = _NO_LIMITS,
    conversation_id: str | None = None,
    history: Sequence[Turn | str] = (),
    top_k: int | None = None,
    owner: str = "",
    tell: Tell = ignore,
    *,
    as_is: bool = False,
) -> Reply:
    """Answer a question, and keep the answer.

    Where it cannot be kept, because the archive is read-only for instance, it is given all the same
    and a notice says so.

    Args:
        answerer: answers it.
        notebook: where it is kept.
        question: at most 1,000 characters.
        scope: what it is asked of; where it has limits, they replace the conversation's own.
        conversation_id: the conversation that it belongs to, whose last answers are its history;
            None keeps the answer on its own.
        history: what was asked and answered before, oldest first, if there is no conversation.
        top_k: how many passages to read, instead of the answerer's own number.
        owner: whose conversation.
        tell: see `Answerer.ask`.
        as_is: ask the question as it was typed, whatever came before it.

    Raises:
        BadQuestion: see `Answerer.ask`.
        UnknownConversation: the owner has none of that id.
        TooMuchKept: there is no room for one more answer; nothing was asked.
        QuoteError: see `Answerer.ask`.
        ArchiveDamaged: the store, or the file of conversations, cannot be read.
    """
    kept.check_room(notebook, conversation_id, owner)
    notices = []
    if conversation_id is not None:
        own = conversations.find(notebook, conversation_id, owner).scope
        history = history_of(kept.last(notebook, conversation_id, LEANED_ON, owner))
        if scope.documents is None:
            own, gone = own.among(answerer.archive.store)
            notices += notices_of(gone)
        scope = own.but(scope)
    answer = answerer.ask(
        question,
        history,
        scope.since,
        scope.until,
        top_k,
        documents=scope.documents,
        tell=tell,
        as_is=as_is,
    )
    place = None
    try:
        place = kept.keep(notebook, answer.as_json(), scope, conversation_id, owner)
    except ArchiveUnwritable:
        notices.append(NOT_WRITTEN)
    except TooMuchKept as error:
        notices.append(f"this answer was not kept: {error}")
    except UnknownConversation:
        notices.append("this answer was not kept: the conversation was deleted meanwhile")
    return Reply(answer, place, tuple(notices))


def history_of(answers: Sequence[KeptAnswer]) -> list[Turn]:
    """Return what a question that comes after some answers may lean on, in the answerer's terms."""
    return [Turn.of(each.answer) for each in answers]


def notices_of(gone: Sequence[int]) -> list[str]:
    """Return what is to be said of chosen documents that are no longer there."""
    if not gone:
        return []
    verb = "is" if len(gone) == 1 else "are"
    return [f"{named(gone)} {verb} no longer in the archive, and left out"]
