"""`index.loaders.feed`: feeds as publishers write them, and as nobody should."""

import io
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders.feed import FeedContainer
from index.loaders.protocol import Entry, Options
from index.types import Document

FILES = Path(__file__).parent / "files"

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>The Post</title><language>en-gb</language>
<item><title>Bridge &amp;amp; &lt;i&gt;tunnel&lt;/i&gt;</title><guid isPermaLink="false">tag:1</guid>
<link>https://post.example/1</link><author>ada@post.example (Ada Moss)</author>
<pubDate>Thu, 04 Mar 2021 23:20:00 -0500</pubDate><description>In short.</description>
<content:encoded><![CDATA[<p>The <b>bridge</b> will be shut.</p><ul><li>April</li></ul>
<blockquote>No closure.</blockquote><script>no()</script>]]></content:encoded></item>
<item><link>https://post.example/2</link><source url="https://other.example">Other</source>
<description>3 &lt; 4 in AT&amp;amp;T
</description><pubDate>March 2021</pubDate></item>
<item><description>Third.</description></item>
<item><guid>tag:1</guid><title>Again</title></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Le Quai</title>
<entry><id>urn:1</id><title>Le pont</title><author><name>Ada</name></author>
<author><name>Bo</name></author><link href="https://quai.example/1"/>
<published>2021-03-04T00:30:00Z</published><updated>2021-03-05T00:00:00Z</updated>
<summary>Un &lt; deux

Trois</summary></entry>
<entry><id>urn:2</id><title>Le quai</title><updated>2021-03-05T00:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><h2>Quoi</h2><p>Fermé.</p></div>
</content></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item>
<title>x</title><link>https://x.example/1</link><dc:date>2021-03-04</dc:date></item></rdf:RDF>"""


def read(xml: str | bytes) -> list[Entry]:
    content = xml if isinstance(xml, bytes) else xml.encode()
    return list(FeedContainer().entries(io.BytesIO(content), "a.rss", Options()))


def documents(xml: str) -> list[Document]:
    return [entry.document for entry in read(xml) if entry.document is not None]


@pytest.mark.parametrize("name", ["feed-npm.rss", "feed-npm.atom"])
def test_a_feed_that_a_program_wrote(name: str) -> None:
    with (FILES / name).open("rb") as file:
        first, second = FeedContainer().entries(file, name, Options())
    assert first.name == "https://courier.example/news/harbour-bridge"
    assert first.document is not None
    assert second.document is not None
    assert [part.kind for part in first.document.parts] == [
        "headline",
        "body",
        "caption",
        "quote",
        "list",
        "list",
    ]
    assert first.document.title == "Harbour bridge & tunnel to close"
    assert first.document.author == "Ada Moss"
    assert first.document.publisher == "The Fareham Courier"
    assert first.document.published == date(2021, 3, 4)
    assert first.document.url == first.name
    assert second.document.text == "Ferry fares to rise\n\nA single will be £3.40."


def test_rss() -> None:
    assert [entry.name for entry in read(RSS)] == [
        "tag:1",
        "https://post.example/2",
        "3",
        "tag:1 (2)",
    ]
    first, second, third, _ = documents(RSS)
    assert first.text == ("Bridge & tunnel\n\nThe bridge will be shut.\n\nApril\n\nNo closure.")
    assert [part.kind for part in first.parts] == ["headline", "body", "list", "quote"]
    assert (first.title, first.author) == ("Bridge & tunnel", "Ada Moss")
    assert (first.published, first.modified) == (date(2021, 3, 4), None)
    assert (first.publisher, first.url) == ("The Post", "https://post.example/1")
    assert first.language == "en-gb"
    assert (second.text, second.title) == ("3 < 4 in AT&T", "3 < 4 in AT&T")
    assert (second.publisher, second.published) == ("Other", None)
    assert third.text == "Third."


def test_atom() -> None:
    first, second = documents(ATOM)
    assert first.text == "Le pont\n\nUn < deux\n\nTrois"
    assert (first.author, first.publisher, first.language) == ("Ada, Bo", "Le Quai", "fr")
    assert (first.published, first.modified) == (date(2021, 3, 4), date(2021, 3, 5))
    assert second.text == "Le quai\n\nQuoi\n\nFermé."
    assert second.parts[1].heading
    assert (second.published, second.modified) == (None, date(2021, 3, 5))


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Ada Moss (ada@post.online)", "Ada Moss"),
        ("Ada Moss &lt;ada@post.online&gt;", "Ada Moss"),
        ("ada@post.online", None),
        ("Ada Moss", "Ada Moss"),
    ],
)
def test_authors_with_addresses(author: str, name: str | None) -> None:
    (document,) = documents(
        f"<rss version='2.0'><channel><item><title>x</title><author>{author}</author></item>"
        "</channel></rss>"
    )
    assert document.author == name


def test_the_one_date_of_rss() -> None:
    (document,) = documents(RDF)
    assert (document.published, document.modified) == (date(2021, 3, 4), None)
    assert document.publisher is None


def test_an_entry_has_changed_when_its_item_has() -> None:
    changed = read(RSS.replace("Third.", "Fourth."))
    same = [one.content == other.content for one, other in zip(read(RSS), changed, strict=True)]
    assert same == [True, True, False, True]


@pytest.mark.parametrize("xml", ["", "text", "<a><b>x</b></a>", "<html><p>x</p></html>", "\x00"])
def test_no_feed(xml: str) -> None:
    with pytest.raises(LoadError, match="no RSS or Atom feed"):
        read(xml)


def test_a_feed_that_is_too_large() -> None:
    with pytest.raises(LoadError, match=r"more than 0\.0001 MB"):
        list(FeedContainer().entries(io.BytesIO(RSS.encode()), "a.rss", Options(largest=100)))


def test_broken_feeds_are_read_as_far_as_they_go() -> None:
    cut = RSS[: RSS.index("<item><description>Third")]
    assert documents(cut)[0].title == "Bridge & tunnel"
    assert documents(RSS.replace("Third.", "Third & last."))[2].text == "Third & last."


def test_entities_that_stand_for_more_than_was_written() -> None:
    started = time.monotonic()
    lines = ['<!ENTITY a0 "aaaaaaaaaa">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)]
    bomb = (
        f"<?xml version='1.0'?><!DOCTYPE x [{''.join(lines)}]>"
        "<rss version='2.0'><channel><item><title>&a11;</title></item></channel></rss>"
    )
    assert all(len(document.text) < 1000 for document in documents(bomb))
    secret = FILES / "saved-harbour.html"
    outside = bomb.replace("&a11;", "&file;").replace(
        "[", f'[<!ENTITY file SYSTEM "{secret.as_uri()}">', 1
    )
    assert all("bridge" not in document.text for document in documents(outside))
    assert time.monotonic() - started < 10


def test_levels_inside_each_other() -> None:
    started = time.monotonic()
    deep = "&lt;div&gt;" * 100_000
    item = "<item><description>{}</description></item>"
    feed = f"<rss version='2.0'><channel>{item.format(deep)}{item.format('x')}</channel></rss>"
    entries = read(feed)
    assert "levels inside each other" in str(entries[0].problem)
    assert entries[1].document is not None
    read(feed.replace(deep, "<div>" * 5_000))
    assert time.monotonic() - started < 30


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_damaged_feeds(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([RSS, ATOM, RDF])).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    try:
        entries = read(bytes(content))
    except LoadError:
        return
    assert len({entry.name for entry in entries}) == len(entries)
    for entry in entries:
        entry.name.encode()
        if entry.document is not None:
            entry.document.text.encode()
