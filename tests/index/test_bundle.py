"""An archive as one file, and back: everything, or nothing and the reason."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index import tables
from index.archive import Archive
from index.bundle import CHUNK, pack, unpack
from index.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveUnwritable,
    CuttingsError,
    Misuse,
    NewerArchive,
    NotAnArchive,
    OlderArchive,
)
from index.layout import Layout
from index.lock import write_lock
from index.manifest import FORMATS, MANIFEST, STORE, opened
from index.store import Store
from tests.index.workshop import (
    add,
    check_dense,
    found_by,
    problems,
    python,
    reopen,
    write,
)

TEXTS = {
    "a.txt": "Otters\n\nThere were 1,789 otters in the river.\n",
    "b/b.txt": "Mill\n\nThe mill was sold in May.\n",
    "c.txt": "Vote\n\nThe vote was lost.\n",
}


@pytest.fixture
def filled(archive: Archive, papers: Path) -> Archive:
    """An archive with documents that were changed, removed and left alone."""
    write(papers, TEXTS)
    list(archive.sync(papers))
    write(papers, {"a.txt": TEXTS["a.txt"].replace("1,789", "1,839")})
    (papers / "c.txt").unlink()
    list(archive.sync(papers))
    return archive


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "out" / "papers.cuttings"


@pytest.fixture
def export(filled: Archive, file: Path) -> Path:
    file.parent.mkdir()
    pack(filled.store, file)
    return file


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "new"


def contents(store: Path) -> dict[str, list[Any]]:
    """Everything in a store: its tables, how they are made, and the numbers given so far."""
    with closing(sqlite3.connect(store)) as connection:
        names = [*tables.metadata.tables, "sqlite_sequence", "sqlite_master"]
        columns = {"sqlite_master": "type, name, tbl_name, sql"}
        return {
            name: sorted(
                connection.execute(f"SELECT {columns.get(name, '*')} FROM {name}"), key=repr
            )
            for name in names
        }


def left_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_an_import_of_an_export_equals_the_original(
    filled: Archive, home: Path, export: Path, new: Path
) -> None:
    unpack(export, new)
    assert contents(Layout(new).store) == contents(Layout(home).store)
    assert problems(new) == []
    imported = reopen(new)
    assert imported.mended == []
    assert imported.store.identity == filled.store.identity
    assert imported.store.change == filled.store.change
    assert found_by(imported, "otters") == found_by(filled, "otters") == {"a.txt"}
    filled.rebuild_views()  # word statistics remember what was removed, until they are made again
    assert imported.search("the mill", 9) == filled.search("the mill", 9)
    check_dense(imported)
    imported.close()


def test_it_goes_on_from_there(export: Path, new: Path) -> None:
    unpack(export, new)
    write(new.parent, {"b/b.txt": "Mill\n\nThe mill was bought.\n", "d.txt": "A new one.\n"})
    imported = reopen(new)
    outcomes = {each.path.name: each.result for each in add(imported, new.parent)}
    assert outcomes == {"b.txt": "replaced", "d.txt": "added"}
    assert imported.find("d.txt")[0].id == 4  # 3 has vanished, and is not given again
    imported.close()
    assert problems(new) == []


def test_the_manifest_says_what_is_in_it(filled: Archive, export: Path, new: Path) -> None:
    documents, passages = filled.store.count()
    with opened(export) as (bundle, manifest):
        assert sorted(bundle.namelist()) == [MANIFEST, STORE]
    assert (manifest.documents, manifest.passages, manifest.versions) == (documents, passages, 2)
    assert (manifest.change, manifest.embedder) == (filled.store.change, "fake")
    assert unpack(export, new) == manifest


def test_an_empty_archive_can_be_exported(archive: Archive, tmp_path: Path, new: Path) -> None:
    pack(archive.store, tmp_path / "x")
    unpack(tmp_path / "x", new)
    assert problems(new) == []


def test_what_was_removed_is_not_in_it(filled: Archive, home: Path, tmp_path: Path) -> None:
    secret = "The secret otter is called Bartholomew. " * 300
    write(home.parent, {"secret.txt": secret})
    add(filled, home.parent)
    filled.remove("secret.txt")
    pack(filled.store, tmp_path / "x")
    with zipfile.ZipFile(tmp_path / "x") as bundle:
        assert b"Bartholomew" not in bundle.read(STORE)


def test_progress_is_told_by_the_chunk(filled: Archive, export: Path, new: Path) -> None:
    packed, unpacked = [], []
    pack(filled.store, export, force=True, advance=lambda: packed.append(1))
    manifest = unpack(export, new, advance=lambda: unpacked.append(1))
    assert len(packed) == len(unpacked) == -(-manifest.bytes // CHUNK)


def test_a_read_only_archive_can_be_exported(
    filled: Archive, home: Path, tmp_path: Path, new: Path
) -> None:
    filled.close()
    for each in [*home.rglob("*"), home]:
        each.chmod(0o555 if each.is_dir() else 0o444)
    code = """
