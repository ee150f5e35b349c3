"""Fixtures for the tests of the document side."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.archive import Archive
from index.embed import silent
from index.export import export_model
from index.models import Export
from tests.index.tiny_model import build_tiny_model
from tests.index.workshop import create

os.environ["HF_HUB_OFFLINE"] = "1"  # no test asks a network for a model


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sentence-transformers model with random weights: one layer, 32 wide."""
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def tiny_export(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Export:
    """Its export, in a cache of its own. Making one takes some ten seconds."""
    return export_model(str(tiny), tmp_path_factory.mktemp("cache"), silent)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder for articles, with an archive's home in it."""
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


@pytest.fixture
def home(papers: Path) -> Path:
    return papers / ".qa"


@pytest.fixture
def archive(home: Path) -> Iterator[Archive]:
    """An empty archive that uses the fake embedder."""
    made = create(home)
    yield made
    made.close()
