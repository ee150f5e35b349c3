"""A real browser, and what a visitor of the pages sees and does in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")

ROOM: Final = {"width": 1280, "height": 800}
PHONE: Final = {"width": 360, "height": 740}

_WATCH: Final = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""

_SHOWN: Final = """
(text) => {
  const start = Number(text.dataset.start);
  const before = (node) => {
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEndBefore(node);
    return [...range.toString()].length;
  };
  const found = {text: text.textContent};
  for (const mark of text.querySelectorAll("mark")) {
    const from = start + before(mark);
    found[mark.className] = [from, from + [...mark.textContent].length];
  }
  return found;
}
"""
"""What a document's element shows: its text, and where its marks are, in code points."""


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start the machine's own Chromium, or the one that `playwright install chromium` brings."""
    # As root there is no sandbox to be had, and tests bring their own pages only.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        path = next(filter(None, map(shutil.which, NAMES)), own)
        if not Path(path).exists():
            pytest.fail("these tests need Chromium; install it: sudo apt install chromium")
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody who looks at a service's pages.

    `unwanted` is what they should never meet: requests to elsewhere, and errors of scripts.
    """

    page: Page
    address: str
    unwanted: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> "Visitor":
        """Go to a page."""
        self.page.goto(f"{self.address}/{path}")
        return self

    def ask(self, question: str) -> Locator:
        """Ask, and return what is shown of it."""
        self.page.get_by_label("Your question").fill(question)
        self.page.keyboard.press("Enter")
        return self.exchange(question)

    def exchange(self, question: str) -> Locator:
        """Wait until a question has been answered, and return what is shown of it."""
        heading = self.page.get_by_role("heading", name=question, exact=True)
        found = self.page.locator(".exchange:not(.pending)", has=heading).last
        found.wait_for()
        return found

    def cited(self, exchange: Locator) -> Locator:
        """Return the link to the source of an answer."""
        return exchange.locator("[data-open]").first

    def shown(self) -> dict[str, Any]:
        """Wait for a document, and return its text as shown and the offsets of what is marked."""
        text = self.page.locator(".source .text")
        text.locator("mark.sentence").wait_for()
        found: dict[str, Any] = text.evaluate(_SHOWN)
        return found

    def in_sight(self, element: Locator) -> bool:
        """Say whether all of an element can be seen, and nothing lies over it."""
        return bool(
            element.evaluate(
                """(node) => [...node.getClientRects()].every((box) =>
                  [[box.left + 1, box.top + 1], [box.right - 1, box.bottom - 1]].every(([x, y]) => {
                    const top = document.elementFromPoint(x, y);
                    return top !== null && (node === top || node.contains(top) || top.contains(node));
                  }))"""
            )
        )

    def too_wide(self) -> list[str]:
        """Return what lies beyond the right edge, and would make the page scroll sideways."""
        found: list[str] = self.page.evaluate(
            """() => document.documentElement.scrollWidth <= window.innerWidth ? []
              : [...document.querySelectorAll("body *")]
                .filter((node) => node.getBoundingClientRect().right > window.innerWidth + 1)
                .map((node) => node.outerHTML.slice(0, 200))"""
        )
        return found

    def check(self) -> None:
        """Check that they met nothing unwanted."""
        assert self.page.evaluate("window.violations") == []
        assert self.unwanted == []


@contextmanager
def visitor(browser: Browser, address: str, **options: Any) -> Iterator[Visitor]:
    """Let somebody look at the pages at `address` in a context of their own."""
    context: BrowserContext = browser.new_context(
        **{"viewport": ROOM, "reduced_motion": "reduce", **options}
    )
    context.add_init_script(_WATCH)
    context.set_default_timeout(30_000)
    found = Visitor(context.new_page(), address.rstrip("/"))

    def note(url: str) -> None:
        if not url.startswith(f"{found.address}/"):
            found.unwanted.append(url)

    context.on("request", lambda request: note(request.url))
    context.on("weberror", lambda error: found.unwanted.append(str(error.error)))
    context.on(
        "console",
        lambda message: (
            found.unwanted.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    context.on("dialog", lambda dialog: found.unwanted.append(dialog.message))
    yield found
    context.close()
