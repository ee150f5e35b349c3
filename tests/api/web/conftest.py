"""The site that is visited."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.api.web import browser as browser_module
from tests.api.web.browser import PHONE, Visitor, browsing
from tests.api.web.workshop import Site, make_archive, serving


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A service over an archive whose documents are not to be trusted."""
    with serving(make_archive(tmp_path_factory.mktemp("site") / ".qa")) as found:
        yield found


# Of a module: as long as it lives, nothing else in the thread can run an event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, which takes a second to start."""
    with browsing() as found:
        yield found


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    """Somebody who has a wide screen and meets nothing unwanted."""
    with browser_module.visitor(browser, site.address) as found:
        yield found
        found.check()


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Visitor]:
    """Somebody who looks at it on a telephone."""
    with browser_module.visitor(browser, site.address, viewport=PHONE, has_touch=True) as found:
        yield found
        found.check()