import sys
from pathlib import Path
from index.bundle import pack
from tests.index.workshop import drop_rights, reopen
drop_rights()
pack(reopen(Path(sys.argv[1])).store, Path(sys.argv[2]))
"""
    done = python(code, home, tmp_path / "x")
    home.chmod(0o755)
    assert done.stderr == ""
    unpack(tmp_path / "x", new)
    assert contents(Layout(new).store) == contents(Layout(home).store)


def test_others_may_write_meanwhile(filled: Archive, home: Path, file: Path, new: Path) -> None:
    """An export holds the state at its beginning, or another one that was committed."""
    file.parent.mkdir()
    begun, stop = threading.Event(), threading.Event()

    def keep_writing() -> None:
        with closing(reopen(home)) as other:
            at = 0
            while not stop.is_set():
                at += 1
                write(home.parent, {"one.txt": f"One of {at}.\n", "two.txt": f"Two of {at}.\n"})
                add(other, home.parent)
                begun.set()

    writing = threading.Thread(target=keep_writing)
    writing.start()
    try:
        assert begun.wait(60)
        changes = [pack(filled.store, file, force=True).change for _ in range(5)]
    finally:
        stop.set()
        writing.join()
    assert changes == sorted(changes)
    unpack(file, new)
    assert problems(new) == []
    imported = reopen(new)
    pair = [imported.find(f"{name}.txt")[0].text for name in ("one", "two")]
    assert pair[0].removeprefix("One") == pair[1].removeprefix("Two")
    imported.close()


# Where an export cannot be written


def test_a_file_that_is_there_stays(filled: Archive, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("mine")
    with pytest.raises(Misuse, match="--force"):
        pack(filled.store, file)
    assert file.read_text() == "mine"
    pack(filled.store, file, force=True)
    assert zipfile.is_zipfile(file)
    assert left_in(file.parent) == [file.name]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (".", Misuse),
        ("b", Misuse),
        ("\udcff", Misuse),
        ("no/where", ArchiveUnwritable),
        ("a.txt/x", ArchiveUnwritable),
        ("x" * 250, ArchiveUnwritable),
    ],
)
def test_other_places_are_refused(
    filled: Archive, papers: Path, name: str, error: type[CuttingsError]
) -> None:
    before = left_in(papers)
    with pytest.raises(error) as caught:
        pack(filled.store, papers / name, force=True)
    assert "\n" not in str(caught.value)
    assert left_in(papers) == before


FULL = """
import resource, sys
from pathlib import Path
from index.bundle import pack, unpack
from index.errors import CuttingsError
from tests.index.workshop import reopen
what, home, file, limit = sys.argv[1], *map(Path, sys.argv[2:4]), int(sys.argv[4])
if what == "pack":
    work = lambda store=reopen(home).store: pack(store, file)
else:
    work = lambda: unpack(file, home)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, -1))
try:
    work()
except CuttingsError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("limit", [0, 5_000, 50_000])
def test_a_full_disk_leaves_nothing_of_an_export(
    filled: Archive, home: Path, file: Path, limit: int
) -> None:
    file.parent.mkdir()
    done = python(FULL, "pack", home, file, limit)
    assert done.stderr == ""
    assert done.stdout.startswith("ArchiveUnwritable cannot write ")
    assert done.stdout.count("\n") == 1
    assert left_in(file.parent) == []
    assert problems(home) == []


