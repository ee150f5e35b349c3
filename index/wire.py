"""Messages between two processes: JSON, each after its length; a document as plain values.

Not pickle: what comes from a process that has read a hostile file is data, never code.
"""

import json
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final, TypeAlias

from index.types import Document, Original, Part, Span

Message: TypeAlias = dict[str, Any]
"""What JSON can hold, by name."""

HEADER: Final = struct.Struct(">I")
"""What goes before a message: how many bytes it has."""

_UNPRINTABLE = re.compile("[\0\ud800-\udfff]")
_DATES: Final = ("published", "modified")


def encode(message: Mapping[str, Any]) -> bytes:
    """Return the bytes of a message, length first.

    Raises:
        OverflowError: it has 4 GB or more.
    """
    # A file's name may hold lone surrogates: that is how Python writes bytes that are no UTF-8.
    body = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(body) >= 1 << 32:
        raise OverflowError(f"a message of {len(body)} bytes")
    return HEADER.pack(len(body)) + body


def decode(body: bytes) -> Message:
    """Return the message that `encode` made bytes of; its length is not among them."""
    message: Message = json.loads(body.decode("utf-8", "surrogatepass"))
    return message


def receive(read: Callable[[int], bytes]) -> Message | None:
    """Return the next message, or None if there is no more.

    Args:
        read: returns that many bytes, or fewer at the end.
    """
    header = read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (size,) = HEADER.unpack(header)
    body = read(size)
    return decode(body) if len(body) == size else None


def pack(document: Document) -> Message:
    """Return a document as plain values. A NUL or a lone surrogate becomes U+FFFD.

    Neither can be stored or shown; one character stands for one, so that every offset stays.
    """
    values = {each.name: _cleaned(getattr(document, each.name)) for each in fields(Document)}
    original = document.original
    return values | {
        "title_span": _packed(document.title_span),
        "parts": [(*_ends(each.span), each.kind, each.heading) for each in document.parts],
        "original": {
            "entry": _cleaned(original.entry),
            "record": _packed(original.record),
            "pages": original.pages,
            "bytewise": original.bytewise,
        },
        **{name: values[name] and values[name].isoformat() for name in _DATES},
    }


def unpack(values: Message) -> Document:
    """Return the document that `pack` took apart."""
    original = values["original"]
    return Document(
        **values
        | {
            "title_span": _span(values["title_span"]),
            "parts": tuple(
                Part(Span(start, end), kind, heading)
                for start, end, kind, heading in values["parts"]
            ),
            "original": Original(
                entry=original["entry"],
                record=_span(original["record"]),
                pages=tuple(original["pages"]),
                bytewise=original["bytewise"],
            ),
            **{name: values[name] and date.fromisoformat(values[name]) for name in _DATES},
        }
    )


def _cleaned(value: Any) -> Any:
    return _UNPRINTABLE.sub("\ufffd", value) if isinstance(value, str) else value


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _packed(span: Span | None) -> tuple[int, int] | None:
    return None if span is None else _ends(span)


def _span(ends: tuple[int, int] | None) -> Span | None:
    return None if ends is None else Span(*ends)
