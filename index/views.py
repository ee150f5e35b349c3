"""Both views of one store: opened or made again, kept caught up, searched together."""

import contextlib
import threading
import time
from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

from index.embed import Vectors
from index.errors import ArchiveBusy, ArchiveUnwritable
from index.layout import Layout
from index.lock import write_lock
from index.store import Identity, Store
from index.vectors import VectorView
from index.view import DamagedView, Hit, View
from index.words import WordView

WORDS_EVERY: Final = 5.0
"""Seconds of adding after which the words are brought up: each time costs a commit."""

WASTE: Final = 0.02
"""The share of deleted entries above which the words are made again: they weigh in BM25 until
they are gone, so that the same archive would answer otherwise when it was made in other steps."""


class Found(NamedTuple):
    """What each view found for one question, best first."""

    dense: list[Hit]
    lexical: list[Hit]


class Views:
    """The dense and the lexical view. Searching is safe from any thread.

    A search sees the store's last change; the words may wait while another process writes them.
    """

    def __init__(self, layout: Layout, store: Store) -> None:
        """Open both views, mend what is damaged, and bring them up to the store."""
        self.mended: list[str] = []
        self._layout = layout
        self._store = store
        self._lock = threading.Lock()
        self._words_due = time.monotonic() + WORDS_EVERY
        self._dense = self._open_vectors()
        self._lexical = self._open_words()
        behind = self._dense.change < self._store.change
        with self._lock:
            self._catch_up()
            self._check_words()
            if behind or self.mended:
                self._keep()

    @staticmethod
    def create(layout: Layout, identity: Identity) -> None:
        """Make the files of both views, empty. The caller holds the write lock.

        Raises:
            ArchiveUnwritable: read-only or out of room.
        """
        VectorView(layout.vectors, identity.archive, identity.dimension).save()
        WordView.create(layout.words, identity.archive)

    def close(self) -> None:
        """Let go of the files."""
        self._lexical.save()

    @property
    def count(self) -> int:
        """How many passages the dense view holds."""
        return self._dense.count

    def search(
        self,
        vector: Vectors,
        question: str,
        limit: int,
        since: date | None = None,
        until: date | None = None,
        documents: Collection[int] | None = None,
    ) -> Found:
        """Return the passages nearest in meaning and in words. See `Archive.search`."""
        among: Collection[int] | None = None
        if since is not None or until is not None or documents is not None:
            among = self._store.passage_ids(since, until, documents)
        with self._lock:
            self._catch_up()
            return Found(
                dense=self._dense.search(vector, limit, among),
                lexical=self._lexical.search(question, limit, since, until, documents),
            )

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a content word occurs."""
        return self._lexical.document_frequency(term)

    def save(self) -> None:
        """Bring both views, and their files, up to the store. The caller holds the write lock.

        Raises:
            ArchiveUnwritable: out of room; the views on disk are as they were.
        """
        with self._lock:
            self._save()
            if self._lexical.waste > WASTE:
                self._lexical.clear()
                self._bring(self._lexical, self._store.change)
                self._lexical.save()

    def save_words(self) -> None:
        """Bring the words up to the store, if some seconds have passed since they last were.

        Long work calls this as it goes, so that those who ask meanwhile find what is new by its
        words too. The caller holds the write lock.

        Raises:
            ArchiveUnwritable: out of room; the words on disk are as they were.
        """
        if time.monotonic() < self._words_due:
            return
        with self._lock:
            self._refresh_words()
            self._bring(self._lexical, self._store.change)
        self._words_due = time.monotonic() + WORDS_EVERY

    def rebuild(self) -> None:
        """Start both views again from nothing. The caller holds the write lock, and saves next."""
        with self._lock:
            self._lexical.save()
            self._dense = self._new_vectors()
            self._lexical = self._new_words()

    def _open_vectors(self) -> VectorView:
        identity = self._store.identity
        try:
            view = VectorView.open(self._layout.vectors, identity.archive, identity.dimension)
            self._check_not_ahead(view)
        except DamagedView as damage:
            self._note(damage)
            return self._new_vectors()
        return view

    def _open_words(self) -> WordView:
        identity = self._store.identity
        try:
            view = WordView.open(self._layout.words, identity.archive)
            self._check_not_ahead(view)
        except DamagedView as damage:
            self._note(damage)
        else:
            return view
        try:
            with write_lock(self._layout):
                return self._new_words()
        except (ArchiveBusy, ArchiveUnwritable):
            return WordView.in_memory(identity.archive)

    def _new_vectors(self) -> VectorView:
        identity = self._store.identity
        return VectorView(self._layout.vectors, identity.archive, identity.dimension)

    def _new_words(self) -> WordView:
        return WordView.create(self._layout.words, self._store.identity.archive)

    def _check_not_ahead(self, view: View) -> None:
        """Refuse a view of changes that the store does not know: it was restored from a backup."""
        if view.change > self._store.change:
            raise DamagedView(f"{view.name} is ahead of the store")

    def _check_words(self) -> None:
        """Count the words' passages: tantivy's own list of its files bears no checksum."""
        change, count = self._store.extent()
        if self._lexical.change != change or self._lexical.count == count:
            return
        self._note(DamagedView(f"words holds {self._lexical.count} passages of {count}"))
        try:
            with write_lock(self._layout):
                self._lexical = self._new_words()
                self._save()
        except (ArchiveBusy, ArchiveUnwritable):
            self._go_private()

    def _keep(self) -> None:
        """Save what was mended or brought up, or every opening would have to do it again."""
        with contextlib.suppress(ArchiveBusy, ArchiveUnwritable), write_lock(self._layout):
            self._save()

    def _note(self, damage: DamagedView) -> None:
        if self._store.change > 0:
            self.mended.append(f"{damage}: made again from the store")

    def _catch_up(self) -> None:
        """See to it that a search sees the store's last change."""
        target = self._store.change
        if self._dense.change < target:
            self._bring(self._dense, target)
        if self._lexical.change < target and not self._lexical.private:
            with contextlib.suppress(DamagedView):  # another process is making it again
                self._lexical.refresh()
        if self._lexical.change < target:
            self._catch_up_words(target)

    def _catch_up_words(self, target: int) -> None:
        """Bring the words up, whose files only the holder of the lock may change."""
        if self._lexical.private:
            self._bring(self._lexical, target)
            return
        try:
            with write_lock(self._layout):
                self._save()
        except ArchiveBusy:
            pass  # whoever is writing now brings them up when it is done
        except ArchiveUnwritable:
            self._go_private()

    def _go_private(self) -> None:
        self._lexical = WordView.in_memory(self._store.identity.archive)
        self._bring(self._lexical, self._store.change)

    def _refresh_words(self) -> None:
        """See what another process has done to the words since we last looked."""
        try:
            self._lexical.refresh()
        except DamagedView as damage:
            self._note(damage)
            self._lexical = self._new_words()

    def _save(self) -> None:
        self._refresh_words()
        target = self._store.change
        for view in (self._dense, self._lexical):
            if view.change < target:
                self._bring(view, target)
            view.save()

    def _bring(self, view: View, target: int) -> None:
        for removed, added in self._store.changes_between(view.change, target):
            view.apply(removed, added)
        view.reach(target)
