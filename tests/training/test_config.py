"""`training.config`: what is wrong with one is said in a line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import BadSetting
from tests.conftest import ROOT
from training.config import read_config


def test_the_shipped_config_can_be_read() -> None:
    config = read_config(ROOT / "training" / "config.toml")
    assert config.start.encoder == "all-MiniLM-L6-v2"
    assert config.sets
    assert all(share.questions > 0 for share in config.sets.values())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("steps = 60\n", "", "train.steps: Field required"),
        ("warmup = 5", "warmup = 5\nwarmth = 1", "train.warmth: Extra inputs are not permitted"),
        ("seed = 3", 'seed = "three"', "seed: Input should be a valid integer"),
        ("decay = 0.3", "decay = 0", "train.decay: Input should be greater than 0"),
        ("near_misses = 1.0", "near_misses = 2", "sets.mills.near_misses: Input should be less"),
        ("shortest = 10", "shortest = 50", "prepare: Value error, shortest is above longest"),
        ("[train]", "[train", "not TOML"),
    ],
)
def test_what_is_wrong_is_named(
    configured: Callable[..., Path], old: str, new: str, message: str
) -> None:
    path = configured(old, new)
    with pytest.raises(BadSetting) as raised:
        read_config(path)
    assert message in str(raised.value)
    assert str(raised.value).startswith(str(path))
    assert "\n" not in str(raised.value)


def test_a_file_that_is_missing_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="No such file"):
        read_config(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadSetting, match="not TOML"):
        read_config(tmp_path / "bytes.toml")
