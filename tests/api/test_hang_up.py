"""Clients that do not wait for their answer."""

import asyncio

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from api.hang_up import unless_hung_up


def _request(*messages: str) -> Request:
    """A request whose body was read, and to which these messages come before all is quiet."""
    left = list(messages)

    async def receive() -> Message:
        if left:
            return {"type": left.pop(0)}
        await asyncio.Event().wait()
        raise AssertionError("waited for ever")

    return Request({"type": "http", "method": "POST", "path": "/ask"}, receive)


def test_the_result_of_the_work_is_returned() -> None:
    async def work() -> int:
        return 7

    assert asyncio.run(unless_hung_up(_request("http.request"), work())) == 7


def test_the_error_of_the_work_is_raised() -> None:
    async def work() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        asyncio.run(unless_hung_up(_request(), work()))


def test_the_work_is_cancelled_when_the_client_leaves() -> None:
    cancelled = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    async def scenario() -> None:
        with pytest.raises(ClientDisconnect):
            await unless_hung_up(_request("http.disconnect"), work())
        await asyncio.sleep(0)

    asyncio.run(scenario())
    assert cancelled