@pytest.mark.parametrize("limit", [0, 5_000, 50_000])
def test_a_full_disk_leaves_nothing_of_an_import(
    export: Path, home: Path, new: Path, limit: int
) -> None:
    done = python(FULL, "unpack", new, export, limit)
    assert done.stderr == ""
    assert done.stdout.startswith("ArchiveUnwritable cannot write ")
    assert not Layout(new).store.exists()
    unpack(export, new)
    assert contents(Layout(new).store) == contents(Layout(home).store)


def test_a_damaged_store_is_not_exported(filled: Archive, home: Path, tmp_path: Path) -> None:
    filled.close()
    store = Layout(home).store
    content = bytearray(store.read_bytes())
    content[4096:] = b"x" * (len(content) - 4096)
    store.write_bytes(content)
    with closing(Store.__new__(Store)) as broken:
        broken.path = store
        broken._engine = tables.open_engine(store)
        with pytest.raises(ArchiveDamaged, match="cannot read"):
            pack(broken, tmp_path / "x")
    assert not (tmp_path / "x").exists()


# Killed, interrupted, at the same time

SLOW = """
import sys, time
from pathlib import Path
from index.bundle import pack, unpack
from tests.index.workshop import reopen
def wait():
    print("under way", flush=True)
    time.sleep(60)
what, home, file = sys.argv[1], *map(Path, sys.argv[2:])
if what == "pack":
    pack(reopen(home).store, file, advance=wait)
else:
    unpack(file, home, advance=wait)
"""


def slow(*arguments: object) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "under way\n"
    return process


def test_a_killed_export_is_cleared_away_by_the_next(
    filled: Archive, home: Path, file: Path, new: Path
) -> None:
    file.parent.mkdir()
    with slow("pack", home, file) as process:
        with pytest.raises(ArchiveBusy, match=r"another process is writing .*\.making"):
            pack(filled.store, file)
        process.kill()
    left = left_in(file.parent)
    assert left
    assert all(each.endswith(".making") for each in left)
    pack(filled.store, file)
    assert left_in(file.parent) == [file.name]
    unpack(file, new)


def test_an_interrupted_export_leaves_nothing(filled: Archive, home: Path, file: Path) -> None:
    file.parent.mkdir()

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(filled.store, file, advance=interrupt)
    assert left_in(file.parent) == []


def test_a_killed_import_is_in_nobodys_way(export: Path, home: Path, new: Path) -> None:
    with slow("unpack", new, export) as process:
        with pytest.raises(ArchiveBusy):
            unpack(export, new)
        process.send_signal(signal.SIGKILL)
    assert not Layout(new).store.exists()
    unpack(export, new)
    assert contents(Layout(new).store) == contents(Layout(home).store)
    assert not [each for each in left_in(new) if "making" in each]


# Where an import cannot be put


def test_an_archive_is_not_imported_over_another(export: Path, home: Path) -> None:
    before = contents(Layout(home).store)
    with pytest.raises(Misuse, match="holds an archive already"):
        unpack(export, home)
    assert contents(Layout(home).store) == before


def test_nor_over_other_things(export: Path, papers: Path) -> None:
    before = left_in(papers)
    with pytest.raises(NotAnArchive, match="holds other things"):
        unpack(export, papers)
    with pytest.raises(ArchiveUnwritable, match=r"a\.txt"):
        unpack(export, papers / "a.txt" / "b")
    assert left_in(papers) == before


def test_nor_where_somebody_makes_one(export: Path, new: Path) -> None:
    new.mkdir(parents=True)
    with write_lock(Layout(new)), pytest.raises(ArchiveBusy):
        unpack(export, new)


# What is no export, or not a whole one


