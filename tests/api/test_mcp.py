"""The SDK's own client, asking the real service at /mcp; and others, who are up to no good."""

import asyncio
import concurrent.futures
import json
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, TextContent

from api.app import create_app
from api.mcp.server import INSTRUCTIONS, TOOLS
from api.serve import serve
from index.errors import ArchiveDamaged, QuoteError
from qa.options import settings_from
from tests.api.workshop import HeldReader, run, settings_for

QUESTION: Final = "How many children needed specialist services?"
ACCEPT: Final = {"Accept": "application/json, text/event-stream"}


def _call(name: str, **arguments: Any) -> dict[str, Any]:
    """Return the message that calls a tool."""
    parameters = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters}


def _post(service: httpx.Client, message: Any, **headers: str) -> httpx.Response:
    return service.post("/mcp", json=message, headers={**ACCEPT, **headers})


def _said(result: Any) -> str:
    """Return what a call that failed says, from the message that came back."""
    assert result["isError"]
    assert "structuredContent" not in result
    (content,) = result["content"]
    assert "\n" not in content["text"]
    return str(content["text"])


def _text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_assistant_uses_every_tool(client: httpx.Client, mode: str) -> None:
    async def use() -> None:
        address = str(client.base_url.join("/mcp"))
        async with (
            httpx2.AsyncClient(trust_env=False, timeout=60) as http,
            Client(streamable_http_client(address, http_client=http), mode=mode) as assistant,
        ):
            assert assistant.instructions == INSTRUCTIONS
            tools = (await assistant.list_tools()).tools
            assert [each.name for each in tools] == list(TOOLS)
            for each in tools:
                assert each.title is not None
                assert each.description is not None
                assert each.annotations is not None
                assert each.annotations.read_only_hint
                assert each.output_schema is not None
            # The client holds what comes back against the tool's schema.
            asked = await assistant.call_tool("ask", {"question": QUESTION})
            quoted = asked.structured_content["quotation"]
            assert _text(asked).startswith(f"“{quoted['quote']}” [1]")
            verified = await assistant.call_tool("verify", {"quote": quoted["quote"]})
            assert verified.structured_content["result"] == "found"
            place = {name: quoted[name] for name in ("start", "end")}
            place |= {"document": quoted["document"]["id"], "around": 0}
            opened = await assistant.call_tool("open", place)
            assert opened.structured_content["text"] == quoted["quote"]
            assert _text(opened).endswith(f":\n\n{quoted['quote']}")
            hits = await assistant.call_tool("search", {"query": QUESTION, "limit": 3})
            assert len(hits.structured_content["passages"]) == 3
            listed = await assistant.call_tool("list")
            assert listed.structured_content["total"] == 5
            with pytest.raises(MCPError, match="there are ask, search, open, verify, list"):
                await assistant.call_tool("summarise", {"question": QUESTION})

    asyncio.run(use())


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ask", {}, "question is missing; add it"),
        ("ask", {"question": " "}, "the question is empty"),
        ("ask", {"question": "Who?", "since": "then"}, "since: a day is written YYYY-MM-DD"),
        ("ask", {"question": "Who?", "colour": 1}, "colour is not known here"),
        ("search", {"query": "x" * 1001}, "the question has 1,001 characters"),
        ("search", {"query": "x", "limit": 21}, "limit: input should be less than or equal to 20"),
        ("open", {"document": 6}, "the archive has no such document"),
        ("open", {"document": "first"}, "document: input should be a valid integer"),
        ("verify", {"quote": " \n"}, "the quotation is empty"),
        ("verify", {"quote": "x" * 10_001}, "quote: string should have at most 10000 characters"),
        ("list", {"limit": 0}, "limit: input should be greater than or equal to 1"),
    ],
)
def test_an_error_is_one_line(
    client: httpx.Client, name: str, arguments: dict[str, Any], told: str
) -> None:
    reply = _post(client, _call(name, **arguments))
    assert reply.status_code == 200
    assert told in _said(reply.json()["result"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost.evil.example:8000"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:3000"}, 403),
        ({"Host": "localhost"}, 200),
        ({"Host": "papers.example"}, 200),
        ({"Host": "papers.example:8443", "Origin": "https://papers.example:8443"}, 200),
        ({"Host": "papers.example.evil.example"}, 421),
    ],
)
def test_no_page_of_another_site_may_call(
    named: httpx.Client, headers: dict[str, str], status: int
) -> None:
    assert _post(named, _call("list"), **headers).status_code == status


