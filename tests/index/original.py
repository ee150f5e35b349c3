"""What holds of every document that a loader makes of a file with markup."""

from pathlib import Path

from index.types import Document

FILES = Path(__file__).parent / "files"


def kinds(document: Document) -> list[tuple[str, str]]:
    """Return the parts of a document: what each is, with a "#" for a heading, and its text."""
    return [
        ("#" * part.heading + part.kind, part.span.cut(document.text)) for part in document.parts
    ]


def check(document: Document) -> None:
    """Check that the parts are in order and hold everything but white space."""
    text, at = document.text, 0
    for part in document.parts:
        words = part.span.cut(text)
        assert at <= part.span.start < part.span.end <= len(text)
        assert words == words.strip()
        assert not text[at : part.span.start].strip()
        at = part.span.end
    assert not text[at:].strip()
    assert text == text.strip()
    assert not any(line != line.rstrip() for line in text.split("\n"))
    text.encode()  # fails if it holds lone surrogates
    assert "\0" not in text
    if document.title_span is not None:
        assert document.title_span.cut(text).split() == document.title.split()
    pages = document.original.pages
    assert list(pages) == sorted(pages)
    assert pages[:1] in {(), (0,)}
    assert all(page <= len(text) for page in pages)