def remade(export: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Pack an export's members again after a change."""
    with zipfile.ZipFile(export) as bundle:
        members = {name: bundle.read(name) for name in bundle.namelist()}
    change(members)
    with zipfile.ZipFile(export, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)


def restate(**facts: Any) -> Callable[[dict[str, bytes]], None]:
    """Return a change of the manifest."""

    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps({**json.loads(members[MANIFEST]), **facts}).encode()

    return change


def altered(members: dict[str, bytes]) -> None:
    members[STORE] = members[STORE].replace(b"1,839 otters", b"1,789 otters")


def test_a_changed_digit_is_seen_before_anything_is_put_in_place(export: Path, new: Path) -> None:
    remade(export, altered)
    with pytest.raises(ArchiveDamaged, match="damaged"):
        unpack(export, new)
    assert not Layout(new).store.exists()
    assert not [each for each in left_in(new) if not each.startswith("write.")]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (restate(sha256="0" * 64), ArchiveDamaged),
        (restate(bytes=1), ArchiveDamaged),
        (restate(bytes=10**9), ArchiveDamaged),
        (restate(change=99), ArchiveDamaged),
        (restate(archive="another"), ArchiveDamaged),
        (restate(documents=99), ArchiveDamaged),
        (restate(documents="2"), NotAnArchive),
        (restate(bytes=-1), NotAnArchive),
        (restate(formats=[FORMATS[0] + 1, 0], documents="?"), NewerArchive),
        (restate(formats=[FORMATS[0], FORMATS[1] + 1]), NewerArchive),
        (restate(formats=[FORMATS[0], FORMATS[1] - 1]), OlderArchive),
        (restate(formats=None), NotAnArchive),
        (restate(formats=["x", {}]), NotAnArchive),
        (lambda members: members.update({STORE: b""}), ArchiveDamaged),
        (lambda members: members.update({MANIFEST: b"[" * 60_000}), NotAnArchive),
        (lambda members: members.update({MANIFEST: b"{" + b" " * 10**7 + b"}"}), NotAnArchive),
        (lambda members: members.update({MANIFEST: b"\xff"}), NotAnArchive),
        (lambda members: members.pop(MANIFEST), NotAnArchive),
        (lambda members: members.pop(STORE), NotAnArchive),
    ],
)
def test_what_contradicts_itself_is_refused(
    export: Path, new: Path, change: Callable[[dict[str, bytes]], None], error: type[CuttingsError]
) -> None:
    remade(export, change)
    with pytest.raises(error) as caught:
        unpack(export, new)
    assert str(caught.value).startswith(str(export))
    assert "\n" not in str(caught.value)
    assert not Layout(new).store.exists()


def test_other_members_are_not_looked_at(export: Path, new: Path, tmp_path: Path) -> None:
    evil = {"../evil": b"x", "/evil": b"x", "write.lock/x": b"x", "words/x": bytes(10**7)}
    remade(export, lambda members: members.update(evil))
    unpack(export, new)
    assert not list(tmp_path.rglob("evil"))
    assert problems(new) == []


def test_it_takes_no_more_than_the_disk_has(export: Path, new: Path) -> None:
    size = 10**18
    with zipfile.ZipFile(export) as bundle:
        manifest, store = bundle.read(MANIFEST), bundle.read(STORE)
    facts = {**json.loads(manifest), "bytes": size}
    with zipfile.ZipFile(export, "w") as bundle:
        bundle.writestr(MANIFEST, json.dumps(facts))
        bundle.writestr(STORE, store)
        bundle.getinfo(STORE).file_size = size
    with pytest.raises(ArchiveUnwritable, match="make room"):
        unpack(export, new)
    assert not new.exists()


def test_one_that_was_cut_short_is_refused(export: Path, new: Path) -> None:
    content = export.read_bytes()
    for length in (0, 10, len(content) // 2, len(content) - 1):
        export.write_bytes(content[:length])
        with pytest.raises(NotAnArchive, match="cut short"):
            unpack(export, new)
    assert not new.exists()


def test_one_with_any_bit_flipped_is_refused_or_the_same(
    export: Path, home: Path, tmp_path: Path
) -> None:
    content = export.read_bytes()
    before = contents(Layout(home).store)
    for at in range(0, len(content), len(content) // 60):
        export.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
        target = tmp_path / f"{at}"
        try:
            unpack(export, target)
        except (NotAnArchive, ArchiveDamaged):
            assert not Layout(target).store.exists()
        else:
            assert contents(Layout(target).store) == before


@pytest.mark.parametrize("kind", ["missing", "folder", "text", "zip"])
def test_other_files_are_refused(tmp_path: Path, new: Path, kind: str) -> None:
    path = tmp_path / "file"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("The otter.")
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as bundle:
            bundle.writestr("a.txt", "The otter.")
    with pytest.raises(NotAnArchive, match=f"{path}"):
        unpack(path, new)
    assert not new.exists()
