"""The documentation page, which must need nothing from the network."""

import re

import httpx


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
    schema = re.findall(r"url: '([^']*)'", page)
    assert len(references) == 3
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
    assert '"validatorUrl": null' in _page(client)


def test_there_is_nothing_else_beside_it(client: httpx.Client) -> None:
    for name in ("favicon.png", "redoc.standalone.js", "..%2fcore.py", "%2e%2e/__init__.py"):
        assert client.get(f"/docs/{name}").status_code == 404
