"""The commands that make, list and remove keys."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.keys import PREFIX, Keyring
from api.keys_command import keys
from index.errors import BadKey, NoArchive
from index.layout import Layout
from tests.index.workshop import create
from tests.qa.workshop import QA


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    create(tmp_path / ".qa").close()
    return tmp_path / ".qa"


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(keys, arguments)


def test_a_key_is_printed_once_alone(home: Path) -> None:
    made = _run("add", "newsroom", "--can", "add")
    secret = made.stdout.removesuffix("\n")
    assert secret.startswith(PREFIX)
    assert "Authorization: Bearer" in made.stderr
    found = Keyring(Layout(home)).find(secret)
    assert found is not None
    assert found.can == "add"
    assert secret not in _run("list").output + _run("list", "--json").output


def test_a_key_may_ask_unless_more_is_said(home: Path) -> None:
    _run("add", "newsroom")
    (key,) = Keyring(Layout(home)).held()
    assert key.can == "ask"


def test_keys_are_listed(home: Path) -> None:
    assert _run("list").output == ""
    assert json.loads(_run("list", "--json").output) == []
    _run("add", "the desk", "--can", "admin")
    _run("add", "newsroom")
    first, second = _run("list").output.splitlines()
    assert first.split(maxsplit=2)[::2] == ["admin", "the desk"]
    assert second.split(maxsplit=2)[::2] == ["ask", "newsroom"]
    told = json.loads(_run("list", "--json").output)
    assert [(each["name"], each["can"]) for each in told] == [
        ("the desk", "admin"),
        ("newsroom", "ask"),
    ]
    assert set(told[0]) == {"name", "can", "made"}


def test_a_key_is_removed(home: Path) -> None:
    _run("add", "newsroom")
    assert _run("remove", "newsroom").output == "removed newsroom\n"
    assert Keyring(Layout(home)).held() == []


def test_mistakes(home: Path, tmp_path: Path) -> None:
    _run("add", "newsroom")
    assert isinstance(_run("add", "newsroom").exception, BadKey)
    assert isinstance(_run("remove", "desk").exception, BadKey)
    assert isinstance(_run("add", "x", "--home", str(tmp_path / "no")).exception, NoArchive)
    assert _run("add", "x", "--can", "everything").exit_code == 2


def test_the_program_has_them(home: Path) -> None:
    command = [str(QA), "keys", "add", "newsroom", "--home", str(home)]
    made, again = (
        subprocess.run(command, capture_output=True, text=True, check=False) for _ in range(2)
    )
    assert made.returncode == 0, made.stderr
    assert again.returncode == 2
    assert again.stderr.count("\n") == 1
    assert "qa: there is a key 'newsroom' already" in again.stderr


@pytest.mark.parametrize("command", ["add", "list", "remove"])
def test_each_has_an_example(command: str) -> None:
    assert f"qa keys {command}" in _run(command, "--help").output
