"""A fixed set of questions -> figures."""

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import BadQuestionSet
from index.types import Span
from qa.evaluate import (
    Gold,
    Question,
    Verdict,
    auroc,
    exact_match,
    f1_score,
    figures,
    judge,
    measure,
    normalize,
    read_questions,
    summarize,
)
from tests.qa.workshop import MakeAnswerer

# The measures of SQuAD


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Cat", "cat"),
        ("a cat, an owl and the dog.", "cat owl and dog"),
        ("  1,789 \n children ", "1789 children"),
        ("U.S.A.", "usa"),
        ("theatre", "theatre"),
        ("the-atre", "theatre"),
        ("‘cat’", "‘cat’"),
        ("the", ""),
        ("", ""),
    ],
)
def test_texts_are_compared_without_case_punctuation_and_articles(text: str, expected: str) -> None:
    assert normalize(text) == expected


@pytest.mark.parametrize(
    ("said", "gold", "em", "f1"),
    [
        ("The Cat!", "cat", 1, 1),
        ("black cat", "cat", 0, 2 / 3),
        ("cat cat", "cat", 0, 2 / 3),
        ("cat cat dog", "dog cat cat", 0, 1),
        ("owl", "cat", 0, 0),
        ("", "cat", 0, 0),
        ("the", "cat", 0, 0),
        ("", "", 1, 1),
        ("the", "", 1, 1),
        ("one two three four", "three four five", 0, 4 / 7),
    ],
)
def test_em_and_f1(said: str, gold: str, em: float, f1: float) -> None:
    assert exact_match(said, gold) == em
    assert f1_score(said, gold) == pytest.approx(f1)


# Abstention


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]), st.booleans()), max_size=20))
def test_auroc_is_the_share_of_pairs_in_order(pairs: list[tuple[float, bool]]) -> None:
    above = [score for score, positive in pairs if positive]
    below = [score for score, positive in pairs if not positive]
    found = auroc(
        np.array([score for score, _ in pairs], dtype=np.float64),
        np.array([positive for _, positive in pairs], dtype=np.bool_),
    )
    if not above or not below:
        assert found is None
        return
    wins = sum(
        1.0 if high > low else 0.5 if high == low else 0.0
        for high, low in itertools.product(above, below)
    )
    assert found == pytest.approx(wins / (len(above) * len(below)))


GOLD = Gold("tram.txt", "twelve minutes", Span(0, 10))


def verdict(
    name: str,
    confidence: float,
    found: bool = True,
    answerable: bool = True,
    answered: bool = True,
    **rest: Any,
) -> Verdict:
    question = Question(
        id=name,
        type=rest.pop("type", "fact" if answerable else "none"),
        question="?",
        history=rest.pop("history", ()),
        answers=(GOLD,) if answerable else (),
    )
    defaults = {
        "found_in_three": found,
        "found_document": found,
        "em": float(found and answered) if answerable else float(not answered),
        "f1": float(found and answered) if answerable else float(not answered),
        "verbatim": True,
        "milliseconds": 10.0,
    }
    return Verdict(
        question=question,
        answered=answered,
        confidence=confidence,
        found=found and answerable,
        **{**defaults, **rest},
    )


def test_risk_and_coverage_by_hand() -> None:
    found = figures(
        [
            verdict("a", 0.9),
            verdict("b", 0.8),
            verdict("c", 0.7, found=False),
            verdict("d", 0.6),
            verdict("e", 0.1, answerable=False, answered=False),
        ]
    )["abstention"]
    risks = [0, 0, 1 / 3, 1 / 4, 2 / 5]
    assert found["aurc"] == pytest.approx(sum(risks) / 5, abs=1e-4)
    assert found["coverage_at_90_accuracy"] == pytest.approx(2 / 5)
    assert found["auroc"] == 1
    # One question a bin, so each bin's gap is the distance of its confidence from 0 or 1.
    gaps = [0.1, 0.2, 0.7, 0.4, 0.1]
    assert found["ece"] == pytest.approx(sum(gaps) / 5, abs=1e-4)


def test_calibration_is_measured_bin_by_bin() -> None:
    honest = [verdict(str(each), 0.75, found=each < 3) for each in range(4)]
    assert figures(honest)["abstention"]["ece"] == 0
    boastful = [verdict(str(each), 1.0, found=each < 1) for each in range(4)]
    assert figures(boastful)["abstention"]["ece"] == pytest.approx(0.75)


def test_coverage_counts_the_longest_run_that_is_right_often_enough() -> None:
    verdicts = [verdict("a", 0.99, found=False)]
    verdicts += [verdict(f"b{each}", 0.9 - each / 100) for each in range(19)]
    assert figures(verdicts)["abstention"]["coverage_at_90_accuracy"] == 1
    assert figures(verdicts[:9])["abstention"]["coverage_at_90_accuracy"] == 0


def test_to_abstain_on_an_answerable_question_is_wrong() -> None:
    found = figures([verdict("a", 0.9), verdict("b", 0.3, answered=False)])
    assert found["answerable"] == {
        "n": 2,
        "sentence_at_1": 0.5,
        "sentence_at_3": 0.5,
        "document_at_1": 0.5,
        "em": 0.5,
        "f1": 0.5,
    }
    assert found["by_id"]["b"] == {"answered": False, "right": False, "confidence": 0.3}


