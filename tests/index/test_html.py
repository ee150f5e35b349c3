"""`index.loaders.html`: pages that Chromium saved, and pages that no browser would."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders.html import HtmlLoader, decode_page
from index.types import Document, Span

FILES = Path(__file__).parent / "files"

PROSE = "<p>The council met on Monday to vote on the plan that had been before it since spring.</p>"


def load(name: str) -> Document:
    return HtmlLoader().load((FILES / name).read_bytes(), name)


def read(html: str | bytes) -> Document:
    return HtmlLoader().load(html if isinstance(html, bytes) else html.encode(), "a.html")


def kinds(document: Document) -> list[tuple[str, str]]:
    """Return each part's kind, a heading's with a star, and its first words."""
    return [
        (part.kind + "*" * part.heading, " ".join(part.span.cut(document.text).split()[:3]))
        for part in document.parts
    ]


HARBOUR = [
    ("headline*", "Harbour bridge to"),
    ("body", "Repairs to the"),
    ("caption", "The bridge in"),
    ("body", "The harbour bridge"),
    ("body", "“We looked at"),
    ("body*", "What will happen,"),
    ("body", "The work is"),
    ("list", "Scaffolding goes up"),
    ("list", "The hangers are"),
    ("list", "The deck is"),
    ("body", "A bus will"),
    ("quote", "No closure of"),
    ("body", "So the borough"),
    ("caption", "Vehicles a day"),
    ("body", "Year Cars Lorries"),
    ("body", "2010 11,204 1,310"),
    ("body", "2020 14,880 1,789"),
    ("body", "Traders on Quay"),
    ("body", "<script>closed = true</script>"),
    ("comment", "oldsalt"),
    ("comment", "They said the"),
    ("comment", "quaysider"),
    ("comment", "Four months, and"),
    ("comment", "M. Petit"),
    ("comment", "Nobody has said"),
]


@pytest.mark.parametrize("name", ["saved-harbour.html", "saved-harbour.mhtml"])
def test_a_saved_page(name: str) -> None:
    document = load(name)
    assert kinds(document) == HARBOUR
    assert document.title == document.title_span.cut(document.text)  # type: ignore[union-attr]
    assert document.title == "Harbour bridge to close for a year"
    assert document.author == "Ada Moss, Bo Ray"
    assert document.publisher == "The Fareham Courier"
    assert document.language == "en-GB"
    assert document.url == "https://courier.example/news/harbour-bridge"
    assert "compensated" in document.text  # written by a script: the page as it was on the screen
    assert "store cookies" not in document.text
    assert "\n2020\t14,880\t1,789\n" in document.text


def test_dates_that_contradict_each_other() -> None:
    # The site's head says a third day, that of the visit.
    document = load("saved-harbour.html")
    assert (document.published, document.modified) == (date(2021, 3, 4), date(2021, 3, 6))
    # Chromium leaves the scripts out of MHTML, and the page's JSON-LD with them.
    assert load("saved-harbour.mhtml").published == date(2021, 3, 5)


def test_a_page_of_the_old_days() -> None:
    document = load("saved-allotment.html")
    assert document.title == "Forty years on the waiting list"
    assert document.author == "Hester Lunn"
    assert document.published == date(2008, 6, 12)
    assert kinds(document)[-4:] == [
        ("body", "When Walter Pike"),
        ("body", "On Saturday Mr"),
        ("body", "The parish council"),
        ("body", "Mr Pike means"),
    ]


def test_an_opinion_is_no_readers_comment() -> None:
    document = load("saved-opinion.html")
    assert kinds(document) == [
        ("headline*", "Das Bad muss"),
        ("body", "Wer das Freibad"),
        ("body", "Der Bürgermeister sagt,"),
        ("body", "Die Fraktionen haben"),
        ("comment", "Endlich sagt es"),
    ]
    assert document.published == date(2019, 8, 30)


def test_an_address_in_a_saved_page() -> None:
    comment = "<!-- saved from url=(0025)https://post.example/1234 -->"
    assert read(f"<!doctype html>\n{comment}{PROSE}").url == "https://post.example/1234"


# Titles


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Bridge shut - The Post</title>", "<h1>Bridge shut</h1>", "Bridge shut"),
        ("<title>Bridge shut | Post</title>", "<h2>Bridge <i>shut</i></h2>", "Bridge shut"),
        (
            "<meta property=og:title content='Bridge is shut at last'>",
            "<h1>The Post</h1><h2>Bridge ‘is shut’ at last</h2>",
            "Bridge ‘is shut’ at last",
        ),
        ("<title>The Post</title>", "<h1>Bridge shut</h1>", "Bridge shut"),
        ("<meta property=og:title content='Bridge shut'>", "", "Bridge shut"),
        ("<title>Bridge shut for year – Post</title>", "", "Bridge shut for year"),
        (
            "<meta property=og:site_name content='The Post'>",
            "<h1>The Post</h1>",
            "The Post The council met on Monday to vote on the plan",
        ),
    ],
)
def test_titles(head: str, body: str, title: str) -> None:
    document = read(f"<head>{head}</head><body>{body}{PROSE}</body>")
    assert document.title == title
    assert " ".join(document.text.split()).count(title) == 1
    if document.title_span is not None:
        assert document.title_span == Span(0, len(title))


# Dates and authors


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("<h1>Title</h1><p>Published: 5th March 2021</p>", date(2021, 3, 5)),
        ("<h1>Title</h1><p>By Ada<br>5 March 2021</p>", date(2021, 3, 5)),
        ("<h1>Title</h1><p>Last updated: 5 March 2021</p>", None),
        ("<h1>Title</h1><p>March 2021</p>", None),
        ("<nav>5 March 2021</nav><h1>Title</h1>", None),
        ("<header>5 March 2021</header><h1>Title</h1>", None),
        ("<h1>Title</h1>" + PROSE.replace("spring", "5 March 2021") * 2, None),
        (f"<h1>Title</h1>{PROSE * 2}<p>{'Prose. ' * 30}</p><p>5 March 2021</p>", None),
        ("<h1>Title</h1><div class=comment><p>5 March 2021</p></div>", None),
    ],
)
def test_datelines(body: str, day: date | None) -> None:
    assert (
        read(
            f"<html><body><article>{body}{PROSE * 3}</article></body></html>".replace(
                "<article><nav>", "<nav>"
            ).replace("<article><header>", "<header>")
        ).published
        == day
    )


def test_the_author_of_a_comment_is_not_the_author() -> None:
    body = f"<h1>Title</h1>{PROSE * 3}<div id=comments><p class=author>troll</p><p>No.</p></div>"
    assert read(body).author is None
    assert read(f"<h1>Title</h1><p class=author>By ADA MOSS</p>{PROSE * 3}").author == "ADA MOSS"


# What is on a page besides its article


def test_a_short_page_is_read_whole() -> None:
    document = read("<nav>Home</nav><p>Closed.</p><footer>(c)</footer>")
    assert document.text == "Closed."


def test_comments_in_a_layout_of_their_own() -> None:
    page = (
        f"<article><h1>Title</h1>{PROSE * 4}</article><aside id='reader-comments'><table><tr><td>"
        "<p>Flag</p><p>They said the same in 2008, and look at it now.</p></td></tr>"
        "<tr><td><p>Flag</p><p>It was open again after four months that time.</p></td></tr>"
        "<tr><td><p>Flag</p><p><a href=/>Read all of the 718 comments on this article.</a></p>"
        "</td></tr></table></aside>"
    )
    said = [part for part in kinds(read(page)) if part[0] == "comment"]
    assert said == [("comment", "They said the"), ("comment", "It was open")]


def test_captions_come_with_the_article_only() -> None:
    figure = "<figure><img><figcaption>{}</figcaption></figure>"
    page = (
        f"<div><h1>Title</h1>{figure.format('One.')}<div>{PROSE * 3}{figure.format('Two.')}"
        f"{PROSE * 3}</div><div class='more'>{figure.format('Three.')}</div>"
        "<p>Write to our newsdesk if you know more about the plan than we do.</p></div>"
    )
    said = [words for kind, words in kinds(read(page)) if kind == "caption"]
    assert said == ["One.", "Two."]


def test_pages_in_braille() -> None:
    braille = "⠠⠮ ⠃⠗⠊⠙⠛⠑ ⠊⠎ ⠉⠇⠕⠎⠫"
    document = read(f"<p>{braille}</p>{PROSE * 3}")
    assert document.text.startswith(braille)


# Hostile pages


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ("<p>Brücke „zu“</p>".encode("utf-16"), "Brücke „zu“", "utf-16"),
        ("\ufeff<p>Brücke</p>".encode(), "Brücke", "utf-8"),
        ("<meta charset=iso-8859-1><p>Brücke</p>".encode(), "Brücke", "utf-8"),
        ("<meta charset=iso-8859-1><p>Brücke „zu“".encode("cp1252"), "Brücke „zu“", "cp1252"),
        ("<meta charset='koi8-r'><p>Мост закрыт</p>".encode("koi8-r"), "Мост закрыт", "koi8-r"),
        (b"<meta charset=utf-8><p>Br\xc3\xbccke \xff \xe2\x82\xac", "Brücke � €", "utf-8"),
        (
            "<meta charset=utf-8><p>Der Bürgermeister sagte, die Brücke über den Fluß müsse für "
            "ein Jahr schließen. Die Gemeinderäte stimmten zu.".encode("cp1252"),
            "Der Bürgermeister sagte, die Brücke über den Fluß müsse für ein Jahr schließen. "
            "Die Gemeinderäte stimmten zu.",
            "cp1252",
        ),
        ("<meta charset=no-such><p>Brücke</p>".encode(), "Brücke", "utf-8"),
    ],
)
def test_encodings(content: bytes, text: str, encoding: str) -> None:
    document = read(content)
    assert (document.text, document.encoding) == (text, encoding)


@pytest.mark.parametrize("content", [b"", b" \n", b"<p></p><script>x</script>", b"<!-- x -->"])
def test_nothing_to_read(content: bytes) -> None:
    try:
        assert read(content).text == ""
    except LoadError as error:
        assert str(error) == "holds no text"


def test_an_mhtml_file_without_a_page() -> None:
    for content in (b"", b"MIME-Version: 1.0\nContent-Type: image/png\n\nx", b"\xff\xfe\x00"):
        with pytest.raises(LoadError, match="no web page in this MHTML file"):
            HtmlLoader().load(content, "a.mhtml")


@pytest.mark.parametrize("levels", [1500, 100_000])
@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li", "blockquote", "span"])
def test_levels_inside_each_other(levels: int, tag: str) -> None:
    started = time.monotonic()
    try:
        document = read(f"<{tag}>" * levels + "deep text" + PROSE)
        assert "deep text" in document.text
    except LoadError as error:
        assert "levels inside each other" in str(error)
    assert time.monotonic() - started < 20


def test_many_elements_take_no_longer_than_their_number() -> None:
    started = time.monotonic()
    read("<p>word " * 5_000)
    assert time.monotonic() - started < 15


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    try:
        document = HtmlLoader().load(content, "a.html")
    except LoadError:
        return
    document.text.encode()


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_damaged_pages(data: st.DataObject) -> None:
    content = bytearray((FILES / "saved-harbour.html").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=10))
    try:
        document = HtmlLoader().load(bytes(content), "a.html")
    except LoadError:
        return
    end = 0
    for part in document.parts:
        assert document.text[end : part.span.start].strip() == ""
        assert part.span.cut(document.text).strip() == part.span.cut(document.text) != ""
        end = part.span.end
    assert end == len(document.text)


def test_what_is_declared_elsewhere_counts() -> None:
    assert decode_page("Brücke".encode("cp1252"), "latin-1") == ("Brücke", "cp1252")
