"""Asks what a draft says, within its conversation."""

from api.web.draft import Draft
from api.web.visit import Visit
from index.errors import ArchiveUnwritable, CuttingsError
from qa import conversations, kept
from qa.question import check_question
from qa.reply import Reply, ask_and_keep
from qa.scope import check_scope


def answer(visit: Visit, draft: Draft) -> Reply:
    """Answer a draft's question and keep the answer, in a new conversation if it is in none.

    Where nothing can be kept, because the archive is read-only for instance, the question is
    answered all the same, after those that the draft says came before.

    Raises:
        BadQuestion: see `Answerer.ask`.
        UnknownConversation: the owner has none of that id.
        UnknownAnswer: the owner has not the one that is to be replaced.
        TooMuchKept: there is no room for one more answer; nothing was asked.
        ArchiveDamaged: the archive, or what is kept, cannot be read.
    """
    if draft.instead:
        return _again(visit, draft)
    answerer, notebook, owner = visit.service.answerer, visit.notebook, visit.owner
    question = check_question(draft.question, visit.longest_question)
    scope = draft.scope
    # Before anything is changed.
    check_scope(answerer.archive.store, scope)
    if draft.talk:
        if conversations.find(notebook, draft.talk, owner).scope != scope:
            conversations.change(notebook, draft.talk, scope=scope, owner=owner)
        return ask_and_keep(answerer, notebook, question, scope, draft.talk, owner=owner)
    try:
        begun = conversations.begin(notebook, scope=scope, owner=owner)
    except ArchiveUnwritable:
        return ask_and_keep(answerer, notebook, question, scope, history=draft.history, owner=owner)
    try:
        return ask_and_keep(answerer, notebook, question, scope, begun.id, owner=owner)
    except CuttingsError:
        conversations.delete(notebook, begun.id, owner)
        raise


def _again(visit: Visit, draft: Draft) -> Reply:
    """Ask a question exactly as it is, and let the answer take the place of an earlier one."""
    old = kept.find_own(visit.notebook, draft.instead, visit.owner)
    reply = ask_and_keep(
        visit.service.answerer,
        visit.notebook,
        old.question if draft.typed else draft.question,
        old.scope,
        old.conversation,
        owner=visit.owner,
        as_is=True,
    )
    if reply.kept is not None:
        kept.delete(visit.notebook, old.id, visit.owner)
    return reply
