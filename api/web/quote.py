"""A quotation as the page shows it: its sentence, what stands around it, and where to open it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup

from api.web.marked import ANSWER, CONTEXT, marked
from api.web.text import showable
from index.errors import UnknownDocument
from index.types import Document, Span

AROUND: Final = 260
"""Characters of the document that hovering shows on each side of a quotation."""

_SOME_WORD: Final = re.compile(r"^\S*\s")
"""What is left of a word that was cut through, if another one follows."""

KINDS: Final = {
    "headline": "a headline",
    "caption": "a caption",
    "quote": "somebody quoted there",
    "list": "a list",
    "comment": "a reader’s comment, not reporting",
    "boilerplate": "standing text",
}
"""What is not the running text of a document is called by its kind."""

Fetch = Callable[[int, int], Document]
"""Gives a version of a document by the document's id and the version's number.

It raises `UnknownDocument` where that has been removed.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """What a document is called, and where and when it was published."""

    title: Markup
    author: Markup
    publisher: Markup
    published: date | None
    name: Markup

    @classmethod
    def of(cls, described: dict[str, Any], page: int | None = None) -> "Source":
        """Return the source that `qa.types.describe` describes."""
        published = described["published"]
        name = described["source"] + ("" if page is None else f", page {page}")
        return cls(
            title=showable(described["title"]),
            author=_or_nothing(described["author"]),
            publisher=_or_nothing(described["publisher"]),
            published=None if published is None else date.fromisoformat(published),
            name=showable(name),
        )


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation. It has neither `said` nor a `link` where its document has been removed.

    `said` is the sentence, the answer marked in it, and `context` more of the document, the
    sentence and the answer marked in it.
    """

    said: Markup | None
    context: Markup
    source: Source
    kind: str
    link: str


def quote(cited: dict[str, Any], fetch: Fetch) -> Quote:
    """Return what is shown of a citation, as `Citation.as_json` has it."""
    described = cited["document"]
    source = Source.of(described, cited["original"].get("page"))
    kind = KINDS.get(cited["kind"], "")
    try:
        text = fetch(described["id"], described["version"]).text
    except UnknownDocument:
        return Quote(None, Markup(), source, kind, "")
    sentence = Span(cited["sentence_start"], cited["sentence_end"])
    answer = Span(cited["start"], cited["end"])
    inner = [] if answer == sentence else [(ANSWER, answer)]
    where = {"start": sentence.start, "end": sentence.end}
    if answer != sentence:
        where |= {"from": answer.start, "to": answer.end}
    return Quote(
        said=marked(text, sentence, *inner),
        context=marked(text, _near(text, sentence), (CONTEXT, sentence), *inner),
        source=source,
        kind=kind,
        link=_address(described, where),
    )


def passage(read: dict[str, Any], fetch: Fetch) -> Quote:
    """Return what is shown of a passage that was read, as `Answer.as_json` has it."""
    whole = {"sentence_start": read["start"], "sentence_end": read["end"], "original": {}}
    return quote({**read, **whole}, fetch)


def _near(text: str, span: Span) -> Span:
    """Return a span with what stands around it, from the beginning of a word to the end of one."""
    start, end = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
    leading, trailing = text[start : span.start], text[span.end : end]
    if start > 0:
        leading = _SOME_WORD.sub("", leading)
    if end < len(text):
        trailing = _SOME_WORD.sub("", trailing[::-1])[::-1]
    return Span(span.start - len(leading.lstrip()), span.end + len(trailing.rstrip()))


def _address(described: dict[str, Any], where: dict[str, int]) -> str:
    """Return where a document can be read, the quotation marked in it."""
    asked = {"id": described["id"], "version": described["version"], **where}
    return f"source?{urlencode(asked)}#quotation"


def _or_nothing(text: str | None) -> Markup:
    return Markup() if text is None else showable(text)
