"""What the schema says is so: schemathesis asks every address for what it may and may not be asked."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from api.app import create_app
from api.keys import Keyring
from index.layout import Layout
from tests.api.workshop import Running, run, settings_for

EXAMPLES = int(os.environ.get("CUTTINGS_EXAMPLES", "10"))


@pytest.fixture(scope="module")
def service(fake_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Takes keys, and as many requests as come."""
    home = shutil.copytree(fake_home, tmp_path_factory.mktemp("schema") / ".qa")
    given = {"auth": True, "rate_per_key": 0, "rate_per_address": 0}
    with run(create_app(settings_for(home, reader="sentences", **given))) as running:
        running.wait()
        yield running


@pytest.fixture(scope="module")
def session(service: Running) -> Iterator[requests.Session]:
    """Asks with a key that may do everything."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture(scope="module")
def key(service: Running) -> str:
    return Keyring(Layout(service.app.state.settings.home)).add("schemathesis", "admin")


@pytest.fixture(scope="module")
def schema(service: Running) -> schemathesis.schemas.BaseSchema:
    config = SchemathesisConfig.from_dict({"base-url": str(service.client.base_url)})
    return schemathesis.openapi.from_dict(service.client.get("/openapi.json").json(), config=config)


@schemathesis.pytest.from_fixture("schema").parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_the_schema_has_it(
    case: schemathesis.Case, session: requests.Session, key: str
) -> None:
    case.call_and_validate(session=session, headers={"Authorization": f"Bearer {key}"})
