"""`index.markup`: what a stretch of HTML says, block by block, and what each block is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.markup import DEEPEST, fragment


def read(html: str) -> list[tuple[str, str]]:
    """Return (kind, text) of each part; a heading's kind ends with a star."""
    text, parts = fragment(html)
    return [(part.kind + "*" * part.heading, part.span.cut(text)) for part in parts]


def test_blocks_and_the_text_beside_them() -> None:
    assert read("one<p>two <b>b</b>old<div>three</div>four</p><h2>Head</h2>five") == [
        ("body", "one"),
        ("body", "two bold"),
        ("body", "three"),
        ("body", "four"),
        ("body*", "Head"),
        ("body", "five"),
    ]


def test_inline_text_keeps_its_characters() -> None:
    html = "<p>“She’s\n   <em>won</em>”,&nbsp;he &amp; I said&hellip; Kinder&shy;<wbr>garten e\u0301</p>"
    assert read(html) == [("body", "“She’s won”, he & I said… Kindergarten e\u0301")]


def test_a_line_break_is_a_line_and_two_are_a_paragraph() -> None:
    assert read("<p>1 Quay St<br>Fareham<br> <br/>Next<br></p>") == [
        ("body", "1 Quay St\nFareham"),
        ("body", "Next"),
    ]


def test_quotation_marks_that_a_browser_adds() -> None:
    assert read("<p>He said: <q>No.</q></p>") == [("body", "He said: “No.”")]


def test_code_keeps_its_lines_and_shows_its_markup() -> None:
    html = "<pre><code>if x:\n    print('&lt;script&gt;')\n</code></pre>"
    assert read(html) == [("body", "if x:\n    print('<script>')")]


def test_lists_and_lists_in_them() -> None:
    assert read("<ul><li>one<li>two<ol><li><p>three</p></ol></ul><dl><dt>a<dd>b</dl>") == [
        ("list", "one"),
        ("list", "two"),
        ("list", "three"),
        ("list", "a"),
        ("list", "b"),
    ]
    assert fragment("<ul><li>one<li>two</ul>after")[0] == "one\ntwo\n\nafter"


def test_bullets_without_a_list() -> None:
    assert read("<p>• one</p><p>●\u00a0two</p><p>•</p>") == [
        ("list", "• one"),
        ("list", "● two"),
        ("body", "•"),
    ]


def test_a_list_of_articles_is_no_list() -> None:
    assert read("<ul><li><h3>10:42</h3><p>The vote is in.</p></li></ul>") == [
        ("body*", "10:42"),
        ("body", "The vote is in."),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<figure><img><figcaption>The pier.</figcaption></figure>",
        "<figure><img>The pier.</figure>",
        "<div class='wp-caption'><img><p class='wp-caption-text'>The pier.</p></div>",
        "<p><img><span class='imageCaption'>The pier.</span></p>",
        "<table><caption>The pier.</caption></table>",
    ],
)
def test_captions(html: str) -> None:
    assert read(html) == [("caption", "The pier.")]


def test_a_figure_under_a_heading_of_its_own_leads_elsewhere() -> None:
    html = "<figure><img><h4>Read on</h4><p>Another article.</p></figure>"
    assert read(html) == [("body*", "Read on"), ("body", "Another article.")]


def test_closed_captions_are_none() -> None:
    assert read("<div class='captions-on'>Text</div>") == [("body", "Text")]


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote><p>So be it.</p></blockquote>",
        "<blockquote><ul><li>So be it.</ul></blockquote>",
        "<aside class='pull-quote'>So be it.</aside>",
        "<figure class='article__pullquote'><p>So be it.</p></figure>",
    ],
)
def test_quotes(html: str) -> None:
    assert read(html) == [("quote", "So be it.")]


@pytest.mark.parametrize(
    "opening",
    [
        "<div id='comments'>",
        "<div class='post-comments'>",
        "<section class='commentList thread'>",
        "<div class='comment-body'>",
        "<div id='disqus_thread'>",
        "<div itemscope itemtype='https://schema.org/Comment'>",
        "<div itemprop='comment'>",
        "<div id='comentarios_list'>",
    ],
)
def test_comments_and_what_they_quote(opening: str) -> None:
    html = f"{opening}<blockquote>You said so.</blockquote><ol><li>I never did.</ol>"
    assert read(html) == [("comment", "You said so."), ("comment", "I never did.")]


