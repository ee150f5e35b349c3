"""Who may do what, over HTTP."""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import openai
import pytest

from api import schemas
from api.app import create_app
from api.keys import RIGHTS, Keyring, Right
from api.openai.schemas import MODEL
from index.layout import Layout
from tests.api.workshop import run, settings_for

QUESTION = {"question": "Who edits Inside Croydon?"}


@dataclass
class Guarded:
    """A service that takes keys, and a key of each kind."""

    client: httpx.Client
    home: Path
    secrets: dict[Right, str]

    def send(self, method: str, path: str, secret: str | None, **given: object) -> httpx.Response:
        headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
        return self.client.request(method, path, headers=headers, **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def guarded(fake_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    home = shutil.copytree(fake_home, tmp_path_factory.mktemp("guarded") / ".qa")
    secrets: dict[Right, str] = {right: Keyring(Layout(home)).add(right, right) for right in RIGHTS}
    with run(create_app(settings_for(home, auth=True))) as running:
        running.wait()
        yield Guarded(running.client, home, secrets)


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/docs", "/docs/start.js", "/openapi.json",
             "/problems/key-needed"]
)  # fmt: skip
def test_some_addresses_are_open(guarded: Guarded, path: str) -> None:
    assert guarded.send("GET", path, None).status_code in {200, 307}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/ask"), ("GET", "/documents"), ("GET", "/documents/1"), ("POST", "/documents"),
     ("DELETE", "/documents/1"), ("GET", "/nowhere"), ("OPTIONS", "/ask"), ("GET", "/"),
     ("GET", "/metrics"), ("POST", "/mcp"), ("GET", "/conversations"), ("GET", "/answers/1")],
)  # fmt: skip
def test_nothing_else_is(guarded: Guarded, method: str, path: str) -> None:
    for secret in (None, "cuttings_wrong", guarded.secrets["ask"][:-1]):
        reply = guarded.send(method, path, secret)
        assert reply.status_code == 401, secret
        problem = schemas.Problem.model_validate_json(reply.content)
        assert problem.type == "/problems/key-needed"
        assert reply.headers["www-authenticate"].startswith('Bearer realm="cuttings"')
        assert ("invalid_token" in reply.headers["www-authenticate"]) == (secret is not None)
        assert secret is None or secret not in reply.text


@pytest.mark.parametrize("header", ["Basic x:y", "Bearer", "bearer", "Token KEY", "KEY"])
def test_a_key_is_sent_in_one_way(guarded: Guarded, header: str) -> None:
    value = header.replace("KEY", guarded.secrets["admin"])
    assert guarded.client.get("/documents", headers={"Authorization": value}).status_code == 401
    assert guarded.client.get(f"/documents?key={guarded.secrets['admin']}").status_code == 401


def test_the_scheme_may_be_written_in_any_case(guarded: Guarded) -> None:
    value = f"bEARER {guarded.secrets['ask']}"
    assert guarded.client.get("/documents", headers={"Authorization": value}).status_code == 200


@pytest.mark.parametrize("can", RIGHTS)
def test_a_key_does_what_it_may(guarded: Guarded, can: Right) -> None:
    secret = guarded.secrets[can]
    assert guarded.send("POST", "/ask", secret, json=QUESTION).status_code == 200
    added = guarded.send("POST", "/documents", secret, files={"files": (f"{can}.txt", b"A tram.")})
    removed = guarded.send("DELETE", "/documents/999", secret)
    expected = {"ask": (403, 403), "add": (200, 403), "admin": (200, 404)}[can]
    assert (added.status_code, removed.status_code) == expected
    if removed.status_code == 403:
        problem = schemas.Problem.model_validate_json(removed.content)
        assert problem.type == "/problems/key-too-weak"
        assert problem.detail == f"this takes a key that may admin, and this one may {can}"
        assert 'error="insufficient_scope", scope="admin"' in removed.headers["www-authenticate"]


def test_programs_made_for_openai_send_it_as_theirs(guarded: Guarded) -> None:
    http = openai.DefaultHttpxClient(trust_env=False)
    address = f"{guarded.client.base_url}/v1"
    with openai.OpenAI(
        base_url=address, api_key=guarded.secrets["ask"], http_client=http
    ) as client:
        assert [each.id for each in client.models.list()] == [MODEL]
        wrong = client.with_options(api_key="cuttings_wrong", max_retries=0)
        with pytest.raises(openai.AuthenticationError, match="a key that this service knows"):
            wrong.models.list()


