"""An archive: documents go in, passages come out; the views never fall behind unnoticed."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from index import loaders
from index.embed import Embedder, Vectors
from index.errors import LoadError, UnknownDocument, WrongEmbedder
from index.layout import Layout
from index.lock import write_lock
from index.passages import split
from index.store import Store
from index.types import Document, Passage
from index.views import Found, Views

LARGEST_FILE: Final = 20_000_000
"""Bytes in a file, at most, unless the caller says otherwise: no article is that long."""

COMMIT_PASSAGES: Final = 128
"""Passages embedded between two commits: a few seconds of work on a laptop."""

LoadEmbedder: TypeAlias = Callable[[str], Embedder]
"""Opens an embedder by its name."""

Result: TypeAlias = Literal["added", "replaced", "unchanged", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. Once this is handed out, the change it tells of is on disk."""

    path: Path
    result: Result
    document: Document | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What `qa index status` shows."""

    home: Path
    documents: int
    passages: int
    change: int
    embedder: str
    dimension: int
    bytes_on_disk: int


class Archive:
    """An open archive. Asking is safe from any thread, whatever other processes write."""

    def __init__(self, layout: Layout, store: Store, load_embedder: LoadEmbedder) -> None:
        """Wrap an open store; use `index.opening`."""
        self.layout = layout
        self.store = store
        self._load_embedder = load_embedder
        self._views = Views(layout, store)

    def close(self) -> None:
        """Let go of the files."""
        self._views.close()
        self.store.close()

    @property
    def mended(self) -> list[str]:
        """What was found damaged and made again, a line each."""
        return self._views.mended

    @cached_property
    def embedder(self) -> Embedder:
        """The model that made this archive's vectors, loaded when it is first needed.

        Raises:
            WrongEmbedder: the model of that name has other weights now.
            ModelError: it cannot be loaded.
        """
        identity = self.store.identity
        embedder = self._load_embedder(identity.embedder)
        if embedder.fingerprint != identity.fingerprint:
            raise WrongEmbedder(
                f"{self.layout.home} was made with other weights of {identity.embedder} "
                f"({identity.fingerprint[:12]}, not {embedder.fingerprint[:12]}); bring those "
                "back, or make a new archive with --home"
            )
        return embedder

    # Asking

    def search(
        self, question: str, limit: int, since: date | None = None, until: date | None = None
    ) -> Found:
        """Return the passages nearest in meaning and in words to `question`.

        `since` and `until`, both inclusive, leave out documents of other dates and of none.
        """
        return self.search_vector(
            self.embedder.encode_question(question), question, limit, since, until
        )

    def search_vector(
        self,
        vector: Vectors,
        question: str,
        limit: int,
        since: date | None = None,
        until: date | None = None,
    ) -> Found:
        """Do what `search` does, for a caller that has embedded the question already."""
        return self._views.search(vector, question, limit, since, until)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each content word occurs."""
        return [self._views.document_frequency(term) for term in terms]

    @property
    def passage_count(self) -> int:
        """How many passages the dense view holds."""
        return self._views.count

    def document(self, document_id: int) -> Document:
        """Return a document with its text.

        Raises:
            UnknownDocument: there is none of that id.
        """
        document = self.store.document(document_id)
        if document is None:
            raise UnknownDocument(f"no document {document_id} here; see qa index list")
        return document

    def status(self) -> Status:
        """Count what there is."""
        documents, passages = self.store.count()
        return Status(
            home=self.layout.home,
            documents=documents,
            passages=passages,
            change=self.store.change,
            embedder=self.store.identity.embedder,
            dimension=self.store.identity.dimension,
            bytes_on_disk=_bytes_below(self.layout.home),
        )

    # Changing

    def add(
        self, files: Sequence[loaders.Found], largest_file: int = LARGEST_FILE
    ) -> Iterator[Outcome]:
        """Add files, or replace what they held before; yield what became of each, once it is safe.

        A file whose content is already there is left alone. One that cannot be read is skipped.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room; what was yielded stays.
        """
        with self._changing():
            waiting: list[_Prepared] = []
            for file in files:
                try:
                    prepared = self._prepare(file, largest_file)
                except LoadError as error:
                    yield Outcome(file.path, "skipped", note=str(error))
                    continue
                if isinstance(prepared, Outcome):
                    yield prepared
                    continue
                waiting.append(prepared)
                if sum(len(each.passages) for each in waiting) >= COMMIT_PASSAGES:
                    yield from self._commit(waiting)
                    waiting = []
            yield from self._commit(waiting)

    def add_documents(self, documents: Iterable[Document]) -> list[Document]:
        """Add documents that are not files, or replace those of the same source; return them.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room.
        """
        stored: list[Document] = []
        with self._changing():
            waiting: list[_Prepared] = []
            for document in documents:
                _check_name(document.source)
                passages = split(document, self.embedder.count_tokens)
                waiting.append(_Prepared(Path(document.source), document, passages, "added"))
                if sum(len(each.passages) for each in waiting) >= COMMIT_PASSAGES:
                    stored += _documents(self._commit(waiting))
                    waiting = []
            stored += _documents(self._commit(waiting))
        return stored

    def remove(self, reference: str) -> list[Document]:
        """Remove the documents that `find` finds, from the store and both views.

        Raises:
            UnknownDocument: there is none.
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room; nothing was removed.
        """
        with self._changing():
            documents = self.find(reference)
            self.store.remove([each.id for each in documents])
        return documents

    def remake(self, document_ids: Sequence[int]) -> None:
        """Split and embed documents again, from the text that the store holds.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room.
        """
        with self._changing():
            for document_id in document_ids:
                document = self.document(document_id)
                passages = split(document, self.embedder.count_tokens)
                vectors = self.embedder.encode(embedded_texts(document, passages))
                self.store.put([(document, passages, vectors)])

    def remove_orphans(self, passage_ids: Sequence[int]) -> None:
        """Remove passages that have lost their document.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room.
        """
        with self._changing():
            self.store.remove_passages(passage_ids)

    def rebuild_views(self) -> None:
        """Make both views again from the store.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room.
        """
        with self._changing():
            self._views.rebuild()

    def find(self, reference: str) -> list[Document]:
        """Return the document from this path, those from below this folder, or the one of this id.

        A path is meant from the current folder, or as `qa index list` shows it.

        Raises:
            UnknownDocument: there is none.
        """
        found: list[Document] = []
        if reference:
            path = Path(reference)
            found = self.store.find(self.source_of(path)) or self._below(path)
            found = found or self.store.find(reference) or self.store.below(reference)
        if not found and reference.isdecimal():
            found = [each for each in [self.store.document(int(reference))] if each is not None]
        if not found:
            raise UnknownDocument(
                f"no document {reference!r} here; qa index list shows what there is"
            )
        return found

    def source_of(self, path: Path) -> str:
        """Return what a file is called in this archive."""
        absolute = Path(os.path.realpath(path))  # Path.resolve fails on a loop of links
        base = self.layout.base.resolve()
        return str(absolute.relative_to(base) if absolute.is_relative_to(base) else absolute)

    def _below(self, folder: Path) -> list[Document]:
        """Return the documents from below a folder; sources in the archive's own are relative."""
        base = self.layout.base.resolve()
        return self.store.below(
            self.source_of(folder), with_relative=base.is_relative_to(os.path.realpath(folder))
        )

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the write lock; afterwards bring both views, and their files, up to the store.

        If the work fails half-way, the views are left: whoever searches next brings them up.
        """
        with write_lock(self.layout):
            yield
            self._views.save()

    def _prepare(self, file: loaders.Found, largest_file: int) -> "_Prepared | Outcome":
        if file.problem is not None:
            raise LoadError(file.problem)
        loaders.loader_for(file.path)
        content = loaders.read(file.path, largest_file)
        source = self.source_of(file.path)
        _check_name(source)
        before = self.store.find(source)
        if before and before[0].content_hash == loaders.content_hash(content):
            return Outcome(file.path, "unchanged", before[0])
        document = loaders.load(file.path, content, source)
        passages = split(document, self.embedder.count_tokens)
        return _Prepared(file.path, document, passages, "replaced" if before else "added")

    def _commit(self, waiting: Sequence["_Prepared"]) -> Iterator[Outcome]:
        if not waiting:
            return
        texts = [text for each in waiting for text in embedded_texts(each.document, each.passages)]
        vectors = self.embedder.encode(texts)
        ends = np.cumsum([len(each.passages) for each in waiting])
        stored = self.store.put(
            [
                (each.document, each.passages, part)
                for each, part in zip(waiting, np.split(vectors, ends[:-1]), strict=True)
            ]
        )
        for prepared, document in zip(waiting, stored, strict=True):
            note = "" if document.encoding in (None, "utf-8") else f"read as {document.encoding}"
            yield Outcome(prepared.path, prepared.result, document, note)


class _Prepared(NamedTuple):
    """A file that is read and split, and waits for its vectors."""

    path: Path
    document: Document
    passages: list[Passage]
    result: Result


def _documents(outcomes: Iterable[Outcome]) -> Iterator[Document]:
    return (each.document for each in outcomes if each.document is not None)


def embedded_texts(document: Document, passages: Sequence[Passage]) -> list[str]:
    """Return what is embedded for each passage: its document's title, then its own words."""
    return [f"{document.title}\n{each.text}" for each in passages]


def _bytes_below(folder: Path) -> int:
    total = 0
    for each in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # another process may be tidying up
            total += each.stat().st_size if each.is_file() else 0
    return total


def _check_name(source: str) -> None:
    try:
        source.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LoadError("its name is not valid text; rename it") from error
