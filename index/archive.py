"""An archive: documents go in, passages come out; the views never fall behind unnoticed."""

import contextlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

from index import history, texts, uploads
from index.adding import Adding, check_name
from index.courtesy import Courtesy
from index.embed import Embedder, Vectors
from index.errors import UnknownDocument, WrongEmbedder
from index.file_record import FileRecord
from index.intake import Intake, Outcome
from index.layout import Layout
from index.loaders.protocol import Options
from index.lock import write_lock
from index.store import Store
from index.sync import Sync
from index.types import Document
from index.views import Found, Views
from index.walk import Found as FoundFile

_ID_DIGITS: Final = 18
"""Digits in the id of a document, at most."""

LoadEmbedder: TypeAlias = Callable[[str], Embedder]
"""Opens an embedder by its name."""


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
        self._courtesy = Courtesy(layout)

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
        self,
        question: str,
        limit: int,
        since: date | None = None,
        until: date | None = None,
        documents: Collection[int] | None = None,
    ) -> Found:
        """Return the passages nearest in meaning and in words to `question`.

        `since` and `until`, both inclusive, leave out documents of other dates and of none;
        `documents`, ids, leave out all others.
        """
        vector = self.embedder.encode_question(question)
        return self.search_vector(vector, question, limit, since, until, documents)

    def search_vector(
        self,
        vector: Vectors,
        question: str,
        limit: int,
        since: date | None = None,
        until: date | None = None,
        documents: Collection[int] | None = None,
    ) -> Found:
        """Do what `search` does, for a caller that has embedded the question already."""
        return self._views.search(vector, question, limit, since, until, documents)

    def asking(self) -> contextlib.AbstractContextManager[None]:
        """Return a context in which long work on this archive gives way to the question."""
        return self._courtesy.asking()

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each content word occurs."""
        return [self._views.document_frequency(term) for term in terms]

    @property
    def bytes_on_disk(self) -> int:
        """How many bytes the files in its folder have, from a look at each of them."""
        return _bytes_below(self.layout.home)

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
            bytes_on_disk=self.bytes_on_disk,
        )

    # Changing

    def add(self, files: Iterable[FoundFile], options: Options | None = None) -> Iterator[Outcome]:
        """Add files, or replace what they held before; yield what became of each, once it is safe.

        A file whose content is already there is left alone. One that cannot be read is skipped.

        Args:
            files: what `index.walk.walk` finds.
            options: how they are read.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room; what was yielded stays.
        """
        with self._taking_in() as intake, self._adding(intake, options) as adding:
            for file in files:
                yield from adding.file(file)
            yield from intake.flush()

    def sync(self, folder: Path, options: Options | None = None) -> Iterator[Outcome]:
        """Make the archive hold what a folder holds; yield what changed, once it is safe.

        New and changed files are read, moved ones get their new name, and what has vanished is
        found no more but stays readable by its version. See `index.sync`.

        Args:
            folder: the folder, whose files below are looked at.
            options: how new files are read; those that are there already keep their fields.

        Raises:
            LoadError: the folder is missing, or empty where it was not: nothing is changed.
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room; what was yielded stays.
        """
        with self._taking_in() as intake, self._adding(intake, options) as adding:
            yield from Sync(self, adding).run(folder)
            yield from intake.flush()

    def add_documents(self, documents: Iterable[Document]) -> list[Document]:
        """Add documents that are not files, or replace those of the same source; return them.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room.
        """
        outcomes: list[Outcome] = []
        with self._taking_in() as intake:
            for document in documents:
                check_name(document.source)
                outcomes += intake.take(document, Outcome(Path(document.source), "added"))
            outcomes += intake.flush()
        return [each.document for each in outcomes if each.document is not None]

    def add_uploads(
        self, files: Sequence[uploads.Upload], options: Options | None = None
    ) -> Iterator[Outcome]:
        """Do what `add` does with files that came from elsewhere; their originals are kept here.

        What `index.uploads.arriving` gave must last until the end.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room; what was yielded stays.
        """
        with self._taking_in() as intake, self._adding(intake, options) as adding:
            for each in files:
                yield from adding.file(uploads.found(self, each))
            yield from intake.flush()
            uploads.keep(self, files)

    def add_texts(self, documents: Iterable[Document]) -> Iterator[Outcome]:
        """Add what `index.texts.document` makes; yield what became of each, once it is safe.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room; what was yielded stays.
        """
        with self._taking_in() as intake:
            for document in documents:
                yield from texts.take(self.store, intake, document)
            yield from intake.flush()

    def remove(self, reference: str) -> list[Document]:
        """Remove the documents that `history.find` finds, with all their versions; return them.

        Those that had vanished, and left nothing but versions, are among them.

        Raises:
            UnknownDocument: there is none.
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room; nothing was removed.
        """
        return self._remove(lambda: history.find(self, reference))

    def remove_document(self, document_id: int) -> Document:
        """Remove the document of that id, with all its versions; return it.

        Raises:
            UnknownDocument: there is none, and never was.
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room; nothing was removed.
        """
        (removed,) = self._remove(lambda: history.find_id(self.store, document_id))
        return removed

    def remake(self, document_ids: Sequence[int]) -> None:
        """Split and embed documents again, from the text that the store holds.

        Raises:
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room.
        """
        with self._taking_in() as intake:
            intake.remake(document_ids)

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
            found = self.store.find(self.source_of(path)) or self.store.below(*self._place_of(path))
            found = found or self.store.find(reference) or self.store.below(reference)
        if not found and reference.isdecimal() and len(reference) <= _ID_DIGITS:
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

    def path_of(self, name: str) -> Path:
        """Return where the file that is called `name` in this archive lies."""
        return self.layout.base.resolve() / name

    def files_below(self, folder: Path) -> list[FileRecord]:
        """Return the files from below a folder whose documents are here."""
        return self.store.files_below(*self._place_of(folder))

    def counts_below(self, folder: Path) -> dict[str, int]:
        """Return how many documents are here from each file below a folder."""
        return self.store.counts_below(*self._place_of(folder))

    def _place_of(self, folder: Path) -> tuple[str, bool]:
        """Return what a folder is called here, and whether all relative names are below it."""
        base = self.layout.base.resolve()
        return self.source_of(folder), base.is_relative_to(os.path.realpath(folder))

    def _remove(self, find: Callable[[], history.Found]) -> list[Document]:
        """Remove what `find` finds, and the originals that nobody but this archive has."""
        with self._taking_in() as intake:
            found = find()
            documents = [*found.current, *found.vanished]
            self.store.remove([each.id for each in documents])
            intake.settle()
            uploads.drop(self, documents)
        return documents

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the write lock; afterwards bring both views, and their files, up to the store.

        If the work fails half-way, the views are left: whoever searches next brings them up.
        """
        with write_lock(self.layout):
            yield
            self._views.save()

    @contextlib.contextmanager
    def _taking_in(self) -> Iterator[Intake]:
        """Hold the write lock for taking documents in; what waits must be flushed before the end.

        The embedder is loaded when the first document comes; nothing changed, nothing loaded.
        """
        with self._changing():
            yield Intake(
                self.store, lambda: self.embedder, self._courtesy.give_way, self._views.save_words
            )

    def _adding(self, intake: Intake, options: Options | None) -> Adding:
        return Adding(self, intake, Options() if options is None else options)


def _bytes_below(folder: Path) -> int:
    total = 0
    for each in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # another process may be tidying up
            total += each.stat().st_size if each.is_file() else 0
    return total