def test_assistants_need_one_too(guarded: Guarded) -> None:
    parameters = {"name": "list", "arguments": {}}
    reply = guarded.client.post(
        "/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters},
        headers={
            "Accept": "application/json, text/event-stream",
            "Authorization": f"Bearer {guarded.secrets['ask']}",
        },
    )
    assert reply.status_code == 200
    assert reply.json()["result"]["structuredContent"]["total"] >= 5


def test_a_conversation_belongs_to_the_key_that_began_it(guarded: Guarded) -> None:
    ask, add = guarded.secrets["ask"], guarded.secrets["add"]
    begun = guarded.send("POST", "/conversations", ask, json={"name": "Mine"}).json()
    address = f"/conversations/{begun['id']}"
    assert guarded.send("GET", address, ask).status_code == 200
    for method in ("GET", "DELETE"):
        assert guarded.send(method, address, add).status_code == 404
    question = {**QUESTION, "conversation": begun["id"]}
    assert guarded.send("POST", "/ask", add, json=question).status_code == 404
    assert guarded.send("GET", "/conversations", add).json()["total"] == 0
    (found,) = guarded.send("GET", "/conversations", ask).json()["conversations"]
    assert found["name"] == "Mine"
    assert guarded.send("DELETE", address, ask).status_code == 204


def test_keys_come_and_go_while_it_runs(guarded: Guarded) -> None:
    ring = Keyring(Layout(guarded.home))
    for _ in range(3):
        secret = ring.add("guest", "ask")
        assert guarded.send("GET", "/documents", secret).status_code == 200
        ring.remove("guest")
        assert guarded.send("GET", "/documents", secret).status_code == 401


def test_a_damaged_file_of_keys_lets_nobody_in(
    own_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = Keyring(Layout(own_home)).add("newsroom", "admin")
    headers = {"Authorization": f"Bearer {secret}"}
    with run(create_app(settings_for(own_home, auth=True))) as running:
        running.wait()
        assert running.client.get("/documents", headers=headers).status_code == 200
        content = Layout(own_home).keys.read_bytes()
        Layout(own_home).keys.write_bytes(b"{")
        reply = running.client.get("/documents", headers=headers)
        assert reply.status_code == 503
        assert reply.json()["type"] == "/problems/archive-unavailable"
        assert str(own_home) not in reply.text
        assert running.client.get("/documents").status_code == 401
        assert running.client.get("/healthz").status_code == 200
        Layout(own_home).keys.write_bytes(content)
        assert running.client.get("/documents", headers=headers).status_code == 200
    assert "keys.json cannot be read" in caplog.text


def test_what_is_refused_is_not_read(guarded: Guarded) -> None:
    """The refusal comes while the body is still on its way."""
    port = guarded.client.base_url.port
    assert port is not None
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(
            b"POST /documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nx"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(
    ("given", "statuses"),
    [
        ({}, (200, 200, 404)),
        ({"auth": False, "host": "0.0.0.0"}, (200, 401, 401)),
        ({"host": "0.0.0.0"}, (401, 401, 401)),
    ],
)
def test_without_a_key(
    own_home: Path, given: dict[str, object], statuses: tuple[int, int, int]
) -> None:
    with run(create_app(settings_for(own_home, **given))) as running:
        running.wait()
        client = running.client
        found = (
            client.get("/documents").status_code,
            client.post("/documents", files={"files": ("a.txt", b"A tram.")}).status_code,
            client.delete("/documents/999").status_code,
        )
        assert found == statuses


def test_where_asking_is_free_a_key_that_may_adds(own_home: Path) -> None:
    secret = Keyring(Layout(own_home)).add("newsroom", "add")
    settings = settings_for(own_home, auth=False, host="0.0.0.0")
    with run(create_app(settings)) as running:
        running.wait()
        headers = {"Authorization": f"Bearer {secret}"}
        sent = running.client.post("/documents", files={"files": ("a.txt", b"x")}, headers=headers)
        assert sent.status_code == 200
