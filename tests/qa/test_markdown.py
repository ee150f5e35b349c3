"""Whatever a text holds, Markdown shows it as it is."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.markdown import block, inline
from qa.show import clean

RENDERERS = [MarkdownIt("commonmark"), MarkdownIt("js-default", {"html": True})]

HOSTILE = st.lists(
    st.sampled_from("\\`*_{}[]()#+-.!|~^$&=@<>:/'\"%,;? \n\t1aiwx\u2028\u202e\r\x1b")
    | st.sampled_from(
        "http://a.bc www.a.bc ![x](y) [^1] [^1]: --- ``` 1. <b> &amp; - * ftp://x.yz a. : | === <!--".split(
            " "
        )
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=9,
).map("".join)


def shown(text: str) -> str:
    return clean(re.sub(r"\s+", " ", text)).strip()


@settings(deadline=None)
@given(HOSTILE)
def test_a_paragraph_is_nothing_but_its_text(text: str) -> None:
    for markdown in RENDERERS:
        seen = html.unescape(markdown.render(f"Before.\n\n> {block(text)}\n\nAfter.\n"))
        quoted = f"\n<p>{shown(text)}</p>\n" if shown(text) else ""
        assert seen == f"<p>Before.</p>\n<blockquote>{quoted}</blockquote>\n<p>After.</p>\n"


@settings(deadline=None)
@given(HOSTILE)
def test_a_heading_is_nothing_but_its_text(text: str) -> None:
    for markdown in RENDERERS:
        seen = html.unescape(markdown.render(f"## {inline(text).strip()}\n"))
        assert seen == f"<h2>{shown(text)}</h2>\n"


@pytest.mark.parametrize(
    "text",
    [
        "As of June, Croydon had 1,789 children; 3.5% (of all) were “in need” - or well-known?",
        "It was £5m, he said: “Never!” Inside Croydon’s report.",
    ],
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert block(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("1. Open the door", "1\\. Open the door"),
        ("2017) was dry", "2017\\) was dry"),
        ("# 4", "\\# 4"),
        ("- no", "\\- no"),
        ("see https://a.b/c_d", "see https\\://a.b/c\\_d"),
        ("WWW.A.B", "WWW\\.A.B"),
        ("a -- b", "a \\-\\- b"),
        ("<script>", "\\<script\\>"),
        ("  a\r\n\tb  ", "a b"),
    ],
)
def test_marks_are_told_from_markup(text: str, safe: str) -> None:
    assert block(text) == safe
