"""`training.dev`: figures of any scorer, by hand and of a model."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from qa.scorers import TokenScores
from qa.windows import Window
from tests.training.workshop import text_of, write_set
from training.dev import TorchScorer, figures, read_dev
from training.model import ReaderModel


class Pointing:
    """A scorer that is sure of one word, wherever it stands, and says how sure."""

    name = "pointing"

    def __init__(self, tokenizer: Tokenizer, word: str, answerable: float) -> None:
        self.tokenizer = tokenizer
        self.word = tokenizer.token_to_id(word)
        self.answerable = answerable

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        scores = []
        for window in windows:
            points = np.where(np.asarray(window.ids) == self.word, 9.0, 0.0).astype(np.float32)
            scores.append(TokenScores(points, points, self.answerable))
        return scores


def write(path: Path, answers: Sequence[str]) -> Path:
    """Write a set with a question for each answer, an empty one for none."""
    text = text_of(0)
    qas = [
        {
            "id": str(number),
            "question": "Who?",
            "answers": [{"text": each, "answer_start": text.index(each)}] if each else [],
        }
        for number, each in enumerate(answers)
    ]
    paragraphs = [{"context": text, "qas": qas}]
    write_set(path, [{"title": "one", "paragraphs": paragraphs}])
    return path


def test_figures_are_those_of_squad(tokenizer: Tokenizer, tmp_path: Path) -> None:
    dev = read_dev(write(tmp_path / "a.json.gz", ["Nobody", "Mr Ames", "1901", ""]), tokenizer, 9)
    assert dev.name == "a"
    sure, unsure = (Pointing(tokenizer, "nobody", odds) for odds in (1.0, -1.0))
    assert figures(sure, dev) == {"em": 25.0, "f1": 25.0, "forced_f1": 33.3, "auroc": 0.5}
    assert figures(unsure, dev) == {"em": 25.0, "f1": 25.0, "forced_f1": 33.3, "auroc": 0.5}
    owner = Pointing(tokenizer, "ames", 1.0)
    assert figures(owner, dev) == {"em": 0.0, "f1": 16.7, "forced_f1": 22.2, "auroc": 0.5}


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        (["Nobody"], {"em": 100.0, "f1": 100.0, "forced_f1": 100.0}),
        ([""], {"em": 0.0, "f1": 0.0}),
    ],
)
def test_what_cannot_be_said_is_left_out(
    tokenizer: Tokenizer, tmp_path: Path, answers: list[str], wanted: dict[str, float]
) -> None:
    dev = read_dev(write(tmp_path / "a.json.gz", answers), tokenizer, 9)
    assert figures(Pointing(tokenizer, "nobody", 1.0), dev) == wanted


def test_the_same_questions_are_drawn_each_time(data: Path, tokenizer: Tokenizer) -> None:
    path = data / "mills.json.gz"
    one, two = (read_dev(path, tokenizer, 7) for _ in range(2))
    assert one == two
    assert len(one.answers) == 7
    assert len(read_dev(path, tokenizer, 1000).answers) == 36


def test_a_model_reads_what_it_was_trained_on(
    data: Path, tokenizer: Tokenizer, model: ReaderModel
) -> None:
    found = figures(TorchScorer(model, tokenizer), read_dev(data / "mills.json.gz", tokenizer, 36))
    assert found["forced_f1"] > 30


def test_a_window_is_scored_alike_in_any_company(
    data: Path, tokenizer: Tokenizer, model: ReaderModel
) -> None:
    scorer = TorchScorer(model, tokenizer)
    windows = [
        each
        for name in ("mills", "asides")
        for held in read_dev(data / f"{name}.json.gz", tokenizer, 9).windows
        for each in held
    ]
    for window, together in zip(windows, scorer.score(windows), strict=True):
        (alone,) = scorer.score([window])
        assert together.start.shape == together.end.shape == (len(window.ids),)
        np.testing.assert_allclose(alone.start, together.start, atol=1e-4)
        np.testing.assert_allclose(alone.end, together.end, atol=1e-4)
        assert alone.answerable == pytest.approx(together.answerable, abs=1e-4)
