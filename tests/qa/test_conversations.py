"""Conversations and kept answers: whatever is done to them, they are what was put in."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
)

from index.errors import BadName, TooMuchKept, UnknownAnswer, UnknownConversation
from qa import conversations, feedback, kept
from qa.notebook import Notebook
from qa.scope import Scope
from qa.talk import Verdict
from tests.qa.kept_answers import answer_to

OWNERS = st.sampled_from(["", "ada", "bob"])
SCOPES = st.builds(
    Scope,
    st.none() | st.lists(st.integers(1, 9), min_size=1, max_size=3).map(tuple),
    st.none() | st.dates(date(2017, 1, 1), date(2017, 6, 1)),
    st.none() | st.dates(date(2018, 1, 1), date(2018, 6, 1)),
)
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)


@dataclass
class Kept:
    """What the notebook should hold of an answer."""

    owner: str
    answer: dict[str, Any]
    scope: Scope
    feedback: tuple[str, str] | None = None


@dataclass
class Talk:
    """What the notebook should hold of a conversation."""

    owner: str
    name: str | None
    scope: Scope
    thread: list[str] = field(default_factory=list)


class Keeping(RuleBasedStateMachine):
    """A notebook beside what it should hold, in plain dictionaries."""

    ids = Bundle("ids")
    answer_ids = Bundle("answer_ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "conversations.sqlite3"
        self.notebook = Notebook(self.path)
        self.talks: dict[str, Talk] = {}
        self.order: list[str] = []
        self.answers: dict[str, Kept] = {}

    def teardown(self) -> None:
        self.notebook.close()
        self.folder.cleanup()

    @rule(target=ids, owner=OWNERS, name=st.none() | WORDS, scope=SCOPES)
    def begin(self, owner: str, name: str | None, scope: Scope) -> str:
        made = conversations.begin(self.notebook, name, scope, owner)
        assert made.id not in self.talks
        shown = None if name is None else " ".join(name.split())
        assert (made.name, made.scope, made.answers) == (shown, scope, 0)
        self.talks[made.id] = Talk(owner, shown, scope)
        self.order.append(made.id)
        return made.id

    @rule(target=answer_ids, conversation_id=ids, question=WORDS, scope=SCOPES)
    def ask(self, conversation_id: str, question: str, scope: Scope) -> Any:
        if conversation_id not in self.talks:
            with pytest.raises(UnknownConversation):
                kept.keep(self.notebook, answer_to(question), scope, conversation_id)
            return multiple()
        talk = self.talks[conversation_id]
        answer = answer_to(question)
        made = kept.keep(self.notebook, answer, scope, conversation_id, talk.owner)
        self.answers[made.id] = Kept(talk.owner, answer, scope)
        talk.thread.append(made.id)
        if talk.name is None:
            talk.name = " ".join(question.split())
        self.order.remove(conversation_id)
        self.order.append(conversation_id)
        return made.id

    @rule(target=answer_ids, owner=OWNERS, question=WORDS, scope=SCOPES)
    def ask_alone(self, owner: str, question: str, scope: Scope) -> str:
        answer = answer_to(question)
        made = kept.keep(self.notebook, answer, scope, owner=owner)
        assert made.conversation is None
        self.answers[made.id] = Kept(owner, answer, scope)
        return made.id

    @rule(conversation_id=ids, name=st.none() | WORDS, scope=st.none() | SCOPES)
    def change(self, conversation_id: str, name: str | None, scope: Scope | None) -> None:
        if conversation_id not in self.talks:
            with pytest.raises(UnknownConversation):
                conversations.change(self.notebook, conversation_id, name, scope)
            return
        talk = self.talks[conversation_id]
        conversations.change(self.notebook, conversation_id, name, scope, talk.owner)
        talk.name = talk.name if name is None else " ".join(name.split())
        talk.scope = talk.scope if scope is None else scope

    @rule(conversation_id=consumes(ids))
    def delete(self, conversation_id: str) -> None:
        talk = self.talks.pop(conversation_id)
        conversations.delete(self.notebook, conversation_id, talk.owner)
        self.order.remove(conversation_id)
        for each in talk.thread:
            self.answers.pop(each, None)

    @rule(answer_id=consumes(answer_ids))
    def delete_answer(self, answer_id: str) -> None:
        known = self.answers.pop(answer_id, None)
        if known is None:
            with pytest.raises(UnknownAnswer):
                kept.delete(self.notebook, answer_id)
            return
        kept.delete(self.notebook, answer_id, known.owner)
        for talk in self.talks.values():
            if answer_id in talk.thread:
                talk.thread.remove(answer_id)

    @rule(
        answer_id=answer_ids,
        verdict=st.sampled_from(["right", "wrong answer", "wrong citation"]),
        note=st.just("") | WORDS,
    )
    def judge(self, answer_id: str, verdict: Verdict, note: str) -> None:
        known = self.answers.get(answer_id)
        if known is None:
            with pytest.raises(UnknownAnswer):
                feedback.give(self.notebook, answer_id, verdict, note)
            return
        feedback.give(self.notebook, answer_id, verdict, note, known.owner)
        known.feedback = (verdict, note.strip())

    @rule(answer_id=answer_ids)
    def withdraw(self, answer_id: str) -> None:
        known = self.answers.get(answer_id)
        if known is not None:
            feedback.withdraw(self.notebook, answer_id, known.owner)
            known.feedback = None

    @rule(conversation_id=ids, stranger=OWNERS)
    def look_from_elsewhere(self, conversation_id: str, stranger: str) -> None:
        talk = self.talks.get(conversation_id)
        if talk is None or talk.owner == stranger:
            return
        assert kept.thread(self.notebook, conversation_id, owner=stranger) == []
        meddling: list[Callable[[], object]] = [
            lambda: conversations.find(self.notebook, conversation_id, stranger),
            lambda: conversations.change(self.notebook, conversation_id, "x", None, stranger),
            lambda: conversations.delete(self.notebook, conversation_id, stranger),
            lambda: kept.keep(self.notebook, answer_to("?"), Scope(), conversation_id, stranger),
        ]
        for meddle in meddling:
            with pytest.raises(UnknownConversation):
                meddle()

    @rule(answer_id=answer_ids, stranger=OWNERS)
    def meddle_with_an_answer(self, answer_id: str, stranger: str) -> None:
        known = self.answers.get(answer_id)
        if known is None or known.owner == stranger:
            return
        assert kept.find(self.notebook, answer_id).answer == known.answer
        with pytest.raises(UnknownAnswer):
            kept.delete(self.notebook, answer_id, stranger)
        with pytest.raises(UnknownAnswer):
            feedback.give(self.notebook, answer_id, "right", "", stranger)
        with pytest.raises(UnknownAnswer):
            feedback.withdraw(self.notebook, answer_id, stranger)

    @precondition(lambda self: self.talks)
    @rule()
    def open_again(self) -> None:
        self.notebook.close()
        self.notebook = Notebook(self.path)

    @rule(owner=OWNERS, size=st.integers(1, 4))
    def list_in_pages(self, owner: str, size: int) -> None:
        listed: list[str] = []
        before = None
        while page := conversations.newest(self.notebook, before, size, owner):
            listed += [each.id for each in page]
            before = page[-1].place
        assert listed == [e for e in reversed(self.order) if self.talks[e].owner == owner]
        assert conversations.count(self.notebook, owner) == len(listed)

    @invariant()
    def everything_is_there(self) -> None:
        for conversation_id, talk in self.talks.items():
            found = conversations.find(self.notebook, conversation_id, talk.owner)
            assert (found.name, found.scope) == (talk.name, talk.scope)
            assert found.answers == len(talk.thread)
            thread = kept.thread(self.notebook, conversation_id, owner=talk.owner)
            assert [each.id for each in thread] == talk.thread
            numbers = [each.number for each in thread]
            assert numbers == sorted(set(numbers))
            last = kept.last(self.notebook, conversation_id, 2, talk.owner)
            assert [each.id for each in last] == talk.thread[-2:]
        for answer_id, known in self.answers.items():
            found_answer = kept.find(self.notebook, answer_id)
            assert (found_answer.answer, found_answer.scope) == (known.answer, known.scope)
            said = found_answer.feedback
            assert (None if said is None else (said.verdict, said.note)) == known.feedback
        for owner in ("", "ada", "bob"):
            judged = {each.id for each in feedback.judged(self.notebook, owner=owner)}
            assert judged == {
                answer_id
                for answer_id, known in self.answers.items()
                if known.owner == owner and known.feedback is not None
            }


Keeping.TestCase.settings = settings(
    max_examples=int(os.environ.get("CUTTINGS_EXAMPLES", "15")),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestKeeping = Keeping.TestCase


@pytest.fixture
def notebook(tmp_path: Path) -> Any:
    made = Notebook(tmp_path / "conversations.sqlite3")
    yield made
    made.close()


def test_ids_cannot_be_guessed_and_go_into_an_address(notebook: Notebook) -> None:
    ids = {conversations.begin(notebook).id for _ in range(50)}
    assert len(ids) == 50
    assert all(conversations.is_id(each) and each.isalnum() for each in ids)
    assert len({each[:4] for each in ids}) > 40


@pytest.mark.parametrize("unknown", ["", "x", "0" * 32, "0" * 31 + "G", "\udcff", "%", "a" * 10**6])
def test_other_ids_are_unknown(notebook: Notebook, unknown: str) -> None:
    conversations.begin(notebook)
    with pytest.raises(UnknownConversation):
        conversations.find(notebook, unknown)
    with pytest.raises(UnknownAnswer):
        kept.find(notebook, unknown)


def test_the_first_question_names_a_conversation_unless_it_has_a_name(notebook: Notebook) -> None:
    plain, named = conversations.begin(notebook), conversations.begin(notebook, "  Coal \n fires ")
    assert (plain.name, named.name) == (None, "Coal fires")
    for each in (plain, named):
        for question in ("Who\n lit it? " + "Was it the man with the lamp? " * 9, "When?"):
            kept.keep(notebook, answer_to(question), Scope(), each.id)
    name = conversations.find(notebook, plain.id).name
    assert name is not None
    assert name.startswith("Who lit it? Was it")
    assert name.endswith(" …")
    assert len(name) <= 82
    assert conversations.find(notebook, named.id).name == "Coal fires"


@pytest.mark.parametrize(
    ("name", "problem"),
    [("", "empty"), (" \n", "empty"), ("x" * 201, "201"), ("a\x1bb", "1B"), ("\ud800", "D800")],
)
def test_a_name_that_is_none(notebook: Notebook, name: str, problem: str) -> None:
    made = conversations.begin(notebook)
    with pytest.raises(BadName, match=problem):
        conversations.begin(notebook, name)
    with pytest.raises(BadName, match=problem):
        conversations.change(notebook, made.id, name)
    assert conversations.count(notebook) == 1


def test_limits_are_kept_to(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_ANSWERS", 2)
    monkeypatch.setattr(kept, "MOST_ALONE", 1)
    monkeypatch.setattr(conversations, "MOST_CONVERSATIONS", 2)
    first, _ = conversations.begin(notebook), conversations.begin(notebook)
    with pytest.raises(TooMuchKept, match="2 conversations are kept"):
        conversations.begin(notebook)
    conversations.begin(notebook, owner="ada")
    made = [kept.keep(notebook, answer_to("?"), Scope(), first.id) for _ in range(2)]
    for refuse in (
        lambda: kept.keep(notebook, answer_to("?"), Scope(), first.id),
        lambda: kept.check_room(notebook, first.id),
    ):
        with pytest.raises(TooMuchKept, match="has 2 answers, the limit; begin another"):
            refuse()
    kept.delete(notebook, made[0].id)
    kept.check_room(notebook, first.id)
    kept.keep(notebook, answer_to("?"), Scope())
    with pytest.raises(TooMuchKept, match="outside of conversations"):
        kept.check_room(notebook)
    kept.check_room(notebook, owner="ada")


def test_limits_of_size_are_kept_to(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(json.dumps(answer_to("é" * 900), ensure_ascii=False, separators=(",", ":")).encode())
    monkeypatch.setattr(kept, "MOST_BYTES", 2 * size)
    monkeypatch.setattr(kept, "LARGEST_ANSWER", size)
    made = conversations.begin(notebook)
    with pytest.raises(TooMuchKept, match="read fewer passages"):
        kept.keep(notebook, answer_to("é" * 901), Scope(), made.id)
    for _ in range(2):
        kept.keep(notebook, answer_to("é" * 900), Scope(), made.id)
    with pytest.raises(TooMuchKept, match="MB, the limit"):
        kept.keep(notebook, answer_to("é"), Scope(), made.id)
    assert conversations.find(notebook, made.id).answers == 2


def test_the_questions_before_an_answer(notebook: Notebook) -> None:
    made = conversations.begin(notebook)
    first, second, third = (
        kept.keep(notebook, answer_to(each), Scope(), made.id) for each in ("Who?", "When?", "Why?")
    )
    assert kept.questions_before(notebook, first) == []
    assert kept.questions_before(notebook, third) == ["Who?", "When?"]
    kept.delete(notebook, second.id)
    assert kept.questions_before(notebook, third) == ["Who?"]
    alone = kept.keep(notebook, answer_to("Where?"), Scope())
    assert kept.questions_before(notebook, alone) == []
