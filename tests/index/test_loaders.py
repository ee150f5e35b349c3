"""Files in: what is read, what is refused, and in which words."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import LARGEST_FILE
from index.errors import LoadError
from index.loaders import content_hash, load, loader_for, read, walk
from tests.index.workshop import drop_rights, python

LETTER = (
    "The café’s owner paid £1,200 – “far too much”, she said – for a licence. Nobody asked why."
)


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def loaded(content: bytes, name: str = "a.txt") -> str:
    return load(Path(name), content, name).text


def refusal(content: bytes, name: str = "a.txt") -> str:
    with pytest.raises(LoadError) as caught:
        load(Path(name), content, name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_utf8_is_decoded_and_nothing_else(text: str) -> None:
    if text.strip():
        assert loaded(text.encode()) == text


def test_line_ends_and_byte_order_mark_are_kept() -> None:
    content = "\ufeffOne\r\ntwo\rthree\u2028four".encode()
    document = load(Path("a.txt"), content, "a.txt")
    assert document.text.encode() == content
    assert document.encoding == "utf-8"
    assert document.content_hash == content_hash(content)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_other_encodings_of_english(encoding: str) -> None:
    content = (LETTER * 5).encode(encoding)
    document = load(Path("a.txt"), content, "a.txt")
    assert document.text == LETTER * 5
    assert document.encoding is not None
    assert content.decode(document.encoding) == document.text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        (
            "shift_jis",
            "市長は火曜日、図書館の閉鎖計画を発表した。住民からは反対の声が上がっている。" * 4,
        ),
        (
            "cp1251",
            "Мэр объявил во вторник о закрытии библиотеки. Жители города выступили против. " * 4,
        ),
    ],
)
def test_other_scripts(encoding: str, text: str) -> None:
    assert loaded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "content",
    [b"\x7fELF\x02\x01\x00\x00\x00\x01", b"%PNG\0\0\0", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"],
)
def test_binary_files_are_refused(content: bytes) -> None:
    assert "binary" in refusal(content)


def test_undecodable_bytes_are_refused() -> None:
    message = refusal(bytes(range(1, 256)) * 40)
    assert "binary" in message or "UTF-8" in message


def test_blank_text_is_refused() -> None:
    assert "no text" in refusal("\ufeff \u2003\n".replace("\ufeff", "").encode())


def test_an_unknown_suffix_names_the_known_ones() -> None:
    with pytest.raises(LoadError, match=r"no loader for \.xyz files; there are some for .*\.txt"):
        loader_for(Path("a.xyz"))
    assert loader_for(Path("A.TXT")) is loader_for(Path("README"))


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    def why(path: Path) -> str:
        with pytest.raises(LoadError) as caught:
            read(path, LARGEST_FILE)
        return str(caught.value)

    assert why(tmp_path / "missing.txt") == "no such file or folder"
    assert why(put(tmp_path / "empty.txt", b"")) == "empty"
    assert why(put(tmp_path / "blank.txt", b" \n\t")) == "empty"
    assert why(tmp_path) == "not a regular file"
    os.mkfifo(tmp_path / "pipe.txt")
    assert why(tmp_path / "pipe.txt") == "not a regular file"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.txt"))
        assert why(tmp_path / "s.txt") == "not a regular file"


def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = put(tmp_path / "secret.txt", b"secret")
    path.chmod(0)
    code = (
        "import sys; from pathlib import Path; from index.loaders import read\n"
        "from tests.index.workshop import drop_rights; drop_rights()\n"
        "try: read(Path(sys.argv[1]), 100)\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    assert drop_rights is not None
    assert python(code, path).stdout == "LoadError cannot be read: Permission denied\n"


def test_a_large_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)  # takes no room, and must not be read
    with pytest.raises(LoadError, match=r"50\.0 MB, and the limit is 20 MB; .*--max-file-mb"):
        read(path, LARGEST_FILE)


def test_a_folder_is_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt", ".hidden.txt", ".git/d.txt", "archive/store"):
        put(tmp_path / name, b"x")
    found = list(walk([tmp_path], leave_out=tmp_path / "archive"))
    assert [str(each.path.relative_to(tmp_path)) for each in found] == [
        "a.txt", "b.txt", "sub/c.txt",
    ]  # fmt: skip
    assert all(each.problem is None for each in found)


def test_a_path_named_twice_is_met_once(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", b"x")
    assert len(list(walk([path, tmp_path, path], tmp_path / ".qa"))) == 1


def test_links_are_kept_inside_their_folder(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "o.txt", b"x")
    folder = tmp_path / "folder"
    inside = put(folder / "i.txt", b"x")
    (folder / "out.txt").symlink_to(outside)
    (folder / "in.txt").symlink_to(inside)
    (folder / "nothing.txt").symlink_to(folder / "nowhere")
    (folder / "up").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    found = {each.path.name: each.problem for each in walk([folder], tmp_path / ".qa")}
    assert found["i.txt"] is None
    assert "in.txt" not in found
    for name in ("out.txt", "up"):
        assert "out of the folder" in str(found[name])
    for name in ("nothing.txt", "loop"):
        assert "to nothing" in str(found[name])


def test_a_link_that_was_named_is_followed(tmp_path: Path) -> None:
    target = put(tmp_path / "t.txt", b"x")
    (tmp_path / "link.txt").symlink_to(target)
    assert [each.path for each in walk([tmp_path / "link.txt"], tmp_path / ".qa")] == [target]


def test_a_missing_path_is_found_missing(tmp_path: Path) -> None:
    (found,) = walk([tmp_path / "no"], tmp_path / ".qa")
    assert found.problem == "no such file or folder"


def test_odd_names(tmp_path: Path) -> None:
    put(tmp_path / "line\nbreak.txt", b"x")
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")), b"x")
    assert len(list(walk([tmp_path], tmp_path / ".qa"))) == 2
