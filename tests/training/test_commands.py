"""`training.commands`: how a command ends."""

import sys

import click
import pytest

from index.errors import BadSetting, ModelError
from training.commands import run


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (ModelError("no encoder"), 1, "make: no encoder\n"),
        (BadSetting("no such key"), 2, "make: no such key\n"),
        (click.BadParameter("not that"), 2, "Error: Invalid value: not that\n"),
        (KeyboardInterrupt(), 130, "make: stopped\n"),
        (
            OSError(28, "No space left on device", "x.bin"),
            1,
            "make: No space left on device: x.bin\n",
        ),
    ],
)
def test_errors_are_one_line_and_a_status(
    raised: BaseException,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    @click.command()
    def make() -> None:
        raise raised

    monkeypatch.setattr(sys, "argv", ["make"])
    with pytest.raises(SystemExit) as ended:
        run(make)
    assert ended.value.code == status
    assert capsys.readouterr().err.endswith(said)