@pytest.fixture(scope="module")
def named(fake_home: Path) -> Any:
    """Asks a service that has a name besides this machine's own."""
    with run(create_app(settings_for(fake_home, allowed_hosts="papers.example"))) as running:
        running.wait()
        yield running.client


def test_there_is_nothing_but_requests(client: httpx.Client) -> None:
    for method in ("GET", "DELETE"):
        reply = client.request(method, "/mcp", headers=ACCEPT)
        assert reply.status_code == 405
        assert reply.headers["allow"] == "POST"
    assert _post(client, {}).status_code == 400
    assert client.post("/mcp", content=b"x" * 1_000_001, headers=ACCEPT).status_code == 413


def test_it_can_be_turned_off(fake_home: Path) -> None:
    with run(create_app(settings_for(fake_home, mcp=False))) as running:
        assert _post(running.client, _call("list")).status_code == 404
    assert not settings_from(serve.make_context("serve", ["--no-mcp"])).mcp
    assert settings_from(serve.make_context("serve", [])).mcp


def test_without_the_extra_it_is_not_there(
    fake_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with run(create_app(settings_for(fake_home))) as running:
        assert _post(running.client, _call("list")).status_code == 404
        assert running.client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ArchiveDamaged("/srv/papers is damaged"), "the archive cannot be read just now"),
        (QuoteError("a quotation from /srv/papers"), "the service failed to answer"),
        (RuntimeError("Who reads /srv/papers?"), "the service failed to answer"),
    ],
)
def test_trouble_of_the_services_own_tells_strangers_nothing(
    fake_home: Path,
    reader: HeldReader,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    told: str,
) -> None:
    reader.error = error
    reader.go_on.set()
    with reader.serving(fake_home) as running:
        said = _said(_post(running.client, _call("ask", question="Who reads?")).json()["result"])
    assert told in said
    assert "/srv/papers" not in said
    assert "the tool ask failed" in caplog.text
    assert "Who reads" not in caplog.text


def _wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")


def test_calls_wait_where_questions_do(fake_home: Path, reader: HeldReader) -> None:
    with (
        reader.serving(fake_home, workers=1, queue=0) as running,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        asking = threads.submit(_post, running.client, _call("ask", question=QUESTION))
        assert reader.begun.acquire(timeout=60)
        assert running.client.get("/healthz").status_code == 200
        refused = _said(_post(running.client, _call("list")).json()["result"])
        assert "try again shortly" in refused
        reader.go_on.set()
        assert not asking.result().json()["result"].get("isError")


def test_who_hangs_up_is_forgotten(fake_home: Path, reader: HeldReader) -> None:
    with reader.serving(fake_home, workers=1, queue=1) as running:

        def call(question: str) -> socket.socket:
            body = json.dumps(_call("ask", question=question)).encode()
            connection = socket.create_connection(("127.0.0.1", running.port))
            connection.sendall(
                b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Accept: application/json, text/event-stream\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )
            return connection

        pool = running.app.state.service.pool
        with call("Who is first?") as first:
            assert reader.begun.acquire(timeout=60)
            with call("Who waits?"):
                _wait_until(lambda: pool.waiting == 1)
            _wait_until(lambda: pool.waiting == 0)
            reader.go_on.set()
            assert b"200 OK" in first.recv(1000)
        assert reader.questions == ["Who is first?"]
