"""`index.loaders`: which files are read, as what text, and what is said of the others."""

import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import reading
from index.archive import Archive
from index.errors import LoadError
from index.loaders.protocol import LARGEST_DOCUMENT, Options
from index.loaders.text import decode
from index.types import Document
from index.walk import Found, walk
from tests.index.workshop import python, write

PARAGRAPHS = {
    "cp1252": "Der Bürgermeister sagte am Dienstag, die Brücke über den Fluß müsse schließen. „Wir "
    "können nicht länger warten“, erklärte er – und die Gemeinderäte stimmten für die Sanierung, die "
    "vier Millionen € kosten wird.",
    "latin-1": "Le maire a déclaré mardi que le pont serait fermé pendant un an. Les élus ont voté à "
    "la majorité pour la rénovation, malgré les protestations des commerçants du quartier.",
    "utf-16": "The mayor said on Tuesday that the bridge would close. “Herring don’t wait,” he said.",
    "utf-16-le": "\ufeffΟ δήμαρχος είπε ότι η γέφυρα θα κλείσει.",
    "utf-32": "The mayor said on Tuesday that the bridge would close.",
    "shift_jis": "市長は火曜日、老朽化した橋を来年から一年間閉鎖すると発表した。市議会は四時間に及ぶ議論の末、"
    "賛成多数で改修案を可決した。商店街の店主たちは売り上げの減少を心配している。",
    "windows-1251": "Мэр заявил во вторник, что мост через реку закроют на год. После четырёх часов "
    "обсуждения городской совет проголосовал за ремонт, хотя владельцы магазинов опасаются.",
    "gb18030": "市长周二表示，这座老桥将关闭一年。经过四个小时的讨论，市议会投票通过了维修方案。",
}


def load(content: bytes, name: str = "a.txt") -> Document:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        (document,) = reading.documents(path, name, Options())
    assert isinstance(document, Document)
    return document


# What is read


@given(st.text().filter(lambda text: text.strip("\ufeff \t\r\n") and "\0" not in text))
def test_utf_8_is_kept_as_it_is(text: str) -> None:
    try:
        document = load(text.encode())
    except LoadError as error:
        assert text.strip() == "" or str(error) == "holds no text"
    else:
        assert document.text == text
        assert document.encoding == "utf-8"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfA title\r\n\r\nText.\r\n",
        b"One.\rTwo.\n\rThree.\r\r\n",
        "e\u0301 stays e\u0301, ﬁ stays ﬁ\u2028and so on".encode(),
        b"  white space around \n\n",
    ],
)
def test_nothing_is_normalised(content: bytes) -> None:
    assert load(content).text == content.decode("utf-8")


