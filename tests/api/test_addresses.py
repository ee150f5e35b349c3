"""Which address a request is for."""

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.routing import Route

from api.addresses import Address, Addresses
from api.app import create_app
from qa.settings import Settings


def _scope(path: str, method: str = "GET", root: str = "") -> dict[str, Any]:
    return {"type": "http", "path": path, "method": method, "root_path": root}


@pytest.fixture(scope="module")
def addresses() -> Addresses:
    return Addresses(create_app(Settings()).routes)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/ask", "/ask"),
        ("/documents", "/documents"),
        ("/documents/1", "/documents/{id}"),
        ("/documents/1/versions/2", "/documents/{id}/versions/{n}"),
        ("/docs/anything", "/docs/{name}"),
        ("/openapi.json", "/openapi.json"),
        ("/", "/"),
    ],
)
def test_a_path_is_for_a_template(addresses: Addresses, path: str, template: str) -> None:
    found = addresses.find(_scope(path))
    assert found is not None
    assert found.template == template


@pytest.mark.parametrize("path", ["", "/nowhere", "/ask/", "/documents/1/2", "/a" * 999])
def test_a_path_that_is_for_none(addresses: Addresses, path: str) -> None:
    assert addresses.find(_scope(path)) is None


def test_a_wrong_method_is_for_the_same_address(addresses: Addresses) -> None:
    found = addresses.find(_scope("/ask", "DELETE"))
    assert found == Address("/ask", ("questions",))
    assert found.takes_questions


def test_not_every_address_takes_questions(addresses: Addresses) -> None:
    for path in ("/documents", "/healthz", "/openapi.json"):
        found = addresses.find(_scope(path))
        assert found is not None
        assert not found.takes_questions


def test_of_two_with_a_path_the_method_decides() -> None:
    app = FastAPI()

    @app.get("/things", tags=["things"])
    def show() -> None:
        """Show them."""

    @app.post("/things", tags=["questions"])
    def make() -> None:
        """Make one."""

    found = Addresses(app.routes)
    assert found.find(_scope("/things", "GET")) == Address("/things", ("things",))
    assert found.find(_scope("/things", "POST")) == Address("/things", ("questions",))


def test_prefixes_and_mounted_applications() -> None:
    inner = APIRouter(prefix="/models")

    @inner.get("/{name}", tags=["questions"])
    def show(name: str) -> str:
        return name

    app = FastAPI()
    app.include_router(inner, prefix="/v1")
    app.mount("/tools", Starlette(routes=[Route("/x", show)]))
    found = Addresses(app.routes)
    assert found.find(_scope("/v1/models/m")) == Address("/v1/models/{name}", ("questions",))
    for path in ("/tools/x", "/tools/y/z"):
        assert found.find(_scope(path)) == Address("/tools/{path}", ())


def test_a_prefix_that_a_proxy_adds_is_left_out(addresses: Addresses) -> None:
    found = addresses.find(_scope("/papers/ask", "POST", root="/papers"))
    assert found is not None
    assert found.template == "/ask"
