"""Whether a quotation is in the archive, character for character.

White space is no part of the words: any run of it equals any other, since a file breaks its lines
where it likes. Everything else must be equal, digit for digit and mark for mark.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby, islice
from typing import Any, Final, Literal, TypeAlias

import sqlalchemy as sa

from index import tables
from index.errors import BadQuote
from index.passages import split
from index.store import Store
from index.types import BYTE_ORDER_MARK, Document, Kind, Passage, Span

Result: TypeAlias = Literal["found", "moved", "changed", "not found"]

MOST_PLACES: Final = 1000
"""Places listed, at most: what stands in more is no quotation."""

_ALIKE: Final = 0.4
"""Two sentences with this share of words in common, in order, may be versions of each other. The
nearest sentence of another article has less, for 19 of 20 sentences of the first archive."""

_TELLING: Final = 8
"""Words that are looked for first: they leave few texts to look at closely."""

_WORD = re.compile(r"\S+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_WITHIN = re.compile(r"(?<=\w)(?=\w)|(?<=\d[.,])(?=\d)|(?<=\d)(?=[.,]\d)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where some words stand in a document, in its offsets, with the sentences around them.

    `kind` is of the passage that they begin in; if any of them are a reader's comment, it is that.
    """

    document: Document
    kind: Kind
    span: Span
    sentence_span: Span

    @property
    def is_torn(self) -> bool:
        """Whether the words begin or end inside a word or a figure: 789 in 1,789."""
        text = self.document.text
        return any(_WITHIN.match(text, at) is not None for at in (self.span.start, self.span.end))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a document said in its last version that had the words, until `superseded`, in UTC.

    `now` is what comes nearest in its current text: None where that has nothing like it, or where
    the document has `vanished`.
    """

    place: Place
    superseded: datetime
    now: Place | None
    vanished: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a quotation.

    It is `found` in all `places`; or it has `moved`, from the document that it was looked for in,
    to these; or it was `changed`, and only `earlier` versions have it. `more` says that there are
    more than `MOST_PLACES`.
    """

    result: Result
    places: tuple[Place, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    more: bool = False


def verify(store: Store, quote: str, document_id: int | None = None) -> Verdict:
    """Look for a quotation in the whole archive, or in one document first.

    Args:
        store: what to look through.
        quote: the words.
        document_id: where they should be, if that is known; it may have vanished.

    Raises:
        BadQuote: the quotation is empty, or no text.
        ArchiveDamaged: the store cannot be read.
    """
    words = _Words(quote)
    current, earlier = tables.documents.c.id, tables.versions.c.id
    own = sa.true() if document_id is None else current == document_id
    result: Result = "found"
    with store.reading() as connection:  # one state of the archive, whoever writes meanwhile
        places = list(islice(_current(connection, words, own), MOST_PLACES + 1))
        if not places and document_id is not None:
            elsewhere = current != document_id
            places = list(islice(_current(connection, words, elsewhere), MOST_PLACES + 1))
            result = "moved"
        old: list[Earlier] = []
        if not places:
            old = list(islice(_earlier(connection, words, sa.true()), MOST_PLACES + 1))
            result = "changed" if old else "not found"
        elif result == "moved":
            old = list(_earlier(connection, words, earlier == document_id))
    more = max(len(places), len(old)) > MOST_PLACES
    return Verdict(result, tuple(places[:MOST_PLACES]), tuple(old[:MOST_PLACES]), more)


class _Words:
    """What to look for: words, with one space between each two."""

    def __init__(self, quote: str) -> None:
        words = quote.removeprefix(BYTE_ORDER_MARK).split()
        if not words:
            raise BadQuote("the quotation is empty; give the words to look for")
        self.text = " ".join(words)
        try:
            self.text.encode()
        except UnicodeEncodeError as error:
            raise BadQuote("the quotation is not valid text; give it as UTF-8") from error
        self.telling = sorted(set(words), key=len, reverse=True)[:_TELLING]
        self._beginning = re.compile(r"\s+".join(map(re.escape, words[:_TELLING])))

    def spans(self, text: str) -> Iterator[Span]:
        """Yield where they stand in a text, also where places overlap."""
        if self._beginning.search(text) is None:  # ten times as fast as to fold the text
            return
        folded = " ".join(text.split())
        starts = list(islice(self._find(folded), MOST_PLACES + 1))
        ends = [each + len(self.text) - 1 for each in starts]
        for start, last in zip(_unfold(text, starts), _unfold(text, ends), strict=True):
            yield Span(start, last + 1)

    def _find(self, folded: str) -> Iterator[int]:
        at = folded.find(self.text)
        while at >= 0:
            yield at
            at = folded.find(self.text, at + 1)


def _unfold(text: str, positions: Sequence[int]) -> Iterator[int]:
    """Yield where characters stand in a text: `positions`, in order, count each gap as one."""
    words = _WORD.finditer(text)
    gone, word = 0, None
    for position in positions:
        while word is None or position >= gone + word.end() - word.start():
            gone += 0 if word is None else word.end() - word.start() + 1
            word = next(words)
        yield word.start() + position - gone


def _current(
    connection: sa.Connection, words: _Words, condition: sa.ColumnElement[bool]
) -> Iterator[Place]:
    for key, spans in _hits(connection, tables.documents, words, condition):
        document = tables.to_document(_row(connection, tables.documents, key))
        passages = _passages(connection, document)
        for span in spans:
            yield _place(document, passages, span)


def _earlier(
    connection: sa.Connection, words: _Words, condition: sa.ColumnElement[bool]
) -> Iterator[Earlier]:
    hits = _hits(connection, tables.versions, words, condition)
    for document_id, versions in groupby(hits, key=lambda hit: hit[0][0]):
        key, spans = list(versions)[-1]
        row = _row(connection, tables.versions, key)
        document = tables.to_document(row)
        place = _place(document, _split(document), spans[0])
        current = _row(connection, tables.documents, (document_id,))
        now = None if current is None else _nearest(place, tables.to_document(current))
        superseded = datetime.fromisoformat(row.superseded)
        yield Earlier(place, superseded, now, vanished=current is None)


def _hits(
    connection: sa.Connection, table: sa.Table, words: _Words, condition: sa.ColumnElement[bool]
) -> Iterator[tuple[tuple[int, ...], list[Span]]]:
    """Yield the keys of rows, in order, whose text has the words, and where it has them."""
    keys = table.primary_key.columns
    likely = (sa.func.instr(table.c.text, each) > 0 for each in words.telling)
    query = sa.select(*keys, table.c.text).where(condition, *likely).order_by(*keys)
    for *key, text in connection.execute(query):
        spans = list(words.spans(text))
        if spans:
            yield tuple(key), spans


def _row(connection: sa.Connection, table: sa.Table, key: tuple[int, ...]) -> Any:
    columns = table.primary_key.columns
    same = (column == value for column, value in zip(columns, key, strict=True))
    return connection.execute(sa.select(table).where(*same)).one_or_none()


def _place(document: Document, passages: Sequence[Passage], span: Span) -> Place:
    touched = [each for each in passages if Span(each.start, each.end).overlaps(span)]
    kind: Kind = touched[0].kind if touched else "boilerplate"
    if not touched:  # another document shows this paragraph already
        touched = [e for e in _split(document) if Span(e.start, e.end).overlaps(span)]
    elif any(each.kind == "comment" for each in touched):
        kind = "comment"
    around = [span, *(s for each in touched for s in each.sentences if s.overlaps(span))]
    sentence = Span(min(each.start for each in around), max(each.end for each in around))
    return Place(document, kind, span, sentence)


def _nearest(place: Place, current: Document) -> Place | None:
    """Return the sentences of a document's current text that are most like those of an old one."""
    passages = _split(current)
    sentences = [each for passage in passages for each in passage.sentences]
    taken = sum(
        each.overlaps(place.sentence_span)
        for old in _split(place.document)
        for each in old.sentences
    )
    matcher = SequenceMatcher[str](autojunk=False)
    matcher.set_seq2(_TOKEN.findall(place.sentence_span.cut(place.document.text)))
    likely = []
    for first, last in zip(sentences, sentences[max(0, taken - 1) :], strict=False):
        run = Span(first.start, last.end)
        matcher.set_seq1(_TOKEN.findall(run.cut(current.text)))
        likely.append((matcher.quick_ratio(), run))
    best, found = _ALIKE, None
    for bound, run in sorted(likely, reverse=True):
        if bound <= best:
            break
        matcher.set_seq1(_TOKEN.findall(run.cut(current.text)))
        if matcher.ratio() > best:
            best, found = matcher.ratio(), run
    return None if found is None else _place(current, passages, found)


def _passages(connection: sa.Connection, document: Document) -> list[Passage]:
    of = tables.passages.c
    query = sa.select(tables.passages).where(of.document_id == document.id).order_by(of.start)
    return [tables.to_passage(row, document.text) for row in connection.execute(query)]


def _split(document: Document) -> list[Passage]:
    """Cut a document into sentences; how long its passages are does not matter here."""
    return split(document, lambda texts: [0] * len(texts))
