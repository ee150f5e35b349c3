"""A bounded pool: so many questions at a time, so many waiting, and not one more."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from index.errors import ServiceBusy, TookTooLong

Result = TypeVar("Result")


class Pool:
    """Runs work in threads, and refuses it where waiting would take too long."""

    def __init__(
        self,
        workers: int,
        queue: int,
        seconds: float | None = None,
        what: str = "questions are being answered",
    ) -> None:
        """Run `workers` pieces of work at a time, with at most `queue` more waiting.

        Nobody waits longer than `seconds` for any of it, if that is given. `what` says to those
        who are refused what all the places are taken by.
        """
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="question")
        self._size = workers + queue
        self._places = threading.Semaphore(self._size)
        self._seconds = seconds
        self._what = what

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, without holding up the event loop.

        Cancelling this gives up the place at once if the work has not begun; work that has begun
        runs to its end and keeps its place until then. So it is where it takes too long.

        Raises:
            ServiceBusy: all places are taken.
            TookTooLong: it did, waiting included.
        """
        if not self._places.acquire(blocking=False):
            raise ServiceBusy(f"{self._size} {self._what} or waiting already; try again shortly")
        try:
            running = self._executor.submit(work)
        except RuntimeError:  # no thread to be had
            self._places.release()
            raise
        # Called once, however the work ends: done, failed or cancelled before it began.
        running.add_done_callback(lambda _: self._places.release())
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
