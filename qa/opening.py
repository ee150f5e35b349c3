"""Puts the parts together: settings in, an open archive or an answerer out."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from index.archive import Archive
from index.embed import Embedder, open_embedder, silent
from index.errors import NoArchive
from index.opening import create_archive, open_archive
from models import READER as SHIPPED
from qa.answer import Answerer
from qa.calibration import FILE as CALIBRATION
from qa.calibration import Calibration
from qa.confidence import SENTENCES
from qa.read import Reader
from qa.scorers import CheckpointScorer, OnnxScorer, Scorer
from qa.sentence_reader import SentenceReader
from qa.settings import Settings
from qa.span_reader import SpanReader
from qa.weights import Weights

Notify = Callable[[str], None]

WHOLE_SENTENCES: Final = "sentences"
"""The name of the reader that needs no weights, and finds whole sentences in any language."""


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
        ModelError: the embedder or the reader cannot be loaded.
    """
    # Loaded now, so that the first question does not wait, and what is wrong is said at once.
    _ = archive.embedder
    reader, calibrator = open_reader(archive, settings.reader)
    return Answerer(
        archive,
        reader,
        calibrator,
        settings.min_confidence,
        settings.top_k,
        settings.max_question,
    )


def open_reader(archive: Archive, name: str | None) -> tuple[Reader, Weights]:
    """Open the reader called `name`, and what turns its findings into confidence.

    `name` is None for the shipped one, `sentences`, a folder with a reader that this project
    trained, or any Hugging Face extractive question-answering checkpoint, by folder or hub name.

    Raises:
        ModelError: it cannot be loaded.
    """
    if name == WHOLE_SENTENCES:
        sentences = SentenceReader(
            archive.embedder, archive.document_frequencies, lambda: archive.passage_count
        )
        return sentences, SENTENCES
    folder = SHIPPED if name is None else Path(name).expanduser()
    ours = name is None or (folder / "reader.json").exists()
    scorer: Scorer = OnnxScorer(folder) if ours else CheckpointScorer(str(name))
    # Another's checkpoint may bring a calibration of its own; the shipped one is the next best.
    calibration = Calibration.load(folder if ours or (folder / CALIBRATION).exists() else SHIPPED)
    reader = SpanReader(
        scorer, calibration.rank, archive.document_frequencies, lambda: archive.passage_count
    )
    return reader, calibration.confidence


def loader(settings: Settings, notify: Notify = silent) -> Callable[[str], Embedder]:
    """Return what opens an embedder by name, with the settings' cache."""
    return partial(open_embedder, cache=settings.cache, notify=notify)
