"""One at a time, in the order in which they came."""

import asyncio

import pytest

from api.in_turn import InTurn
from index.errors import ServiceBusy


def test_work_of_one_name_goes_one_by_one_and_in_order() -> None:
    lines = InTurn()
    seen: list[str] = []

    async def work(name: str | None, number: int) -> None:
        async with lines.line(name):
            seen.append(f"{name}{number} begins")
            await asyncio.sleep(0.01 if number == 0 else 0)
            seen.append(f"{name}{number} ends")

    async def scenario() -> None:
        await asyncio.gather(*(work(name, each) for each in range(3) for name in ("a", "b")))

    asyncio.run(scenario())
    for name in "ab":
        own = [each for each in seen if each.startswith(name)]
        assert own == [f"{name}{n} {what}" for n in range(3) for what in ("begins", "ends")]
    assert seen[:2] == ["a0 begins", "b0 begins"]


def test_work_without_a_name_waits_for_nothing() -> None:
    lines = InTurn(longest=1)

    async def scenario() -> None:
        async with lines.line(None), lines.line(None):
            pass

    asyncio.run(scenario())


def test_a_line_that_is_full_is_said_and_recovers() -> None:
    lines = InTurn(longest=2)

    async def stand(go_on: asyncio.Event) -> None:
        async with lines.line("a"):
            await go_on.wait()

    async def scenario() -> None:
        go_on = asyncio.Event()
        standing = [asyncio.create_task(stand(go_on)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(ServiceBusy, match="2 questions to this conversation are waiting"):
            async with lines.line("a"):
                pass
        async with lines.line("b"):
            pass
        standing[1].cancel()
        await asyncio.sleep(0)
        standing.append(asyncio.create_task(stand(go_on)))
        go_on.set()
        await asyncio.gather(standing[0], standing[2])
        assert standing[1].cancelled()
        assert lines._lines == {}

    asyncio.run(scenario())


def test_work_that_fails_lets_the_next_go_on() -> None:
    lines = InTurn()

    async def scenario() -> None:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                async with lines.line("a"):
                    _ = 1 / 0
        assert lines._lines == {}

    asyncio.run(scenario())
