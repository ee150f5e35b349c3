"""`training.train`: it learns, it says so, and a run that was stopped ends like one that was not."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result
from safetensors.torch import load_file, save_file

from index.errors import BadQuestionSet, ModelError
from tests.conftest import ROOT
from tests.training.workshop import read_log
from training.train import train


def invoke(config: Path, work: Path, *options: str) -> Result:
    return CliRunner().invoke(train, ["--config", str(config), "--in", str(work), *options])


@contextlib.contextmanager
def started(config: Path, work: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """Train in a process of its own, which does not outlive the test."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-W", "error", "-m", "training.train"),
            *("--config", str(config), "--in", str(work)),
        ],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def follow(log: Path, step: int) -> None:
    """Read what comes through the pipe that `log` is, up to a step.

    Whoever writes the next line then waits for a reader, so that it can be stopped right there.
    """
    reached, patience = 0, time.monotonic() + 150
    while reached < step:
        said, pipe = b"", os.open(log, os.O_RDONLY | os.O_NONBLOCK)
        while not said.endswith(b"\n"):
            assert time.monotonic() < patience, "the run wrote nothing; see what it said"
            time.sleep(0.005)
            with contextlib.suppress(BlockingIOError):
                said += os.read(pipe, 1000)
        os.close(pipe)
        reached = json.loads(said.splitlines()[-1])["step"]


@pytest.fixture
def work(prepared: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    shutil.copy(prepared / "examples.jsonl.gz", folder)
    return folder


def test_it_learns(trained: Path) -> None:
    steps = [each for each in read_log(trained) if "span_loss" in each]
    assert [each["step"] for each in steps] == [10, 20, 30, 40, 50, 60]
    assert steps[-1]["span_loss"] < 0.7 * steps[0]["span_loss"]
    assert all(each["tokens_per_second"] > 0 for each in steps)


def test_it_looks_at_dev_sets(trained: Path) -> None:
    looks = [each for each in read_log(trained) if "dev" in each]
    assert [each["step"] for each in looks] == [40, 60]
    for each in looks:
        assert each["dev"] == "asides"
        assert {"em", "f1", "forced_f1", "auroc"} < set(each)


def test_what_is_left_is_what_was_said(trained: Path) -> None:
    assert sorted(each.name for each in trained.iterdir()) == [
        "checkpoint.safetensors",
        "examples.jsonl.gz",
        "log.jsonl",
        "reader.safetensors",
    ]


def test_frozen_layers_stay(
    trained: Path, work: Path, configured: Callable[..., Path], encoder: Path
) -> None:
    """And so do the embeddings, always."""
    assert invoke(configured("freeze_after = 50", "freeze_after = 0"), work).exit_code == 0
    before = load_file(encoder / "model.safetensors")
    for folder, same in ((trained, False), (work, True)):
        after = load_file(folder / "reader.safetensors")

        def stayed(name: str, after: dict[str, torch.Tensor] = after) -> bool:
            return torch.equal(after[f"encoder.{name}"], before[name])

        assert stayed("embeddings.word_embeddings.weight")
        assert stayed("encoder.layer.0.attention.self.query.weight") == same
        assert not stayed("encoder.layer.1.attention.self.query.weight")


def test_a_second_run_goes_on_from_the_weights_of_the_first(
    trained: Path, work: Path, configured: Callable[..., Path]
) -> None:
    short = configured("steps = 60", "steps = 10")
    assert invoke(short, work, "--from", str(trained / "reader.safetensors")).exit_code == 0
    (first, *_), (second, *_) = read_log(trained), read_log(work)
    assert (first["step"], second["step"]) == (10, 10)
    assert second["span_loss"] < 0.7 * first["span_loss"]


def test_a_run_that_was_stopped_and_killed_ends_like_another(
    trained: Path, work: Path, config: Path
) -> None:
    log = work / "log.jsonl"
    os.mkfifo(log)

    def press_ctrl_c() -> None:
        follow(log, 20)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    presser = threading.Thread(target=press_ctrl_c)
    presser.start()
    result = invoke(config, work)
    presser.join()
    saved = int(load_file(work / "checkpoint.safetensors")["step"])
    assert 16 <= saved <= 24
    assert result.exit_code == 130
    assert result.stderr == f"train: stopped; the same command goes on from step {saved}\n"

    with started(config, work) as process:
        follow(log, 40)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    log.unlink()

    assert not (work / "reader.safetensors").exists()
    saved = int(load_file(work / "checkpoint.safetensors")["step"])
    assert 32 <= saved <= 48
    result = invoke(config, work)
    assert result.exit_code == 0
    assert f"from step {saved}" in result.output
    resumed, whole = (load_file(each / "reader.safetensors") for each in (work, trained))
    assert set(resumed) == set(whole)
    for name, each in whole.items():
        torch.testing.assert_close(resumed[name], each, atol=1e-6, rtol=0)


def test_a_run_that_has_ended_stays_as_it_is(trained: Path, work: Path, config: Path) -> None:
    shutil.copytree(trained, work, dirs_exist_ok=True)
    (work / "reader.safetensors").unlink()
    assert invoke(config, work).exit_code == 0
    again, before = (load_file(each / "reader.safetensors") for each in (work, trained))
    for name, each in before.items():
        assert torch.equal(again[name], each)


def test_no_examples(config: Path, tmp_path: Path) -> None:
    result = invoke(config, tmp_path)
    assert isinstance(result.exception, BadQuestionSet)
    assert str(result.exception) == (
        f"there is no {tmp_path}/examples.jsonl.gz; make it with training.prepare"
    )


def test_a_checkpoint_that_is_none(config: Path, work: Path) -> None:
    path = work / "checkpoint.safetensors"
    path.write_bytes(b"damaged")
    assert isinstance(invoke(config, work).exception, ModelError)
    save_file({"weights": torch.zeros(3)}, path)
    result = invoke(config, work)
    assert isinstance(result.exception, ModelError)
    assert "is no checkpoint of a run" in str(result.exception)


def test_an_encoder_that_is_missing(configured: Callable[..., Path], work: Path) -> None:
    config = configured('encoder = "', 'encoder = "/nowhere')
    result = invoke(config, work)
    assert isinstance(result.exception, ModelError)
    assert "/nowhere" in str(result.exception)
