"""Work in the pool that tells how far it has come."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

from api.pool import Pool
from qa.stages import Abandoned

Told = TypeVar("Told")


async def follow(
    pool: Pool, work: Callable[[Callable[[Told], None]], None]
) -> AsyncGenerator[Told, None]:
    """Do `work` in `pool`; yield what it tells, as it tells it.

    What was told is kept until it is fetched: a slow client does not hold up the work. Once the
    generator is closed, or the task that waits for it cancelled, the work gets `Abandoned` the next
    time that it tells something, which frees its worker.

    Raises:
        ServiceBusy: all places are taken.
    """
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[Told | None] = asyncio.Queue()
    abandoned = threading.Event()

    def tell(something: Told) -> None:
        if abandoned.is_set():
            raise Abandoned
        loop.call_soon_threadsafe(told.put_nowait, something)

    def end(done: asyncio.Task[None]) -> None:
        if not done.cancelled():
            done.exception()  # has been seen, even if nobody waits for it any more
        told.put_nowait(None)

    working = asyncio.create_task(pool.run(lambda: work(tell)))
    working.add_done_callback(end)
    try:
        while (something := await told.get()) is not None:
            yield something
        await working
    finally:
        abandoned.set()
        working.cancel()
