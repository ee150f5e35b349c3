"""`training.model`: encoders that will not do, weights that do not fit, and what is scored."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from index.errors import ModelError
from training.model import (
    ReaderModel,
    load_model,
    new_model,
    open_tokenizer,
    place_of_encoder,
    save_model,
)


@pytest.fixture
def copied(encoder: Path, tmp_path: Path) -> Path:
    """An encoder to spoil."""
    return Path(shutil.copytree(encoder, tmp_path / "encoder"))


def test_the_default_encoder_and_a_folder_are_found(encoder: Path) -> None:
    assert (place_of_encoder("all-MiniLM-L6-v2") / "tokenizer.json").exists()
    assert place_of_encoder(str(encoder)) == encoder


def test_an_encoder_that_is_not_there() -> None:
    with pytest.raises(ModelError, match="there is no encoder 'some/hub-name' on this machine"):
        place_of_encoder("some/hub-name")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"model_type": "roberta"}, "is a roberta of 256 tokens; name a bert of 256 or more"),
        ({"max_position_embeddings": 128}, "is a bert of 128 tokens; name a bert of 256 or more"),
        ({"max_position_embeddings": "many"}, "describes no encoder; name another"),
    ],
)
def test_an_encoder_of_another_kind(copied: Path, facts: dict[str, str], message: str) -> None:
    path = copied / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | facts), "utf-8")
    with pytest.raises(ModelError, match=message):
        place_of_encoder(str(copied))


def test_an_encoder_that_is_damaged(copied: Path) -> None:
    (copied / "tokenizer.json").unlink()
    (copied / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"cannot read .*tokenizer.json"):
        open_tokenizer(copied)
    with pytest.raises(ModelError, match="cannot load the encoder in"):
        new_model(copied)
    (copied / "config.json").unlink()
    with pytest.raises(ModelError, match="describes no encoder"):
        place_of_encoder(str(copied))


def test_weights_come_back_as_they_were(
    encoder: Path, model: ReaderModel, trained: Path, tmp_path: Path
) -> None:
    save_model(model, tmp_path / "weights.safetensors")
    assert [each.name for each in tmp_path.iterdir()] == ["weights.safetensors"]
    for path in (tmp_path / "weights.safetensors", trained / "checkpoint.safetensors"):
        again = load_model(encoder, path)
        for name, each in model.state_dict().items():
            assert torch.equal(again.state_dict()[name], each)


def test_weights_that_do_not_fit(encoder: Path, tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    with pytest.raises(ModelError, match=r"there is no .*; make it with training.train"):
        load_model(encoder, path)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError, match=r"is damaged \(.*\); delete it and train again"):
        load_model(encoder, path)
    save_file({"span.bias": torch.zeros(3)}, path)
    with pytest.raises(ModelError, match="was made from another encoder"):
        load_model(encoder, path)


def test_only_tokens_of_the_passage_are_scored(model: ReaderModel) -> None:
    ids = torch.full((2, 12), 40)
    mask, types = torch.ones_like(ids), torch.zeros_like(ids)
    types[:, 5:], mask[1, 9:] = 1, 0
    with torch.inference_mode():
        start, end, answerable = model(ids, mask, types)
    for scores in (start, end):
        assert torch.equal(scores > -1e4, (types * mask).bool())
    assert answerable.shape == (2,)
