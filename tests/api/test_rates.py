"""Limits on how often one may ask, over HTTP."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from limits.storage import MemoryStorage
from starlette.types import Receive, Scope, Send

from api import schemas
from api.app import create_app
from api.keys import Keyring
from api.rates import COUNTERS, Rates
from index.layout import Layout
from tests.api.workshop import run, settings_for


def _left(reply: httpx.Response) -> tuple[str, int, int]:
    """Return the policy that a reply names, how much of it is left, and for how many seconds."""
    found = re.fullmatch(r'"(\w+)";r=(\d+);t=(\d+)', reply.headers["ratelimit"])
    assert found is not None
    return found[1], int(found[2]), int(found[3])


def test_an_address_is_limited_and_told(fake_home: Path) -> None:
    settings = settings_for(fake_home, rate_per_address=3)
    with run(create_app(settings)) as running:
        running.wait()
        for left in (2, 1, 0):
            reply = running.client.get("/documents")
            assert reply.status_code == 200
            assert reply.headers["ratelimit-policy"] == '"address";q=3;w=60'
            policy, remaining, seconds = _left(reply)
            assert (policy, remaining) == ("address", left)
            assert 0 < seconds <= 60
        for path in ("/documents", "/docs", "/nowhere"):
            reply = running.client.get(path)
            assert reply.status_code == 429
            problem = schemas.Problem.model_validate_json(reply.content)
            assert problem.type == "/problems/too-many-requests"
            assert "3 requests a minute" in problem.detail
            assert reply.headers["ratelimit-policy"] == '"address";q=3;w=60'
            assert reply.headers["retry-after"] == str(_left(reply)[2])
            assert _left(reply)[1] == 0
        for path in ("/healthz", "/readyz"):
            reply = running.client.get(path)
            assert reply.status_code == 200
            assert "ratelimit" not in reply.headers


def test_another_address_is_another_matter(fake_home: Path) -> None:
    settings = settings_for(fake_home, rate_per_address=1)
    with run(create_app(settings)) as running:
        running.wait()

        def ask_from(address: str) -> int:
            # uvicorn believes a proxy on this machine about where a request comes from.
            headers = {"X-Forwarded-For": address}
            return running.client.get("/documents", headers=headers).status_code

        addresses = [f"192.0.2.{number}" for number in range(4)]
        assert [ask_from(each) for each in addresses] == [200] * 4
        assert [ask_from(each) for each in addresses] == [429] * 4
        # One that has a network of IPv6 has it all, and an IPv4 address may be written in two ways.
        assert ask_from("2001:db8:0:7::1") == 200
        assert ask_from("2001:db8:0:7:1234::9") == 429
        assert ask_from("2001:db8:0:8::1") == 200
        assert ask_from("::ffff:192.0.2.1") == 429


def test_a_key_is_limited_wherever_it_comes_from(own_home: Path) -> None:
    ring = Keyring(Layout(own_home))
    secrets = [ring.add(name, "ask") for name in ("newsroom", "desk")]
    settings = settings_for(own_home, auth=True, rate_per_key=2, rate_per_address=1)
    with run(create_app(settings)) as running:
        running.wait()

        def ask(secret: str, address: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {secret}", "X-Forwarded-For": address}
            return running.client.get("/documents", headers=headers)

        replies = [ask(secrets[0], f"192.0.2.{number}") for number in range(3)]
        assert [each.status_code for each in replies] == [200, 200, 429]
        assert replies[0].headers["ratelimit-policy"] == '"key";q=2;w=60'
        assert ask(secrets[1], "192.0.2.1").status_code == 200
        # Who guesses at keys is an address like any other.
        assert ask("cuttings_wrong", "192.0.2.9").status_code == 401
        assert ask("cuttings_other", "192.0.2.9").status_code == 429


@pytest.mark.parametrize(
    ("given", "policy"),
    [
        ({}, None),
        ({"rate_per_address": 0}, None),
        ({"host": "0.0.0.0", "auth": False}, '"address";q=120;w=60'),
        ({"host": "0.0.0.0", "auth": False, "rate_per_address": 0}, None),
        ({"rate_per_address": 7}, '"address";q=7;w=60'),
    ],
)
def test_what_holds_unless_more_is_said(
    fake_home: Path, given: dict[str, object], policy: str | None
) -> None:
    with run(create_app(settings_for(fake_home, **given))) as running:
        reply = running.client.get("/docs")
        assert reply.headers.get("ratelimit-policy") == policy


def test_memory_stays_flat_however_many_addresses_come() -> None:
    served: list[str] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        served.append(scope["client"][0])

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    async def come() -> None:
        for number in range(3 * COUNTERS):
            client = (f"10.0.{number >> 8}.{number & 255}", 1)
            await rates({"type": "http", "path": "/ask", "client": client}, nothing, nothing)

    rates = Rates(application, per_key=1, per_address=10_000)
    asyncio.run(come())
    assert len(set(served)) == 3 * COUNTERS
    storage = rates._counters.storage
    assert isinstance(storage, MemoryStorage)
    for held in (storage.storage, storage.expirations, storage.locks, storage.events):
        assert len(held) <= COUNTERS
    assert len(storage.storage) > COUNTERS * 0.8  # they are spread over all that there are
