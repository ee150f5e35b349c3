"""Where a span lies in the file that its document came from."""

from bisect import bisect_right
from typing import Any

from index.types import Document, Span


def locate(document: Document, span: Span) -> dict[str, Any]:
    """Return where a span lies in the original, as far as the format can tell.

    Args:
        document: with its text.
        span: in offsets of the text.

    Returns:
        `page`, counted from 1, and `last_page` if it ends on a later one; `entry`, the document's
        name in a file that holds many; `bytes`, a range `[a, b]`, `b` one past the last. That is
        the entry's whole record in the file where the entry has one; otherwise the span's own, in
        the file, or in the entry as it is unpacked. What cannot be told is left out.
    """
    original = document.original
    found: dict[str, Any] = {}
    if original.pages:
        page = bisect_right(original.pages, span.start)
        last = bisect_right(original.pages, max(span.start, span.end - 1))
        found["page"] = page
        if last != page:
            found["last_page"] = last
    if original.entry is not None:
        found["entry"] = original.entry
    if original.record is not None:
        found["bytes"] = [original.record.start, original.record.end]
    elif original.bytewise and document.encoding is not None:
        taken = _bytes(document.text, span, document.encoding)
        if taken is not None:
            found["bytes"] = taken
    return found


def _bytes(text: str, span: Span, encoding: str) -> list[int] | None:
    """Return the range of bytes that a span takes up, if it can be read on its own there."""
    # What comes before is encoded with the mark of byte order that the encoding begins with.
    start, end = (len(text[:at].encode(encoding)) for at in (span.start, span.end))
    # Some encodings switch between sets of characters: half of the file means something else.
    alone = text.encode(encoding)[start:end].decode(encoding, "replace")
    return [start, end] if alone == span.cut(text) else None
