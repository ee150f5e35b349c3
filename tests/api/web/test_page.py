"""The page in a real browser: asking, reading where an answer stands, and saying what one thinks."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.api.web.browser import Visitor
from tests.api.web.workshop import CLERK, SILENT, TEXTS, Site

FOLLOWING = "And in *May*?"

QUESTIONS = {
    "clerk.txt": CLERK,
    "script.txt": "How many tins did the clerk of Scriptham say were left: *<b>99</b>*?",
    "lines.txt": "What did the mayor of Linesby wear: *seven\rred hats*?",
    "controls.txt": "When did the bell of Nulby ring: on *May Day*?",
    "turned.txt": "What is the price in Biditon: *\u202e123\u202c pounds*?",
    "hebrew.txt": "How many times did Hebrewton speak: *45*?",
    "emoji.txt": "How long did the flag of Emojiford fly: *12 days 🎉*?",
    "long.txt": "Where does the treasure of Longton lie: *under 7 oaks*?",
}
"""Questions to each document, whose answers stand between asterisks."""


def _kept(site: Site, exchange: Locator) -> dict[str, Any]:
    name = exchange.get_attribute("id")
    assert name is not None
    return site.kept(name.removeprefix("exchange-"))


def _begin(site: Site, question: str = CLERK) -> str:
    """Ask as a page without a script does, and return where the conversation is."""
    return str(site.ask(question).headers["location"]).removeprefix("./")


def test_an_answer_is_marked_in_its_sentence(visitor: Visitor) -> None:
    exchange = visitor.open().ask(CLERK)
    expect(exchange.locator(".answer blockquote")).to_have_text(
        "The clerk of Lower Mill counted 31 barrels of flour in the yard."
    )
    expect(exchange.locator(".answer blockquote mark")).to_have_text("31")
    expect(exchange).to_contain_text("The clerk of Lower Mill")
    expect(exchange).to_contain_text("undated · clerk.txt")
    expect(exchange.locator(".sure")).to_have_text(re.compile(r"answer.* \(\d+%\)"))
    # What a screen reader says, wherever its user is.
    expect(visitor.page.get_by_role("status")).to_have_text("Answer: 31")
    expect(visitor.page.get_by_label("Your question")).to_have_value("")
    expect(visitor.page.get_by_label("Your question")).to_be_focused()
    assert "talk=" in visitor.page.url


@pytest.mark.parametrize("source", QUESTIONS)
def test_the_source_opens_at_the_very_offsets_of_the_citation(
    visitor: Visitor, site: Site, source: str
) -> None:
    page = visitor.open(_begin(site, QUESTIONS[source])).page
    exchange = page.locator(".exchange")
    cited = _kept(site, exchange)["answer"]["citation"]
    assert cited["document"]["source"] == source
    visitor.cited(exchange).click()
    shown = visitor.shown()
    assert shown["sentence"] == [cited["sentence_start"], cited["sentence_end"]]
    assert shown["answer"] == [cited["start"], cited["end"]]
    text = TEXTS[source].replace("\0", "␀")
    assert shown["text"] in text
    marked = page.locator(".source mark.sentence")
    assert marked.evaluate("(mark) => mark.textContent") == text[slice(*shown["sentence"])]
    assert visitor.in_sight(marked)
    expect(page.locator(".source h2")).to_be_focused()
    if source == "long.txt":
        assert page.locator(".source").evaluate("(pane) => pane.scrollTop") > 1000
        assert page.locator(".thread").evaluate("(thread) => thread.scrollTop") == 0


def test_all_of_a_long_document_can_be_read(visitor: Visitor, site: Site) -> None:
    page = visitor.open(_begin(site, QUESTIONS["long.txt"])).page
    marked = page.locator(".source mark.sentence")
    marked.wait_for()
    earlier = page.get_by_role("link", name="Earlier in this document")
    earlier.scroll_into_view_if_needed()
    top = marked.evaluate("(mark) => mark.getBoundingClientRect().top")
    earlier.click()
    expect(page.locator(".source .text")).to_have_count(2)
    # What one reads stays where it was, but for a fraction of a pixel.
    assert abs(marked.evaluate("(mark) => mark.getBoundingClientRect().top") - top) < 2
    page.get_by_role("link", name="Later in this document").click()
    expect(page.locator(".source .text")).to_have_count(3)
    shown = "".join(page.locator(".source .text").all_text_contents())
    assert shown in TEXTS["long.txt"]


def test_hovering_shows_the_quotation_in_its_context(visitor: Visitor, site: Site) -> None:
    page = visitor.open(_begin(site)).page
    peek = page.locator(".answer .peek")
    expect(peek).to_be_hidden()
    visitor.cited(page.locator(".exchange")).hover()
    expect(peek).to_be_visible()
    assert str(peek.text_content()) in TEXTS["clerk.txt"]
    assert visitor.in_sight(peek.locator("mark.answer"))
    assert (
        peek.locator("mark").first.text_content()
        == page.locator(".answer blockquote").text_content()
    )
    page.keyboard.press("Escape")
    expect(peek).to_be_hidden()
    page.get_by_label("Your question").hover()
    visitor.cited(page.locator(".exchange")).hover()
    expect(peek).to_be_visible()


def test_where_it_is_said_again_can_be_opened_too(visitor: Visitor, site: Site) -> None:
    page = visitor.open(_begin(site, "How many barrels: *31 barrels* or *28 barrels*?")).page
    page.get_by_text("The same elsewhere: 1").click()
    others = page.locator(".differs [data-open], .also [data-open]")
    expect(others).to_have_count(2)
    for each in others.all():
        each.click()
        title = each.text_content()
        assert title is not None
        expect(page.locator(".source h2")).to_have_text(title)
        shown = visitor.shown()
        assert shown["text"][slice(*shown["answer"])] in {"31 barrels", "28 barrels"}


def test_an_abstention_shows_what_is_nearest(visitor: Visitor) -> None:
    exchange = visitor.open().ask(SILENT)
    expect(exchange).to_contain_text("The archive does not say.")
    expect(visitor.page.get_by_role("status")).to_have_text("The archive does not say.")
    nearest = exchange.locator(".nearest")
    expect(nearest).to_contain_text("What comes nearest, though it is no answer")
    nearest.locator("[data-open]").nth(1).click()
    shown = visitor.shown()
    assert "answer" not in shown
    assert shown["text"][slice(*shown["sentence"])] == nearest.locator("blockquote").nth(
        1
    ).evaluate("(quote) => quote.textContent")


def test_a_question_that_leans_on_another_can_be_undone_and_corrected(
    visitor: Visitor, site: Site
) -> None:
    page = visitor.open(_begin(site)).page
    following = visitor.ask(FOLLOWING)
    first = _kept(site, following)
    read_as = following.locator(".read-as q")
    expect(read_as).to_have_text(first["answer"]["standalone_question"])
    following.get_by_role("button", name="Ask it exactly as typed").click()
    expect(read_as).to_have_count(0)
    expect(page.locator(".exchange")).to_have_count(2)
    undone = _kept(site, visitor.exchange(FOLLOWING))
    assert undone["answer"]["standalone_question"] == FOLLOWING
    assert undone["conversation"] == first["conversation"]
    again = "And on *Tuesday*?"
    following = visitor.ask(again)
    following.get_by_text("Correct it").click()
    box = following.get_by_label("The question, so that it stands alone")
    corrected = "On which day was the fire: *Tuesday*?"
    box.fill(corrected)
    box.press("Enter")
    expect(visitor.exchange(corrected).locator(".answer blockquote mark")).to_have_text("Tuesday")
    expect(page.get_by_role("heading", name=again, exact=True)).to_have_count(0)
    page.reload()
    expect(page.locator(".exchange h2")).to_have_text([CLERK, FOLLOWING, corrected])


def test_limits_are_set_said_and_kept(visitor: Visitor, site: Site) -> None:
    page = visitor.open().page
    limits = page.locator(".limits > summary")
    expect(limits).to_have_text("All documents, of any date")
    limits.click()
    page.get_by_label("From").fill("2020-02-01")
    expect(limits).to_have_text("All documents, since 1 February 2020")
    page.get_by_label("From").fill("")
    page.get_by_role("button", name="Choose documents").click()
    dialog = page.get_by_role("dialog", name="Choose documents")
    dialog.get_by_role("searchbox").fill("yard")
    dialog.get_by_role("searchbox").press("Enter")
    expect(dialog.get_by_role("checkbox")).to_have_count(1)
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Use these").click()
    expect(dialog).to_be_hidden()
    expect(limits).to_have_text("1 document, of any date")
    exchange = visitor.ask(CLERK)
    expect(exchange.locator(".answer .title")).to_have_text("More from the yard")
    assert _kept(site, exchange)["scope"]["documents"] == [site.ids["echo.txt"]]
    page.reload()
    expect(limits).to_have_text("1 document, of any date")


def test_one_document_can_be_asked_alone(visitor: Visitor, site: Site) -> None:
    page = visitor.open(f"source?id={site.ids['other.txt']}").page
    page.get_by_role("link", name="Ask only this document").click()
    exchange = visitor.ask("How many barrels are in the yard: *31* or *28*?")
    expect(exchange.locator(".answer .title")).to_have_text("A letter to the editor")


def test_feedback_is_stored_with_the_question_and_taken_back(visitor: Visitor, site: Site) -> None:
    page = visitor.open(_begin(site)).page
    exchange = page.locator(".exchange")
    button = exchange.get_by_role("button", name="Wrong citation")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Kept")
    kept = _kept(site, exchange)
    assert kept["feedback"]["verdict"] == "wrong citation"
    assert kept["answer"]["question"] == CLERK
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert _kept(site, exchange)["feedback"] is None


def test_a_quotation_is_copied_with_its_reference_and_a_link_leads_back(
    visitor: Visitor, site: Site
) -> None:
    page = visitor.open(_begin(site)).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cited = _kept(site, page.locator(".exchange"))["answer"]["citation"]
    page.get_by_role("button", name="Copy quotation").click()
    expect(page.get_by_role("status")).to_have_text("The quotation is copied")
    assert page.evaluate("navigator.clipboard.readText()") == (
        "“The clerk of Lower Mill counted 31 barrels of flour in the yard.”\n"
        "“The clerk of Lower Mill” (clerk.txt, "
        f"characters {cited['sentence_start']}–{cited['sentence_end']})"
    )
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status")).to_have_text("The link is copied")
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator(".answer blockquote mark")).to_have_text("31")


def test_what_cannot_be_copied_for_us_is_shown_to_be_copied(visitor: Visitor, site: Site) -> None:
    page = visitor.open(_begin(site)).page
    # As on a connection that is not secure.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Copy quotation").click()
    shown = page.get_by_label("The quotation with its reference")
    expect(shown).to_be_focused()
    assert "31 barrels" in page.evaluate("getSelection().toString()")


def test_text_of_documents_is_never_more_than_text(visitor: Visitor, site: Site) -> None:
    page = visitor.open().page
    exchange = visitor.ask(QUESTIONS["script.txt"])
    said = "The clerk of Scriptham said \"<b>99</b>\" & '&lt;7&gt;' tins {{ 7 * 7 }} were left."
    expect(exchange.locator(".answer blockquote")).to_have_text(said)
    visitor.cited(exchange).click()
    assert visitor.shown()["text"] == TEXTS["script.txt"]
    page.reload()
    assert visitor.shown()["text"] == TEXTS["script.txt"]
    page.goto(f"{visitor.address}/choose?find=script")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    assert page.locator("img, main b, main script").count() == 0
    assert "owned" not in page.title()


def test_what_was_typed_is_not_lost_when_the_service_is(visitor: Visitor) -> None:
    page = visitor.open().page
    page.route("**/*", lambda route: route.abort())
    page.get_by_label("Your question").fill(CLERK)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The service does not answer")
    expect(page.get_by_label("Your question")).to_have_value(CLERK)
    page.unroute("**/*")
    page.reload()
    expect(page.get_by_label("Your question")).to_have_value(CLERK)
    page.get_by_role("button", name="Ask", exact=True).click()
    visitor.exchange(CLERK)


def test_a_question_can_be_stopped(visitor: Visitor) -> None:
    page = visitor.open().page
    held: list[Route] = []
    page.route("**/*", lambda route: held.append(route))  # noqa: PLW0108 - it is marked
    page.get_by_label("Your question").fill(CLERK)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Looking for it…")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_label("Your question")).to_have_value(CLERK)
    expect(page.locator(".exchange")).to_have_count(0)
    posted = [each for each in held if "/static/" not in each.request.url]
    assert [each.request.method for each in posted] == ["POST"]


def test_what_cannot_be_asked_is_said_beside_the_question(visitor: Visitor) -> None:
    page = visitor.open().page
    page.get_by_text("All documents, of any date").click()
    page.get_by_label("From").fill("2020-01-02")
    page.get_by_label("to", exact=True).fill("2020-01-01")
    page.get_by_label("Your question").fill(CLERK)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("swap them")
    expect(page.get_by_label("Your question")).to_have_value(CLERK)


def test_conversations_are_listed_renamed_taken_along_and_deleted(
    visitor: Visitor, site: Site
) -> None:
    question = "What did the mayor *wore* here?"
    _begin(site, question)
    page = visitor.open("talks").page
    listed = page.locator(".talks > li").first
    expect(listed).to_contain_text(question)
    listed.get_by_text("Rename").first.click()
    listed.get_by_label("The name of the conversation").fill("The mayor’s <hats>")
    listed.get_by_label("The name of the conversation").press("Enter")
    expect(listed.get_by_role("heading")).to_have_text("The mayor’s <hats>")
    expect(page.get_by_role("status")).to_have_text("Renamed")
    with page.expect_download() as download:
        listed.get_by_role("link", name="Export as Markdown").click()
    assert question in download.value.path().read_text(encoding="utf-8").replace("\\", "")
    listed.get_by_text("Delete", exact=True).click()
    listed.get_by_role("button", name="Delete for good").click()
    expect(listed).to_have_text("Deleted.")
    page.reload()
    expect(page.get_by_text("The mayor’s <hats>")).to_have_count(0)
