"""Documents with a quotation marked, and stretches of long ones."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web import marked as module
from api.web.marked import ANSWER, SENTENCE, STRETCH, after, around, before, marked
from index.types import Span
from tests.api.web.test_text import Parsed

PLAIN = st.text("abc \n<&", min_size=1)


@given(PLAIN, st.data())
def test_what_is_marked_is_what_the_offsets_say(text: str, data: st.DataObject) -> None:
    def within(span: Span) -> Span:
        first, last = sorted(data.draw(st.integers(span.start, span.end)) for _ in range(2))
        return Span(first, last)

    whole = within(Span(0, len(text)))
    outer = within(Span(0, len(text)))
    inner = within(outer)
    html = marked(text, whole, (SENTENCE, outer), (ANSWER, inner))
    assert Parsed(re.sub("</?mark.*?>", "", html)).text == whole.cut(text)
    for name, span in (("sentence", outer), ("answer", inner)):
        shown = Span(max(whole.start, span.start), min(whole.end, span.end))
        found = re.search(f'<mark class="{name}".*', html, re.DOTALL)
        if shown.start >= shown.end:
            assert found is None
        else:
            assert found is not None
            start = len(Parsed(re.sub("</?mark.*?>", "", html[: found.start()])).text)
            assert whole.start + start == shown.start


def test_a_short_text_is_shown_whole() -> None:
    assert around("short", Span(2, 3)) == Span(0, 5)


@pytest.mark.parametrize("line", ["word " * 20 + "\n", "unbroken"])
def test_the_stretches_of_a_long_text_make_it_up(line: str) -> None:
    text = line * (500_000 // len(line))
    quotation = Span(250_000, 250_100)
    first = around(text, quotation)
    assert first.holds(quotation)
    assert first.end - first.start < 2 * STRETCH
    shown = [first]
    while shown[0].start > 0:
        shown.insert(0, before(text, shown[0].start))
    while shown[-1].end < len(text):
        shown.append(after(text, shown[-1].end))
    assert "".join(each.cut(text) for each in shown) == text
    assert all(each.end - each.start < 2 * STRETCH for each in shown)
    if line.endswith("\n"):
        assert all(each.cut(text).endswith("\n") for each in shown)


@given(st.integers(0, 300_000), st.integers(0, 300_000))
def test_any_place_in_a_long_text_can_be_shown(start: int, length: int) -> None:
    text = "a b\n" * 50_000
    quotation = Span(min(start, len(text)), min(start + length, len(text)))
    shown = around(text, quotation)
    assert 0 <= shown.start <= shown.end <= len(text)
    assert shown.end - shown.start <= 2 * STRETCH
    assert shown.start <= quotation.start <= shown.end
    assert before(text, start).end <= len(text)
    assert after(text, start).start <= len(text)


def test_a_quotation_longer_than_a_stretch_is_shown_as_far_as_it_goes() -> None:
    text = "x" * 200_000
    shown = around(text, Span(0, 200_000))
    html = marked(text, shown, (SENTENCE, Span(0, 200_000)))
    assert html.startswith('<mark class="sentence"')
    assert len(html) < 2 * module.STRETCH
