"""Keeps the conversation at a terminal while it goes on."""

from collections.abc import Callable

from index.errors import ArchiveError, TooMuchKept, UnknownConversation
from qa import conversations, kept
from qa.notebook import Notebook
from qa.reply import LEANED_ON, history_of
from qa.scope import Scope
from qa.talk import Conversation
from qa.types import Answer, Turn


class Keeper:
    """Keeps one answer after another; where it cannot, says so once and lets the talk go on."""

    def __init__(
        self,
        notebook: Notebook,
        say: Callable[[str], None],
        conversation: Conversation | None = None,
    ) -> None:
        """Keep in `notebook`, going on with `conversation` or beginning one with the first answer.

        `say` is told what cannot be kept.
        """
        self._notebook = notebook
        self._say = say
        self._has_said = False
        self.conversation = conversation

    @property
    def history(self) -> list[Turn]:
        """What the next question may lean on."""
        if self.conversation is None:
            return []
        return history_of(kept.last(self._notebook, self.conversation.id, LEANED_ON))

    def keep(self, answer: Answer, scope: Scope) -> None:
        """Keep an answer to a question that was asked of `scope`, and that scope for the next."""
        try:
            if self.conversation is None:
                self.conversation = conversations.begin(self._notebook, scope=scope)
            elif self.conversation.scope != scope:
                self.conversation = conversations.change(
                    self._notebook, self.conversation.id, scope=scope
                )
            kept.keep(self._notebook, answer.as_json(), scope, self.conversation.id)
        except (ArchiveError, TooMuchKept, UnknownConversation) as error:
            if not self._has_said:
                self._say(f"notice: this conversation is not kept: {error}")
            self._has_said = True

    def begin_anew(self) -> None:
        """Let the next answer begin another conversation."""
        self.conversation = None
        self._has_said = False


def find(notebook: Notebook, reference: str) -> Conversation:
    """Return the conversation of an id; for "", the one that was asked something last.

    Raises:
        UnknownConversation: there is none.
    """
    if reference:
        return conversations.find(notebook, reference)
    found = conversations.newest(notebook, limit=1)
    if not found:
        raise UnknownConversation("no conversation is kept here yet; begin one with: qa chat")
    return found[0]
