"""A bounded pool: so many questions at a time, so many waiting, and not one more."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from index.errors import ServiceBusy, TookTooLong

Result = TypeVar("Result")


class Pool:
    """Runs work in threads, and refuses it where waiting would take too long.

    `busy` is how many pieces of work are being done, `waiting` how many have not begun.
    """

    def __init__(
        self,
        workers: int,
        queue: int,
        seconds: float = 0,
        what: str = "questions are being answered",
    ) -> None:
        """Run `workers` pieces of work at a time, with at most `queue` more waiting.

        Nobody waits longer than `seconds` for any of it; with 0, for as long as it takes. `what`
        says to those who are refused what all the places are taken by.
        """
        self.workers = workers
        self.queue = queue
        self.busy = 0
        self.waiting = 0
        self._seconds = None if seconds == 0 else seconds
        self._what = what
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="question")
        self._lock = threading.Lock()

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, without holding up the event loop.

        The work sees the caller's context variables. Cancelling this gives up the place at once if
        the work has not begun; work that has begun runs to its end and keeps its place until then.
        So it is where it takes too long.

        Raises:
            ServiceBusy: all places are taken.
            TookTooLong: it did, waiting included.
        """
        size = self.workers + self.queue
        with self._lock:
            if self.busy + self.waiting >= size:
                raise ServiceBusy(f"{size} {self._what} or waiting already; try again shortly")
            self.waiting += 1
        try:
            running = self._executor.submit(contextvars.copy_context().run, self._do, work)
        except RuntimeError:  # no thread to be had
            self._give_up()
            raise
        running.add_done_callback(self._see_if_cancelled)
        clock = asyncio.timeout(self._seconds)
        try:
            async with clock:
                return await asyncio.wrap_future(running)
        except TimeoutError as error:
            if not clock.expired():  # the work's own
                raise
            raise TookTooLong(
                f"the answer took longer than {self._seconds:g} s; ask in fewer words, or try "
                "again later"
            ) from error

    def close(self) -> None:
        """Finish what was accepted, then let the threads go."""
        self._executor.shutdown(wait=True)

    def _do(self, work: Callable[[], Result]) -> Result:
        with self._lock:
            self.waiting -= 1
            self.busy += 1
        try:
            return work()
        finally:
            with self._lock:
                self.busy -= 1

    def _see_if_cancelled(self, ended: Future[Any]) -> None:
        if ended.cancelled():  # which only work that has not begun can be
            self._give_up()

    def _give_up(self) -> None:
        with self._lock:
            self.waiting -= 1
