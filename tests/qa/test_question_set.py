"""Files of questions in this project's own format, and what is drawn from them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import BadQuestionSet
from index.types import Span
from qa.question_set import Gold, Question, draw, read_questions

LINE: dict[str, Any] = {
    "id": "a",
    "type": "fact",
    "question": "How often?",
    "history": [],
    "answers": [
        {
            "document": "tram.txt",
            "text": "every twelve minutes",
            "start": 33,
            "end": 53,
            "evidence_start": 7,
            "evidence_end": 54,
        }
    ],
}


def test_a_question_set_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    separators = "Who said \u2028 that\u2029?"
    lines = [
        json.dumps(LINE),
        "",
        json.dumps({"id": 2, "question": separators, "answers": []}, ensure_ascii=False),
    ]
    path.write_bytes("\r\n".join(lines).encode())
    first, second = read_questions(path)
    gold = Gold("tram.txt", "every twelve minutes", Span(7, 54))
    assert first == Question("a", "fact", "How often?", (), (gold,))
    assert second == Question("2", "", separators, (), ())


@pytest.mark.parametrize(
    "second",
    [
        "not json",
        "[]",
        "3",
        '"text"',
        '{"id": "b"',
        '{"id": "b", "question": "Who?"}',
        '{"question": "Who?", "answers": []}',
        '{"id": "b", "answers": []}',
        '{"id": "b", "question": 5, "answers": []}',
        '{"id": "b", "question": "", "answers": []}',
        '{"id": "b", "question": "Wh\\u0000o?", "answers": []}',
        '{"id": "b", "question": "Who?", "answers": 5}',
        '{"id": "b", "question": "Who?", "answers": [5]}',
        '{"id": "b", "question": "Who?", "answers": [{"document": "tram.txt"}]}',
        '{"id": "b", "question": "Who?", "history": "Who?", "answers": []}',
        '{"id": "b", "question": "Who?", "history": [""], "answers": []}',
        json.dumps({**LINE, "answers": [{**LINE["answers"][0], "evidence_start": "x"}]}),
        json.dumps(LINE),
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_question_is_named(second: str, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{json.dumps(LINE)}\n{second}\n", "utf-8")
    with pytest.raises(BadQuestionSet, match=r"questions\.jsonl, line 2: ") as caught:
        read_questions(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xff\xfe", None])
def test_a_file_without_questions(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadQuestionSet, match=r"questions\.jsonl"):
        read_questions(path)


def test_a_folder_of_questions_is_no_question_set(tmp_path: Path) -> None:
    with pytest.raises(BadQuestionSet, match="cannot read"):
        read_questions(tmp_path)


# Drawing


@given(st.lists(st.text(), unique=True, max_size=20), st.integers(1, 25), st.integers(1, 25))
def test_a_draw_is_part_of_every_larger_one_and_keeps_the_order(
    ids: list[str], some: int, more: int
) -> None:
    few, many = (draw(ids, each, lambda name: name) for each in sorted([some, more]))
    assert len(few) == min(some, more, len(ids))
    assert [each for each in many if each in few] == few
    assert [each for each in ids if each in many] == many


def test_a_draw_depends_on_nothing_but_the_ids() -> None:
    ids = [str(each) for each in range(100)]
    drawn = draw(ids, 10, lambda name: name)
    assert drawn != ids[:10]
    assert sorted(drawn) == sorted(draw(ids[::-1], 10, lambda name: name))
    assert draw(ids, None, lambda name: name) == ids