def test_to_abstain_on_an_unanswerable_question_is_right() -> None:
    found = figures(
        [
            verdict("a", 0.9, answerable=False),
            verdict("b", 0.3, answerable=False, answered=False),
            verdict("c", 0.2, answerable=False, answered=False),
        ]
    )
    assert found["unanswerable"] == {"n": 3, "abstained": pytest.approx(2 / 3, abs=1e-4)}
    assert [each["right"] for each in found["by_id"].values()] == [False, True, True]
    assert found["answerable"] == dict.fromkeys(found["answerable"]) | {"n": 0}
    assert found["abstention"]["auroc"] is None
    assert found["overall"]["em"] == pytest.approx(2 / 3, abs=1e-4)


def test_figures_have_the_keys_of_the_design() -> None:
    found = figures(
        [
            verdict("a", 0.9, milliseconds=10.0),
            verdict("b", 0.8, history=("Who?",), type="follow-up", milliseconds=20.0),
            verdict("c", 0.1, answerable=False, answered=False, verbatim=False, milliseconds=30.0),
        ]
    )
    five = ["n", "sentence_at_1", "sentence_at_3", "document_at_1", "em", "f1"]
    keys = {
        "overall": ["em", "f1"],
        "answerable": five,
        "follow_up": five,
        "unanswerable": ["n", "abstained"],
        "abstention": ["auroc", "aurc", "coverage_at_90_accuracy", "ece"],
        "latency_ms": ["p50", "p95"],
    }
    assert {name: list(found[name]) for name in keys} == keys
    assert found["questions"] == 3
    assert (found["answerable"]["n"], found["follow_up"]["n"], found["unanswerable"]["n"]) == (
        1,
        1,
        1,
    )
    assert found["quotes_verbatim"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["latency_ms"] == {"p50": 20.0, "p95": 29.0}
    assert {name: each["n"] for name, each in found["by_type"].items()} == {
        "fact": 1,
        "follow-up": 1,
        "none": 1,
    }
    for name in [*keys, "fact", "follow-up", "none"]:
        assert name in summarize(found)


# Asking


SENTENCE = "The tram to Wimbledon leaves every twelve minutes."
DOCUMENT = f"Trams\n\n{SENTENCE} Buses leave more often.\n"
EVIDENCE = Span(7, 7 + len(SENTENCE))
LATER = Span(EVIDENCE.end + 1, len(DOCUMENT) - 1)


def question(**rest: Any) -> Question:
    given = {
        "id": "a",
        "type": "fact",
        "question": "How often does the tram to Wimbledon leave?",
        "history": (),
        "answers": (Gold("tram.txt", "every twelve minutes", EVIDENCE),),
    }
    return Question(**{**given, **rest})


def test_the_evidence_is_found_where_it_stands(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer({"tram.txt": DOCUMENT})
    found = judge(answerer, question())
    assert (found.answered, found.found, found.found_document, found.verbatim) == (True,) * 4
    assert found.em == 0
    assert 0 < found.f1 < 1
    elsewhere = Gold("bus.txt", "every twelve minutes", EVIDENCE)
    missed = judge(answerer, question(answers=(elsewhere,)))
    assert (missed.found, missed.found_in_three, missed.found_document) == (False,) * 3
    later = Gold("tram.txt", "more often", LATER)
    assert judge(answerer, question(answers=(later,))).found_in_three


def test_the_best_of_several_right_answers_counts(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer({"tram.txt": DOCUMENT})
    whole = Gold("tram.txt", SENTENCE, EVIDENCE)
    wrong = Gold("tram.txt", "never", LATER)
    found = judge(answerer, question(answers=(wrong, whole, wrong)))
    assert (found.em, found.f1, found.found) == (1, 1, True)


def test_what_is_withheld_is_an_empty_prediction(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer({"tram.txt": DOCUMENT}, min_confidence=1)
    found = judge(answerer, question())
    assert (found.answered, found.found, found.em, found.f1) == (False, True, 0, 0)
    assert 0 < found.confidence < 1
    nothing = judge(answerer, question(answers=()))
    assert (nothing.answered, nothing.em, nothing.f1) == (False, 1, 1)


def test_an_empty_archive_abstains(make_answerer: MakeAnswerer) -> None:
    found = judge(make_answerer({}), question())
    assert (found.answered, found.found, found.found_document) == (False,) * 3
    assert found.verbatim


def test_every_question_moves_the_bar(make_answerer: MakeAnswerer) -> None:
    moved: list[None] = []
    asked = [question(), question(id="b", history=("What is a tram?",)), question(id="c")]
    found = measure(make_answerer({"tram.txt": DOCUMENT}), asked, lambda: moved.append(None))
    assert len(moved) == 3
    assert list(found["by_id"]) == ["a", "b", "c"]
    assert math.isfinite(found["latency_ms"]["p95"])


# Files of questions

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
