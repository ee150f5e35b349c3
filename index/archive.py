"""An archive: documents go in, passages come out; the views never fall behind unnoticed."""

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from index import loaders
from index.embed import Embedder, Vectors
from index.errors import (
    ArchiveBusy,
    ArchiveUnwritable,
    LoadError,
    NoArchive,
    NotAnArchive,
    UnknownDocument,
    WrongEmbedder,
)
from index.layout import Layout
from index.lock import write_lock
from index.passages import split
from index.store import Store
from index.types import Document, Passage
from index.vectors import VectorView
from index.view import DamagedView, Hit, View
from index.words import WordView

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


class Found(NamedTuple):
    """What each view found for one question, best first."""

    dense: list[Hit]
    lexical: list[Hit]


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
    """An open archive. Asking is safe from any thread, whatever other processes write meanwhile."""

    def __init__(self, layout: Layout, store: Store, load_embedder: LoadEmbedder) -> None:
        """Wrap an open store; use `open_archive` or `create_archive`."""
        self.layout = layout
        self.store = store
        self.mended: list[str] = []
        self._load_embedder = load_embedder
        self._lock = threading.Lock()
        self._dense = self._open_vectors()
        self._lexical = self._open_words()
        with self._lock:
            self._catch_up()

    def close(self) -> None:
        """Let go of the files."""
        self._lexical.save()
        self.store.close()

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
                f"({identity.fingerprint[:12]}, not {embedder.fingerprint[:12]}); bring those back, "
                "or make a new archive with --home"
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
        among: Collection[int] | None = None
        if since is not None or until is not None:
            among = self.store.passage_ids(since, until)
        with self._lock:
            self._catch_up()
            return Found(
                dense=self._dense.search(vector, limit, among),
                lexical=self._lexical.search(question, limit, since, until),
            )

    def known_vectors(self, passage_ids: Sequence[int]) -> dict[int, Vectors]:
        """Return the float32 vectors of those passages that are still in the dense view."""
        with self._lock:
            return self._dense.vectors(passage_ids)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each content word occurs."""
        return [self._lexical.document_frequency(term) for term in terms]

    @property
    def passage_count(self) -> int:
        """How many passages the dense view holds."""
        return self._dense.count

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
        files = [each for each in self.layout.home.rglob("*") if each.is_file()]
        return Status(
            home=self.layout.home,
            documents=documents,
            passages=passages,
            change=self.store.change,
            embedder=self.store.identity.embedder,
            dimension=self.store.identity.dimension,
            bytes_on_disk=sum(each.stat().st_size for each in files),
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
            waiting: list[tuple[Path, Document, list[Passage], Result]] = []
            for path, problem in files:
                try:
                    if problem is not None:
                        raise LoadError(problem)
                    prepared = self._prepare(path, largest_file)
                except LoadError as error:
                    yield Outcome(path, "skipped", note=str(error))
                    continue
                if isinstance(prepared, Outcome):
                    yield prepared
                    continue
                waiting.append(prepared)
                if sum(len(passages) for _, _, passages, _ in waiting) >= COMMIT_PASSAGES:
                    yield from self._commit(waiting)
                    waiting = []
            yield from self._commit(waiting)

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
                texts = [embedded_text(document.title, each.text) for each in passages]
                self.store.put([(document, passages, self.embedder.encode(texts))])

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
        identity = self.store.identity
        with self._changing(), self._lock:
            self._lexical.save()
            self._dense = VectorView(self.layout.vectors, identity.archive, identity.dimension)
            self._lexical = WordView.create(self.layout.words, identity.archive)

    def find(self, reference: str) -> list[Document]:
        """Return the document from this path, those from below this folder, or the one of this id.

        Raises:
            UnknownDocument: there is none.
        """
        source = self.source_of(Path(reference))
        found = self.store.find(source) or self.store.below(source)
        if not found and reference.isdecimal():
            found = [each for each in [self.store.document(int(reference))] if each is not None]
        if not found:
            raise UnknownDocument(f"no document {reference!r} here; qa index list shows what there is")
        return found

    def source_of(self, path: Path) -> str:
        """Return what a file is called in this archive."""
        absolute = path.resolve()
        base = self.layout.base.resolve()
        return str(absolute.relative_to(base) if absolute.is_relative_to(base) else absolute)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the write lock; afterwards bring both views, and their files, up to the store.

        If the work fails half-way, the views are left: whoever searches next brings them up.
        """
        with write_lock(self.layout):
            yield
            with self._lock:
                self._save_views()

    def _prepare(
        self, path: Path, largest_file: int
    ) -> tuple[Path, Document, list[Passage], Result] | Outcome:
        loaders.loader_for(path)
        content = loaders.read(path, largest_file)
        source = self.source_of(path)
        _check_name(source)
        before = self.store.find(source)
        if before and before[0].content_hash == loaders.content_hash(content):
            return Outcome(path, "unchanged", before[0])
        document = loaders.load(path, content, source)
        passages = split(document, self.embedder.count_tokens)
        return path, document, passages, "replaced" if before else "added"

    def _commit(
        self, waiting: Sequence[tuple[Path, Document, list[Passage], Result]]
    ) -> Iterator[Outcome]:
        if not waiting:
            return
        texts = [
            embedded_text(document.title, passage.text)
            for _, document, passages, _ in waiting
            for passage in passages
        ]
        vectors = self.embedder.encode(texts)
        entries = []
        at = 0
        for _, document, passages, _ in waiting:
            entries.append((document, passages, vectors[at : at + len(passages)]))
            at += len(passages)
        stored = self.store.put(entries)
        for (path, _, _, result), document in zip(waiting, stored, strict=True):
            note = "" if document.encoding in (None, "utf-8") else f"read as {document.encoding}"
            yield Outcome(path, result, document, note)

    # The views

    def _open_vectors(self) -> VectorView:
        identity = self.store.identity
        try:
            return VectorView.open(self.layout.vectors, identity.archive, identity.dimension)
        except DamagedView as damage:
            self._note(damage)
            return VectorView(self.layout.vectors, identity.archive, identity.dimension)

    def _open_words(self) -> WordView:
        identity = self.store.identity
        try:
            return WordView.open(self.layout.words, identity.archive)
        except DamagedView as damage:
            self._note(damage)
        try:
            with write_lock(self.layout):
                return WordView.create(self.layout.words, identity.archive)
        except (ArchiveBusy, ArchiveUnwritable):
            return WordView.in_memory(identity.archive)

    def _note(self, damage: DamagedView) -> None:
        if self.store.change > 0:
            self.mended.append(f"{damage}: made again from the store")

    def _catch_up(self) -> None:
        """See to it that a search sees the store's last change."""
        target = self.store.change
        if self._dense.change != target:
            _bring_to(self._dense, self.store, target)
        if self._lexical.change != target:
            self._lexical.refresh()
        if self._lexical.change != target:
            self._catch_up_words(target)

    def _catch_up_words(self, target: int) -> None:
        """Bring the words up, whose files only the holder of the lock may change."""
        if self._lexical.private:
            _bring_to(self._lexical, self.store, target)
            return
        try:
            with write_lock(self.layout):
                self._lexical.refresh()
                self._save_views()
        except ArchiveBusy:
            pass  # whoever is writing now brings them up when it is done
        except ArchiveUnwritable:
            self._lexical = WordView.in_memory(self.store.identity.archive)
            _bring_to(self._lexical, self.store, target)

    def _save_views(self) -> None:
        target = self.store.change
        for view in (self._dense, self._lexical):
            if view.change != target:
                _bring_to(view, self.store, target)
            view.save()