@pytest.mark.parametrize("encoding", PARAGRAPHS)
def test_other_encodings_are_told_by_their_text(encoding: str) -> None:
    text = PARAGRAPHS[encoding]
    assert decode(text.encode(encoding))[0] == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file, not text"),
        (b"text with one \0 in it", "a binary file, not text"),
        (bytes(range(1, 256)) * 4, "a binary file, or text in no known encoding; save it as UTF-8"),
        (b"\xff\xfeA", "cannot be decoded as UTF-16; save it as UTF-8"),
        (b"\xff\xfe", "holds no text"),
        (b"\xef\xbb\xbf", "holds no text"),
        (b"\xef\xbb\xbf \r\n", "holds no text"),
        ("\u2003\n".encode(), "holds no text"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(LoadError) as raised:
        load(content)
    assert str(raised.value) == problem


@pytest.mark.parametrize("name", ["a.txt", "A.TXT", "b.text", "README", "two.dots.txt"])
def test_suffixes_that_are_read(name: str) -> None:
    assert load(b"Some text.", name).text == "Some text."


@pytest.mark.parametrize("name", ["a.fodt", "a.txt.gz", "a.doc"])
def test_suffixes_that_are_not(name: str) -> None:
    with pytest.raises(LoadError, match=r"^no loader for \.\w+ files; qa index add --help names"):
        load(b"Some text.", name)


def test_the_hash_is_that_of_the_bytes() -> None:
    assert load(b"abc").content_hash.startswith("ba7816bf8f01cfea")


# Files that cannot be read


def problem(path: Path, largest: int = LARGEST_DOCUMENT) -> str:
    with pytest.raises(LoadError) as raised:
        reading.check(path, Options(largest))
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    assert problem(tmp_path / "a.txt") == "empty"


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert problem(tmp_path / "a.txt") == "no such file or folder"
    (tmp_path / "b.txt").touch()
    assert problem(tmp_path / "b.txt" / "c.txt") == "cannot be read: Not a directory"
    assert problem(tmp_path / ("a" * 300)) == "cannot be read: File name too long"


def test_what_is_no_regular_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    os.mkfifo("fifo.txt")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket.txt")
        for path in ("fifo.txt", "socket.txt", "."):
            assert problem(Path(path)) == "not a regular file"
        assert [each.path.name for each in walk([tmp_path], tmp_path)] == ["fifo.txt", "socket.txt"]


def test_a_file_above_the_limit_is_refused_and_below_it_read(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.write(b"A big file.\n")
        file.truncate(50_000_000)
    assert problem(path) == (
        "50.0 MB, and the limit is 20 MB; split it, or raise the limit with --max-file-mb"
    )
    reading.check(path, Options(50_000_000))


def test_the_limit_is_the_callers(archive: Archive, papers: Path) -> None:
    write(papers, {"a.txt": "A title of it\n\n" + "It is long enough. " * 500})
    files = list(walk([papers], archive.layout.home))
    (refused,) = archive.add(files, Options(5000))
    assert (refused.result, refused.note[:7]) == ("skipped", "0.0 MB,")
    (added,) = archive.add(files, Options(50_000))
    assert added.result == "added"


def test_a_file_and_a_folder_that_must_not_be_read(tmp_path: Path) -> None:
    write(tmp_path, {"shut.txt": "Text.", "folder/inside.txt": "Text.", "link/here": ""})
    (tmp_path / "link" / "to.txt").symlink_to(tmp_path / "folder" / "inside.txt")
    (tmp_path / "shut.txt").chmod(0)
    (tmp_path / "folder").chmod(0)
    done = python(
        "import sys; from pathlib import Path; from tests.index.workshop import *\n"
        "from index import reading; from index.errors import LoadError\n"
        "from index.loaders.protocol import Options\n"
        "drop_rights(); folder = Path(sys.argv[1])\n"
        "for each in walk([folder, folder / 'folder' / 'inside.txt'], folder):\n"
        "    problem = each.problem\n"
        "    if problem is None:\n"
        "        try: reading.check(each.path, Options(1000))\n"
        "        except LoadError as error: problem = str(error)\n"
        "    print(each.path.relative_to(folder), problem, sep=': ')\n",
        tmp_path,
    )
    (tmp_path / "folder").chmod(0o755)
    assert done.stderr == ""
    assert sorted(done.stdout.splitlines()) == [
        "folder/inside.txt: cannot be read: Permission denied",
        "folder: cannot be read: Permission denied",
        "link/here: empty",
        "link/to.txt: a symbolic link to nothing",
        "shut.txt: cannot be read: Permission denied",
    ]


# Folders


def met(*paths: Path, leave_out: Path = Path("/nowhere")) -> list[tuple[str, str | None]]:
    return [(each.path.name, each.problem) for each in walk(list(paths), leave_out)]


def test_a_folder_is_walked_in_order_and_each_file_met_once(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": "", "a/z.txt": "", "a/y.txt": "", "c/x.txt": "", "a.txt": ""})
    names = ["a.txt", "b.txt", "y.txt", "z.txt", "x.txt"]
    assert met(tmp_path) == [(name, None) for name in names]
    assert met(tmp_path / "a", tmp_path, tmp_path / "b.txt") == [
        (name, None) for name in ["y.txt", "z.txt", "a.txt", "b.txt", "x.txt"]
    ]


def test_hidden_files_and_the_archive_itself_are_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path,
        {".hidden.txt": "", ".git/a.txt": "", "store/b.txt": "", "c.txt": "", "d/.e/f.txt": ""},
    )
    assert met(tmp_path, leave_out=tmp_path / "store") == [("c.txt", None)]
    assert met(tmp_path / ".hidden.txt") == [(".hidden.txt", None)]


def test_links(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    write(inside, {"a.txt": "", "sub/b.txt": ""})
    write(outside, {"c.txt": ""})
    (inside / "to_file").symlink_to(inside / "a.txt")
    (inside / "to_folder").symlink_to(inside / "sub")
    (inside / "to_itself").symlink_to(inside)
    (inside / "loop").symlink_to(inside / "loop")
    (inside / "broken").symlink_to(inside / "gone")
    (inside / "out_file").symlink_to(outside / "c.txt")
    (inside / "out_folder").symlink_to(outside)
    out = "a symbolic link out of the folder; name its target to add it"
    nothing = "a symbolic link to nothing"
    assert met(inside) == [
        ("a.txt", None),
        ("broken", nothing),
        ("loop", nothing),
        ("out_file", out),
        ("out_folder", out),
        ("b.txt", None),
    ]


def test_links_that_were_named_are_followed(tmp_path: Path) -> None:
    write(tmp_path, {"real/a.txt": ""})
    (tmp_path / "to_folder").symlink_to(tmp_path / "real")
    (tmp_path / "to_file").symlink_to(tmp_path / "real" / "a.txt")
    assert met(tmp_path / "to_folder", tmp_path / "to_file") == [("a.txt", None)]


@pytest.mark.parametrize("target", ["gone", "link"])
def test_a_link_to_nowhere_that_was_named(tmp_path: Path, target: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / target)
    ((name, problem),) = met(tmp_path / "link")
    assert name == "link"
    assert problem in {
        "no such file or folder",
        "cannot be read: Too many levels of symbolic links",
    }


def test_names_that_are_too_long_or_not_there(tmp_path: Path) -> None:
    assert met(tmp_path / "gone", tmp_path / ("a" * 300)) == [
        ("gone", "no such file or folder"),
        ("a" * 300, "cannot be read: File name too long"),
    ]


def test_strange_names(tmp_path: Path) -> None:
    names = ["new\nline.txt", "tab\t.txt", "quote'\".txt", "😀.txt", "caf\udce9.txt", "-rf.txt"]
    for name in names:
        (tmp_path / name).write_text("Text.")
    found = list(walk([tmp_path], tmp_path))
    assert sorted(each.path.name for each in found) == sorted(names)
    for each in found:
        reading.check(each.path, Options(100))
    assert all(each == Found(each.path) for each in found)


FILES = Path(__file__).parent / "files"


def test_real_files_of_every_format_become_documents(archive: Archive) -> None:
    outcomes = list(archive.add(walk([FILES], archive.layout.home)))
    skipped = {each.path.relative_to(FILES).as_posix(): each.note for each in outcomes if each.note}
    assert {name for name in skipped if name.count("/") == 0} == {
        "letter.locked.pdf",
        "letter.scan.pdf",
        "report.fodt",
    }
    read = {each.document.file for each in outcomes if each.document is not None}
    suffixes = {Path(str(each)).suffix for each in read}
    assert suffixes >= {
        *(".md", ".html", ".mhtml", ".pdf", ".docx", ".epub", ".eml", ".mbox", ".jsonl", ".csv"),
        *(".rss", ".atom", ".zip", ".tar", ".gz", ".bz2", ".xz"),
    }
    inside = [
        each.source for each in archive.store.documents() if "export.jsonl/a-101" in each.source
    ]
    assert len(inside) == 5  # a file of records in each of the archive files
