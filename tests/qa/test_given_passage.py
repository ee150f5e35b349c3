"""SQuAD's questions, each with the passage it was written for."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from qa.calibration import Calibration
from qa.evaluate import summarize
from qa.evaluate_squad import read_asked
from qa.given_passage import Verdict, best_threshold, figures, measure
from qa.span_reader import TextReading
from qa.spans import Found
from qa.squad_measures import Scores
from qa.weights import Weights
from tests.qa.tiny_reader import build_reader
from tests.qa.workshop import RunQA

CONTEXT = "🚋 The tram leaves every twelve minutes. Buses are green."


def place(text: str) -> Span:
    start = CONTEXT.index(text)
    return Span(start, start + len(text))


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    answer = {"text": "twelve minutes", "answer_start": place("twelve minutes").start}
    questions = [
        {"id": "often", "question": "How often?", "answers": [answer]},
        {"id": "minutes", "question": "How many minutes?", "answers": [answer]},
        {"id": "nothing", "question": "Why?", "answers": [], "is_impossible": True},
        {"id": "none", "question": "Who?", "answers": [], "is_impossible": True},
    ]
    paragraphs = [{"context": CONTEXT, "qas": questions}]
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"data": [{"title": "The_tram", "paragraphs": paragraphs}]}))
    return path


class Parrot:
    """Says what it was told to say of each question."""

    name = "parrot"

    def __init__(self, said: dict[str, tuple[str, float]]) -> None:
        self._said = said

    def read_texts(self, question: str, texts: Sequence[tuple[str, str]]) -> list[TextReading]:
        assert list(texts) == [("The tram", CONTEXT)]
        text, odds = self._said[question]
        spans = (Found(place(text), 3.0), Found(place("green"), 1.0)) if text else ()
        return [TextReading(spans, odds)]


def test_figures_by_hand(squad: Path) -> None:
    contexts, asked = read_asked(squad)
    moved: list[None] = []
    parrot = Parrot(
        {
            "How often?": ("every twelve minutes", 2.0),
            "How many minutes?": ("twelve minutes", -1.0),
            "Why?": ("green", 1.75),
            "Who?": ("", -30.0),
        }
    )
    found = measure(parrot, contexts, asked, lambda: moved.append(None))
    assert len(moved) == found["questions"] == 4
    # F1 of "every twelve minutes" is 2 * 2 / (3 + 2).
    assert found["overall"] == {"em": 25.0, "f1": 45.0}
    assert found["answerable"] == {"n": 2, "em": 0, "f1": 0.4}
    assert found["forced"] == {"n": 2, "em": 0.5, "f1": 0.9}
    assert found["unanswerable"] == {"n": 2, "abstained": 0.5}
    assert found["best"] == {"em": 50.0, "em_threshold": None, "f1": 70.0, "f1_threshold": 2.0}
    assert found["abstention"] == {"auroc": 0.75, "threshold": 1.5}
    assert found["by_id"]["often"] == {"answered": True, "f1": 0.8, "odds": 2.0}
    assert found["by_id"]["minutes"] == {"answered": False, "f1": 0, "odds": -1.0}
    assert found["by_id"]["none"] == {"answered": False, "f1": 1, "odds": -30.0}
    assert summarize(found).splitlines()[1] == "overall          em 25.0  f1 45.0"


def verdict(name: str, odds: float, answerable: bool, said: str = "x", f1: float = 1.0) -> Verdict:
    forced = Scores(float(f1 == 1), f1) if answerable and said else Scores(0, 0)
    return Verdict(name, answerable, said, odds, forced, 1.0)


def test_the_threshold_may_be_moved() -> None:
    verdicts = [verdict("a", 1.0, answerable=True), verdict("b", -1.0, answerable=False)]
    shares = {
        threshold: figures(verdicts, threshold)["overall"]["f1"]
        for threshold in (-2.0, -1.0, 0.0, 1.0, 2.0)
    }
    assert shares == {-2.0: 50, -1.0: 50, 0.0: 100, 1.0: 100, 2.0: 50}


def test_questions_of_one_kind_alone() -> None:
    found = figures([verdict("a", 1.0, answerable=True)])
    assert found["abstention"]["auroc"] is None
    assert found["unanswerable"] == {"n": 0, "abstained": None}


def test_the_same_odds_are_answered_together() -> None:
    verdicts = [
        verdict("a", 1.0, answerable=True),
        verdict("b", 1.0, answerable=False),
        verdict("c", 0.0, answerable=True),
    ]
    assert best_threshold(verdicts, "f1") == (66.67, 0.0)
    assert best_threshold(verdicts[:2], "f1") == (50.0, None)


# The next function is from SQuAD 2.0's evaluate-v2.0.py, with types.


def find_best_thresh(
    preds: dict[str, str],
    scores: dict[str, float],
    na_probs: dict[str, float],
    qid_to_has_ans: dict[str, bool],
) -> tuple[float, float]:
    num_no_ans = sum(1 for k in qid_to_has_ans if not qid_to_has_ans[k])
    cur_score: float = num_no_ans
    best_score = cur_score
    best_thresh = 0.0
    qid_list = sorted(na_probs, key=lambda k: na_probs[k])
    for qid in qid_list:
        if qid not in scores:
            continue
        if qid_to_has_ans[qid]:
            diff = scores[qid]
        elif preds[qid]:
            diff = -1
        else:
            diff = 0
        cur_score += diff
        if cur_score > best_score:
            best_score = cur_score
            best_thresh = na_probs[qid]
    return 100.0 * best_score / len(scores), best_thresh


@given(
    st.lists(
        st.tuples(
            st.integers(-40, 40),
            st.booleans(),
            st.sampled_from(["", "x"]),
            st.sampled_from([0.0, 0.25, 0.5, 1.0]),
        ),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[0],
    )
)
def test_the_best_threshold_is_that_of_the_official_scorer(
    rows: list[tuple[int, bool, str, float]],
) -> None:
    verdicts = [
        verdict(str(at), odds / 4, answerable, said, f1)
        for at, (odds, answerable, said, f1) in enumerate(rows)
    ]
    for measured in ("em", "f1"):
        best, threshold = best_threshold(verdicts, measured)
        official, na_prob = find_best_thresh(
            {each.id: each.said for each in verdicts},
            {each.id: getattr(each.forced, measured) for each in verdicts},
            {each.id: 1 / (1 + math.exp(each.odds)) for each in verdicts},
            {each.id: each.answerable for each in verdicts},
        )
        assert best == round(official, 2)
        if threshold is None:
            assert na_prob == 0
        else:
            assert 1 / (1 + math.exp(threshold)) == pytest.approx(na_prob)
            assert figures(verdicts, threshold)["overall"][measured] == best


# The command


def test_the_settings_reader_is_asked(squad: Path, tmp_path: Path, run_qa: RunQA) -> None:
    reader = build_reader(tmp_path / "reader", {"twelve": 9.0}, {"minutes": 9.0})
    Calibration(Weights({"span": 1.0}, 0.0), Weights({"best": 1.0}, 0.0)).save(reader)
    ended = run_qa("eval", "--squad", squad, "--given-passage", "--reader", reader, "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(ended.stdout)
    # It says the same whatever is asked.
    assert found["answerable"] == {"n": 2, "em": 1.0, "f1": 1.0}
    assert found["overall"] == {"em": 50.0, "f1": 50.0}
    assert not (tmp_path / ".qa").exists()
    few = run_qa("eval", "--squad", squad, "--given-passage", "--reader", reader, "--limit", "1")
    assert few.stdout.startswith("questions        1\noverall ")


def test_a_reader_of_whole_sentences_is_refused(squad: Path, run_qa: RunQA) -> None:
    ended = run_qa("eval", "--squad", squad, "--given-passage", "--reader", "sentences")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "qa: --given-passage: the reader 'sentences' finds whole sentences of an archive only; "
        "name another with --reader\n"
    )
