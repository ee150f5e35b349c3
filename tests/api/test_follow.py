"""Work that tells how far it has come."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import aclosing

import pytest

from api.follow import follow
from api.pool import Pool
from index.errors import ServiceBusy
from qa.stages import Abandoned


def test_what_is_told_comes_while_the_work_goes_on() -> None:
    go_on = threading.Event()

    def work(tell: Callable[[int], None]) -> None:
        tell(1)
        assert go_on.wait(60)
        tell(2)

    async def scenario() -> list[int]:
        found = []
        async for each in follow(pool, work):
            found.append(each)
            go_on.set()
        return found

    pool = Pool(workers=1, queue=0)
    assert asyncio.run(scenario()) == [1, 2]
    pool.close()


def test_a_slow_listener_does_not_hold_up_the_work() -> None:
    done = threading.Event()

    def work(tell: Callable[[int], None]) -> None:
        for each in range(1000):
            tell(each)
        done.set()

    async def scenario() -> list[int]:
        told = follow(pool, work)
        first = await anext(told)
        assert await asyncio.to_thread(done.wait, 60)
        return [first, *[each async for each in told]]

    pool = Pool(workers=1, queue=0)
    assert asyncio.run(scenario()) == list(range(1000))
    pool.close()


def test_what_the_work_raises_comes_after_what_it_told() -> None:
    def work(tell: Callable[[int], None]) -> None:
        tell(1)
        raise KeyError

    async def scenario() -> None:
        told = follow(pool, work)
        assert await anext(told) == 1
        with pytest.raises(KeyError):
            await anext(told)

    pool = Pool(workers=1, queue=0)
    asyncio.run(scenario())
    pool.close()


def test_a_full_pool_refuses() -> None:
    go_on = threading.Event()

    async def scenario() -> None:
        taken = asyncio.create_task(pool.run(go_on.wait))
        await asyncio.sleep(0)
        with pytest.raises(ServiceBusy):
            await anext(follow(pool, lambda _: None))
        go_on.set()
        await taken

    pool = Pool(workers=1, queue=0)
    asyncio.run(scenario())
    pool.close()


@pytest.mark.parametrize("how", ["closed", "cancelled"])
def test_work_that_nobody_waits_for_ends_and_frees_its_worker(how: str) -> None:
    ended: list[type[BaseException]] = []

    def work(tell: Callable[[int], None]) -> None:
        try:
            while True:
                tell(1)
                threading.Event().wait(0.01)
        except BaseException as error:
            ended.append(type(error))
            raise

    async def listen() -> None:
        async with aclosing(follow(pool, work)) as told:
            async for _ in told:
                if how == "closed":
                    return

    async def scenario() -> None:
        listening = asyncio.create_task(listen())
        if how == "cancelled":
            await asyncio.sleep(0.05)
            listening.cancel()
        await asyncio.wait([listening])
        while True:  # the place is free once the thread has noticed
            try:
                assert await pool.run(lambda: 7) == 7
            except ServiceBusy:
                await asyncio.sleep(0.01)
            else:
                return

    pool = Pool(workers=1, queue=0)
    asyncio.run(scenario())
    pool.close()
    assert ended == [Abandoned]
