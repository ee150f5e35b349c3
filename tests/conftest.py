"""Fixtures that every part of the tests shares."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from index.walk import walk
from qa.opening import open_for_adding
from qa.settings import Settings

ROOT = Path(__file__).parents[1]

# The same examples every time, so that the same code passes or fails every time; whoever asks for more
# of them gets others, too. Files and fsyncs make single ones slow on a busy machine: no failure.
settings.register_profile(
    "cuttings",
    deadline=None,
    derandomize="CUTTINGS_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("cuttings")

# A shell starts its background jobs deaf to Ctrl-C, and whatever they start with them. Tests that
# press it must be heard all the same.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Return how many workers `make test` has: while one waits for a process, another can work."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the first archive's articles."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def seed_settings(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of an archive of those articles, made with the default model; not to change."""
    settings = Settings(home=tmp_path_factory.mktemp("seeds") / ".qa")
    archive = open_for_adding(settings)
    for outcome in archive.add(list(walk([seeds], settings.home))):
        assert outcome.result == "added"
    archive.close()
    return settings
