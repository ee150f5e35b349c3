"""`training.calibrate`: from questions to a whole archive to what scores are worth."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from index.errors import BadQuestionSet
from index.types import Document, Passage, Span
from qa.calibration import FILE, Calibration
from qa.types import Candidate, ScoredSpan
from tests.qa.tiny_reader import bert_tokenizer, build_reader
from tests.training.workshop import OWNERS, TOWNS
from training.calibrate import CONFIDENCE, RANK, Asked, ask, calibrate, fit, report
from training.config import read_config


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It points at owners and at numbers, whatever is asked."""
    words = [each.lower() for each in OWNERS] + [str(1901 + at) for at in range(len(TOWNS))]
    known = bert_tokenizer().get_vocab()
    scores = {each: 5.0 for each in words if each in known}
    return build_reader(tmp_path_factory.mktemp("readers") / "mills", scores, scores)


def asked(seed: int, unanswerable: float) -> list[Asked]:
    """Questions whose right span has the higher span score, where there is one."""
    draw = np.random.default_rng(seed)
    made = []
    for number in range(120):
        text = "The red mill burned. The blue mill stands."
        document = Document(f"{number}.txt", text, "", id=number + 1)
        passage = Passage(0, len(text), text, (Span(0, 20), Span(21, 42)))
        candidate = Candidate(passage, document, 0.03, 0.5, 9.0)
        gone = draw.random() < unanswerable
        spans = []
        for at, span in enumerate((Span(4, 7), Span(25, 29))):
            right = at == 0 and not gone
            evidence = dict.fromkeys([*RANK, "near", "type"], 0.5) | {
                "span": float(draw.normal(4.0 if right else 0.0)),
                "passage": float(draw.normal(3.0 if not gone else -3.0)),
            }
            spans.append(ScoredSpan(candidate, span, 0.0, tuple(evidence.items())))
        made.append(
            Asked("one two".split()[number % 2], "Which mill?", tuple(spans), (not gone, False))
        )
    return made


def test_the_regressions_find_what_counts() -> None:
    calibration = fit(asked(1, 0.33))
    assert set(calibration.rank.weights) == set(RANK)
    assert set(calibration.confidence.weights) == set(CONFIDENCE)
    assert calibration.rank.weights["span"] > 0.5
    assert abs(calibration.rank.weights["dense"]) < 0.01
    said = report(calibration, asked(2, 0.33))
    figures = dict(zip(said.split()[::2], said.split()[1::2], strict=False))
    assert figures["n"] == "120"
    assert float(said.split("auroc ")[1].split()[0]) > 0.95
    assert float(said.split("ece ")[1].split()[0]) < 0.1


def test_some_are_asked_in_vain(reader: Path, data: Path, config: Path) -> None:
    how = read_config(config).calibrate
    found = list(ask(data / "mills.json.gz", reader, how, random.Random(1)))
    assert found
    assert {each.set for each in found} == {"mills"}
    vain = [each for each in found if not any(each.right)]
    assert 0 < len(vain) < len(found)
    for each in found:
        for span, right in zip(each.spans, each.right, strict=True):
            said = span.span.cut(span.candidate.document.text)
            assert said
            assert not right or said in " ".join(OWNERS) or said.isdecimal() or said.istitle()


def invoke(data: Path, config: Path, reader: Path) -> Result:
    return CliRunner().invoke(
        calibrate, [str(data), "--config", str(config), "--to", str(reader)], catch_exceptions=False
    )


def test_a_set_without_answers_teaches_nothing(reader: Path, data: Path, config: Path) -> None:
    with pytest.raises(BadQuestionSet, match="name other sets"):
        invoke(data, config, reader)
    assert not (reader / FILE).exists()


def test_the_file_is_written_and_read(
    reader: Path, data: Path, configured: Callable[[str, str], Path], tmp_path: Path
) -> None:
    for name in ("mills", "asides"):
        shutil.copy(data / "mills.json.gz", tmp_path / f"{name}.json.gz")
    result = invoke(tmp_path, configured("", ""), reader)
    assert result.exit_code == 0, result.output
    assert "mills: n " in result.output
    assert "all: n " in result.output
    loaded = Calibration.load(reader)
    assert set(loaded.rank.weights) == set(RANK)
    (reader / FILE).unlink()