@pytest.mark.parametrize(
    "html",
    [
        "<article class='comment'><h1>Our view</h1><p>It will not do.</p></article>",
        "<body class='comments'><p>It will not do.</p>",
        "<div class='comments-open'><p>It will not do.</p></div>",
        "<div class='commentary'><p>It will not do.</p></div>",
    ],
)
def test_no_comments(html: str) -> None:
    assert read(html)[-1] == ("body", "It will not do.")


def test_tables_row_by_row() -> None:
    html = (
        "<table><tr><th>Year<th>Children<tr><td>2016<td><p>1,839</p>"
        "<tr><td>2017<td>1,789<br>(June)</table><table><tr><td>a<td>b</table>"
    )
    assert fragment(html)[0] == "Year\tChildren\n2016\t1,839\n2017\t1,789 (June)\n\na\tb"


def test_a_table_that_lays_out_a_page() -> None:
    html = "<table><tr><td><p>One.</p><p>Two.</p></td><td><ul><li>Three.</ul></td></tr></table>"
    assert read(html) == [("body", "One."), ("body", "Two."), ("list", "Three.")]


def test_what_is_not_shown_is_not_read() -> None:
    html = (
        "<script>alert('no')</script><style>p { }</style><noscript>no</noscript><p hidden>no</p>"
        "<div style='color: red; DISPLAY:none'>no</div><!-- no --><template>no</template>"
        "<button>no</button><svg><title>no</title><text>no</text></svg>yes<select><option>no</select>"
    )
    assert read(html) == [("body", "yes")]


@pytest.mark.parametrize(
    "html", ["", " \n", "<!-- nothing -->", "<p></p>", "<?xml version='1.0'?>"]
)
def test_nothing(html: str) -> None:
    assert fragment(html) == ("", ())


def test_text_behind_the_end_of_the_page() -> None:
    assert read("<html><body><p>One.</p></body></html><p>Two.</p>")[-1] == ("body", "Two.")


def test_an_encoding_that_is_declared_and_untrue() -> None:
    html = "<?xml version='1.0' encoding='latin-1'?><meta charset='utf-16'><p>Brücke</p>"
    assert read(html) == [("body", "Brücke")]


def test_control_characters() -> None:
    assert read("<p>a&#1;\x02b&#xFFFF;\ud800\x00</p>") == [("body", "ab")]


def test_levels_inside_each_other() -> None:
    started = time.monotonic()
    assert read("<div>" * 1000 + "deep") == [("body", "deep")]
    with pytest.raises(LoadError, match=f"more than {DEEPEST} levels"):
        fragment("<div>" * 100_000 + "deep")
    assert time.monotonic() - started < 5


def test_names_that_never_end() -> None:
    started = time.monotonic()
    names = f"comment{'1' * 5000}! {'comment-' * 5000}! {'-' * 50_000}"
    assert read(f"<div class='{names}'>text</div>") == [("body", "text")]
    assert time.monotonic() - started < 5


@given(st.text(st.sampled_from("ab \n\t<>&;/='\"\u00a0\x00"), max_size=60))
def test_broken_html_is_read_somehow(html: str) -> None:
    text, parts = fragment(html)
    assert "".join(part.span.cut(text) for part in parts).split() == text.split()


TAGS = st.sampled_from(
    "p div li ul td tr table pre blockquote h2 figure figcaption br q a b span script".split()
)
PIECE = st.one_of(
    st.sampled_from(["text", " ", "\n", "more text"]),
    TAGS.map("<{}>".format),
    TAGS.map("</{}>".format),
)


@given(st.lists(PIECE, max_size=40).map("".join))
def test_every_word_is_in_one_part(html: str) -> None:
    text, parts = fragment(html)
    end = 0
    for part in parts:
        assert text[end : part.span.start].isspace() or end == part.span.start == 0
        assert part.span.cut(text).strip() == part.span.cut(text) != ""
        end = part.span.end
    assert end == len(text)
    assert "\n\n\n" not in text
