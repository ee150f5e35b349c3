"""Archives to serve, and clients of services over them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from index.walk import walk
from qa.opening import open_for_adding
from tests.api.workshop import HeldReader, run, settings_for


def _make(home: Path, seeds: Path, **given: Any) -> Path:
    archive = open_for_adding(settings_for(home, **given))
    for outcome in archive.add(list(walk([seeds], home))):
        assert outcome.result == "added"
    archive.close()
    return home


@pytest.fixture(scope="session")
def fake_home(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """An archive of the seeds whose vectors the fake embedder made."""
    return _make(tmp_path_factory.mktemp("fake") / ".qa", seeds, embedder="fake")


@pytest.fixture
def own_home(tmp_path: Path, fake_home: Path) -> Path:
    """A copy of it, to be changed."""
    return shutil.copytree(fake_home, tmp_path / ".qa")


@pytest.fixture(scope="session")
def client(fake_home: Path) -> Iterator[httpx.Client]:
    """Asks a service over that archive: for whatever does not depend on what is answered."""
    with run(create_app(settings_for(fake_home))) as running:
        running.wait()
        yield running.client


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """An archive of the seeds, with the default model."""
    return _make(tmp_path_factory.mktemp("real") / ".qa", seeds)


@pytest.fixture(scope="session")
def real_client(real_home: Path) -> Iterator[httpx.Client]:
    """Asks a service over the archive with the default model."""
    with run(create_app(settings_for(real_home, reader=None))) as running:
        running.wait()
        yield running.client


@pytest.fixture
def reader() -> HeldReader:
    """A reader that waits until its `go_on` is set."""
    return HeldReader()
