"""Looks an archive over without mending anything, and names what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.archive import LoadEmbedder
from index.errors import NoArchive
from index.layout import Layout
from index.opening import open_archive
from index.soundness import orphans_of, unsound
from index.store import Store
from index.vectors import VectorView
from index.view import DamagedView, View
from index.words import WordView


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `document_id` is set where its document must be made again."""

    problem: str
    document_id: int | None = None
    passage_id: int | None = None


def examine(home: Path) -> Iterator[Finding]:
    """Yield what is wrong with the archive in `home`: with its store first, then with its views.

    Raises:
        NoArchive: there is none.
        ArchiveDamaged: the store cannot be read, which no command can mend.
    """
    layout = Layout(home)
    if not layout.store.exists():
        raise NoArchive(f"no archive at {home}; make one with: qa index add PATH")
    store = Store(layout.store)
    try:
        for passage_id, document_id, problem in unsound(store):
            yield Finding(f"passage {passage_id}: {problem}", document_id)
        orphans = orphans_of(store)
        for passage_id in orphans:
            yield Finding(f"passage {passage_id}: its document is gone", passage_id=passage_id)
        yield from _examine_views(layout, store, set(orphans))
    finally:
        store.close()


def mend(home: Path, findings: list[Finding], load_embedder: LoadEmbedder) -> None:
    """Mend what `examine` found: make documents and views again from the store's texts.

    Raises:
        ArchiveBusy: another process is writing.
        ArchiveUnwritable: read-only or out of room.
    """
    archive = open_archive(home, load_embedder)
    try:
        orphans = [each.passage_id for each in findings if each.passage_id is not None]
        if orphans:
            archive.remove_orphans(orphans)
        documents = {each.document_id for each in findings if each.document_id is not None}
        archive.remake(sorted(documents))
        archive.rebuild_views()
    finally:
        archive.close()


def _examine_views(layout: Layout, store: Store, orphans: set[int]) -> Iterator[Finding]:
    expected = [each for each in store.passage_ids() if each not in orphans]
    identity = store.identity
    views: list[View] = []
    try:
        views.append(VectorView.open(layout.vectors, identity.archive, identity.dimension))
    except DamagedView as damage:
        yield Finding(f"view {damage}")
    try:
        views.append(WordView.open(layout.words, identity.archive))
    except DamagedView as damage:
        yield Finding(f"view {damage}")
    for view in views:
        target = store.change
        if view.change < target:
            yield Finding(f"view {view.name} is behind the store: change {view.change} of {target}")
        elif view.change > target:
            yield Finding(f"view {view.name} is ahead of the store: change {view.change}, {target}")
        elif view.count != len(expected):  # one that miscounts may not even be able to list
            yield Finding(f"view {view.name} holds {view.count} passages of {len(expected)}")
        elif view.ids() != expected:
            yield Finding(f"view {view.name} holds other passages than the store")
