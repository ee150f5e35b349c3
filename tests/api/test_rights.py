"""Which right a request takes."""

import pytest

from api.app import create_app
from api.keys import Right
from api.rights import OPEN, OPEN_BELOW, free_right, is_loopback, right_for
from qa.settings import Settings


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("GET", "/healthz", None),
        ("GET", "/docs", None),
        ("GET", "/docs/swagger-ui.css", None),
        ("GET", "/problems/busy", None),
        ("GET", "/key", None),
        ("POST", "/key", None),
        ("GET", "/static/digest/page.css", None),
        ("GET", "/", "ask"),
        ("POST", "/", "ask"),
        ("POST", "/ask", "ask"),
        ("GET", "/documents", "ask"),
        ("HEAD", "/documents", "ask"),
        ("OPTIONS", "/documents", "ask"),
        ("GET", "/documents/1/versions/2", "ask"),
        ("POST", "/documents", "add"),
        ("POST", "/documents/", "add"),
        ("POST", "/documents/x", "add"),
        ("PUT", "/documents/1", "admin"),
        ("PATCH", "/documents/1", "admin"),
        ("DELETE", "/documents/1", "admin"),
        ("DELETE", "/documents", "admin"),
        ("GET", "/metrics", "ask"),
        ("POST", "/mcp", "ask"),
        ("POST", "/v1/chat/completions", "ask"),
        ("DELETE", "/conversations/1", "ask"),
        ("GET", "/answers/1", "ask"),
        ("POST", "/whatever/comes/later", "ask"),
        ("GET", "/docsets", "ask"),
        ("GET", "/healthz/more", "ask"),
        ("BREW", "/documents", "ask"),
    ],
)
def test_rights(method: str, path: str, right: Right | None) -> None:
    assert right_for(method, path) == right


def test_no_route_that_touches_the_archive_is_open() -> None:
    paths = create_app(Settings()).openapi()["paths"]
    free = {path for path in paths if path in OPEN or path.startswith(OPEN_BELOW)}
    assert free == {"/healthz", "/readyz"}
    assert all(right_for("GET", path) is not None for path in set(paths) - free)


@pytest.mark.parametrize(
    ("auth", "host", "free"),
    [
        (None, "127.0.0.1", "admin"),
        (None, "localhost", "admin"),
        (None, "::1", "admin"),
        (None, "127.9.9.9", "admin"),
        (None, "0.0.0.0", None),
        (None, "::", None),
        (None, "", None),
        (None, "192.0.2.1", None),
        (None, "no.such.host.invalid", None),
        (True, "127.0.0.1", None),
        (True, "0.0.0.0", None),
        (False, "127.0.0.1", "admin"),
        (False, "0.0.0.0", "ask"),
        (False, "192.0.2.1", "ask"),
    ],
)
def test_what_is_free(auth: bool | None, host: str, free: Right | None) -> None:
    assert free_right(Settings(auth=auth, host=host)) == free
    assert is_loopback(host) == (host in {"127.0.0.1", "localhost", "::1", "127.9.9.9"})
