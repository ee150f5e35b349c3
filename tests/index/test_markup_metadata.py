"""`index.markup_metadata`: what pages of several invented papers say about themselves."""

import json
from datetime import date

import pytest

from index.markup import parse
from index.markup_metadata import Metadata, read_day, read_metadata


def read(head: str, body: str = "<p>Text.</p>", lang: str = "") -> Metadata:
    root = parse(f"<html lang='{lang}'><head>{head}</head><body>{body}</body></html>")
    assert root is not None
    return read_metadata(root)


def linked(data: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


def test_linked_data() -> None:
    article = {
        "@type": ["NewsArticle"],
        "headline": "Bridge &amp; tunnel",
        "author": [{"@type": "Person", "name": "Ada Moss"}, {"name": ["Bo Ray"]}, "Ada Moss"],
        "publisher": {"@type": "Organization", "name": "The Fareham Post"},
        "datePublished": "2021-03-04T23:30:00-05:00",
        "dateModified": "2021-03-06",
        "inLanguage": "en-GB",
        "mainEntityOfPage": {"@id": "https://post.example/bridge"},
    }
    aside = {"@type": "WebSite", "name": "Post", "datePublished": "2001-01-01"}
    expected = Metadata(
        "Bridge & tunnel",
        "Ada Moss, Bo Ray",
        "The Fareham Post",
        date(2021, 3, 4),
        date(2021, 3, 6),
        "en-GB",
        "https://post.example/bridge",
    )
    assert read(linked({"@graph": [aside, article]})) == expected
    assert read(linked([aside]) + "\n" + linked(article)) == expected


def test_meta_elements() -> None:
    head = """
        <meta property="og:title" content="Bridge closes"><meta name=author content="Ada Moss">
        <meta property="article:author" content="https://social.example/ada">
        <meta property="og:site_name" content="The Post">
        <meta property="og:published_time article:published_time" content="2021-03-04T08:00">
        <meta name="DC.Date.Modified" content="5 March 2021">
        <meta property="og:locale" content="de_AT"><link rel=canonical href="https://post.example/1">
        """
    assert read(head) == Metadata(
        "Bridge closes",
        "Ada Moss",
        "The Post",
        date(2021, 3, 4),
        date(2021, 3, 5),
        "de-AT",
        "https://post.example/1",
    )
    several = (
        "<meta name=citation_author content='Ada Moss'><meta name=citation_author content='By Bo'>"
    )
    assert read(several).author == "Ada Moss, Bo"


def test_marks_in_the_text() -> None:
    body = """
        <aside><time pubdate datetime=2001-01-01>x</time></aside>
        <div class="comment"><time class="published" datetime="2002-02-02">x</time></div>
        <time datetime="2003-03-03">an event</time>
        <p>By <b>Ada</b> <time class="entry-date" datetime="2021-03-04T08:00Z">Thursday</time>,
        <span itemprop=dateModified>March 5, 2021</span></p>"""
    read_ = read("", body, lang="en")
    assert (read_.published, read_.modified) == (date(2021, 3, 4), date(2021, 3, 5))
    assert read_.language == "en"


def test_contradictions_are_settled_the_same_way_each_time() -> None:
    meta = "<meta property='article:published_time' content='2020-02-02'>"
    body = "<time pubdate datetime=2019-01-01></time>"
    data = linked({"@type": "Article", "datePublished": "2021-03-03"})
    assert read(meta + data, body).published == date(2021, 3, 3)
    assert read(meta, body).published == date(2020, 2, 2)
    assert read(linked({"@type": "Article", "datePublished": "2021"}) + meta).published == date(
        2020, 2, 2
    )


def test_what_is_not_said_stays_unknown() -> None:
    head = "<link rel=canonical href='/2020/01/02/bridge'><title>2 January 2020</title>"
    assert read(head, "<p>On 2 January 2020 it closed.</p>") == Metadata(*[None] * 7)


@pytest.mark.parametrize("script", ["{", "[" * 5000, "9" * 5000, '{"@type": 7}', '"text"', ""])
def test_damaged_linked_data(script: str) -> None:
    head = f"<script type='application/ld+json'>{script}</script><meta name=author content=Ada>"
    assert read(head).author == "Ada"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2017-09-05", date(2017, 9, 5)),
        ("2017-09-05T23:59:59+01:00", date(2017, 9, 5)),
        ("2017/09/05 10:00", date(2017, 9, 5)),
        ("20170905", date(2017, 9, 5)),
        ("Tue, 05 Sep 2017 10:00:00 GMT", date(2017, 9, 5)),
        ("5 Sep 17 10:00 EST", date(2017, 9, 5)),
        ("Tuesday, 5th September 2017", date(2017, 9, 5)),
        ("Sept 2017", None),
        ("September 2017", None),
        ("2017-09", None),
        ("2017", None),
        ("05/09/2017", None),
        ("2017-02-30", None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("201709051000", None),
        (1504605600, None),
        (None, None),
    ],
)
def test_days(value: object, day: date | None) -> None:
    assert read_day(value) == day
