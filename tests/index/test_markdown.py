"""`index.loaders.markdown`: articles as a site generator keeps them."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders.markdown import MarkdownLoader
from index.types import Document, Span

ARTICLE = """\
---
title: "Bridge: shut until May"
author: [Ada Moss, Bo Ray]
date: 2021-03-04 18:20:00
lastmod: 5 March 2021
site: The Post
lang: en-GB
permalink: https://post.example/bridge
draft: no
---
# Bridge: shut until May

The *harbour* bridge <!-- sic --> will be **shut**, the [council](https://council.example "x") said
on Thursday&hellip; ![a bridge](bridge.jpg) It is “unsafe”.\\
Second line.

## When

1. April
2. May
   - and June

> No closure
> of this length.

<figure><img src="a.jpg"><figcaption>The bridge.</figcaption></figure>

| Year | Cars |
|------|-----:|
| 2020 | 14,880 |

```html
<script>if (a < b) {}</script>
```

<script>alert("no")</script>

Dear <b class="x">reader</b>, 3 < 4 and <https://post.example/>.
"""


def read(text: str) -> Document:
    return MarkdownLoader().load(text.encode(), "a.md")


def test_an_article() -> None:
    document = read(ARTICLE)
    assert [
        (part.kind + "*" * part.heading, part.span.cut(document.text)) for part in document.parts
    ] == [
        ("headline*", "Bridge: shut until May"),
        (
            "body",
            "The harbour bridge will be shut, the council said on Thursday… It is “unsafe”.\n"
            "Second line.",
        ),
        ("body*", "When"),
        ("list", "April"),
        ("list", "May"),
        ("list", "and June"),
        ("quote", "No closure of this length."),
        ("caption", "The bridge."),
        ("body", "Year\tCars"),
        ("body", "2020\t14,880"),
        ("body", "<script>if (a < b) {}</script>"),
        ("body", "Dear reader, 3 < 4 and https://post.example/."),
    ]
    assert document.title == "Bridge: shut until May"
    assert document.title_span == Span(0, 22)
    assert document.author == "Ada Moss, Bo Ray"
    assert (document.published, document.modified) == (date(2021, 3, 4), date(2021, 3, 5))
    assert (document.publisher, document.language) == ("The Post", "en-GB")
    assert document.url == "https://post.example/bridge"


def test_an_article_that_pandoc_wrote() -> None:
    path = Path(__file__).parent / "files" / "markdown-pandoc.md"
    document = MarkdownLoader().load(path.read_bytes(), path.name)
    assert [(part.kind, part.span.cut(document.text)[:20]) for part in document.parts] == [
        ("headline", "Kommentar: Das Bad m"),
        ("body", "Das Bad muss bleiben"),
        ("body", "31.8."),
        ("body", "Wer das Freibad schl"),
        ("body", "Der Bürgermeister sa"),
        ("body", "Die Fraktionen haben"),
        ("comment", "Leserkommentare"),
        ("comment", "Endlich sagt es eine"),
        ("body", "Impressum Datenschut"),
    ]
    assert document.author == "Jörg Weiß"
    assert document.published == date(2019, 8, 30)
    assert document.language == "de"


def test_authors() -> None:
    front = "authors:\n  - name: Ada Moss\n    role: editor\n  - Bo Ray\n  - [x]\nauthor: ~"
    assert read(f"---\n{front}\n---\nText.").author == "Ada Moss, Bo Ray"


def test_titles() -> None:
    assert read("# Bridge *shut*\n\nText.").title == "Bridge shut"
    assert read("---\ntitle: Shut\n---\n# Bridge\n\nText.").text == "Shut\n\nBridge\n\nText."
    assert read("---\ntitle: 007\n---\nText.").title == "007"
    untitled = read("Some text of no title that goes on and on and never ends, it seems to me.")
    assert untitled.title == "Some text of no title that goes on and on and never"
    assert untitled.title_span is None


@pytest.mark.parametrize("said", ["date: March 2021", "date: 2021", "date: ~", "date:", "x: 1"])
def test_no_date(said: str) -> None:
    assert read(f"---\n{said}\n---\nOn 4 March 2021 it closed.").published is None


@pytest.mark.parametrize(
    "text", ["---\nProse.\n---\nMore.", "---\nProse that ends nowhere.", "- - -\n\nText."]
)
def test_rules_are_no_front_matter(text: str) -> None:
    document = read(text)
    assert "Prose" in document.text or document.text == "Text."


@pytest.mark.parametrize(
    ("front", "problem"),
    [
        ("title: a\nauthor: [x", "line 4"),
        ("title: a: b", "line 2"),
        ("title: a\n\ttab: x", "line 3"),
        ("title: a\nx: \x07", "line 3: a control character"),
        ("x: " + "[" * 500, "too many levels inside each other"),
        ("x: " + "a" * 100_001, "more than 100,000 characters"),
    ],
)
def test_damaged_front_matter(front: str, problem: str) -> None:
    with pytest.raises(LoadError, match=problem) as caught:
        read(f"---\n{front}\n---\nText.")
    assert "\n" not in str(caught.value)


def test_an_alias_bomb_is_read_in_no_time() -> None:
    started = time.monotonic()
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    document = read("---\n" + "\n".join([*lines, "title: *a11"]) + "\n---\nText.")
    assert time.monotonic() - started < 5
    assert document.text.endswith("Text.")


@pytest.mark.parametrize("mark", ["> ", "- ", "*", "[", "![", "`", "<b>", "|", "\\"])
def test_levels_inside_each_other(mark: str) -> None:
    started = time.monotonic()
    try:
        read(mark * 5_000 + "text")
    except LoadError as error:
        assert "levels inside each other" in str(error)
    assert time.monotonic() - started < 20


def test_windows_and_other_encodings() -> None:
    content = "---\r\ntitle: Brücke\r\n---\r\nErster Satz\r\nüber zwei Zeilen.\r\n"
    for encoding in ("utf-8-sig", "utf-16"):
        document = MarkdownLoader().load(content.encode(encoding), "a.md")
        assert document.text == "Brücke\n\nErster Satz über zwei Zeilen."


@given(st.text(st.sampled_from("ab \n\t#>-*_`[]()<>&!|\\1.:~"), max_size=80))
def test_any_text(text: str) -> None:
    try:
        document = read(text)
    except LoadError:
        return
    end = 0
    for part in document.parts:
        assert document.text[end : part.span.start].strip() == ""
        assert part.span.cut(document.text).strip() == part.span.cut(document.text) != ""
        end = part.span.end
    assert end == len(document.text)
