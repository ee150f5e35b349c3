"""Who can use the page: by keyboard, by ear, in the dark, on a telephone, and without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.api.web.browser import Visitor
from tests.api.web.browser import visitor as visiting
from tests.api.web.test_page import FOLLOWING
from tests.api.web.workshop import CLERK, SILENT, Site, talk_of

LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 4


@pytest.fixture(scope="module")
def talk(site: Site) -> str:
    """The address of a conversation in which there is everything that can be in one."""
    found = talk_of(site.ask("How many barrels: *31 barrels* or *28 barrels*?"))
    for question in (FOLLOWING, SILENT, f"What is {LONG_WORD}: *31*?"):
        site.ask(question, talk=found, limited="1")
    return f"?talk={found}"


def _findings(visitor: Visitor) -> list[str]:
    found = Axe().run(visitor.page).response["violations"]
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_anybody(
    browser: Browser, site: Site, talk: str, scheme: str
) -> None:
    with visiting(browser, site.address, color_scheme=scheme) as visitor:
        page = visitor.page
        for path in ("", "talks", "key", "nowhere", f"source?id={site.ids['lines.txt']}"):
            assert _findings(visitor.open(path)) == [], path
        visitor.open(talk).shown()
        for each in page.locator("summary").all():
            each.click()
        visitor.cited(page.locator(".exchange").first).focus()
        assert _findings(visitor) == []
        page.get_by_role("button", name="Choose documents").click()
        page.get_by_role("dialog").wait_for()
        assert _findings(visitor) == []


def test_all_of_it_can_be_done_with_the_keyboard(visitor: Visitor) -> None:
    page = visitor.open().page
    press = page.keyboard.press

    def go_to(words: str, key: str = "Tab") -> None:
        for _ in range(40):
            press(key)
            if page.locator(":focus").filter(has_text=re.compile(f"^{re.escape(words)}$")).count():
                return
        pytest.fail(f"the keyboard does not reach {words}")

    # The box has the focus to begin with.
    page.keyboard.type(CLERK)
    press("Enter")
    exchange = visitor.exchange(CLERK)
    go_to("The clerk of Lower Mill", "Shift+Tab")
    expect(exchange.locator(".answer .peek")).to_be_visible()
    press("Escape")
    expect(exchange.locator(".answer .peek")).to_be_hidden()
    press("Enter")
    expect(page.locator(".source h2")).to_be_focused()
    press("Escape")
    expect(visitor.cited(exchange)).to_be_focused()
    go_to("Wrong answer")
    press("Enter")
    expect(page.locator(":focus")).to_have_attribute("aria-pressed", "true")
    page.locator(".skip").focus()
    press("Enter")
    press("Shift+Enter")
    page.keyboard.type("no question yet")
    expect(page.get_by_label("Your question")).to_have_value("\nno question yet")


def test_both_columns_scroll_and_the_page_stays_where_it_is(visitor: Visitor, talk: str) -> None:
    page = visitor.open(talk).page
    # It goes on where it ended.
    expect(page.locator(".exchange h2").last).to_be_in_viewport()
    assert page.locator(".thread").evaluate("(thread) => thread.scrollTop") > 0
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    expect(page.get_by_role("navigation", name="Pages")).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Your question")).to_be_in_viewport(ratio=1)


def test_there_is_a_name_for_everything_that_one_hears(visitor: Visitor, talk: str) -> None:
    page = visitor.open(talk).page
    exchange = page.get_by_role("article", name="How many barrels: *31 barrels* or *28 barrels*?")
    expect(exchange.get_by_text("Answer: 31")).to_have_count(1)
    expect(exchange.get_by_role("group", name="Is this right?")).to_have_count(1)
    expect(exchange.get_by_role("heading", name="But elsewhere")).to_have_count(1)
    expect(page.get_by_role("region", name="Source")).to_have_count(1)
    expect(page.get_by_role("region", name="Questions and answers")).to_have_count(1)
    for each in page.locator("button:visible, a:visible, summary:visible").all():
        assert (each.text_content() or "").strip()


def test_nothing_is_wider_than_a_telephone(phone: Visitor, site: Site, talk: str) -> None:
    page = phone.page
    for path in ("", "talks", "key", "choose", "nowhere", f"source?id={site.ids['script.txt']}"):
        assert phone.open(path).too_wide() == [], path
    phone.open(talk)
    for each in page.locator("summary").all():
        each.click()
    assert phone.too_wide() == []


def test_a_telephone_shows_the_source_over_the_answer(phone: Visitor, site: Site) -> None:
    page = phone.open(f"?talk={talk_of(site.ask(CLERK))}").page
    link = phone.cited(page.locator(".exchange"))
    link.tap()
    assert "answer" in phone.shown()
    assert phone.in_sight(page.locator(".source mark.sentence"))
    assert phone.too_wide() == []
    page.get_by_role("button", name="Back to the answer").tap()
    expect(link).to_be_focused()
    assert phone.in_sight(link)
    link.tap()
    assert "answer" in phone.shown()
    page.go_back()
    expect(page.locator(".source")).to_be_hidden()


def test_the_basics_need_no_script(browser: Browser, site: Site) -> None:
    with visiting(browser, site.address, java_script_enabled=False) as visitor:
        page = visitor.open().page
        page.get_by_label("Your question").fill(CLERK)
        page.get_by_role("button", name="Ask", exact=True).click()
        exchange = page.locator(".exchange")
        expect(exchange.locator(".answer blockquote mark")).to_have_text("31")
        expect(page.get_by_label("The quotation with its reference")).to_be_visible()
        visitor.cited(exchange).click()
        expect(page.locator(".source mark.answer")).to_be_in_viewport()
        page.go_back()
        page.get_by_label("Your question").fill(FOLLOWING)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_role("button", name="Ask it exactly as typed").click()
        expect(exchange).to_have_count(2)
        page.get_by_role("button", name="Wrong answer").last.click()
        expect(page.get_by_role("button", name="Wrong answer")).to_have_attribute(
            "aria-pressed", "true"
        )
        page.get_by_role("link", name="Conversations").click()
        first = page.locator(".talks > li").first
        first.get_by_text("Delete", exact=True).click()
        first.get_by_role("button", name="Delete for good").click()
        assert page.url.endswith("/talks")
        assert visitor.unwanted == []
