"""Errors that nobody foresaw."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.unexpected import UnexpectedErrors, where

SCOPE = {"type": "http", "method": "POST", "path": "/ask\n"}


async def _nothing() -> Message:
    raise AssertionError


def test_an_error_becomes_a_problem_and_a_log_entry_without_its_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def application(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError("the question was: who is the source?")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(UnexpectedErrors(application)(SCOPE, _nothing, send))
    assert sent[0]["status"] == 500
    assert b"source" not in sent[1]["body"]
    assert "POST /ask%0A failed" in caplog.text
    assert "ValueError" in caplog.text
    assert "test_unexpected.py" in caplog.text
    assert "the source" not in caplog.text.replace(
        'raise ValueError("the question was: who is the source?")', ""
    )


def test_an_error_after_the_reply_has_begun_is_the_servers_to_handle() -> None:
    async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError

    async def send(_message: Message) -> None:
        pass

    with pytest.raises(ValueError):
        asyncio.run(UnexpectedErrors(application)(SCOPE, _nothing, send))


def test_an_error_at_start_up_is_the_servers_to_handle() -> None:
    async def application(*_: Any) -> None:
        raise ValueError

    with pytest.raises(ValueError):
        asyncio.run(UnexpectedErrors(application)({"type": "lifespan"}, _nothing, _nothing))  # type: ignore[arg-type]


def test_where_names_the_kind_of_error() -> None:
    assert where(KeyError("secret")) == "KeyError"
