"""`training.export`: the graph says what the model says, and what is written can be trusted."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
import torch
from click.testing import CliRunner, Result
from tokenizers import Tokenizer

import training.export
from index.errors import ModelError
from index.export import quantize
from qa.scorers import CheckpointScorer, OnnxScorer
from qa.windows import windows
from tests.index.workshop import flip
from tests.training.workshop import text_of
from training.dev import TorchScorer
from training.export import export, write_graph, write_reader
from training.model import ReaderModel

Arrays = dict[str, npt.NDArray[np.int64]]


def invoke(config: Path, work: Path, folder: Path, *options: object) -> Result:
    return CliRunner().invoke(
        export,
        ["--config", str(config), "--in", str(work), "--to", str(folder), *map(str, options)],
    )


@pytest.fixture(scope="module")
def graph(model: ReaderModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph before it is made int8."""
    path = tmp_path_factory.mktemp("graph") / "full.onnx"
    write_graph(model, path)
    return path


@pytest.fixture(scope="module")
def exported(
    config: Path, trained: Path, data: Path, graph: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Result]:
    """A folder with a reader and the same weights for others, and what was said of them."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "reader").mkdir()
    (folder / "reader" / "README.md").write_text("The model card.", "utf-8")
    options = ("--hugging-face", folder / "hf", "--dev", data / "mills.json.gz")
    with pytest.MonkeyPatch.context() as patch:
        # The graph takes seconds, and is there already.
        patch.setattr(training.export, "write_graph", lambda _, path: shutil.copy(graph, path))
        result = invoke(config, trained, folder / "reader", *options, "--questions", 20)
    assert result.exit_code == 0, result.output
    return folder, result


@pytest.fixture
def reader(exported: tuple[Path, Result], tmp_path: Path) -> Path:
    """A reader to spoil."""
    return Path(shutil.copytree(exported[0] / "reader", tmp_path / "reader"))


@pytest.fixture(scope="module")
def session(graph: Path) -> Any:
    return onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])


def rows(shape: tuple[int, int], padding: int = 0) -> Arrays:
    """Tokens of chance, a question and a passage; the last of each row are padding."""
    draw = np.random.default_rng(shape)
    ids = draw.integers(4, 90, shape)
    mask, types = np.ones_like(ids), np.zeros_like(ids)
    types[:, 4:] = 1
    wide = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    return {name: np.pad(each, ((0, 0), (0, padding))) for name, each in wide.items()}


@pytest.mark.parametrize("shape", [(1, 8), (2, 9), (5, 200), (3, 256)])
def test_the_graph_says_what_the_model_says(
    session: Any, model: ReaderModel, shape: tuple[int, int]
) -> None:
    arrays = rows(shape)
    arrays["attention_mask"][0, -2:] = 0
    with torch.inference_mode():
        wanted = model(**{name: torch.from_numpy(each) for name, each in arrays.items()})
    got = session.run(["start", "end", "answerable"], arrays)
    assert got[0].shape == got[1].shape == shape
    assert got[2].shape == shape[:1]
    for one, other in zip(got, wanted, strict=True):
        np.testing.assert_allclose(one, other.numpy(), atol=1e-3)


def test_padding_changes_nothing(session: Any) -> None:
    plain = session.run(None, rows((3, 40)))
    padded = session.run(None, rows((3, 40), padding=60))
    for one, other in zip(plain[:2], padded[:2], strict=True):
        np.testing.assert_allclose(one, other[:, :40], atol=1e-3)
        assert (other[:, 40:] == -1e4).all()
    np.testing.assert_allclose(plain[2], padded[2], atol=1e-3)


def test_int8_is_near(
    exported: tuple[Path, Result], model: ReaderModel, tokenizer: Tokenizer
) -> None:
    made = windows(tokenizer, "Who burned?", [("", text_of(at)) for at in range(12)])
    given = OnnxScorer(exported[0] / "reader").score(made)
    wanted = TorchScorer(model, tokenizer).score(made)
    for one, other in zip(given, wanted, strict=True):
        assert one.answerable == pytest.approx(other.answerable, abs=0.3)
        inside = other.start > -1e4
        np.testing.assert_allclose(one.start[inside], other.start[inside], atol=0.5)


def test_more_of_it_can_be_int8(graph: Path, tmp_path: Path) -> None:
    sizes = []
    for stays in (lambda inputs, outputs: inputs > outputs, lambda _, outputs: outputs <= 2):
        quantize(graph, tmp_path / "model.onnx", stays)
        sizes.append((tmp_path / "model.onnx").stat().st_size)
    assert sizes[0] > sizes[1] + 2 * 64 * 32 * 2  # two layers, three of four bytes saved, or so


def test_what_was_said(exported: tuple[Path, Result]) -> None:
    folder, result = exported
    lines = result.output.splitlines()
    assert lines[0].startswith("model.onnx 0.")
    assert f"{folder / 'hf'}: the weights as floats" in lines
    at = lines.index("mills, 20 questions")
    assert lines[at + 1].startswith("  float em ")
    assert lines[at + 2].startswith("  int8  em ")
    assert lines[at + 3].startswith("  int8 loses ")


def test_what_else_the_folder_holds_stays(exported: tuple[Path, Result]) -> None:
    folder = exported[0]
    assert sorted(each.name for each in folder.iterdir()) == ["hf", "reader"]
    assert sorted(each.name for each in (folder / "reader").iterdir()) == [
        "README.md",
        "model.onnx",
        "reader.json",
        "tokenizer.json",
    ]


def test_no_folder_of_this_machine_is_written_down(exported: tuple[Path, Result]) -> None:
    for path in exported[0].rglob("*.*"):
        content = path.read_bytes()
        assert b"site-packages" not in content
        assert b"training/model.py" not in content
        assert b"/tmp/" not in content


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_damage_is_found(reader: Path, name: str) -> None:
    flip(reader / name, (reader / name).stat().st_size // 2)
    with pytest.raises(ModelError, match=rf"{name} has SHA-256 .*; reinstall the reader"):
        OnnxScorer(reader)


def test_another_format_is_not_read(reader: Path) -> None:
    path = reader / "reader.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"format": 0}), "utf-8")
    with pytest.raises(ModelError, match="has format 0, this version reads 1; export it again"):
        OnnxScorer(reader)


def test_others_can_read_the_weights(
    exported: tuple[Path, Result], model: ReaderModel, tokenizer: Tokenizer
) -> None:
    folder = exported[0] / "hf"
    made = windows(tokenizer, "Who burned?", [("", text_of(at)) for at in range(3)])
    given = CheckpointScorer(str(folder)).score(made)
    wanted = TorchScorer(model, tokenizer).score(made)
    for window, one, other in zip(made, given, wanted, strict=True):
        inside = np.asarray([place is not None for place in window.places])
        np.testing.assert_allclose(one.start[inside], other.start[inside], atol=1e-3)
        np.testing.assert_allclose(one.end[inside], other.end[inside], atol=1e-3)
    assert 'truncation": null' in (folder / "tokenizer.json").read_text("utf-8")


def test_a_reader_too_large_is_not_written(
    model: ReaderModel, encoder: Path, reader: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {each.name: each.read_bytes() for each in reader.iterdir()}
    monkeypatch.setattr(training.export, "MOST_BYTES", 1000)
    monkeypatch.setattr(training.export, "write_graph", lambda _, path: path.write_bytes(b""))
    monkeypatch.setattr(training.export, "quantize", lambda _, path: path.write_bytes(b"x" * 2000))
    with pytest.raises(ModelError, match=r"more than 0; try --all-int8, or a smaller encoder"):
        write_reader(model, encoder / "tokenizer.json", reader)
    assert {each.name: each.read_bytes() for each in reader.iterdir()} == before
    assert list(reader.parent.iterdir()) == [reader]


@pytest.mark.parametrize(
    ("options", "missing"),
    [((), "reader.safetensors"), (("--checkpoint",), "checkpoint.safetensors")],
)
def test_weights_that_are_missing(
    config: Path, tmp_path: Path, options: tuple[str, ...], missing: str
) -> None:
    result = invoke(config, tmp_path, tmp_path / "reader", *options)
    assert isinstance(result.exception, ModelError)
    assert str(result.exception) == f"there is no {tmp_path}/{missing}; make it with training.train"
    assert not (tmp_path / "reader").exists()


def test_an_unknown_key_in_the_config(
    configured: Callable[..., Path], trained: Path, tmp_path: Path
) -> None:
    result = invoke(configured("[train]", "[train]\nspeed = 2"), trained, tmp_path / "reader")
    assert "train.speed" in str(result.exception)
