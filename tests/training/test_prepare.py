"""`training.prepare`: what is asked of what, and that answers stand where they are said to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from index.errors import BadQuestionSet, BadSetting
from tests.training.workshop import OWNERS, TOWNS, mills, read_examples, write_set
from training.prepare import prepare


def run(data: Path, config: Path, work: Path) -> list[dict[str, Any]]:
    result = CliRunner().invoke(
        prepare, [str(data), "--config", str(config), "--to", str(work)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return read_examples(work / "examples.jsonl.gz")


@pytest.fixture
def examples(prepared: Path) -> list[dict[str, Any]]:
    return read_examples(prepared / "examples.jsonl.gz")


def cut(passage: dict[str, Any]) -> list[str]:
    return [passage["text"][start:end] for start, end in passage["answers"]]


def test_all_kinds_are_made(examples: list[dict[str, Any]]) -> None:
    kinds = [each["kind"] for each in examples]
    assert kinds.count("answerable") == 30 + 6
    assert kinds.count("unanswerable") == 6
    assert kinds.count("near miss") > 20
    assert {each["set"] for each in examples} == {"mills", "asides"}


def test_places_cut_out_the_answers(examples: list[dict[str, Any]]) -> None:
    for each in examples:
        here, *others = each["passages"]
        if each["kind"] == "answerable":
            assert cut(here)
        else:
            assert not here["answers"]
            assert not others
        for answer in cut(here):
            assert answer in {"Nobody", *(str(year) for year in range(1901, 1913))} or (
                answer.removeprefix("Mr ") in OWNERS or answer.endswith(" workers")
            )
        for passage in others:
            assert not passage["answers"]


def test_an_unanswerable_question_keeps_its_passage(examples: list[dict[str, Any]]) -> None:
    for each in examples:
        if each["kind"] == "unanswerable":
            assert len(each["passages"]) == 1
            assert each["passages"][0]["text"]


def test_rivals_do_not_hold_the_answer(examples: list[dict[str, Any]]) -> None:
    rivalled = [each for each in examples if len(each["passages"]) == 2]
    assert len(rivalled) >= 30
    for each in rivalled:
        here, rival = each["passages"]
        for answer in cut(here):
            assert answer not in rival["text"]


def test_passages_are_whole_sentences(examples: list[dict[str, Any]]) -> None:
    lengths = set()
    for each in examples:
        for passage in each["passages"]:
            assert passage["text"].endswith((".", "soon."))
            assert passage["text"].startswith(("The mill", "Nobody", "Its owner", "It stands"))
            lengths.add(len(passage["text"]))
    assert len(lengths) > 10


def test_a_title_is_the_texts_own(examples: list[dict[str, Any]]) -> None:
    """The name of a set is no title; a name in the text may stand in."""
    titles = {each["passages"][0]["title"] for each in examples if each["set"] == "asides"}
    assert "" in titles
    assert titles & set(TOWNS)
    assert "asides" not in titles


def test_a_seed_makes_the_same_examples(
    data: Path, config: Path, examples: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert run(data, config, tmp_path / "again") == examples


def test_another_seed_makes_others(
    data: Path,
    configured: Callable[..., Path],
    examples: list[dict[str, Any]],
    tmp_path: Path,
) -> None:
    assert run(data, configured("seed = 3", "seed = 4"), tmp_path / "other") != examples


def test_an_answer_may_begin_with_the_space_between_two_sentences(
    configured: Callable[..., Path], tmp_path: Path
) -> None:
    articles = mills()
    for article in articles:
        (paragraph,) = article["paragraphs"]
        at = paragraph["context"].index(" Nobody")
        paragraph["qas"] = [
            {"id": "1", "question": "Who?", "answers": [{"text": " Nobody", "answer_start": at}]},
            {"id": "2", "question": "What?", "answers": [{"text": " ", "answer_start": at}]},
        ]
    write_set(tmp_path / "mills.json.gz", articles)
    write_set(tmp_path / "asides.json.gz", articles)
    found = [
        answer
        for each in run(tmp_path, configured(), tmp_path / "work")
        for answer in cut(each["passages"][0])
    ]
    assert set(found) == {" Nobody"}


def test_a_set_that_is_missing_is_named_before_anything_is_done(
    data: Path, config: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mills.json.gz").write_bytes((data / "mills.json.gz").read_bytes())
    result = CliRunner().invoke(
        prepare, [str(tmp_path / "data"), "--config", str(config), "--to", str(tmp_path / "work")]
    )
    assert isinstance(result.exception, BadQuestionSet)
    assert str(result.exception) == (
        f"there is no {tmp_path}/data/asides.json.gz; add it, or take asides out of {config}"
    )
    assert not (tmp_path / "work").exists()


def test_a_config_is_checked_first(
    data: Path, configured: Callable[..., Path], tmp_path: Path
) -> None:
    config = configured("ranks = 5", "rank = 5")
    result = CliRunner().invoke(
        prepare, [str(data), "--config", str(config), "--to", str(tmp_path / "work")]
    )
    assert isinstance(result.exception, BadSetting)
    assert not (tmp_path / "work").exists()
