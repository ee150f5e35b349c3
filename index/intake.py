"""Documents in: split, embedded and stored, a batch at a time, so that memory stays flat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from index import boilerplate
from index.embed import Embedder, Vectors
from index.file_record import FileRecord
from index.parts import parts_of
from index.passages import split
from index.store import Store
from index.types import Document, Passage

COMMIT_PASSAGES: Final = 128
"""Passages embedded between two commits: a few seconds of work on a laptop."""

COMMIT_DOCUMENTS: Final = 512
"""Documents, or files, stored at a time, at most, however few passages they have."""

AT_A_TIME: Final = 16
"""Texts embedded before others get a turn: a fraction of a second."""

Result: TypeAlias = Literal["added", "replaced", "unchanged", "moved", "vanished", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document, or of a file. Once this is handed out, the change is on disk.

    `count` is of how many documents it tells: all those of a file, where the file is unchanged.
    """

    path: Path
    result: Result
    document: Document | None = None
    note: str = ""
    count: int = 1


class _Waiting(NamedTuple):
    outcome: Outcome
    document: Document
    passages: list[Passage]


@dataclass(slots=True)
class _Batch:
    waiting: list[_Waiting] = field(default_factory=list)
    placed: list[Document] = field(default_factory=list)
    retired: list[int] = field(default_factory=list)
    files: dict[str, FileRecord] = field(default_factory=dict)
    passages: int = 0

    @property
    def is_full(self) -> bool:
        things = (self.waiting, self.placed, self.retired, self.files)
        return self.passages >= COMMIT_PASSAGES or any(len(e) >= COMMIT_DOCUMENTS for e in things)


class Intake:
    """Takes documents into a store. The caller holds the write lock until `flush` is through."""

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        give_way: Callable[[], None],
        kept: Callable[[], None],
    ) -> None:
        """Store in `store`.

        Args:
            store: where to.
            embedder: returns the one that the store's vectors are made with.
            give_way: called before each piece of long work; waits while others need the machine.
            kept: called after each commit.
        """
        self._store = store
        self._embedder = embedder
        self._give_way = give_way
        self._kept = kept
        self._batch = _Batch()

    def take(
        self, document: Document, outcome: Outcome, record: FileRecord | None = None
    ) -> Iterator[Outcome]:
        """Take one document; yield what became of documents that are on disk now, perhaps of none.

        Args:
            document: as its loader made it.
            outcome: what to say once it is stored.
            record: the file that it is from. Until that is finished it counts as begun.
        """
        batch = self._batch
        passages = self._split(document)
        batch.waiting.append(_Waiting(outcome, document, passages))
        batch.passages += len(passages)
        if record is not None:
            batch.files[record.name] = replace(record, read_ns=0, whole=False)
        return self._flush_if_full()

    def place(self, document: Document) -> Iterator[Outcome]:
        """Note where a stored document, otherwise as it was, lies in its file now; see `take`."""
        self._batch.placed.append(document)
        return self._flush_if_full()

    def finish(self, record: FileRecord, gone: Sequence[int] = ()) -> Iterator[Outcome]:
        """Note that all documents of a file were taken; see `take`.

        Args:
            record: the file.
            gone: ids of documents that it held before and holds no more.
        """
        self._batch.files[record.name] = record
        self._batch.retired += gone
        return self._flush_if_full()

    def flush(self) -> Iterator[Outcome]:
        """Store what waits, and split again what that has changed; yield what became of it."""
        batch, self._batch = self._batch, _Batch()
        files = list(batch.files.values())
        if batch.placed:
            self._store.place(batch.placed)
        if batch.waiting or batch.retired:
            passages = [each.passages for each in batch.waiting]
            vectors = self._embed([each.document for each in batch.waiting], passages)
            stored = self._store.put(
                [
                    (each.document, each.passages, part)
                    for each, part in zip(batch.waiting, vectors, strict=True)
                ],
                files,
                batch.retired,
            )
            self._kept()
            for each, document in zip(batch.waiting, stored, strict=True):
                yield replace(each.outcome, document=document)
        elif files:
            self._store.note(files)
        self.settle()

    def _flush_if_full(self) -> Iterator[Outcome]:
        return self.flush() if self._batch.is_full else iter(())

    def settle(self) -> None:
        """Split those documents again whose paragraphs turned out to be boilerplate, or not to."""
        while ids := self._store.unsettled(COMMIT_PASSAGES):
            self.remake(ids)

    def remake(self, document_ids: Sequence[int]) -> None:
        """Split and embed documents again, from the text that the store holds."""
        for document_id in document_ids:
            document = self._store.document(document_id)
            if document is None:
                continue
            passages = self._split(document)
            (vectors,) = self._embed([document], [passages])
            self._store.put_passages(document_id, passages, vectors)
            self._kept()

    def _split(self, document: Document) -> list[Passage]:
        """Split a document; boilerplate that another document shows already is in no passage."""
        parts = parts_of(document)
        keys = boilerplate.keys(document.text, parts)
        repeated, first = self._store.boilerplate(document) if keys else (set(), set())
        return [
            passage
            for run in boilerplate.shown(parts, keys, repeated, first)
            for passage in split(document, self._embedder().count_tokens, parts=run)
        ]

    def _embed(
        self, documents: Sequence[Document], passages: Sequence[Sequence[Passage]]
    ) -> list[Vectors]:
        """Return the vectors of each document's passages: float32, shape `(n, dimension)` each."""
        texts = [
            text
            for document, own in zip(documents, passages, strict=True)
            for text in embedded_texts(document, own)
        ]
        vectors = np.empty((len(texts), self._store.identity.dimension), dtype=np.float32)
        # Texts of like length together: little of a batch is padding.
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        for start in range(0, len(order), AT_A_TIME):
            self._give_way()
            some = order[start : start + AT_A_TIME]
            vectors[some] = self._embedder().encode([texts[at] for at in some])
        ends = accumulate(len(own) for own in passages)
        return [vectors[end - len(own) : end] for own, end in zip(passages, ends, strict=True)]


def embedded_texts(document: Document, passages: Sequence[Passage]) -> list[str]:
    """Return what is embedded for each passage: its document's title, then its own words."""
    return [f"{document.title}\n{each.text}" for each in passages]
