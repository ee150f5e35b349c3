"""`index.loaders.zip` and `index.loaders.tar`: the files in an archive file are its documents."""

import io
import os
import stat
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders.entries import Names
from index.loaders.jsonl import JsonLinesContainer
from index.loaders.protocol import Container, Entry, Options
from index.loaders.tar import TarContainer
from index.loaders.zip import ZipContainer

FILES = Path(__file__).parent / "files"
ZIP = ZipContainer([JsonLinesContainer()])
TAR = TarContainer([JsonLinesContainer()])
NESTED = "an archive inside an archive; unpack it first"
TOO_LARGE = "more than 20 MB, the limit; split it, or raise the limit with --max-file-mb"


def entries(container: Container, file: bytes | Path, largest: int = 20_000_000) -> list[Entry]:
    content = file.read_bytes() if isinstance(file, Path) else file
    return list(container.entries(io.BytesIO(content), "a", Options(largest=largest)))


def problems(found: list[Entry]) -> dict[str, str | None]:
    return {each.name: each.problem for each in found}


def zipped(*files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names may come again
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return made.getvalue()


def tarred(*files: tuple[str, bytes], mode: str = "w", form: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


KINDS: list[tuple[Container, Callable[..., bytes]]] = [(ZIP, zipped), (TAR, tarred)]
both = pytest.mark.parametrize(("container", "pack"), KINDS, ids=["zip", "tar"])


# Files that other programs made


@pytest.mark.parametrize(
    ("name", "container"),
    [
        ("archives-infozip.zip", ZIP),
        ("archives-gnu.tar", TAR),
        ("archives-gnu.tar.gz", TAR),
        ("archives-gnu.tar.bz2", TAR),
        ("archives-gnu.tar.xz", TAR),
    ],
)
def test_real_archives(name: str, container: Container) -> None:
    found = {each.name: each for each in entries(container, FILES / name)}
    link = "a link, not a file" if name.endswith("zip") else "a link or a device, not a file"
    assert found.pop("papers/news/link.txt").problem == link
    again = found.pop("papers/news/bridge.txt (2)", None)  # added twice with tar -r
    assert (again is not None) == name.endswith(".tar")
    assert sorted(found) == [
        "papers/export.jsonl/a-101",
        "papers/export.jsonl/a-102",
        "papers/export.jsonl/a-103",
        "papers/news/bridge.txt",
        "papers/news/fähre – ferry.txt",
    ]
    bridge = found["papers/news/bridge.txt"]
    assert bridge.content.startswith(b"Harbour bridge to close")
    assert (bridge.read_as, bridge.problem, bridge.document) == (".txt", None, None)
    library = found["papers/export.jsonl/a-101"].document
    assert library is not None
    assert library.title == "Library opens on Sundays"
    if again is not None:
        assert again.content == bridge.content
        assert again.read_as == ".txt"


def test_an_encrypted_zip() -> None:
    (only,) = entries(ZIP, FILES / "archives-encrypted.zip")
    assert only.problem == "encrypted; unpack it first, with its password"
    assert only.name == "papers/news/bridge.txt"


# What is in them

names = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\"), min_size=1, max_size=9)
paths = st.lists(names, min_size=1, max_size=3).map("/".join)


@both
@given(files=st.lists(st.tuples(paths, st.binary(max_size=50)), max_size=5))
def test_every_file_comes_once_in_order(
    container: Container, pack: Callable[..., bytes], files: list[tuple[str, bytes]]
) -> None:
    found = entries(container, pack(*files)) if files or container is ZIP else []
    shown = []
    for name, content in files:
        parts = [each for each in name.split("/") if each != "."]  # "a/." is "a"
        hidden = any(each.startswith(".") or each == "__MACOSX" for each in parts)
        if parts and not hidden and not parts[-1].lower().endswith((".zip", ".tar", ".jsonl")):
            shown.append(content)
    assert [each.content for each in found if each.problem is None] == shown
    assert len({each.name for each in found}) == len(found)


@both
def test_names_that_come_again_get_a_number(
    container: Container, pack: Callable[..., bytes]
) -> None:
    same = [("a.txt", b"1"), ("a.txt (2)", b"2"), ("a.txt", b"3"), ("./a.txt", b"4")]
    found = entries(container, pack(*same))
    assert [each.name for each in found] == ["a.txt", "a.txt (2)", "a.txt (2) (2)", "a.txt (3)"]
    assert [each.content for each in found] == [b"1", b"2", b"3", b"4"]


@given(st.lists(st.text("a (2)", max_size=6), max_size=30))
def test_no_name_is_given_twice(asked: list[str]) -> None:
    taken = Names()
    given = [taken.once(name) for name in asked]
    assert len(set(given)) == len(given)
    assert all(name.startswith(each) for name, each in zip(given, asked, strict=True))


@both
def test_what_is_passed_over(container: Container, pack: Callable[..., bytes]) -> None:
    found = entries(
        container,
        pack(
            ("folder/", b""),
            (".hidden/a.txt", b"a"),
            ("folder/.b.txt", b"b"),
            ("__MACOSX/folder/c.txt", b"c"),
            ("d.txt", b"d"),
        ),
    )
    assert [each.name for each in found if each.name != "folder"] == ["d.txt"]


@both
@pytest.mark.parametrize(
    ("name", "shown", "problem"),
    [
        ("../a.txt", "../a.txt", "its name leads out of the archive; rename it"),
        ("x/../../a.txt", "x/../../a.txt", "its name leads out of the archive; rename it"),
        ("/etc/passwd", "etc/passwd", None),
        ("//host/share.txt", "host/share.txt", None),
        ("C:\\Windows\\a.txt", None, None),
        ("a\nb.txt", "a\ufffdb.txt", None),
        ("a\x1b[31mb.txt", "a\ufffd[31mb.txt", None),
        ("a\u202etxt.exe", "a\ufffdtxt.exe", None),
        ("x" * 2000 + ".txt", "x" * 1000, "its name has more than 1000 characters; rename it"),
        ("inner.zip", "inner.zip", NESTED),
        ("inner.TAR.GZ", "inner.TAR.GZ", NESTED),
    ],
)
def test_names(
    container: Container,
    pack: Callable[..., bytes],
    name: str,
    shown: str | None,
    problem: str | None,
) -> None:
    (only,) = entries(container, pack((name, b"content")))
    assert only.name == (name if shown is None else shown)
    assert only.problem == problem
    assert only.content == (b"" if problem else b"content")


def test_names_that_are_no_utf_8() -> None:
    packed = tarred(("a\udcff.txt", b"a"), form=tarfile.GNU_FORMAT)
    assert [each.name for each in entries(TAR, packed)] == ["a\ufffd.txt"]


def test_links_and_devices() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for kind in [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, b"6"]:
            info = tarfile.TarInfo(f"kind{kind.decode()}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    found = entries(TAR, made.getvalue())
    assert len(found) == 5
    assert {each.problem for each in found} == {"a link or a device, not a file"}


def test_a_link_in_a_zip() -> None:
    info = zipfile.ZipInfo("a.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert problems(entries(ZIP, made.getvalue())) == {"a.txt": "a link, not a file"}


@both
def test_records_within(container: Container, pack: Callable[..., bytes]) -> None:
    lines = b'{"id": 1, "text": "One."}\nno json\n{"id": 3, "text": "Three."}\n'
    found = entries(container, pack(("a.txt", b"A."), ("d/b.jsonl", lines), ("c.txt", b"C.")))
    assert [each.name for each in found] == [
        "a.txt", "d/b.jsonl/1", "d/b.jsonl/2", "d/b.jsonl/3", "c.txt",
    ]  # fmt: skip
    assert [each.problem is None for each in found] == [True, True, False, True, True]
    assert [each.record for each in found] == [None] * 5


@both
def test_records_within_that_are_none(container: Container, pack: Callable[..., bytes]) -> None:
    found = entries(container, pack(("b.jsonl", b"\0\0\n"), ("c.txt", b"C.")))
    assert problems(found) == {
        "b.jsonl": "no JSON Lines: not one of its first lines is an object",
        "c.txt": None,
    }


# How much is in them


@both
@pytest.mark.parametrize("size", [99, 100, 101, 5000])
def test_a_member_has_a_size(container: Container, pack: Callable[..., bytes], size: int) -> None:
    found = entries(container, pack(("a.txt", b"a" * size), ("b.txt", b"b")), largest=100)
    assert [len(each.content) for each in found] == [size if size <= 100 else 0, 1]
    assert [each.problem is None for each in found] == [size <= 100, True]


def test_a_header_that_lies_about_the_size() -> None:
    packed = zipped(("a.txt", b"\0" * 30_000_000), ("b.txt", b"b"))
    directory = packed.index(b"PK\x01\x02")
    small = (10).to_bytes(4, "little")
    packed = packed[: directory + 24] + small + packed[directory + 28 :]
    assert packed != zipped(("a.txt", b"\0" * 30_000_000), ("b.txt", b"b"))
    found = entries(ZIP, packed)
    # Python reads no more than the header says, and finds the checksum wrong.
    assert [each.problem is None for each in found] == [False, True]


def test_a_zip_that_unpacks_to_too_much() -> None:
    packed = zipped(*((f"{n}.txt", bytes(19_000_000)) for n in range(6)), how=zipfile.ZIP_BZIP2)
    with pytest.raises(LoadError, match="unpacks to more than 200 times its size"):
        entries(ZIP, packed)


def test_a_zip_whose_members_overlap() -> None:
    packed = zipped(("0.txt", bytes(15_000_000)))
    start = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    count = (50).to_bytes(2, "little")
    directory = packed[start:end] * 50
    size = len(directory).to_bytes(4, "little")
    bomb = (
        packed[:start] + directory + packed[end : end + 8] + count * 2 + size + packed[end + 16 :]
    )
    with pytest.raises(LoadError, match="unpacks to more than 200 times its size"):
        entries(ZIP, bomb)


@pytest.mark.parametrize("name", ["zeros.bin", "zeros.jsonl"])
def test_a_tar_that_unpacks_to_too_much(name: str) -> None:
    packed = tarred((name, bytes(150_000_000)), ("b.txt", b"b"), mode="w:bz2")
    with pytest.raises(LoadError, match="unpacks to more than 200 times its size"):
        entries(TAR, packed)


def test_much_text_that_packs_well_is_no_bomb() -> None:
    files = [(f"{n}.txt", f"The council met {n} times.\n".encode() * 700_000) for n in range(6)]
    packed = tarred(*files, mode="w:gz")
    assert sum(len(content) for _, content in files) > 100_000_000 > 200 * len(packed)
    assert [len(each.content) for each in entries(TAR, packed)] == [len(each) for _, each in files]


def test_records_larger_than_a_document_may_be() -> None:
    text = "x" * 50_000
    lines = "".join(f'{{"id": {n}, "text": "{n} {text}"}}\n' for n in range(200)).encode()
    found = entries(ZIP, zipped(("a.jsonl", lines)), largest=100_000)
    assert len(lines) > 100 * 100_000 / 20
    assert [each.name for each in found] == [f"a.jsonl/{n}" for n in range(200)]
    assert {each.problem for each in found} == {None}


# Damage


@both
def test_nothing_of_the_kind(container: Container, pack: Callable[..., bytes]) -> None:
    for content in [
        b"",
        b"x",
        b"Some text.\n" * 200,
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"BZh9",
        bytes(9),
    ]:
        with pytest.raises(
            LoadError, match=r"^not a (zip|tar) file, or a damaged one; make it again$"
        ):
            entries(container, content)


def _flipped(content: bytes, at: int, by: int = 0xFF) -> bytes:
    return content[:at] + bytes([content[at] ^ by]) + content[at + 1 :]


def test_a_damaged_member_spares_the_others() -> None:
    packed = zipped(("a.txt", os.urandom(500)), ("b.txt", b"b"))
    found = entries(ZIP, _flipped(packed, 200))
    assert [each.problem is None for each in found] == [False, True]
    assert str(found[0].problem).startswith("damaged, or packed in an unknown way: ")


def test_a_damaged_header_is_not_taken_for_the_end_of_a_tar() -> None:
    packed = tarred(("a.txt", b"a"), ("b.txt", b"b"), ("c.txt", b"c"))
    found = []
    with pytest.raises(LoadError, match="damaged"):
        for each in TAR.entries(io.BytesIO(_flipped(packed, 1024)), "a", Options()):
            found.append(each.name)  # noqa: PERF401
    assert found == ["a.txt"]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_cut_short(mode: str) -> None:
    packed = tarred(*((f"{n}.txt", os.urandom(3000)) for n in range(5)), mode=mode)
    with pytest.raises(LoadError, match="damaged"):
        entries(TAR, packed[: len(packed) // 2])


@both
@given(data=st.data())
def test_whatever_is_changed_nothing_else_is_raised(
    container: Container, pack: Callable[..., bytes], data: st.DataObject
) -> None:
    packed = bytearray(pack(("a.txt", b"Some text. " * 50), ("d/b.jsonl", b'{"text": "One."}\n')))
    changes = st.tuples(st.integers(0, len(packed) - 1), st.integers(0, 255))
    for at, value in data.draw(st.lists(changes, min_size=1, max_size=8)):
        packed[at] = value
    packed = packed[: data.draw(st.integers(0, len(packed)))]
    try:
        found = entries(container, bytes(packed))
    except LoadError as error:
        assert "\n" not in str(error)
    else:
        assert all(each.name.isprintable() for each in found)
        assert len({each.name for each in found}) == len(found)
