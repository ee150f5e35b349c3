"""Puts the parts together: settings in, an open archive or an answerer out."""

from collections.abc import Callable
from functools import partial

from index.archive import Archive
from index.embed import Embedder, open_embedder, silent
from index.errors import NoArchive
from index.opening import create_archive, open_archive
from qa.answer import Answerer
from qa.confidence import SENTENCES
from qa.sentence_reader import SentenceReader
from qa.settings import Settings

Notify = Callable[[str], None]


def open_for_asking(settings: Settings, notify: Notify = silent) -> Archive:
    """Open the archive that the settings name. See `index.opening` for errors."""
    return open_archive(settings.home, loader(settings, notify), settings.embedder)


def open_for_adding(settings: Settings, notify: Notify = silent) -> Archive:
    """Open the archive that the settings name, or make it. See `index.opening` for errors."""
    try:
        return open_for_asking(settings, notify)
    except NoArchive:
        return create_archive(settings.home, loader(settings, notify), settings.embedder_name)


def open_answerer(settings: Settings, notify: Notify = silent) -> Answerer:
    """Open the archive and the models, all that answering needs.

    Raises:
        ArchiveError: see `index.opening.open_archive`.
        ModelError: the embedder cannot be loaded.
    """
    return answerer_for(open_for_asking(settings, notify), settings)


def answerer_for(archive: Archive, settings: Settings) -> Answerer:
    """Load the models that answering from an open archive needs.

    Raises:
        WrongEmbedder: the archive's model has other weights now.
        ModelError: the embedder cannot be loaded.
    """
    reader = SentenceReader(
        archive.embedder, archive.document_frequencies, lambda: archive.passage_count
    )
    return Answerer(archive, reader, SENTENCES, settings.min_confidence, settings.top_k)


def loader(settings: Settings, notify: Notify = silent) -> Callable[[str], Embedder]:
    """Return what opens an embedder by name, with the settings' cache."""
    return partial(open_embedder, cache=settings.cache, notify=notify)
