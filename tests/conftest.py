"""Fixtures that every part of the tests shares."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the first archive's articles."""
    return ROOT / "seeds"
