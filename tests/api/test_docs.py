"""The documentation page, which must need nothing from the network."""

import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

CHROMIUM = shutil.which("chromium")


def _page(client: httpx.Client) -> str:
    reply = client.get("/docs")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/html")
    return reply.text


def test_the_root_leads_to_it(client: httpx.Client) -> None:
    (link,) = re.findall('href="([^"]*)">API<', client.get("/").text)
    assert client.get(f"/{link}").status_code == 200


def test_everything_it_refers_to_is_served_here(client: httpx.Client) -> None:
    page = _page(client)
    assert "http:" not in page
    assert "https:" not in page
    references = re.findall(r"""(?:src|href)=["']([^"']*)""", page)
    schema = re.findall(r'url: "([^"]*)"', client.get("/docs/start.js").text)
    assert len(references) == 4
    assert len(schema) == 1
    for each in [*references, *schema]:
        if each != "data:,":
            assert client.get(f"/{each}").status_code == 200


def test_its_style_refers_to_nothing_elsewhere(client: httpx.Client) -> None:
    style = client.get("/docs/swagger-ui.css")
    assert style.headers["content-type"].startswith("text/css")
    references = re.findall(r"url\(\s*[\"']?([^\"')]*)", style.text)
    assert references
    assert all(each.startswith("data:") for each in references)
    assert "@import" not in style.text


def test_its_script_can_show_the_version_that_the_schema_is_written_in(
    client: httpx.Client,
) -> None:
    assert client.get("/openapi.json").json()["openapi"].startswith("3.1")
    script = client.get("/docs/swagger-ui-bundle.js")
    assert "javascript" in script.headers["content-type"]
    assert "isOpenAPI31" in script.text


def test_it_sends_nothing_to_a_validator(client: httpx.Client) -> None:
    assert "validatorUrl: null" in client.get("/docs/start.js").text


def test_no_script_or_style_stands_in_it(client: httpx.Client) -> None:
    page = _page(client)
    assert len(re.findall(r"<script src=[^>]+></script>", page)) == page.count("<script") == 2
    assert "<style" not in page
    assert "style=" not in page


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_browser_shows_it(client: httpx.Client, tmp_path: Path) -> None:
    # The address opens one of the routes, so that what stands in it is shown too.
    shown = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
         "--virtual-time-budget=5000", "--enable-logging=stderr", f"--user-data-dir={tmp_path}",
         f"{client.base_url}/docs#/documents/add_documents_documents_post"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    paths = set(re.findall(r'data-path="([^"]*)"', shown.stdout))
    assert paths >= {"/ask", "/documents", "/documents/{id}", "/healthz"}
    assert "multipart/form-data" in shown.stdout
    # The browser's console tells what the policy of the page kept from running.
    assert "CONSOLE" in shown.stderr
    assert "Content Security Policy" not in shown.stderr


def test_there_is_nothing_else_beside_it(client: httpx.Client) -> None:
    for name in ("favicon.png", "redoc.standalone.js", "..%2fcore.py", "%2e%2e/__init__.py"):
        assert client.get(f"/docs/{name}").status_code == 404
