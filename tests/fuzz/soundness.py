"""What must hold of whatever a loader makes of any bytes."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import get_args

from index import loaders
from index.errors import LoadError
from index.loaders.entries import printable
from index.loaders.protocol import Options
from index.types import Document, Kind, Span

OPTIONS = Options(largest=1_000_000)

SUFFIXES = sorted(
    frozenset().union(
        *(each.suffixes for each in loaders.LOADERS),
        *(each.suffixes for each in loaders.CONTAINERS),
    )
)
"""What files are called that a loader or a container reads."""


def read(suffix: str, content: bytes) -> list[Document]:
    """Read a file, and check what comes of it; whatever else than LoadError is raised is a bug."""
    try:
        documents = list(_documents(f"a{suffix}", content))
    except LoadError as error:
        _check_line(str(error))
        return []
    for document in documents:
        check(document)
    return documents


def _documents(name: str, content: bytes) -> Iterator[Document]:
    container = loaders.container_for(name)
    if container is None:
        yield loaders.loader_for(name).load(content, name)
        return
    taken = set()
    for entry in container.entries(io.BytesIO(content), name, OPTIONS):
        assert entry.name not in taken
        taken.add(entry.name)
        assert entry.name == printable(entry.name) != ""
        assert entry.record is None or inside(entry.record, len(content))
        if entry.problem is not None:
            _check_line(entry.problem)
        elif entry.document is not None:
            yield entry.document
        else:
            assert len(entry.content) <= OPTIONS.largest
            inner = entry.name if entry.read_as is None else f"a{entry.read_as}"
            try:
                yield loaders.loader_for(inner).load(entry.content, entry.name)
            except LoadError as error:
                _check_line(str(error))


def check(document: Document) -> None:
    """See to it that a document is what `index.types` says that it is."""
    text = document.text
    text.encode()
    end = 0
    for part in document.parts:
        span = part.span
        assert end <= span.start < span.end <= len(text)
        assert span.cut(text) == span.cut(text).strip(), "white space around a part"
        assert part.kind in get_args(Kind)
        assert not text[end : span.start].strip(), "text outside of the parts"
        end = span.end
    if document.parts:
        assert not text[end:].strip(), "text after the parts"
        assert "\0" not in text
    assert document.title_span is None or inside(document.title_span, len(text))
    pages = document.original.pages
    assert sorted(pages) == list(pages)
    assert not pages or (pages[0] == 0 and pages[-1] <= len(text))
    for said in (document.title, document.author, document.publisher, document.language):
        assert said is None or "\n" not in said.strip(), f"a line end in {said!r}"
    for day in (document.published, document.modified):
        assert day is None or type(day) is date
    assert document == replace(document)


def inside(span: Span, length: int) -> bool:
    """Say whether a span is one of a text of that length."""
    return 0 <= span.start <= span.end <= length


def _check_line(problem: str) -> None:
    assert problem.strip() == problem != ""
    assert len(problem) < 1000
    assert problem == printable(problem)
