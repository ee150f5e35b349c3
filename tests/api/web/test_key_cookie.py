"""A key that a browser keeps, and that only pages of ours can use."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, expect

from api.keys import Keyring
from api.web import key_cookie
from index.layout import Layout
from tests.api.web.browser import visitor
from tests.api.web.workshop import CLERK, make_archive, serving


@dataclass(frozen=True)
class Locked:
    """A service that asks for a key, and one that it knows."""

    client: httpx.Client
    key: str


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    """A service that asks for a key."""
    home = make_archive(tmp_path_factory.mktemp("locked") / ".qa")
    key = Keyring(Layout(home)).add("desk", "ask")
    with serving(home, auth=True) as site:
        yield Locked(site.client, key)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "OURS"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 401),
        ({"Sec-Fetch-Site": "same-site"}, 401),
        ({"Origin": "http://127.0.0.1"}, 401),
        ({"Authorization": "Bearer other"}, 401),
        ({"Cookie": "other=1"}, 401),
    ],
)
def test_only_pages_of_ours_can_use_the_key(
    locked: Locked, headers: dict[str, str], status: int
) -> None:
    ours = str(locked.client.base_url).rstrip("/")
    told = {name: value.replace("OURS", ours) for name, value in headers.items()}
    cookie = {"Cookie": f"{key_cookie.NAME}={locked.key}"}
    assert locked.client.get("/documents", headers={**cookie, **told}).status_code == status


def test_no_script_and_no_other_site_can_read_the_key(locked: Locked) -> None:
    reply = locked.client.post("/key", data={"key": f" {locked.key} ", "onward": "talks"})
    assert reply.status_code == 303
    assert reply.headers["location"] == "./talks"
    told = reply.headers["set-cookie"].lower()
    for each in ("httponly", "samesite=strict", "path=/", "max-age=2592000"):
        assert each in told
    locked.client.cookies.clear()
    forgotten = locked.client.post("/key")
    assert "max-age=0" in forgotten.headers["set-cookie"].lower()
    assert locked.client.post("/key", data={"key": "no key\r\nSet-Cookie: a=b"}).status_code == 422


@pytest.mark.parametrize("onward", ["//elsewhere.example", "https://elsewhere.example/", "/\\x"])
def test_a_key_leads_nowhere_else(locked: Locked, onward: str) -> None:
    reply = locked.client.post("/key", data={"key": locked.key, "onward": onward})
    locked.client.cookies.clear()
    assert reply.next_request is not None
    assert reply.next_request.url.host == "127.0.0.1"


def test_programs_are_asked_for_a_key_as_ever(locked: Locked) -> None:
    reply = locked.client.get("/documents")
    assert reply.status_code == 401
    assert reply.headers["content-type"] == "application/problem+json"
    page = locked.client.get("/talks", headers={"Accept": "text/html"})
    assert page.status_code == 401
    assert "This archive asks for a key" in page.text
    assert 'name="onward" value="talks"' in page.text


def test_one_gives_a_key_once_and_can_have_it_forgotten(browser: Browser, locked: Locked) -> None:
    with visitor(browser, str(locked.client.base_url)) as someone:
        page = someone.open("talks").page
        page.get_by_label("Key", exact=True).fill("cuttings_wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_text("is not, or no longer, one of this service’s")).to_be_visible()
        page.get_by_label("Key", exact=True).fill(locked.key)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Conversations")).to_be_visible()
        assert page.url.endswith("/talks")
        assert page.evaluate("document.cookie") == ""
        page.get_by_role("link", name="New conversation").click()
        expect(someone.ask(CLERK).locator(".answer blockquote mark")).to_have_text("31")
        # It belongs to the key.
        talk = page.url.partition("talk=")[2]
        owned = {"Authorization": f"Bearer {locked.key}"}
        assert locked.client.get(f"/conversations/{talk}", headers=owned).status_code == 200
        page.context.clear_cookies()
        page.get_by_label("Your question").fill("What now?")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("This archive asks for a key")
        page.get_by_role("alert").get_by_role("link").click()
        page.get_by_label("Key", exact=True).fill(locked.key)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your question")).to_have_value("What now?")
        page.get_by_role("link", name="Conversations").click()
        page.get_by_role("button", name="Forget it").click()
        expect(page.get_by_role("heading", name="This archive asks for a key")).to_be_visible()
        someone.check()


def test_problem_pages_leave_what_is_no_problem_alone(locked: Locked) -> None:
    html = {"Accept": "text/html", "Authorization": f"Bearer {locked.key}"}
    assert locked.client.get("/documents", headers=html).json()["total"] > 0
