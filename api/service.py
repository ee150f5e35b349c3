"""What stands behind the routes: the answerer, once it is loaded, and the pools it works in."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Final

from api.pool import Pool
from index.errors import CuttingsError, NotReady, ServiceBusy
from qa.answer import Answerer
from qa.stages import Tell

_logger = logging.getLogger(__name__)


MOST_UPLOADS: Final = 4
"""Uploads that may be on their way at a time: each takes up room on the disk, and only one at a
time can be added."""


class Service:
    """One archive's answerer and the pools that its questions run in.

    The answerer is loaded in a thread of its own, so that the service can say that it is alive
    while a model is prepared for the first time, which takes about a minute. `listeners` become the
    answerer's.
    """

    def __init__(self, open_answerer: Callable[[], Answerer], pool: Pool, batches: Pool) -> None:
        """Answer with what `open_answerer` opens: questions in `pool`, batches in one of theirs."""
        self.pool = pool
        self.batches = batches
        self.adding = Pool(1, MOST_UPLOADS, what="changes are being made")
        self.uploads = asyncio.Semaphore(MOST_UPLOADS)
        self.loaded: Future[Answerer] = Future()
        self.listeners: list[Tell] = []
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

    @asynccontextmanager
    async def uploading(self) -> AsyncIterator[None]:
        """Take one of the places for uploads meanwhile.

        Raises:
            ServiceBusy: there is none.
        """
        if self.uploads.locked():
            raise ServiceBusy(f"{MOST_UPLOADS} uploads are on their way already; try again shortly")
        async with self.uploads:
            yield

    @property
    def pools(self) -> tuple[Pool, Pool]:
        """Those that answer questions."""
        return self.pool, self.batches

    def close(self) -> None:
        """Finish what was accepted, then close the archive."""
        for each in (*self.pools, self.adding):
            each.close()
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
