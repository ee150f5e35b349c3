"""Keys to the service."""

import json
import stat
from pathlib import Path

import pytest

from api.keys import PREFIX, RIGHTS, Key, Keyring, Right
from index import bundle
from index.errors import BadKey, KeysDamaged, NoArchive
from index.layout import Layout
from tests.index.workshop import create, python, reopen


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    create(tmp_path / ".qa").close()
    return Layout(tmp_path / ".qa")


@pytest.fixture
def ring(layout: Layout) -> Keyring:
    return Keyring(layout)


def test_a_key_is_found_by_its_secret_and_by_nothing_else(ring: Keyring) -> None:
    secret = ring.add("newsroom", "ask")
    other = ring.add("archive", "admin")
    found = ring.find(secret)
    assert found is not None
    assert (found.name, found.can) == ("newsroom", "ask")
    assert [each.name for each in ring.held()] == ["newsroom", "archive"]
    for wrong in ("", secret[:-1], secret + "x", secret.upper(), PREFIX, found.hash, "é\ud7ff"):
        assert ring.find(wrong) is None
    assert secret != other


def test_a_key_is_256_random_bits_with_a_prefix(ring: Keyring) -> None:
    secrets = [ring.add(str(number), "ask") for number in range(20)]
    assert len(set(secrets)) == 20
    for each in secrets:
        assert each.startswith(PREFIX)
        assert len(each.removeprefix(PREFIX)) == 43  # six bits a character
        assert each.isascii()


def test_no_file_holds_a_secret(ring: Keyring, layout: Layout) -> None:
    secret = ring.add("newsroom", "ask")
    files = [each for each in layout.home.rglob("*") if each.is_file()]
    assert layout.keys in files
    for each in files:
        content = each.read_bytes()
        assert secret.encode() not in content
        assert secret.removeprefix(PREFIX).encode() not in content


def test_only_its_owner_reads_the_file(ring: Keyring, layout: Layout) -> None:
    ring.add("newsroom", "ask")
    assert stat.S_IMODE(layout.keys.stat().st_mode) == 0o600
    ring.remove("newsroom")
    assert stat.S_IMODE(layout.keys.stat().st_mode) == 0o600


def test_an_export_holds_no_key(ring: Keyring, layout: Layout, tmp_path: Path) -> None:
    ring.add("a name like no other", "admin")
    (key,) = ring.held()
    archive = reopen(layout.home)
    bundle.pack(archive.store, tmp_path / "export")
    archive.close()
    bundle.unpack(tmp_path / "export", tmp_path / "other")
    assert Keyring(Layout(tmp_path / "other")).held() == []
    for each in (tmp_path / "other").rglob("*"):
        if each.is_file():
            assert key.name.encode() not in each.read_bytes()
            assert key.hash.encode() not in each.read_bytes()


def test_each_right_includes_those_before_it() -> None:
    table: dict[Right, set[Right]] = {
        "ask": {"ask"},
        "add": {"ask", "add"},
        "admin": {"ask", "add", "admin"},
    }
    assert set(table) == set(RIGHTS)
    for can, rights in table.items():
        key = Key.model_validate(
            {"name": "x", "can": can, "hash": "", "made": "2026-01-01T00:00:00Z"}
        )
        assert {each for each in RIGHTS if key.may(each)} == rights


def test_what_another_process_changes_is_seen_at_once(ring: Keyring, layout: Layout) -> None:
    other = Keyring(layout)
    assert ring.held() == []
    for number in range(5):
        secret = other.add("newsroom", "ask")
        assert ring.find(secret) is not None, number
        other.remove("newsroom")
        assert ring.find(secret) is None, number


def test_processes_that_add_at_once_lose_none(ring: Keyring, layout: Layout) -> None:
    code = """
import subprocess, sys
from pathlib import Path
from api.keys import Keyring
from index.layout import Layout
if len(sys.argv) == 2:
    both = [subprocess.Popen([*sys.orig_argv, who]) for who in "ab"]
    assert [each.wait() for each in both] == [0, 0]
else:
    for number in range(25):
        Keyring(Layout(Path(sys.argv[1]))).add(f"{sys.argv[2]}{number}", "ask")
"""
    done = python(code, layout.home)
    assert done.returncode == 0, done.stderr
    names = [each.name for each in ring.held()]
    assert sorted(names) == sorted(f"{who}{number}" for who in "ab" for number in range(25))


@pytest.mark.parametrize("name", ["", " ", " x", "x ", "a\nb", "a\x1b[2J", "x" * 61, "a\ud800"])
def test_a_name_is_a_name(ring: Keyring, name: str) -> None:
    with pytest.raises(BadKey, match="is no name"):
        ring.add(name, "ask")


def test_a_name_is_taken_once(ring: Keyring) -> None:
    ring.add("newsroom", "ask")
    with pytest.raises(BadKey, match=r"already.*qa keys remove"):
        ring.add("newsroom", "admin")
    (key,) = ring.held()
    assert key.can == "ask"


def test_only_a_key_that_is_there_can_be_removed(ring: Keyring) -> None:
    secret = ring.add("newsroom", "ask")
    with pytest.raises(BadKey, match="no key 'desk'; qa keys list"):
        ring.remove("desk")
    assert ring.remove("newsroom").name == "newsroom"
    assert ring.find(secret) is None


def test_there_must_be_an_archive(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="qa index add"):
        Keyring(Layout(tmp_path)).add("newsroom", "ask")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"keys": [{"name": "x"}]}', '{"key": []}'])
def test_a_damaged_file_lets_nobody_in(layout: Layout, ring: Keyring, content: str) -> None:
    secret = ring.add("newsroom", "ask")
    assert ring.find(secret) is not None
    layout.keys.write_text(content)
    for act in (ring.held, lambda: ring.find(secret), lambda: ring.add("desk", "ask")):
        with pytest.raises(KeysDamaged, match=r"keys\.json cannot be read"):
            act()
    assert layout.keys.read_text() == content


def test_a_folder_that_cannot_be_written(layout: Layout) -> None:
    code = """
import sys
from pathlib import Path
from api.keys import Keyring
from index.errors import ArchiveUnwritable
from index.layout import Layout
from tests.index.workshop import drop_rights
home = Path(sys.argv[1])
home.chmod(0o500)
drop_rights()
try:
    Keyring(Layout(home)).add("newsroom", "ask")
except ArchiveUnwritable as error:
    print(error)
"""
    done = python(code, layout.home)
    layout.home.chmod(0o700)
    assert "cannot write" in done.stdout, done.stderr
    assert "keys.json" in done.stdout


def test_the_file_is_plain_json(ring: Keyring, layout: Layout) -> None:
    ring.add("newsroom", "add")
    (key,) = json.loads(layout.keys.read_bytes())["keys"]
    assert set(key) == {"name", "can", "hash", "made"}
    assert len(key["hash"]) == 64
