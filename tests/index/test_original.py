"""Where a quotation lies in its file: page, entry, bytes."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders.text import TextLoader
from index.original import locate
from index.types import Document, Original, Span

# Wide ones, narrow ones, and one that switches between sets of characters.
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "shift_jis",
    "gb18030", "iso2022_jp", "hz", "utf-7",
)  # fmt: skip
CHARACTERS = "ab1 ,~+{\n\r\xa0é£“”–日本語カñ\u0301😀\ufeff"
PAGES = (0, 10, 10, 25)


def document(text: str = "x" * 40, encoding: str | None = None, **original: object) -> Document:
    return Document("a", text, "A", encoding=encoding, original=Original(**original))  # type: ignore[arg-type]


@given(st.data(), st.sampled_from(ENCODINGS))
def test_its_bytes_are_the_quotation(data: st.DataObject, encoding: str) -> None:
    alphabet = [each for each in CHARACTERS if encodes(each, encoding)]
    text = data.draw(st.text(alphabet, min_size=1))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    file = text.encode(encoding)
    found = locate(document(text, encoding, bytewise=True), Span(start, end))
    if "bytes" in found:
        first, last = found["bytes"]
        assert file[first:last].decode(encoding) == text[start:end]
    else:
        stateful = encoding in ("iso2022_jp", "hz", "utf-7")
        assert stateful or text[start] == "\ufeff"  # read as a mark, where it stands first


def encodes(character: str, encoding: str) -> bool:
    try:
        return character.encode(encoding).decode(encoding) == character
    except UnicodeError:
        return False


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le")],
)
def test_a_mark_of_byte_order_is_counted(mark: bytes, encoding: str) -> None:
    content = mark + "It was “grim”, £5 gone.\r\n".encode(encoding)
    loaded = TextLoader().load(content, "a.txt")
    start = loaded.text.index("“grim”")
    first, last = locate(loaded, Span(start, start + 6))["bytes"]
    assert content[first:last].decode(encoding) == "“grim”"


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(0, 10), {"page": 1}),
        (Span(0, 11), {"page": 1, "last_page": 3}),  # the second is empty
        (Span(9, 40), {"page": 1, "last_page": 4}),
        (Span(10, 25), {"page": 3}),
        (Span(25, 25), {"page": 4}),
        (Span(39, 40), {"page": 4}),
    ],
)
def test_its_pages_are_counted_from_one(span: Span, expected: dict[str, int]) -> None:
    assert locate(document(pages=PAGES), span) == expected


def test_a_record_is_named_with_its_bytes() -> None:
    # The text may be unpacked from the record, so that the record is all there is to point at.
    found = locate(
        document("ab", "utf-8", entry="7", record=Span(100, 200), bytewise=True), Span(0, 1)
    )
    assert found == {"entry": "7", "bytes": [100, 200]}


def test_bytes_in_an_unpacked_entry_are_its_own() -> None:
    found = locate(document("äb", "utf-8", entry="b/a.txt", bytewise=True), Span(1, 2))
    assert found == {"entry": "b/a.txt", "bytes": [2, 3]}


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert locate(document(encoding="utf-8"), Span(0, 1)) == {}
    assert locate(document(bytewise=True), Span(0, 1)) == {}
