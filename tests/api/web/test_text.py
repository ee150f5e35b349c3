"""Text as HTML: what a parser makes of it is the text."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.text import NUL_SHOWN, showable

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NUDGING = "\u200e\u200f\u061c"


class Parsed(HTMLParser):
    """The text of some HTML, and its elements: each with its name and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text = ""
        self.elements: list[tuple[str, str]] = []
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, ""))
        self.open = True

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[-1][0] == tag
        self.open = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.elements and self.open:
            tag, text = self.elements[-1]
            self.elements[-1] = (tag, text + data)

    def handle_charref(self, name: str) -> None:
        self.handle_data(chr(int(name)))

    def handle_entityref(self, name: str) -> None:
        self.handle_data({"lt": "<", "gt": ">", "amp": "&"}[name])


alphabet = st.one_of(
    st.characters(codec="utf-8"), st.sampled_from(f"<>&\"'\r\n\t\0{TURNING}{NUDGING}\x07\x85")
)


@given(st.text(alphabet))
def test_the_text_of_the_html_is_the_text(text: str) -> None:
    html = showable(text)
    assert Parsed(html).text == text.replace("\0", NUL_SHOWN)
    assert "\r" not in html
    assert "\0" not in html


@given(st.text(alphabet))
def test_whatever_turns_writing_around_stands_alone(text: str) -> None:
    elements = Parsed(showable(text)).elements
    turning = [each for each in text if each in TURNING + NUDGING]
    assert [held for tag, held in elements if tag == "bdi" and held in turning] == turning
    assert {tag for tag, _ in elements} <= {"bdi", "span"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a\r\nb", "a&#13;\nb"),
        ("a\rb", 'a<span class="return">&#13;</span>b'),
        ("\0", "␀"),
        ("\u202e", '<bdi class="sign" data-sign="RLO">\u202e</bdi>'),
        ("\u200f", '<bdi class="sign" data-sign="">\u200f</bdi>'),
        ("\x07", '<bdi class="sign" data-sign="␇">\x07</bdi>'),
        ("tab\tand\nline", "tab\tand\nline"),
    ],
)
def test_each_kind_of_text(text: str, html: str) -> None:
    assert showable(text) == html
