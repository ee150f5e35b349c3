"""What every request passes: the doors together, and CORS, which is a library's."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.keys import Keyring
from index.layout import Layout
from tests.api.workshop import run, settings_for

PAGE = "https://news.example"
ASKING = {"Origin": PAGE, "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "authorization, content-type"}  # fmt: skip


@pytest.fixture(scope="module")
def opened(fake_home: Path) -> Iterator[httpx.Client]:
    settings = settings_for(fake_home, cors=[PAGE], rate_per_address=1000)
    with run(create_app(settings)) as running:
        running.wait()
        yield running.client


def test_pages_elsewhere_are_shut_out_unless_they_are_named(client: httpx.Client) -> None:
    assert (
        "access-control-allow-origin"
        not in client.get("/documents", headers={"Origin": PAGE}).headers
    )
    asked = client.options("/ask", headers=ASKING)
    assert asked.status_code == 405
    assert "access-control-allow-origin" not in asked.headers


def test_a_page_that_is_named_may_ask(opened: httpx.Client) -> None:
    asked = opened.options("/ask", headers=ASKING)
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == PAGE
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert "authorization" in asked.headers["access-control-allow-headers"].lower()
    question = {"question": "Who edits Inside Croydon?"}
    reply = opened.post("/ask", json=question, headers={"Origin": PAGE})
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == PAGE
    assert "RateLimit" in reply.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in reply.headers


def test_other_pages_may_not(opened: httpx.Client) -> None:
    other = "https://evil.example"
    asked = opened.options("/ask", headers={**ASKING, "Origin": other})
    assert asked.status_code == 400
    assert "access-control-allow-origin" not in asked.headers
    assert (
        opened.post("/ask", json={"question": "Who?"}, headers={"Origin": other}).status_code == 403
    )


def test_a_page_may_read_why_it_was_refused(own_home: Path) -> None:
    Keyring(Layout(own_home)).add("newsroom", "ask")
    settings = settings_for(own_home, cors=[PAGE], auth=True)
    with run(create_app(settings)) as running:
        running.wait()
        assert running.client.options("/ask", headers=ASKING).status_code == 200
        reply = running.client.post("/ask", json={}, headers={"Origin": PAGE})
        assert reply.status_code == 401
        assert reply.headers["access-control-allow-origin"] == PAGE
        assert reply.headers["x-content-type-options"] == "nosniff"


def test_every_page_may_if_the_settings_say_so(fake_home: Path) -> None:
    settings = settings_for(fake_home, cors="*")
    with run(create_app(settings)) as running:
        running.wait()
        reply = running.client.post(
            "/ask", json={"question": "Who?"}, headers={"Origin": "https://any.example"}
        )
        assert reply.status_code == 200
        assert reply.headers["access-control-allow-origin"] == "*"
