"""E-mail."""

import codecs
import re
from collections.abc import Iterator, Sequence
from datetime import date
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from itertools import groupby
from typing import Final, NamedTuple

from index.errors import LoadError
from index.loaders.html import decode_page
from index.markup import blocks, parse
from index.masthead import read_masthead
from index.parts import parts_of_text
from index.parts_builder import Writer, squeeze
from index.replies import Line, foreign
from index.types import Document, Kind

_HEADERS: Final = ("From", "Date", "Subject", "To", "Received", "Message-ID")
_DOUBTFUL: Final = frozenset({"ascii", "iso8859-1"})
_LOCKED: Final = frozenset({"multipart/encrypted", "application/pkcs7-mime"})
_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKS = re.compile(r"(?:> ?)*")


class _Block(NamedTuple):
    """A paragraph of a message."""

    text: str
    kind: Kind
    heading: bool = False
    tight: bool = False


class EmailLoader:
    """A message is its subject, then its text; attachments are left out, and nothing names them.

    What it quotes or passes on is kind quote, for somebody else wrote it; a signature is
    boilerplate. The date is that of its header, in the sender's own time zone. Lines that a mail
    program wrapped are one paragraph.
    """

    suffixes = frozenset({".eml"})

    def load(self, content: bytes, source: str) -> Document:
        """See `index.loaders.protocol.Loader`."""
        # The older policy takes any damage; headers are decoded one by one with the newer.
        try:
            message = message_from_bytes(content, policy=policy.compat32)
            found = _blocks(message)
        except RecursionError as error:
            raise LoadError("parts nest too deeply inside each other") from error
        if not any(map(message.__contains__, _HEADERS)):
            raise LoadError("not an e-mail: it has no header lines")
        writer = Writer()
        title = _header(message, "Subject")
        title_span = writer.add(title, "headline", heading=True)
        for block in found:
            writer.add(block.text, block.kind, heading=block.heading, tight=block.tight)
        if title_span is None:
            opening = read_masthead(writer.text)
            title, title_span = opening.title, opening.title_span
        return Document(
            source=source,
            text=writer.text,
            title=title,
            title_span=title_span,
            author=_author(message),
            published=_published(message),
            parts=writer.parts,
        )


def _blocks(part: Message) -> list[_Block]:
    """Return the paragraphs of a message, or of a part of one."""
    if part.get_content_type() in _LOCKED:
        raise LoadError("encrypted; save it decrypted")
    if part.get_content_disposition() == "attachment":
        return []
    if part.is_multipart():
        inside = [_blocks(each) for each in part.get_payload() if isinstance(each, Message)]
        if part.get_content_type() == "multipart/alternative":
            return _fullest(inside)
        found = [block for each in inside for block in each]
        if part.get_content_type() == "message/rfc822":
            found = [block._replace(kind="quote", heading=False) for block in found]
        return found
    if part.get_content_type() == "text/plain":
        return list(_plain(_decoded(part), _parameter(part, "format"), _parameter(part, "delsp")))
    return list(_html(_decoded(part))) if part.get_content_type() == "text/html" else []


def _fullest(versions: Sequence[list[_Block]]) -> list[_Block]:
    """Return the first version that says as much as the others: some plain ones are stubs."""
    sizes = [sum(len(block.text) for block in each) for each in versions]
    whole = max(sizes, default=0)
    return next((each for each, size in zip(versions, sizes, strict=True) if 2 * size > whole), [])


def _plain(text: str, form: str, delete_space: str) -> Iterator[_Block]:
    lines = [_unmarked(line) for line in _LINE_END.split(text)]
    flowed = form == "flowed"
    if flowed:
        lines = list(_unwrapped(lines, delete_space == "yes"))
    marked = zip(foreign(lines), lines, strict=True)
    for (kind, _), group in groupby(marked, key=lambda each: (each[0], each[1].depth)):
        stretch = [line.text for _, line in group]
        for piece in stretch if flowed else ["\n".join(stretch)]:
            end = 0
            for part in parts_of_text(piece):
                tight = end > 0 and piece.count("\n", end, part.span.start) == 1
                own = part.kind if kind is None else kind
                heading = part.heading and kind is None
                yield _Block(squeeze(part.span.cut(piece)), own, heading, tight)
                end = part.span.end


def _html(html: str) -> Iterator[_Block]:
    root = parse(html)
    found = [] if root is None else blocks(root)
    kinds = foreign([Line(int(each.kind == "quote"), each.text) for each in found])
    for kind, block in zip(kinds, found, strict=True):
        own = block.kind if kind is None else kind
        yield _Block(block.text, own, block.level > 0 and kind is None, block.tight)


def _unmarked(line: str) -> Line:
    marks = _MARKS.match(line)
    end = 0 if marks is None else marks.end()
    return Line(line.count(">", 0, end), line[end:])


def _unwrapped(lines: Sequence[Line], delete_space: bool) -> Iterator[Line]:
    """Yield the paragraphs of format=flowed (RFC 3676)."""
    paragraph: Line | None = None  # one that goes on in the next line
    for line in lines:
        text = line.text.removeprefix(" ")
        if paragraph is not None and paragraph.depth == line.depth:
            text = paragraph.text[: -1 if delete_space else None] + text
        elif paragraph is not None:
            yield paragraph
        paragraph = Line(line.depth, text)
        if not text.endswith(" ") or text == "-- ":
            yield paragraph
            paragraph = None
    if paragraph is not None:
        yield paragraph


def _decoded(part: Message) -> str:
    """Return the text of a part. What cannot be read in it is U+FFFD: the rest can."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    try:
        # What calls itself Latin-1 often is not; what calls itself ISO-2022-JP is valid UTF-8, too.
        if charset is not None and codecs.lookup(charset).name not in _DOUBTFUL:
            return content.decode(charset)
    except (LookupError, ValueError):
        charset = None
    try:
        return decode_page(content, charset)[0]
    except LoadError:
        return content.decode("utf-8", "replace")


def _parameter(part: Message, name: str) -> str:
    value = part.get_param(name)
    return value.lower() if isinstance(value, str) else ""


def _raw(message: Message, name: str) -> str:
    """Return a header as it came, "" if there is none."""
    found = (str(value) for key, value in message.raw_items() if key.lower() == name.lower())
    raw = next(found, "").encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _header(message: Message, name: str) -> str:
    raw = _raw(message, name)
    try:
        return squeeze(str(policy.default.header_fetch_parse(name, raw)))
    except Exception:  # damaged headers take the library by surprise in many ways
        return squeeze(raw)


def _author(message: Message) -> str | None:
    raw = _raw(message, "From")
    try:
        header = policy.default.header_fetch_parse("From", raw)
        pairs = [(each.display_name, each.addr_spec) for each in header.addresses]
    except Exception:  # likewise
        pairs = [parseaddr(raw)]
    names = [squeeze(name) if name else squeeze(address) for name, address in pairs]
    found = ", ".join(filter(None, names))
    return None if found == "" else found


def _published(message: Message) -> date | None:
    try:
        return parsedate_to_datetime(_raw(message, "Date")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
