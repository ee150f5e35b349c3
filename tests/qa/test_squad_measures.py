"""SQuAD's measures, held against its official scorer."""

import collections
import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.squad_measures import exact_match, f1_score, normalize, scores


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


@pytest.mark.parametrize(
    ("said", "answers", "em", "f1"),
    [
        ("the cat", ("dog", "Cat.", "cat owl"), 1, 1),
        ("black cat", ("dog", "cat", "a black cat sat"), 0, 4 / 5),
        ("", (), 1, 1),
        (" \n", (), 1, 1),
        ("cat", (), 0, 0),
        ("", ("cat",), 0, 0),
        ("cat", ("the", "cat"), 1, 1),
        ("", ("the", "cat"), 0, 0),
        ("", ("the", "..."), 1, 1),
        ("cat", ("the",), 0, 0),
    ],
)
def test_the_best_of_several_answers_counts(
    said: str, answers: tuple[str, ...], em: float, f1: float
) -> None:
    assert scores(said, answers) == pytest.approx((em, f1))


# What follows, up to the test, is SQuAD 2.0's evaluate-v2.0.py, with types.


def normalize_answer(s: str) -> str:
    """Lower text and remove punctuation, articles and extra whitespace."""

    def remove_articles(text: str) -> str:
        regex = re.compile(r"\b(a|an|the)\b", re.UNICODE)
        return re.sub(regex, " ", text)

    def white_space_fix(text: str) -> str:
        return " ".join(text.split())

    def remove_punc(text: str) -> str:
        exclude = set(string.punctuation)
        return "".join(ch for ch in text if ch not in exclude)

    def lower(text: str) -> str:
        return text.lower()

    return white_space_fix(remove_articles(remove_punc(lower(s))))


def get_tokens(s: str) -> list[str]:
    if not s:
        return []
    return normalize_answer(s).split()


def compute_exact(a_gold: str, a_pred: str) -> int:
    return int(normalize_answer(a_gold) == normalize_answer(a_pred))


def compute_f1(a_gold: str, a_pred: str) -> float:
    gold_toks = get_tokens(a_gold)
    pred_toks = get_tokens(a_pred)
    common = collections.Counter(gold_toks) & collections.Counter(pred_toks)
    num_same = sum(common.values())
    if len(gold_toks) == 0 or len(pred_toks) == 0:
        # If either is no-answer, then F1 is 1 if they agree, 0 otherwise
        return int(gold_toks == pred_toks)
    if num_same == 0:
        return 0
    precision = 1.0 * num_same / len(pred_toks)
    recall = 1.0 * num_same / len(gold_toks)
    return (2 * precision * recall) / (precision + recall)


def get_raw_scores(qa_answers: list[str], a_pred: str) -> tuple[int, float]:
    gold_answers = [a for a in qa_answers if normalize_answer(a)]
    if not gold_answers:
        # For unanswerable questions, only correct answer is empty string
        gold_answers = [""]
    # Take max over all gold answers
    exact_score = max(compute_exact(a, a_pred) for a in gold_answers)
    f1_score = max(compute_f1(a, a_pred) for a in gold_answers)
    return exact_score, f1_score


PHRASES = st.lists(
    st.sampled_from([*"the a an cat Cat cats, U.S. 1,789 £5 ‘owl’ İ ß".split(), *" -.'\n\u00a0"])
).flatmap(lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words)))


@given(PHRASES | st.text(), st.lists(PHRASES | st.text(), max_size=4))
@example("a-n apple", ["apple", "an apple"])
def test_scores_are_those_of_the_official_scorer(said: str, answers: list[str]) -> None:
    assert normalize(said) == normalize_answer(said)
    assert scores(said, answers) == pytest.approx(get_raw_scores(answers, said))
