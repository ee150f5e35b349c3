"""A range of a document's text, with what stands around it."""

from dataclasses import dataclass

from index.errors import BadRange
from index.types import Document, Span


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A range of one version of a document, and the wider one that was asked for around it.

    Both count code points of the document's text.
    """

    document: Document
    span: Span
    around: Span

    @property
    def text(self) -> str:
        """The characters of the range."""
        return self.span.cut(self.document.text)

    @property
    def before(self) -> str:
        """What stands before it."""
        return Span(self.around.start, self.span.start).cut(self.document.text)

    @property
    def after(self) -> str:
        """What stands after it."""
        return Span(self.span.end, self.around.end).cut(self.document.text)


def excerpt(document: Document, start: int = 0, end: int | None = None, around: int = 0) -> Excerpt:
    """Return a range of a document's text.

    Args:
        document: with its text.
        start: its first code point.
        end: one past its last; None means the end of the text.
        around: code points to have on each side as well, as far as there are any.

    Raises:
        BadRange: it does not lie in the text, or ends before it starts.
    """
    length = len(document.text)
    stop = length if end is None else end
    if not 0 <= start <= stop <= length:
        raise BadRange(
            f"document {document.id} has no range from {start} to {stop}: its text has {length:,} "
            "characters, so give 0 <= start <= end <= that"
        )
    if around < 0:
        raise BadRange(f"around is {around}; give 0 or more characters")
    wide = Span(max(0, start - around), min(length, stop + around))
    return Excerpt(document, Span(start, stop), wide)
