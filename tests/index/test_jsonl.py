"""`index.loaders.jsonl`, and what it shares with CSV: each record is a document."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders.jsonl import JsonLinesContainer
from index.loaders.protocol import Entry, Options
from index.types import Document, Span

FILES = Path(__file__).parent / "files"


def entries(
    content: bytes, fields: dict[str, str] | None = None, largest: int = 10_000
) -> list[Entry]:
    options = Options(largest, {} if fields is None else fields)
    found = list(JsonLinesContainer().entries(BytesIO(content), "a", options))
    for each in found:
        assert each.record is not None
        assert (each.document is None) == (each.problem is not None)
    return found


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in records)


def document(fields: dict[str, str] | None = None, **record: Any) -> Document:
    (only,) = entries(lines(record), fields)
    assert only.document is not None
    return only.document


def problem(content: bytes, **fields: str) -> str:
    with pytest.raises(LoadError) as raised:
        entries(content, fields)
    assert "\n" not in str(raised.value)
    return str(raised.value)


# A file


def test_a_file_that_jq_made() -> None:
    content = (FILES / "records-jq.jsonl").read_bytes()
    library, market, note = entries(content)
    assert [library.name, market.name, note.name] == ["a-101", "a-102", "a-103"]
    assert library.document == Document(
        source="",
        text="Library opens on Sundays\n\nThe library opens on Sundays from May, “until ten at "
        "night”.\n\nIt has 61,000 books.",
        title="Library opens on Sundays",
        title_span=Span(0, 24),
        author="Ben Okoro",
        published=date(2024, 3, 8),
        language="en-GB",
        url="https://example.org/library",
    )
    assert market.document is not None
    assert (market.document.author, market.document.published) == ("Ben Okoro, Ada Moor", None)
    assert note.document is not None
    assert note.document.text == "A note without a headline, of two sentences. It was sent by hand."
    assert note.document.published == date(2024, 3, 9)
    assert (note.document.title_span, note.document.author) == (None, None)
    for each in (library, market, note):
        assert each.record is not None
        assert json.loads(content[each.record.start : each.record.end])["id"] == each.name


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=8), st.booleans())
def test_every_text_comes_back_unchanged(texts: list[str], escape: bool) -> None:
    records = [json.dumps({"text": text, "id": None}, ensure_ascii=escape) for text in texts]
    content = "\n".join(["{}", '{"text": "x"}', *records]).encode()
    found = entries(content)
    assert [each.name for each in found] == [str(n + 1) for n in range(len(texts) + 2)]
    for each, text, record in zip(found[2:], texts, records, strict=True):
        assert each.record is not None
        assert content[each.record.start : each.record.end].strip() == record.encode()
        if each.document is None:
            assert (each.problem, text.strip()) == ("holds no text", "")
        else:
            assert each.document.text == text


def test_lines_that_cannot_be_read_leave_the_others() -> None:
    found = entries(
        b'\xef\xbb\xbf{"text": "One."}\r\n\n'
        b'{"text": "Two."\n'
        b"[3]\n"
        b'{"text": "\xff"}\n'
        b'{"text": 5}\n' + b"[" * 9_000 + b"\n"
        b'{"text": "' + b"x" * 20_000_000 + b'"}\n'
        b'{"text": "Nine."}'
    )
    assert [(each.name, each.problem) for each in found] == [
        ("1", None),
        ("3", "not JSON: Expecting ',' delimiter at character 16"),
        ("4", "not a JSON object"),
        ("5", "not UTF-8; save the file as UTF-8"),
        ("6", "holds no text"),
        ("7", "nests too deeply to be read"),
        ("8", "more than 0.01 MB, the limit; split it, or raise the limit with --max-file-mb"),
        ("9", None),
    ]  # fmt: skip


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_the_longest_line(extra: int) -> None:
    line = lines({"text": "x" * 1000})[:-1]
    found = entries(line + b"\n" + line, largest=len(line) + 1 + extra)
    assert [each.problem is None for each in found] == [extra >= 0, True]


@pytest.mark.parametrize(
    "content", [b"\0\1\2", b"plain text", b"[1]\n[2]", b"\xff\xfe{\0}\0", b"\n"]
)
def test_no_json_lines_at_all(content: bytes) -> None:
    assert problem(content) == "no JSON Lines: not one of its first lines is an object"


# Names


def test_what_records_are_called() -> None:
    found = entries(
        lines(
            {"id": "x", "text": "."},
            {"id": 7, "text": "."},
            {"id": "x", "text": "."},
            {"text": "."},
            {"id": True, "text": "."},
            {"id": "a\nb\x1b", "text": "."},
            {"id": {"$oid": "q"}, "text": "."},
            {"guid": "g", "text": "."},
            {"id": "gone"},
        )
    )
    assert [each.name for each in found] == [
        "x",
        "7",
        "x (2)",
        "4",
        "5",
        "a b",
        "7 (2)",
        "g",
        "gone",
    ]
    assert found[-1].problem == "holds no text"


def test_the_content_is_the_record() -> None:
    one = entries(lines({"text": "a", "n": 1}, {"text": "b"}))
    two = entries(b"\n" + lines({"text": "a", "n": 2}) + b'{"text": "b"}  ')
    assert one[0].content != two[0].content
    assert one[1].content == two[1].content


# Fields


def test_fields_that_are_named() -> None:
    record = {
        "meta": {"headline": "A title", "by": {"who": "Ada"}},
        "x.y": "The text.",
        "text": "No",
    }
    fields = {"text": "x.y", "title": "meta.headline", "author": "meta.by.who"}
    assert document(fields, **record) == Document(
        source="", text="A title\n\nThe text.", title="A title", title_span=Span(0, 7), author="Ada"
    )


def test_a_field_that_is_not_there() -> None:
    content = lines({"id": 1, "text": "a", "meta": {"by": None}}, {"text": "b", "tags": []})
    assert problem(content, title="headline") == (
        "has no field 'headline' for the title; there are: id, text, meta, meta.by, tags"
    )


def test_a_field_that_only_some_records_have() -> None:
    found = entries(lines({"text": "a"}, {"text": "b", "kop": "Kop"}), {"title": "kop"})
    assert [each.document.title for each in found if each.document] == ["a", "Kop"]


def test_no_field_for_the_text() -> None:
    assert problem(lines({"id": 1, "tekst": "a"})) == (
        "which field is the text? --field text=NAME; there are: id, tekst"
    )


@pytest.mark.parametrize(
    ("record", "what", "value"),
    [
        ({"Body": "a"}, "text", "a"),
        ({"article_body": "a"}, "text", "a"),
        ({"text": "", "content": "a"}, "text", "a"),
        ({"text": ["One.", "Two."]}, "text", "One.\n\nTwo."),
        ({"text": "a", "authors": ["Ada", {"name": "Ben"}, 5]}, "author", "Ada, Ben"),
        ({"text": "a", "author": {"name": " Ada\n Moor "}}, "author", "Ada Moor"),
        ({"text": "a", "Publisher": {"name": "P"}}, "publisher", "P"),
        ({"text": "a", "datePublished": "2024-02-29"}, "published", date(2024, 2, 29)),
        ({"text": "a", "pub_date": "5 September 2017"}, "published", date(2017, 9, 5)),
        ({"text": "a", "updated": "2024-02-29 10:00"}, "modified", date(2024, 2, 29)),
        ({"text": "a", "date": "2024-02-30"}, "published", None),
        ({"text": "a", "date": "2024-02"}, "published", None),
        ({"text": "a", "date": "02/03/2024"}, "published", None),
        ({"text": "a", "date": 20240229}, "published", None),
        ({"text": "a", "date": 1709164800}, "published", None),
        ({"text": "a", "date": "1709164800"}, "published", None),
        ({"text": "a", "timestamp": "2024-02-29"}, "published", None),
        ({"text": "a", "lang": "de"}, "language", "de"),
        ({"text": "a", "lang": "German, mostly"}, "language", None),
        ({"text": "a", "link": "https://example.org/a"}, "url", "https://example.org/a"),
        ({"text": "a", "link": "/a"}, "url", None),
    ],
)
def test_usual_names(record: dict[str, Any], what: str, value: object) -> None:
    assert getattr(document(**record), what) == value


# Title and text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The text.", "A title\n\nThe text."),
        ("A title\n\nThe text.", "A title\n\nThe text."),
        ("\r\nA title\r\nThe text.", "\r\nA title\r\nThe text."),
        ("A title is what this begins with.", "A title\n\nA title is what this begins with."),
    ],
)
def test_the_title_stands_above_the_text_once(text: str, expected: str) -> None:
    found = document(title="A  title ", text=text)
    assert found.text == expected
    assert found.title_span is not None
    assert found.title_span.cut(found.text) == found.title == "A title"


def test_a_text_without_a_title_is_read_like_a_text_file() -> None:
    text = "Bridge closes\n\nBy Ada Moor\n\n5 September 2017\n\nThe bridge will close, they said."
    found = document(text=text, date="2024-01-01")
    assert (found.title, found.author) == ("Bridge closes", "Ada Moor")
    assert found.title_span == Span(0, 13)
    assert (found.text, found.published) == (text, date(2024, 1, 1))


def test_html_is_taken_out_where_it_plainly_is_html() -> None:
    found = document(
        title="A title", body_html="<p>It costs &lt; £5.</p>\n<blockquote>So.</blockquote>"
    )
    assert found.text == "A title\n\nIt costs < £5.\n\nSo."
    assert [(each.span.cut(found.text), each.kind) for each in found.parts] == [
        ("A title", "headline"), ("It costs < £5.", "body"), ("So.", "quote"),
    ]  # fmt: skip
    plain = "<p> stands for a paragraph, 5 < 6 & so on"
    assert document(text=plain).text == plain
