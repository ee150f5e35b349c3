"""What people thought of answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from index.errors import BadName
from qa import cli_feedback, conversations, feedback, kept
from qa.notebook import Notebook
from qa.question_set import read_questions
from qa.scope import Scope
from qa.show import as_json
from qa.talk import Verdict
from tests.qa.kept_answers import answer_to, quoting

SENTENCE = "The mill burned\u2028 down in 1897."


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    made = Notebook(tmp_path / "conversations.sqlite3")
    yield made
    made.close()


def test_it_can_be_changed_and_taken_back(notebook: Notebook) -> None:
    answer = kept.keep(notebook, answer_to("Who?"), Scope())
    given = feedback.give(notebook, answer.id, "right")
    assert kept.find(notebook, answer.id).feedback == given
    given = feedback.give(notebook, answer.id, "wrong citation", "  It was\n1896. ")
    assert kept.find(notebook, answer.id).feedback == given
    assert (given.verdict, given.note) == ("wrong citation", "It was\n1896.")
    for _ in range(2):
        feedback.withdraw(notebook, answer.id)
        assert kept.find(notebook, answer.id).feedback is None


@pytest.mark.parametrize(
    ("note", "problem"), [("x" * 2001, "the note has 2,001"), ("\x00", "00"), ("\udcff", "DCFF")]
)
def test_a_note_that_is_none(notebook: Notebook, note: str, problem: str) -> None:
    answer = kept.keep(notebook, answer_to("Who?"), Scope())
    with pytest.raises(BadName, match=problem):
        feedback.give(notebook, answer.id, "right", note)
    assert kept.find(notebook, answer.id).feedback is None


def test_all_of_it_is_found_in_order(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "_AT_A_TIME", 3)
    ids = [kept.keep(notebook, answer_to(f"{each}?"), Scope()).id for each in range(11)]
    for at, each in enumerate(ids[:10]):
        feedback.give(notebook, each, "right" if at % 2 else "wrong answer")
    assert {each.id for each in feedback.judged(notebook)} == set(ids[:10])
    assert {each.id for each in feedback.judged(notebook, "right")} == set(ids[1:10:2])
    assert list(feedback.judged(notebook, "wrong citation")) == []
    assert list(feedback.judged(notebook, owner="ada")) == []
    hers = kept.keep(notebook, answer_to("Hers?"), Scope(), owner="ada").id
    feedback.give(notebook, hers, "right", owner="ada")
    assert [each.id for each in feedback.judged(notebook, owner="ada")] == [hers]
    assert {each.id for each in feedback.judged(notebook)} == {*ids[:10], hers}


def test_right_answers_are_lines_of_a_question_set(notebook: Notebook, tmp_path: Path) -> None:
    made = conversations.begin(notebook)
    asked = [
        quoting("What burned in 1897?", SENTENCE, "1897"),
        quoting("And when?", SENTENCE, "1897"),
        answer_to("Why?"),
    ]
    answers = [kept.keep(notebook, each, Scope((3,)), made.id) for each in asked]
    for each in answers[1:]:
        feedback.give(notebook, each.id, "right", "sure")
    lines = [feedback.as_line(notebook, each) for each in feedback.judged(notebook)]
    lines.sort(key=lambda line: len(line["history"]))
    assert [line["history"] for line in lines] == [
        ["What burned in 1897?"],
        ["What burned in 1897?", "And when?"],
    ]
    told = lines[0]
    assert (told["verdict"], told["note"], told["answer"]) == ("right", "sure", "1897")
    assert told["citation"] == asked[1]["citation"]
    assert told["scope"]["documents"] == [3]
    path = tmp_path / "set.jsonl"
    path.write_text("".join(as_json(each, indent=None) + "\n" for each in lines), "utf-8")
    when, why = read_questions(path)
    assert (when.question, when.history) == ("And when?", ("What burned in 1897?",))
    (gold,) = when.answers
    assert (gold.document, gold.text) == ("papers/mill.txt", "1897")
    assert (gold.evidence.start, gold.evidence.end) == (100, 100 + len(SENTENCE))
    assert why.answers == ()


def test_what_would_be_right_is_left_open_where_an_answer_was_wrong(notebook: Notebook) -> None:
    answer = kept.keep(notebook, quoting("When?", SENTENCE, "1897"), Scope())
    feedback.give(notebook, answer.id, "wrong answer")
    (found,) = feedback.judged(notebook)
    assert "answers" not in feedback.as_line(notebook, found)


def test_the_command_knows_every_verdict() -> None:
    assert set(cli_feedback.VERDICTS) == set(get_args(Verdict))
