"""The bounded pool."""

import asyncio
import contextvars
import threading

import pytest

from api.pool import Pool
from index.errors import ServiceBusy, TookTooLong


def test_it_returns_what_the_work_returns() -> None:
    pool = Pool(workers=1, queue=0)
    assert asyncio.run(pool.run(lambda: 7)) == 7
    pool.close()


def test_it_raises_what_the_work_raises_and_frees_the_place() -> None:
    async def scenario() -> None:
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await pool.run(lambda: 1 / 0)

    pool = Pool(workers=1, queue=0)
    asyncio.run(scenario())
    pool.close()


def test_it_refuses_when_all_places_are_taken_and_recovers() -> None:
    go_on = threading.Event()

    async def scenario() -> None:
        taken = [asyncio.create_task(pool.run(go_on.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(ServiceBusy, match="3 questions"):
            await pool.run(lambda: None)
        go_on.set()
        assert await asyncio.gather(*taken) == [True] * 3
        assert await pool.run(lambda: 7) == 7

    pool = Pool(workers=1, queue=2)
    asyncio.run(scenario())
    pool.close()


def test_waiting_work_that_is_cancelled_gives_up_its_place_and_is_never_done() -> None:
    go_on = threading.Event()
    done: list[str] = []

    async def scenario() -> None:
        first = asyncio.create_task(pool.run(go_on.wait))
        waiting = asyncio.create_task(pool.run(lambda: done.append("waiting")))
        await asyncio.sleep(0)
        assert pool.waiting >= 1
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert pool.busy + pool.waiting == 1
        second = asyncio.create_task(pool.run(lambda: done.append("second")))
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, second)

    pool = Pool(workers=1, queue=1)
    asyncio.run(scenario())
    pool.close()
    assert done == ["second"]
    assert (pool.busy, pool.waiting) == (0, 0)


def test_it_counts_what_is_done_and_what_waits() -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def work() -> None:
        begun.release()
        go_on.wait()
        assert pool.busy >= 1
        raise ValueError

    async def scenario() -> None:
        taken = [asyncio.create_task(pool.run(work)) for _ in range(5)]
        for _ in range(2):
            await asyncio.to_thread(begun.acquire)
        assert (pool.busy, pool.waiting) == (2, 3)
        go_on.set()
        await asyncio.gather(*taken, return_exceptions=True)
        assert (pool.busy, pool.waiting) == (0, 0)

    pool = Pool(workers=2, queue=3)
    asyncio.run(scenario())
    pool.close()


def test_work_sees_the_callers_context_and_leaves_it_alone() -> None:
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name")

    def work() -> str:
        found = name.get()
        name.set("changed")
        return found

    async def ask(given: str) -> str:
        name.set(given)
        found = await pool.run(work)
        assert name.get() == given
        return found

    async def scenario() -> list[str]:
        return await asyncio.gather(*(ask(str(each)) for each in range(20)))

    pool = Pool(workers=3, queue=20)
    assert asyncio.run(scenario()) == [str(each) for each in range(20)]
    pool.close()


def test_running_work_that_is_cancelled_keeps_its_place_until_it_ends() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait()

    async def scenario() -> None:
        running = asyncio.create_task(pool.run(work))
        await asyncio.to_thread(begun.wait)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        with pytest.raises(ServiceBusy):
            await pool.run(lambda: None)
        go_on.set()

    pool = Pool(workers=1, queue=0)
    asyncio.run(scenario())
    pool.close()


def test_work_that_takes_too_long_is_given_up_but_its_worker_comes_back() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait()

    async def scenario() -> None:
        with pytest.raises(TookTooLong, match=r"longer than 0\.05 s"):
            await pool.run(work)
        assert begun.is_set()
        with pytest.raises(ServiceBusy):
            await pool.run(lambda: None)
        go_on.set()
        while True:
            try:
                assert await pool.run(lambda: 7) == 7
            except ServiceBusy:
                await asyncio.sleep(0.01)
            else:
                return

    pool = Pool(workers=1, queue=0, seconds=0.05)
    asyncio.run(scenario())
    pool.close()


def test_waiting_counts_too_and_what_waited_too_long_is_never_done() -> None:
    go_on = threading.Event()
    done: list[str] = []

    async def scenario() -> None:
        first = asyncio.create_task(pool.run(go_on.wait))
        await asyncio.sleep(0)
        for _ in range(3):  # each gives its place up
            with pytest.raises(TookTooLong):
                await pool.run(lambda: done.append("waited"))
        go_on.set()
        with pytest.raises(TookTooLong):
            await first

    pool = Pool(workers=1, queue=1, seconds=0.05)
    asyncio.run(scenario())
    pool.close()
    assert done == []


def test_a_timeout_of_the_works_own_is_its_own() -> None:
    def work() -> None:
        raise TimeoutError("the disk")

    pool = Pool(workers=1, queue=0, seconds=60)
    with pytest.raises(TimeoutError, match="the disk"):
        asyncio.run(pool.run(work))
    pool.close()


def test_those_who_are_refused_are_told_by_what() -> None:
    pool = Pool(workers=1, queue=-1, what="changes are being made")
    with pytest.raises(ServiceBusy, match="0 changes are being made or waiting already"):
        asyncio.run(pool.run(lambda: None))
    pool.close()


def test_closing_finishes_what_was_accepted() -> None:
    done: list[int] = []

    async def scenario() -> None:
        accepted = [asyncio.create_task(pool.run(lambda: done.append(1))) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.to_thread(pool.close)
        await asyncio.gather(*accepted)

    pool = Pool(workers=1, queue=5)
    asyncio.run(scenario())
    assert done == [1] * 5


def test_a_closed_pool_does_not_keep_places_for_what_it_refuses() -> None:
    async def scenario() -> None:
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await pool.run(lambda: None)

    pool = Pool(workers=1, queue=0)
    pool.close()
    asyncio.run(scenario())
