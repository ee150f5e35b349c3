"""Question sets in SQuAD's format."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import BadQuestionSet
from index.types import Span
from qa.squad import SquadContext, SquadQuestion, read_squad

CONTEXT = "🚋 The tram to Wimbledon leaves every twelve minutes."
ANSWER = {"text": "twelve minutes", "answer_start": 37}


def asked(name: str = "q", **fields: Any) -> dict[str, Any]:
    return {"id": name, "question": " How often? ", "answers": [ANSWER], **fields}


def content(*questions: dict[str, Any], context: str = CONTEXT) -> dict[str, Any]:
    paragraph = {"context": context, "qas": list(questions)}
    return {"version": "v2.0", "data": [{"title": "The_tram", "paragraphs": [paragraph]}]}


def write(path: Path, *questions: dict[str, Any]) -> Path:
    path.write_text(json.dumps(content(*questions)), "utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(BadQuestionSet) as caught:
        read_squad(path)
    (line,) = str(caught.value).splitlines()
    assert str(path) in line
    return line


def test_contexts_come_with_their_questions(tmp_path: Path) -> None:
    path = write(
        tmp_path / "set.json",
        asked(answers=[ANSWER, {"text": "twelve", "answer_start": 37}]),
        asked("r", answers=[], is_impossible=True, plausible_answers=[ANSWER]),
        {"id": 3, "question": "Why?"},
    )
    spans = (Span(37, 51), Span(37, 43))
    assert read_squad(path) == [
        SquadContext(
            "The tram",
            CONTEXT,
            (
                SquadQuestion("q", "How often?", ("twelve minutes", "twelve"), spans),
                SquadQuestion("r", "How often?", (), ()),
                SquadQuestion("3", "Why?", (), ()),
            ),
        )
    ]


def test_a_packed_file_holds_the_same(tmp_path: Path) -> None:
    plain = write(tmp_path / "set.json", asked())
    packed = tmp_path / "set.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_squad(packed) == read_squad(plain)


def test_a_context_that_occurs_twice_becomes_one(tmp_path: Path) -> None:
    whole = content(asked("q"))
    whole["data"] += content(asked("r"))["data"]
    whole["data"][0]["paragraphs"] += content(asked("s"), context=f"{CONTEXT} Else.")["data"][0][
        "paragraphs"
    ]
    path = tmp_path / "set.json"
    path.write_text(json.dumps(whole), "utf-8")
    first, second = read_squad(path)
    assert [each.id for each in first.questions] == ["q", "r"]
    assert [each.id for each in second.questions] == ["s"]


def test_answers_without_text_are_left_out(tmp_path: Path) -> None:
    empty = {"text": "", "answer_start": 0}
    path = write(
        tmp_path / "set.json",
        asked("kept", answers=[empty, ANSWER]),
        asked("lost", answers=[empty]),
        asked("impossible", answers=[empty], is_impossible=True),
    )
    (context,) = read_squad(path)
    assert [(each.id, each.answers) for each in context.questions] == [
        ("kept", ("twelve minutes",)),
        ("impossible", ()),
    ]


def test_what_is_impossible_has_no_answer(tmp_path: Path) -> None:
    path = write(tmp_path / "set.json", asked(is_impossible=True))
    assert read_squad(path)[0].questions[0].answers == ()


@pytest.mark.parametrize("start", [36, 38, -1, 9999, -14])
def test_an_answer_that_is_not_where_the_file_says(start: int, tmp_path: Path) -> None:
    path = write(tmp_path / "set.json", asked(answers=[{**ANSWER, "answer_start": start}]))
    line = complaint(path)
    assert f"'twelve minutes' of question q is not at {start}" in line


def test_a_negative_place_is_not_counted_from_the_end(tmp_path: Path) -> None:
    path = write(tmp_path / "set.json", asked(answers=[{"text": "minutes", "answer_start": -8}]))
    assert "is not at -8" in complaint(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"data": 5}',
        '{"data": [{"paragraphs": [{"context": "x"}]}]}',
        '{"data": [{"paragraphs": [{"context": 5, "qas": []}]}]}',
        '{"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "q"}]}]}]}',
        '{"data": [{"title": "\\ud800", "paragraphs": []}]}',
        '{"id": "a", "question": "A line of the other format?", "answers": []}\n' * 2,
        "[" * 100_000,
    ],
)
def test_a_file_of_another_format(text: str, tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_text(text)
    assert "is not in SQuAD's format" in complaint(path)


@pytest.mark.parametrize(
    "data", [[], [{"title": "Tram", "paragraphs": []}], content()["data"]], ids=len
)
def test_a_file_without_questions(data: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"data": data}))
    assert "holds no questions" in complaint(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert "cannot read" in complaint(tmp_path / "missing.json")
    assert "cannot read" in complaint(tmp_path)
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00")
    assert "is not in SQuAD's format" in complaint(binary)


def test_a_damaged_packed_file(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(content(*(asked(str(at)) for at in range(99)))).encode())
    path = tmp_path / "set.json.gz"
    damaged = [
        b"not packed at all",
        whole[: len(whole) // 2],
        whole[:-4],
        whole[:20] + bytes(9) + whole[29:],
        whole[:20] + b"\xff" * 9 + whole[29:],
    ]
    for each in damaged:
        path.write_bytes(each)
        assert "cannot read" in complaint(path)
