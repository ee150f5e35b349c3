"""What stands behind the routes: the answerer, once it is loaded, and the pool it works in."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

from api.pool import Pool
from index.errors import CuttingsError, NotReady
from qa.answer import Answerer
from qa.types import Answer

_logger = logging.getLogger(__name__)


class Service:
    """One archive's answerer and the pool that its questions run in.

    The answerer is loaded in a thread of its own, so that the service can say that it is alive
    while a model is prepared for the first time, which takes about a minute. `listeners` are told
    of every answer, in the thread that made it.
    """

    def __init__(self, open_answerer: Callable[[], Answerer], pool: Pool) -> None:
        """Answer with what `open_answerer` opens, in `pool`."""
        self.pool = pool
        self.loaded: Future[Answerer] = Future()
        self.listeners: list[Callable[[Answer], None]] = []
        self._open_answerer = open_answerer

    def start(self) -> None:
        """Begin to load; `loaded` tells how it ends."""
        threading.Thread(target=self._load, name="loading").start()

    @property
    def answerer(self) -> Answerer:
        """The answerer.

        Raises:
            NotReady: it is not loaded, or could not be.
        """
        if not self.loaded.done():
            raise NotReady("the archive and its model are being opened; try again shortly")
        if self.loaded.exception() is not None:
            raise NotReady("the archive or its model cannot be opened; the service's log says why")
        return self.loaded.result()

    def close(self) -> None:
        """Finish the questions that were accepted, then close the archive."""
        self.pool.close()
        self.loaded.add_done_callback(_close_archive)

    def _load(self) -> None:
        try:
            answerer = self._open_answerer()
        except Exception as error:  # every reader of `loaded` is told
            unforeseen = not isinstance(error, CuttingsError)
            _logger.error("cannot start: %s", error, exc_info=unforeseen)  # noqa: TRY400
            self.loaded.set_exception(error)
        else:
            answerer.listeners += self.listeners
            self.loaded.set_result(answerer)


def _close_archive(loaded: Future[Answerer]) -> None:
    if loaded.exception() is None:
        loaded.result().archive.close()
