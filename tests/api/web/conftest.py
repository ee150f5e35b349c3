"""The site that is visited."""

from collections.abc import Iterator

import pytest

from tests.api.web.workshop import Site, make_archive, serving


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A service over an archive whose documents are not to be trusted."""
    with serving(make_archive(tmp_path_factory.mktemp("site") / ".qa")) as found:
        yield found
