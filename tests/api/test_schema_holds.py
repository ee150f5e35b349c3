"""What the schema says is so: schemathesis asks for what it allows, and for what it does not."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from api.app import create_app
from api.keys import Keyring
from index.layout import Layout
from tests.api.workshop import run, settings_for

EXAMPLES = os.environ.get("CUTTINGS_EXAMPLES")

# What schemathesis tries one after another takes half a minute: not every time.
CONFIG = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": EXAMPLES is not None}}})

LONGEST_ADDRESS: Final = 60_000
"""Characters of an address that surely reaches the service: HTTP servers have limits of their own."""

GIVEN: Final[dict[str, Any]] = {
    "auth": True,
    "rate_per_key": 0,
    "rate_per_address": 0,
}

SCHEMA = schemathesis.openapi.from_dict(
    create_app(settings_for(Path("nowhere"), **GIVEN)).openapi(), config=CONFIG
)


@pytest.fixture(scope="module")
def home(fake_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(fake_home, tmp_path_factory.mktemp("schema") / ".qa")


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[str]:
    """The address of a service that takes keys, and as many requests as come."""
    with run(create_app(settings_for(home, **GIVEN))) as running:
        running.wait()
        yield str(running.client.base_url)


@pytest.fixture(scope="module")
def session(home: Path) -> Iterator[requests.Session]:
    """Asks with a key that may do everything."""
    with requests.Session() as session:
        session.trust_env = False
        secret = Keyring(Layout(home)).add("schemathesis", "admin")
        session.headers["Authorization"] = f"Bearer {secret}"
        yield session


@SCHEMA.parametrize()
@settings(
    max_examples=10 if EXAMPLES is None else int(EXAMPLES),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_reply_is_as_the_schema_has_it(
    case: schemathesis.Case[Any], service: str, session: requests.Session
) -> None:
    # No schema can say that a document is there, or that a day comes before another.
    excluded: list[Any] = [positive_data_acceptance]
    if any(isinstance(each, list) for each in (case.query or {}).values()):
        excluded.append(negative_data_rejection)  # of a parameter given twice, the last one counts
    reply = case.call(base_url=service, session=session)
    if reply.status_code == 400 and len(str(reply.request.url)) > LONGEST_ADDRESS:
        return  # by the HTTP server, before the service has seen it
    batched = case.path == "/ask/batch" and reply.status_code == 200
    if batched and any("status" in each for each in reply.json()["replies"]):
        excluded.append(negative_data_rejection)  # a bad question is, in its place
    case.validate_response(reply, excluded_checks=excluded)
