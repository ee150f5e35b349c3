"""Questions asked of an archive -> figures."""

import math
from pathlib import Path
from typing import Any

import pytest

from index.types import Span
from qa.evaluate import (
    Verdict,
    figures,
    in_percent,
    judge,
    latency,
    mean,
    measure,
    measure_file,
    summarize,
)
from qa.opening import open_for_adding
from qa.question_set import Gold, Question
from qa.settings import Settings
from qa.squad_measures import Scores
from tests.qa.workshop import MakeAnswerer, add, write

# Figures

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
    given = float(found and answered) if answerable else float(not answered)
    forced = float(found and answerable)
    defaults = {
        "found_in_three": found,
        "found_document": found,
        "given": Scores(given, given),
        "forced": Scores(forced, forced),
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
    assert found["coverage_at_80_accuracy"] == pytest.approx(2 / 5)
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
    few = figures(verdicts[:9])["abstention"]
    assert (few["coverage_at_80_accuracy"], few["coverage_at_90_accuracy"]) == (1, 0)


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
    assert found["forced"] == {"n": 2, "em": 1, "f1": 1}
    assert found["by_id"]["b"] == {
        "answered": False,
        "right": False,
        "found": True,
        "confidence": 0.3,
    }


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
        "forced": ["n", "em", "f1"],
        "follow_up": five,
        "unanswerable": ["n", "abstained"],
        "abstention": "auroc aurc coverage_at_80_accuracy coverage_at_90_accuracy ece".split(),
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


def test_kinds_without_questions_are_not_shown() -> None:
    found = figures([verdict("a", 0.9, type="")])
    assert found["by_type"] == {}
    names = [line.split()[0] for line in summarize(found).splitlines()]
    assert names == (
        "questions overall answerable forced abstention quotes_verbatim latency_ms".split()
    )


def test_means_percentages_and_percentiles() -> None:
    assert mean([]) is None
    assert mean([True, False, False]) == 0.3333
    assert in_percent({"em": 0.7613, "f1": None}) == {"em": 76.13, "f1": None}
    assert latency([float(each) for each in range(101)]) == {"p50": 50.0, "p95": 95.0}


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
    assert found.given == found.forced
    assert found.given.em == 0
    assert 0 < found.given.f1 < 1
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
    assert (found.given, found.forced, found.found) == ((1, 1), (1, 1), True)


def test_what_is_withheld_is_an_empty_prediction(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer({"tram.txt": DOCUMENT}, min_confidence=1)
    found = judge(answerer, question())
    assert (found.answered, found.found, found.given) == (False, True, (0, 0))
    assert found.forced.f1 > 0
    assert 0 < found.confidence < 1
    nothing = judge(answerer, question(answers=()))
    assert (nothing.answered, nothing.given, nothing.forced) == (False, (1, 1), (0, 0))


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


def test_a_part_of_a_file_is_asked(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / ".qa", embedder="fake", reader="sentences")
    write(
        tmp_path,
        {
            "set.jsonl": "\n".join(
                f'{{"id": {each}, "question": "How often?", "answers": []}}' for each in range(9)
            )
        },
    )
    write(tmp_path / "files", {"tram.txt": DOCUMENT})
    archive = open_for_adding(settings)
    assert add(archive, tmp_path / "files") == ["added"]
    archive.close()
    assert measure_file(tmp_path / "set.jsonl", settings)["questions"] == 9
    assert measure_file(tmp_path / "set.jsonl", settings, 4)["questions"] == 4
