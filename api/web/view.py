"""Answers and documents as the page shows them: cut up here, by offsets, and only escaped later."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from index.types import Document, Span

CONTEXT: Final = 300
"""Characters of the document that hovering shows on each side of a quotation."""

KINDS: Final = {
    "headline": "headline",
    "caption": "caption",
    "quote": "quotation in it",
    "list": "list",
    "comment": "a reader’s comment, not reporting",
    "boilerplate": "standing text",
}
"""What a quotation is called that is not of the running text."""

_SURE: Final = (
    (0.9, "almost certainly the answer"),
    (0.7, "very likely the answer"),
    (0.5, "more likely the answer than not"),
    (0.0, "perhaps the answer"),
)

# HTML cannot hold these, not even as references. Each has a picture of its own, one code point long.
_PICTURES: Final = {
    code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"
} | {0x7F: 0x2421}


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: its sentence in three pieces, what stands around it, and where to open it."""

    before: str
    answer: str
    after: str
    leading: str
    trailing: str
    reference: str
    source: str
    published: str
    kind: str
    link: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document's text, and whether it is quoted, or is the answer in the quotation."""

    text: str
    mark: str = ""


def showable(text: str) -> str:
    """Return a text, of the same length, that HTML can hold and show."""
    return text.translate(_PICTURES)


def in_words(confidence: float) -> str:
    """Return how sure an answer is, as one would say it."""
    return next(words for least, words in _SURE if confidence >= least)


def quote(document: Document, cited: dict[str, Any]) -> Quote:
    """Return what is shown of a citation, as `Citation.as_json` gives it, of its document."""
    text = document.text
    outer = Span(cited["sentence_start"], cited["sentence_end"])
    inner = Span(cited["start"], cited["end"])
    about = cited["document"]
    named = [about["title"], about["author"], about["publisher"]]
    page = cited["original"].get("page")
    where = {"version": about["version"], "start": outer.start, "end": outer.end}
    if inner != outer:
        where |= {"from": inner.start, "to": inner.end}
    return Quote(
        before=showable(text[outer.start : inner.start]),
        answer=showable(inner.cut(text)),
        after=showable(text[inner.end : outer.end]),
        leading=showable(text[max(0, outer.start - CONTEXT) : outer.start]),
        trailing=showable(text[outer.end : outer.end + CONTEXT]),
        reference=showable(", ".join(each for each in named if each)),
        source=showable(about["source"] + ("" if page is None else f", page {page}")),
        published="" if about["published"] is None else str(about["published"]),
        kind=KINDS.get(cited["kind"], ""),
        link=f"source/{about['id']}?{urlencode(where)}",
    )


def pieces(text: str, outer: Span | None, inner: Span | None) -> Iterator[Piece]:
    """Cut a document's text at a quotation, and that at the answer in it."""
    if outer is None:
        yield Piece(showable(text))
        return
    inner = outer if inner is None else inner
    cuts = (
        (0, outer.start, ""),
        (outer.start, inner.start, "sentence"),
        (inner.start, inner.end, "answer"),
        (inner.end, outer.end, "sentence"),
        (outer.end, len(text), ""),
    )
    for start, end, mark in cuts:
        if start < end:
            yield Piece(showable(text[start:end]), mark)
