"""Asking within a conversation."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from index.errors import (
    ArchiveUnwritable,
    BadQuestion,
    TooMuchKept,
    UnknownConversation,
)
from qa import conversations, kept
from qa.answer import Answerer
from qa.notebook import Notebook
from qa.reply import LEANED_ON, NOT_WRITTEN, ask_and_keep
from qa.scope import Scope
from qa.talk import KeptAnswer
from qa.types import Answer
from tests.qa.kept_answers import quoting
from tests.qa.workshop import MakeAnswerer

FILES = {
    "a.txt": "Mills\n\n2018-05-01\n\nThe mill in Surrey Street burned down in May.\n",
    "b.txt": "Bridges\n\n2019-05-01\n\nThe bridge in Harbour Street was never built.\n",
    "c.txt": "Trams\n\nThe tram passes both mills and the bridge.\n",
}
QUESTION = "What burned down in Surrey Street?"


@pytest.fixture
def answerer(make_answerer: MakeAnswerer) -> Answerer:
    return make_answerer(FILES)


@pytest.fixture
def notebook(answerer: Answerer) -> Iterator[Notebook]:
    made = Notebook(answerer.archive.layout.conversations)
    yield made
    made.close()


def read(answer: Answer) -> set[int]:
    return {each.document.id for each in answer.passages}


def test_an_answer_is_kept_as_it_was_given(answerer: Answerer, notebook: Notebook) -> None:
    scope = Scope((1, 2), None, date(2018, 12, 31))
    reply = ask_and_keep(answerer, notebook, QUESTION, scope, top_k=1)
    assert reply.kept is not None
    assert read(reply.answer) == {1}
    found = kept.find(notebook, reply.kept.id)
    assert (found.answer, found.scope) == (reply.answer.as_json(), scope)
    assert reply.as_json() == {
        **reply.answer.as_json(),
        "kept": {"id": found.id, "conversation": None},
        "notices": [],
    }


def test_what_was_asked_in_a_conversation_is_its_history(
    answerer: Answerer, notebook: Notebook
) -> None:
    made = conversations.begin(notebook)
    ask_and_keep(answerer, notebook, QUESTION, conversation_id=made.id)
    reply = ask_and_keep(answerer, notebook, "And when was that?", conversation_id=made.id)
    assert reply.answer.standalone_question == f"{QUESTION} And when was that?"
    asked = [each.question for each in kept.thread(notebook, made.id)]
    assert asked == [QUESTION, "And when was that?"]
    other = conversations.begin(notebook)
    alone = ask_and_keep(answerer, notebook, "And when was that?", conversation_id=other.id)
    assert alone.answer.standalone_question == "And when was that?"


def test_an_answer_of_a_conversation_can_be_leaned_on_or_not(
    answerer: Answerer, notebook: Notebook
) -> None:
    made = conversations.begin(notebook)
    said = quoting("Who runs the mill?", "It was Ann Hall who ran it.", "Ann Hall")
    kept.keep(notebook, said, Scope(), made.id)
    follow_up = "Why did she leave?"
    given = ask_and_keep(answerer, notebook, follow_up, conversation_id=made.id).answer
    assert given.standalone_question == "Why did Ann Hall leave?"
    undone = ask_and_keep(answerer, notebook, follow_up, conversation_id=made.id, as_is=True)
    assert (undone.answer.standalone_question, undone.answer.carried) == (follow_up, ())


def test_only_the_last_answers_are_leaned_on(answerer: Answerer, notebook: Notebook) -> None:
    made = conversations.begin(notebook)
    for _ in range(LEANED_ON + 2):
        reply = ask_and_keep(answerer, notebook, "And that?", conversation_id=made.id)
    assert reply.answer.standalone_question == "And that? And that?"
    [carried] = reply.answer.carried
    assert carried.turn == LEANED_ON - 1


def test_the_scope_of_a_conversation_holds_unless_a_question_has_its_own(
    answerer: Answerer, notebook: Notebook
) -> None:
    made = conversations.begin(notebook, scope=Scope((1, 3), None, None))

    def ask(*own: Scope) -> Answer:
        scope = own[0] if own else Scope()
        return ask_and_keep(answerer, notebook, QUESTION, scope, made.id).answer

    assert read(ask()) == {1, 3}
    assert read(ask(Scope(since=date(2018, 1, 1)))) == {1}
    assert read(ask(Scope((2,)))) == {2}
    assert read(ask()) == {1, 3}
    with pytest.raises(BadQuestion, match="no document 9"):
        ask(Scope((9,)))
    scopes = [each.scope for each in kept.thread(notebook, made.id)]
    assert scopes[:3] == [Scope((1, 3)), Scope((1, 3), date(2018, 1, 1)), Scope((2,))]
    assert len(scopes) == 4


def test_documents_that_vanished_are_said(answerer: Answerer, notebook: Notebook) -> None:
    made = conversations.begin(notebook, scope=Scope((1, 2, 3)))
    answerer.archive.remove("1")
    reply = ask_and_keep(answerer, notebook, QUESTION, conversation_id=made.id)
    assert reply.notices == ("document 1 is no longer in the archive, and left out",)
    assert read(reply.answer) == {2, 3}
    answerer.archive.remove("2")
    answerer.archive.remove("3")
    reply = ask_and_keep(answerer, notebook, QUESTION, conversation_id=made.id)
    assert reply.notices == ("documents 1, 2, 3 are no longer in the archive, and left out",)
    assert not reply.answer.answered
    assert conversations.find(notebook, made.id).scope == Scope((1, 2, 3))


def test_what_cannot_be_asked_is_not_kept(
    answerer: Answerer, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = conversations.begin(notebook)
    with pytest.raises(BadQuestion):
        ask_and_keep(answerer, notebook, "", conversation_id=made.id)
    with pytest.raises(UnknownConversation):
        ask_and_keep(answerer, notebook, QUESTION, conversation_id="0" * 32)
    with pytest.raises(UnknownConversation):
        ask_and_keep(answerer, notebook, QUESTION, conversation_id=made.id, owner="ada")
    monkeypatch.setattr(kept, "MOST_ANSWERS", 0)
    with pytest.raises(TooMuchKept):
        ask_and_keep(answerer, notebook, QUESTION, conversation_id=made.id)
    assert kept.thread(notebook, made.id) == []


@pytest.mark.parametrize(
    ("trouble", "notice"),
    [
        ("unwritable", NOT_WRITTEN),
        ("deleted", "this answer was not kept: the conversation was deleted meanwhile"),
        (
            "full",
            "this answer was not kept: the conversation has 0 answers, the limit; begin another",
        ),
    ],
)
def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    answerer: Answerer,
    notebook: Notebook,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
    notice: str,
) -> None:
    made = conversations.begin(notebook)
    keep = kept.keep

    def keep_amid_trouble(*arguments: Any) -> KeptAnswer:
        if trouble == "unwritable":
            raise ArchiveUnwritable(f"cannot write {notebook.path}: the disk is full")
        if trouble == "deleted":
            conversations.delete(notebook, made.id)
        else:
            monkeypatch.setattr(kept, "MOST_ANSWERS", 0)
        return keep(*arguments)

    monkeypatch.setattr(kept, "keep", keep_amid_trouble)
    reply = ask_and_keep(answerer, notebook, QUESTION, conversation_id=made.id)
    assert reply.answer.answered
    assert reply.as_json()["kept"] is None
    assert reply.notices == (notice,)
