"""Documents that come as texts."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.archive import Archive
from index.errors import LoadError
from index.texts import Said, document
from index.types import Document, Span
from tests.index.workshop import add, sources, write

NOTHING = Said()


def test_the_text_is_kept_as_it_is() -> None:
    text = "\ufeff Trams\r\n\r\nThe tram is late. 🙂 "
    made = document("a", text, NOTHING, 1000)
    assert made.text == text
    assert made.file is None
    assert made.content_hash == hashlib.sha256(text.encode()).hexdigest()


def test_its_first_lines_say_what_nobody_said() -> None:
    text = "Trams are back\n\nBy Jane Doe\n\n5 September 2017\n\nThe trams are running again now.\n"
    made = document("a", text, NOTHING, 1000)
    assert (made.title, made.title_span) == ("Trams are back", Span(0, 14))
    assert (made.author, made.published) == ("Jane Doe", date(2017, 9, 5))
    said = Said(title="Other", author="J. D.", published=date(2018, 1, 1))
    made = document("a", text, said, 1000)
    assert (made.title, made.title_span) == ("Other", None)
    assert (made.author, made.published) == ("J. D.", date(2018, 1, 1))


@pytest.mark.parametrize(
    ("text", "span"),
    [("Trams\nThe", Span(0, 5)), ("\n  Trams\r\nThe", Span(3, 8)), ("Trams", Span(0, 5)),
     ("Trams are late.", None), ("The trams", None)],
)  # fmt: skip
def test_a_title_that_was_given_may_stand_above(text: str, span: Span | None) -> None:
    assert document("a", text, Said(title=" Trams "), 1000).title_span == span


@pytest.mark.parametrize(
    ("source", "text", "told"),
    [
        ("", "x", "empty"),
        ("x" * 1001, "x", "1,000 characters"),
        ("a\x07", "x", "cannot be printed"),
        ("/a", "x", "path"),
        ("..", "x", "path"),
        ("a/../b", "x", "path"),
        ("\\\\host\\a", "x", "path"),
        ("a", "", "no text"),
        ("a", "\ufeff \n", "no text"),
        ("a", "a\0b", "binary"),
        ("a", "\ud800", "not valid text"),
        ("a", "é" * 6, "more than"),
    ],
)
def test_what_will_not_do(source: str, text: str, told: str) -> None:
    with pytest.raises(LoadError, match=told):
        document(source, text, NOTHING, 11)


@pytest.mark.parametrize("source", ["https://a.example/b?c#d", "desk/2017/1", "a..b", "…", "C:x"])
def test_names(source: str) -> None:
    assert document(source, "x", NOTHING, 11).source == source


def _results(archive: Archive, *documents: Document) -> list[str]:
    return [each.result for each in archive.add_texts(documents)]


def test_texts_come_and_are_replaced(archive: Archive) -> None:
    one, other = (document(each, f"Text of {each}.", NOTHING, 1000) for each in ("a", "b"))
    assert _results(archive, one, other) == ["added", "added"]
    assert _results(archive, one, other) == ["unchanged", "unchanged"]
    assert _results(archive, replace(one, author="J. D."), other) == ["unchanged", "replaced"]
    assert sources(archive) == ["a", "b"]
    (stored,) = archive.store.find("a")
    assert (stored.author, stored.version) == ("J. D.", 1)
    assert _results(archive, replace(one, text="Another.")) == ["replaced"]
    (stored,) = archive.store.find("a")
    assert stored.version == 2


def test_a_files_document_keeps_its_place(archive: Archive, papers: Path) -> None:
    write(papers, {"a.txt": "A tram."})
    add(archive, papers / "a.txt")
    (outcome,) = archive.add_texts([document("a.txt", "A lie.", NOTHING, 1000)])
    assert outcome.result == "skipped"
    assert "has a file of that name" in outcome.note
    (stored,) = archive.store.find("a.txt")
    assert stored.text == "A tram."


def test_a_folder_that_is_synced_leaves_texts_alone(archive: Archive, papers: Path) -> None:
    list(archive.add_texts([document("desk/1", "A tram.", NOTHING, 1000)]))
    write(papers, {"a.txt": "A bus."})
    list(archive.sync(papers))
    assert sorted(sources(archive)) == ["a.txt", "desk/1"]
