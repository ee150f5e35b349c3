"""What a page from elsewhere makes a browser send."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api import schemas
from api.app import create_app
from api.keys import Keyring
from index.layout import Layout
from tests.api.workshop import run, settings_for


@pytest.fixture(scope="module")
def plain(fake_home: Path) -> Iterator[httpx.Client]:
    with run(create_app(settings_for(fake_home))) as running:
        running.wait()
        yield running.client


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:9", "[::1]:8000", "192.0.2.7"]
)
def test_an_address_is_ours(plain: httpx.Client, host: str) -> None:
    assert plain.get("/documents", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "",
     "[::1", "cuttings"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/documents", "/docs", "/healthz", "/openapi.json"])
def test_a_name_that_somebody_gave_our_address_is_not(
    plain: httpx.Client, host: str, path: str
) -> None:
    reply = plain.get(path, headers={"Host": host})
    assert reply.status_code == 421
    problem = schemas.Problem.model_validate_json(reply.content)
    assert problem.type == "/problems/unknown-host"
    assert "allowed_hosts" in problem.detail


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://127.0.0.1:1", "null", "http://localhost:3000", "x", "",
     "http://[::1"],
)  # fmt: skip
def test_a_page_from_elsewhere_sends_nothing(plain: httpx.Client, origin: str) -> None:
    """A form with a file is what a browser sends without asking us first."""
    before = plain.get("/documents").json()["total"]
    sent = {"files": ("a.txt", b"A lie.")}
    for reply in (
        plain.post("/documents", files=sent, headers={"Origin": origin}),
        plain.post("/ask", json={"question": "Who?"}, headers={"Origin": origin}),
        plain.delete("/documents/1", headers={"Origin": origin}),
    ):
        assert reply.status_code == 403
        problem = schemas.Problem.model_validate_json(reply.content)
        assert problem.type == "/problems/foreign-page"
    assert plain.get("/documents").json()["total"] == before


def test_a_page_of_ours_does(plain: httpx.Client) -> None:
    own = str(plain.base_url).rstrip("/")
    question = {"question": "Who edits Inside Croydon?"}
    assert plain.post("/ask", json=question, headers={"Origin": own}).status_code == 200


def test_names_can_be_allowed(fake_home: Path) -> None:
    settings = settings_for(fake_home, allowed_hosts="Cuttings.example, other")
    with run(create_app(settings)) as running:
        running.wait()
        ask = running.client.get
        for host in ("cuttings.example", "cuttings.EXAMPLE:443", "other", "127.0.0.1", "localhost"):
            assert ask("/documents", headers={"Host": host}).status_code == 200, host
        assert ask("/documents", headers={"Host": "evil.example"}).status_code == 421
        # Behind a proxy that passes on another host than the page's own.
        question, headers = {"question": "Who?"}, {"Origin": "https://cuttings.example"}
        assert running.client.post("/ask", json=question, headers=headers).status_code == 200


def test_a_service_that_takes_keys_goes_by_any_name(own_home: Path) -> None:
    secret = Keyring(Layout(own_home)).add("newsroom", "ask")
    with run(create_app(settings_for(own_home, host="0.0.0.0"))) as running:
        running.wait()
        headers = {"Host": "cuttings.example", "Authorization": f"Bearer {secret}"}
        assert running.client.get("/documents", headers=headers).status_code == 200
