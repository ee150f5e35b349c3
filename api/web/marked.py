"""The text of a document with a quotation marked in it: all of it, or a stretch where it is long.

What is marked is cut out here, by its offsets. Nothing is counted or searched for in a browser.
"""

from typing import Final

from markupsafe import Markup

from api.web.text import showable
from index.types import Span

SENTENCE: Final = Markup('<mark class="sentence" id="quotation">{}</mark>')
ANSWER: Final = Markup('<mark class="answer">{}</mark>')
CONTEXT: Final = Markup("<mark>{}</mark>")

STRETCH: Final = 40_000
"""Code points of a long document that are shown at a time: what any browser lays out at once."""

_SLACK: Final = 1000
"""How far the end of a stretch may be moved to the end of a line."""


def marked(text: str, whole: Span, *marks: tuple[Markup, Span]) -> Markup:
    """Return the HTML of a span of a text, with others marked in it.

    Args:
        text: the document's.
        whole: what is shown. The text of the HTML is exactly this.
        marks: how to mark which spans, each of which lies inside the one before it. What of them
            lies outside `whole` is not shown.
    """
    if not marks:
        return showable(whole.cut(text))
    (mark, span), *inner = marks
    held = Span(max(whole.start, span.start), min(whole.end, span.end))
    if held.start >= held.end:
        return showable(whole.cut(text))
    leading, trailing = Span(whole.start, held.start), Span(held.end, whole.end)
    return (
        showable(leading.cut(text))
        + mark.format(marked(text, held, *inner))
        + showable(trailing.cut(text))
    )


def around(text: str, span: Span) -> Span:
    """Return what of a text is shown with `span` in it: everything, unless the text is long."""
    if len(text) <= 2 * STRETCH:
        return Span(0, len(text))
    start = _begin_line(text, span.start - STRETCH // 2)
    return Span(start, _end_line(text, max(span.start, start) + STRETCH // 2))


def before(text: str, end: int) -> Span:
    """Return the stretch that ends at `end`."""
    end = min(end, len(text))
    return Span(_begin_line(text, end - STRETCH), end)


def after(text: str, start: int) -> Span:
    """Return the stretch that begins at `start`."""
    start = min(start, len(text))
    return Span(start, _end_line(text, start + STRETCH))


def _begin_line(text: str, at: int) -> int:
    """Return where the line begins that holds `at`, or `at` itself if that is far off."""
    if at <= 0:
        return 0
    found = text.rfind("\n", max(0, at - _SLACK), at)
    return at if found < 0 else found + 1


def _end_line(text: str, at: int) -> int:
    """Return one past the end of the line that holds `at`, or `at` itself if that is far off."""
    if at >= len(text):
        return len(text)
    found = text.find("\n", at, at + _SLACK)
    return at if found < 0 else found + 1
