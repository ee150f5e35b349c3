"""`index.loaders.csv`: each row is a document. What it shares with JSON Lines is tested there."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders.csv import CsvContainer
from index.loaders.protocol import Entry, Options
from index.types import Span

FILES = Path(__file__).parent / "files"


def entries(
    content: bytes, fields: dict[str, str] | None = None, largest: int = 10_000
) -> list[Entry]:
    options = Options(largest, {} if fields is None else fields)
    return list(CsvContainer().entries(io.BytesIO(content), "a", options))


def texts(content: bytes) -> list[str | None]:
    return [None if each.document is None else each.document.text for each in entries(content)]


def problem(content: bytes, **fields: str) -> str:
    with pytest.raises(LoadError) as raised:
        entries(content, fields)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("name", ["records-sqlite.csv", "records-semicolon.csv"])
def test_files_that_sqlite_made(name: str) -> None:
    content = (FILES / name).read_bytes()
    library, market, note = entries(content)
    assert [library.name, market.name, note.name] == ["a-101", "a-102", "a-103"]
    assert library.document is not None
    assert library.document.text == (
        "Library opens on Sundays\n\nThe library opens on Sundays from May, “until ten at night”."
        "\n\nIt has 61,000 books."
    )
    assert library.document.title_span == Span(0, 24)
    assert library.document.published == date(2024, 3, 8)
    assert market.document is not None
    assert market.document.published is None
    assert note.document is not None
    assert note.document.text == "A note without a headline, of two sentences. It was sent by hand."
    for each in (library, market, note):
        assert each.record is not None
        assert content[each.record.start : each.record.end].startswith(each.name.encode())
        assert content[: each.record.end].endswith(b"\n")


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    ending=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_every_text_comes_back_unchanged(
    rows: list[tuple[str, str]], delimiter: str, ending: str, quoting: int, mark: str
) -> None:
    # Python's own writer leaves a bare carriage return unquoted where it may: that is no CSV.
    assume(quoting == csv.QUOTE_ALL or not any("\r" in cell for row in rows for cell in row))
    file = io.StringIO()
    file.write(mark)
    writer = csv.writer(file, delimiter=delimiter, lineterminator=ending, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([("x", "text"), *rows])
    content = file.getvalue().encode()
    found = entries(content)
    kept = [(n, *row) for n, row in enumerate(rows, 2) if any(row)]
    assert [each.name for each in found] == [str(n) for n, _, _ in kept]
    for each, (_, _, text) in zip(found, kept, strict=True):
        assert each.record is not None
        if each.document is None:
            assert (each.problem, text.strip()) == ("holds no text", "")
        else:
            assert each.document.text == text


def test_rows_that_cannot_be_read_leave_the_others() -> None:
    found = entries(
        b"id,text\n"
        b"a,One.\n"
        b"b,Two, and more.\n"
        b'c,"Three" more\n'
        b"d,\xff\n"
        b"\n"
        b"e," + b"x" * 20_000_000 + b"\n"
        b"f\n"
        b"g,Eight.,,\n"
        b'h,"Nine.'
    )
    assert [(each.name, each.problem) for each in found if not each.problem] == [
        ("a", None),
        ("g", None),
    ]
    problems = {each.name: each.problem for each in found if each.problem}
    assert problems["3"] == "has 3 cells, and the first row 2"
    assert problems["4"] == "not CSV: ',' expected after '\"'"
    assert problems["5"] == "not UTF-8; save the file as UTF-8"
    assert problems["7"] is not None
    assert problems["7"].startswith("more than 0.01 MB, the limit")
    assert problems["f"] == "holds no text"
    assert problems["10"] == "not CSV: unexpected end of data"


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (b'b,"' + b"line\n" * 3000, "not CSV: field larger than field limit (10000)"),
        (b'b,"Two.\nc,Three.\nd,Four.\n', "not CSV: unexpected end of data"),
        (b'b,"Two.\n"c,Three.\nd,Four.\n', "not CSV: ',' expected after '\"'"),
        (b'b,"Two.\n\xff"\nd,Four.\n', "not UTF-8; save the file as UTF-8"),
    ],
)
def test_nothing_is_read_where_rows_can_no_more_be_told_apart(rest: bytes, why: str) -> None:
    reading = CsvContainer().entries(io.BytesIO(b"id,text\na,One.\n" + rest), "a", Options(10_000))
    assert next(reading).name == "a"
    with pytest.raises(LoadError) as raised:
        next(reading)
    assert str(raised.value) == f"row 3 and all after it: {why}"


def test_lines_that_end_as_on_an_old_mac() -> None:
    assert problem(b"id,text\ra,One.\r") == "not CSV: new-line character seen in unquoted field"


def test_a_field_that_is_named() -> None:
    (only,) = entries(b"Kop,Tekst\nA title,The text.\n", {"text": "Tekst", "title": "Kop"})
    assert only.document is not None
    assert only.document.text == "A title\n\nThe text."


def test_fields_that_are_not_there() -> None:
    assert problem(b"Kop;Tekst\na;b\n") == (
        "which field is the text? --field text=NAME; there are: Kop, Tekst"
    )
    assert (
        problem(b"id,text\n", title="Kop")
        == "has no field 'Kop' for the title; there are: id, text"
    )


@pytest.mark.parametrize("content", [b"\xff\xfei\0d\0,\0", b"\xff,text\n", b'"text', b"x" * 20_000])
def test_a_first_row_that_cannot_be_read(content: bytes) -> None:
    assert problem(content) in {
        "not UTF-8; save the file as UTF-8",
        "not CSV: unexpected end of data",
        "more than 0.01 MB, the limit; split it, or raise the limit with --max-file-mb",
    }


def test_a_table_of_one_column() -> None:
    assert texts(b"text\nOne, two.\n") == [None]
    assert texts(b'text\n"One, two."\nThree.') == ["One, two.", "Three."]


def test_the_content_is_the_row() -> None:
    one = entries(b"text,n\na,1\nb,1\n")
    two = entries(b'n,text\r\n2,a\r\n1,"b"\r\n')
    assert one[0].content != two[0].content
    again = entries(b'text,n\r\n\r\na,1\r\n"b",1')
    assert [each.content for each in again] == [each.content for each in one]
