"""Answers as people read them: on a terminal with colour, elsewhere as plain text."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from index.types import Document, Kind, Span
from qa.types import Answer, Candidate, Citation

NOTHING: Final = "The archive does not say."
NO_PASSAGES: Final = "There was nothing to search: no document, or none dated in that range."
NEAREST: Final = 3
"""Passages shown where there is no answer."""

MOST: Final = 5
"""Citations of each sort that are shown beside the answer's own; the JSON has them all."""

EXCERPT: Final = 240
"""Characters of a passage that are shown; the REPL's /open shows the rest."""

_AROUND: Final = 700
"""Characters of the document shown on each side of a quotation."""

_KINDS: Final[Mapping[Kind, str]] = {
    "caption": "a caption in ",
    "quote": "a quotation in ",
    "list": "a list in ",
    "comment": "a reader's comment under ",
    "boilerplate": "standing text of ",
}
"""What goes before the document where its own running text is not what is quoted."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def answer(console: Console, given: Answer) -> None:
    """Print a quotation with its source, or say that there is none and show what is nearest."""
    if given.standalone_question != given.question:
        put(console, Text(f"Read as: {one_line(given.standalone_question)}", style="dim"))
    if given.citation is None:
        put(console, Text(NOTHING, style="bold"))
        heading = "Nearest passages:" if given.passages else NO_PASSAGES
        put(console, Text(heading, style="dim"))
        for number, candidate in enumerate(given.passages[:NEAREST], start=1):
            passage(console, number, candidate)
        return
    if given.citation.span != given.citation.sentence_span:
        put(console, Text(clean(given.citation.answer), style="bold green"))
    put(console, quotation(given.citation))
    put(console, Text(f"  {reference(given.citation)}", style="cyan"))
    put(console, Text(f"  confidence {given.confidence:.0%}", style="dim"))
    for each in given.also[:MOST]:
        put(console, Text(f"  also: {reference(each)}", style="dim"))
    if len(given.also) > MOST:
        put(console, Text(f"  also: {len(given.also) - MOST} more", style="dim"))
    for each in given.differs[:MOST]:
        put(console, Text.assemble("  but: ", quotation(each), style="yellow"))
        put(console, Text(f"    {reference(each)}", style="cyan"))
    if len(given.differs) > MOST:
        put(console, Text(f"  but: {len(given.differs) - MOST} more", style="yellow"))


def put(console: Console, text: Text) -> None:
    """Print a text: wrapped on a terminal; elsewhere as it is, so that quotations stay whole."""
    if console.is_terminal:
        console.print(text)
    else:
        click.echo(text.plain, file=console.file)  # rich would make spaces of a tab


def quotation(cited: Citation) -> Text:
    """Return the sentence, the answer marked in it."""
    sentence, inner = cited.sentence_span, cited.span
    text = Text()
    text.append(clean(Span(sentence.start, inner.start).cut(cited.document.text)))
    text.append(clean(cited.answer), style="bold green")
    text.append(clean(Span(inner.end, sentence.end).cut(cited.document.text)))
    return text


def reference(cited: Citation) -> str:
    """Return, on one line, where a quotation stands, and what it is if not running text."""
    return whereabouts(cited.document, cited.kind, cited.sentence_span, cited.original)


def whereabouts(document: Document, kind: Kind, span: Span, original: Mapping[str, Any]) -> str:
    """Return what `reference` does, for a citation that was taken apart."""
    return f"{_KINDS.get(kind, '')}{describe(document)}{_place(span, original)}"


def footnote(cited: Citation) -> str:
    """Return the same for where a number in brackets is the footnote's, not the document's."""
    which = f"{byline(cited.document)}, document {cited.document.id}"
    return f"{_KINDS.get(cited.kind, '')}{which}{_place(cited.sentence_span, cited.original)}"


def describe(document: Document) -> str:
    """Return id, title, author, publisher, date and source of a document, on one line."""
    return f"[{document.id}] {byline(document)}"


def byline(document: Document) -> str:
    """Return title, author, publisher, date and source of a document, on one line."""
    parts = [
        document.title,
        document.author,
        document.publisher,
        _day(document),
        document.source,
    ]
    return ", ".join(one_line(part) for part in parts if part)


def passage(console: Console, number: int, candidate: Candidate) -> None:
    """Print how a passage begins and where it comes from."""
    text = one_line(candidate.passage.text)
    shown = text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"
    place = f"{_KINDS.get(candidate.passage.kind, '')}{describe(candidate.document)}"
    put(console, Text(f"  {number}. {place}", style="cyan"))
    put(console, Text("     " + shown, overflow="fold"))


def around(document: Document, span: Span) -> Text:
    """Return a document's text around a span, the span marked."""
    start = max(0, span.start - _AROUND)
    end = min(len(document.text), span.end + _AROUND)
    text = Text("… " if start > 0 else "")
    text.append(clean(document.text[start : span.start]))
    text.append(clean(span.cut(document.text)), style="bold green")
    text.append(clean(document.text[span.end : end]))
    text.append(" …" if end < len(document.text) else "")
    return text


def clean(text: str) -> str:
    """Make control characters visible, so that a document cannot drive the terminal."""
    return _CONTROLS.sub(lambda match: ascii(match.group())[1:-1], text.replace("\r\n", "\n"))


def as_json(value: Any, indent: int | None = 2) -> str:
    """Return a value as JSON, with the same characters escaped: that changes nothing there."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _CONTROLS.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def one_line(text: str) -> str:
    """Return a text with each run of white space as one space."""
    return clean(" ".join(text.split()))


def _place(span: Span, original: Mapping[str, Any]) -> str:
    return f"{_page(original)}, characters {span.start}-{span.end}"


def _page(original: Mapping[str, Any]) -> str:
    if "last_page" in original:
        return f", pages {original['page']}-{original['last_page']}"
    return f", page {original['page']}" if "page" in original else ""


def _day(document: Document) -> str:
    return "" if document.published is None else document.published.isoformat()
