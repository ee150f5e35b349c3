"""Answers as people read them: on a terminal with colour, elsewhere as plain text."""

import re
from typing import Final

from rich.console import Console
from rich.text import Text

from index.types import Document, Span
from qa.types import Answer, Candidate, Citation

NOTHING: Final = "The archive does not say."
NEAREST: Final = 3
"""Passages shown where there is no answer."""

_AROUND: Final = 700
"""Characters of the document shown on each side of a quotation."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def answer(console: Console, given: Answer) -> None:
    """Print a quotation with its source, or say that there is none and show what is nearest."""
    if given.standalone_question != given.question:
        console.print(Text(f"Read as: {given.standalone_question}", style="dim"))
    if given.citation is None:
        console.print(Text(NOTHING, style="bold"))
        if given.passages:
            console.print(Text("Nearest passages:", style="dim"))
        for number, candidate in enumerate(given.passages[:NEAREST], start=1):
            passage(console, number, candidate)
        return
    console.print(quotation(given.citation))
    console.print(Text(f"  {reference(given.citation)}", style="cyan"))
    console.print(Text(f"  confidence {given.confidence:.0%}", style="dim"))
    for each in given.also:
        console.print(Text(f"  also: {reference(each)}", style="dim"))


def quotation(cited: Citation) -> Text:
    """Return the sentence, the answer marked in it."""
    sentence, inner = cited.sentence_span, cited.span
    text = Text()
    text.append(clean(Span(sentence.start, inner.start).cut(cited.document.text)))
    text.append(clean(cited.answer), style="bold green")
    text.append(clean(Span(inner.end, sentence.end).cut(cited.document.text)))
    return text


def reference(cited: Citation) -> str:
    """Return where a quotation stands, on one line."""
    span = cited.sentence_span
    return f"{describe(cited.document)}, characters {span.start}-{span.end}"


def describe(document: Document) -> str:
    """Return title, author, date and source of a document, on one line."""
    parts = [one_line(document.title), document.author, _day(document), one_line(document.source)]
    return f"[{document.id}] " + ", ".join(part for part in parts if part)


def passage(console: Console, number: int, candidate: Candidate) -> None:
    """Print a passage and where it comes from."""
    console.print(Text(f"  {number}. {describe(candidate.document)}", style="cyan"))
    console.print(Text("     " + one_line(candidate.passage.text), overflow="fold"))


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
    return _CONTROLS.sub(lambda match: f"\\x{ord(match.group()):02x}", text)


def one_line(text: str) -> str:
    """Return a text with each run of white space as one space."""
    return clean(" ".join(text.split()))


def _day(document: Document) -> str:
    return "" if document.published is None else document.published.isoformat()
