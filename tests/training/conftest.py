"""What the tests of the training folder share: made, prepared and trained once."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from tokenizers import Tokenizer

from tests.training.workshop import CONFIG, asides, build_encoder, mills, write_set
from training.model import ReaderModel, load_model, open_tokenizer
from training.prepare import prepare
from training.train import train

os.environ["HF_HUB_OFFLINE"] = "1"  # no test asks a network for a model


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Sums come out the same in every process, and tests in turns do not wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a BERT with random weights: two layers, 32 wide."""
    return build_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="session")
def tokenizer(encoder: Path) -> Tokenizer:
    return open_tokenizer(encoder)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the two sets that the config names."""
    folder = tmp_path_factory.mktemp("data")
    write_set(folder / "mills.json.gz", mills())
    write_set(folder / "asides.json.gz", asides())
    return folder


@pytest.fixture
def configured(encoder: Path, tmp_path: Path) -> Callable[[str, str], Path]:
    """Return the path of a config in which one text is another's."""

    def make(old: str = "", new: str = "") -> Path:
        path = tmp_path / "config.toml"
        text = CONFIG.replace("ENCODER", str(encoder))
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text, "utf-8")
        return path

    return make


@pytest.fixture(scope="session")
def config(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text(CONFIG.replace("ENCODER", str(encoder)), "utf-8")
    return path


@pytest.fixture(scope="session")
def prepared(data: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with examples; not to change."""
    work = tmp_path_factory.mktemp("prepared")
    result = CliRunner().invoke(
        prepare, [str(data), "--config", str(config), "--to", str(work)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return work


@pytest.fixture(scope="session")
def trained(
    prepared: Path, config: Path, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder in which a run went through without a stop; not to change."""
    work = tmp_path_factory.mktemp("trained")
    (work / "examples.jsonl.gz").write_bytes((prepared / "examples.jsonl.gz").read_bytes())
    result = CliRunner().invoke(
        train,
        ["--config", str(config), "--in", str(work), "--dev", str(data / "asides.json.gz")],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    return work


@pytest.fixture(scope="session")
def model(encoder: Path, trained: Path) -> ReaderModel:
    """The trained model, on which nothing is trained any more."""
    made: ReaderModel = load_model(encoder, trained / "reader.safetensors").eval()
    return made
