"""Small archives to ask, and the `qa` command to ask them with."""

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from qa.answer import Answerer
from qa.opening import open_answerer, open_for_adding
from qa.settings import Settings
from tests import forked
from tests.qa.workshop import QA, Files, MakeAnswerer, RunQA, add, write


@pytest.fixture
def make_answerer(tmp_path: Path) -> Iterator[MakeAnswerer]:
    """With the fake embedder, the reader that needs no model, and without a threshold, unless the
    test says otherwise."""
    with ExitStack() as opened:

        def make(files: Files, **settings: Any) -> Answerer:
            given = Settings(
                **{
                    "home": tmp_path / ".qa",
                    "embedder": "fake",
                    "reader": "sentences",
                    "min_confidence": 0,
                    **settings,
                }
            )
            write(tmp_path / "files", files)
            archive = open_for_adding(given)
            add(archive, tmp_path / "files")
            archive.close()
            answerer = open_answerer(given)
            opened.callback(answerer.archive.close)
            return answerer

        yield make


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment without anything that changes what `qa` does, but for the quickest reader."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("QA_") and name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}
    }
    return {
        **kept,
        "QA_READER": "sentences",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "PYTHONUTF8": "1",
    }


@pytest.fixture
def run_qa(tmp_path: Path, environment: dict[str, str]) -> RunQA:
    """Runs `qa` in this test's folder."""

    def run(
        *arguments: str | bytes | Path, env: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        given = {} if env is None else env
        usual = options.keys() <= {"cwd", "input", "timeout"}
        if usual and not any(name.startswith("PYTHON") for name in given):
            where = options.get("cwd", tmp_path)
            asked = options.get("input", "")
            limit = options.get("timeout", 120)
            return forked.run(arguments, {**environment, **given}, where, asked, limit)
        return subprocess.run(
            [QA, *arguments],
            env={**environment, **given},
            encoding="utf-8",
            check=False,
            **{"cwd": tmp_path, "capture_output": True, "timeout": 120, **options},
        )

    return run


_libc = ctypes.CDLL(None)
_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2


@pytest.fixture
def without_privileges() -> Callable[[], None]:
    """For `preexec_fn`: then even root meets the permissions of files."""

    def drop() -> None:
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)

    return drop
