"""Multipart forms on their way in."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.form import MOST_FILES, MOST_TEXT, Form
from index.errors import BadUpload

MEDIA = "multipart/form-data; boundary=x-y"


def _part(content: bytes, disposition: str) -> bytes:
    return b"--x-y\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % (
        disposition.encode(),
        content,
    )


def _file(content: bytes, name: str) -> bytes:
    return _part(content, f'name="files"; filename="{name}"')


END = b"--x-y--\r\n"


def _read(folder: Path, body: bytes, sizes: list[int] | None = None) -> Form:
    form = Form(MEDIA, folder)
    at = 0
    try:
        for size in sizes or []:
            form.write(body[at : at + size])
            at += size
        form.write(body[at:])
    finally:
        form.close()
    form.end()
    return form


def test_files_lie_under_their_names(tmp_path: Path) -> None:
    body = (
        _file(b"one", "a.txt") + _file(b"", "é ü.pdf") + _part(b"text=body", 'name="field"') + END
    )
    form = _read(tmp_path, body)
    assert [(each.name, each.problem) for each in form.uploads] == [
        ("a.txt", None),
        ("é ü.pdf", None),
    ]
    assert [each.path.name for each in form.uploads] == ["a.txt", "é ü.pdf"]
    assert [each.path.read_bytes() for each in form.uploads] == [b"one", b""]
    assert form.fields == ["text=body"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    contents=st.lists(st.binary(max_size=200), min_size=1, max_size=4),
    sizes=st.lists(st.integers(1, 60), max_size=40),
)
def test_however_it_is_cut_up_it_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], sizes: list[int]
) -> None:
    body = b"".join(_file(each, f"{at}.bin") for at, each in enumerate(contents)) + END
    form = _read(tmp_path_factory.mktemp("form"), body, sizes)
    assert [each.path.read_bytes() for each in form.uploads] == contents


@pytest.mark.parametrize(
    "name",
    ["../a.txt", "..", ".", "/etc/passwd", "a/b.txt", "..\\\\a.txt", ".hidden", "", " ", "a\tb.txt",
     "a\x1b[2J.txt", "x" * 201, "é" * 101, "a\u202etxt.exe"],
)  # fmt: skip
def test_a_name_is_only_ever_a_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    form = _read(folder, _file(b"bad", name) + _file(b"good", "a.txt") + END)
    bad, good = form.uploads
    assert bad.problem is not None
    assert "name" in bad.problem
    assert good.problem is None
    assert good.path.read_bytes() == b"good"
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [good.path]


@given(name=st.text(max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_name_leads_out_of_the_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    around = tmp_path_factory.mktemp("form")
    (around / "in").mkdir()
    raw = name.encode("utf-8", "surrogatepass").replace(b"\r", b"").replace(b"\n", b"")
    part = b'--x-y\r\nContent-Disposition: form-data; name="f"; filename="%b"\r\n\r\nx\r\n' % raw
    try:
        form = _read(around / "in", part + END)
    except BadUpload:
        form = None
    written = [each for each in around.rglob("*") if each.is_file()]
    taken = [] if form is None else [each.path for each in form.uploads if each.problem is None]
    assert written == taken
    assert all(each.parent.parent == around / "in" for each in written)


def test_a_name_that_comes_twice(tmp_path: Path) -> None:
    first, second = _read(tmp_path, _file(b"1", "a.txt") + _file(b"2", "a.txt") + END).uploads
    assert first.problem is None
    assert first.path.read_bytes() == b"1"
    assert second.problem is not None
    assert "another file" in second.problem


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "breaks off"),
        (_file(b"one", "a.txt"), "breaks off"),
        (_file(b"one", "a.txt")[:-5], "breaks off"),
        (END, "no file"),
        (_part(b"text=body", 'name="field"') + END, "no file"),
        (b"no form at all", "broken"),
        (b"--other\r\n\r\n", "broken"),
        (_part(b"x", 'name="comment"') + END, "no file; send files"),
        (b"--x-y\r\n\r\nx\r\n" + END, "no file; send files"),
        (b"--x-y\r\n" + b"X: y\r\n" * 1000 + b"\r\n", "broken"),
        (b"--x-y\r\nX: " + b"y" * 100_000 + b"\r\n", "broken"),
        (_part(b"x" * (MOST_TEXT + 1), 'name="field"') + END, "more than 10,000 bytes"),
        (_part(b"x" * MOST_TEXT, 'name="field"') * 2 + END, "more than 10,000 bytes"),
    ],
)
def test_what_is_no_form(tmp_path: Path, body: bytes, told: str) -> None:
    with pytest.raises(BadUpload, match=told):
        _read(tmp_path, body)


def test_too_many_files(tmp_path: Path) -> None:
    files = [_file(b"", f"{number}.txt") for number in range(MOST_FILES + 1)]
    assert len(_read(tmp_path, b"".join(files[1:]) + END).uploads) == MOST_FILES
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(BadUpload, match="more than 1,000 files"):
        _read(other, b"".join(files) + END)


@pytest.mark.parametrize(
    ("media", "told"),
    [("multipart/form-data", "no boundary"), ("multipart/form-data; boundary=", "no boundary"),
     (f"multipart/form-data; boundary={'x' * 1000}", "too long a boundary")],
)  # fmt: skip
def test_it_must_say_what_parts_it(tmp_path: Path, media: str, told: str) -> None:
    with pytest.raises(BadUpload, match=told):
        Form(media, tmp_path)
