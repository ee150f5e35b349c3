"""A bounded pool: so many questions at a time, so many waiting, and not one more."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from index.errors import ServiceBusy

Result = TypeVar("Result")


class Pool:
    """Runs work in threads, and refuses it where waiting would take too long."""

    def __init__(self, workers: int, queue: int, of: str = "questions") -> None:
        """Run `workers` pieces of work at a time, with at most `queue` more waiting.

        `of` says what they are.
        """
        self._of = of
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="question")
        self._size = workers + queue
        self._places = threading.Semaphore(self._size)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, without holding up the event loop.

        Cancelling this gives up the place at once if the work has not begun; work that has begun
        runs to its end and keeps its place until then.

        Raises:
            ServiceBusy: all places are taken.
        """
        if not self._places.acquire(blocking=False):
            raise ServiceBusy(
                f"{self._size} {self._of} are being answered or waiting already; try again shortly"
            )
        try:
            running = self._executor.submit(work)
        except RuntimeError:  # no thread to be had
            self._places.release()
            raise
        # Called once, however the work ends: done, failed or cancelled before it began.
        running.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(running)

    def close(self) -> None:
        """Finish what was accepted, then let the threads go."""
        self._executor.shutdown(wait=True)