def open_archive(home: Path, load_embedder: LoadEmbedder, wanted: str | None = None) -> Archive:
    """Open the archive in the folder `home`.

    Args:
        home: the archive's folder.
        load_embedder: opens an embedder by name; called when the first text is embedded.
        wanted: the embedder that the user asked for, if any.

    Raises:
        NoArchive: there is none.
        NotAnArchive: the folder holds something else.
        NewerArchive: made by a newer version.
        WrongEmbedder: made with another embedder than `wanted`.
        ArchiveDamaged: the store cannot be read.
    """
    layout = Layout(home)
    if not layout.store.exists():
        if home.exists() and not _is_vacant(home):
            raise NotAnArchive(f"{home} is not an archive; name another folder with --home")
        raise NoArchive(f"no archive at {home}; make one with: qa index add PATH")
    store = Store(layout.store)
    if wanted is not None and wanted != store.identity.embedder:
        embedder = load_embedder(wanted)
        if embedder.fingerprint != store.identity.fingerprint:
            store.close()
            raise WrongEmbedder(
                f"{home} was made with {store.identity.embedder}, not {wanted}; leave out "
                "--embedder, or make a new archive with --home"
            )
    return Archive(layout, store, load_embedder)


def create_archive(home: Path, load_embedder: LoadEmbedder, embedder_name: str) -> Archive:
    """Make an empty archive in the folder `home`, which is missing or empty, and open it.

    Raises:
        NotAnArchive: something else is there.
        ArchiveBusy: another process is just making it.
        ArchiveUnwritable: it cannot be written.
        ModelError: the embedder cannot be opened.
    """
    layout = Layout(home)
    if home.exists() and not _is_vacant(home):
        raise NotAnArchive(f"{home} holds other things; name an empty folder with --home")
    embedder = load_embedder(embedder_name)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveUnwritable(
            f"cannot make {home}: {error.strerror}; name another folder with --home"
        ) from error
    with write_lock(layout):
        if not layout.store.exists():
            Store.create(layout.store, embedder).close()
    return open_archive(home, load_embedder, embedder_name)


def _is_vacant(home: Path) -> bool:
    """Say whether a folder is empty but for what a first attempt may have left."""
    own = Layout(home)
    leavings = {own.lock.name, own.holder.name}
    return home.is_dir() and all(
        each.name in leavings or each.name.startswith(own.store.name) for each in home.iterdir()
    )


def embedded_text(title: str, text: str) -> str:
    """Return what is embedded for a passage: its document's title, then its own words."""
    return f"{title}\n{text}"


def _bring_to(view: View, store: Store, target: int) -> None:
    for removed, added in store.changes_between(view.change, target):
        view.apply(removed, added)
    view.reach(target)


def _check_name(source: str) -> None:
    try:
        source.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LoadError("its name is not valid text; rename it") from error
