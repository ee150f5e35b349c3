"""Ranges of a text, with what stands around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import BadRange
from index.excerpt import excerpt
from index.types import Document

DOCUMENT = Document("a.txt", "It was 👍🏽 e\u0301tait.", "A", id=7)


@given(st.text(max_size=30), st.integers(-3, 40), st.integers(-3, 40), st.integers(0, 40))
def test_a_range_is_a_slice_or_refused(text: str, start: int, end: int, around: int) -> None:
    document = Document("a.txt", text, "A")
    if not 0 <= start <= end <= len(text):
        with pytest.raises(BadRange, match="give 0 <= start <= end"):
            excerpt(document, start, end, around)
        return
    found = excerpt(document, start, end, around)
    assert found.text == text[start:end]
    assert found.before == text[max(0, start - around) : start]
    assert found.after == text[end : end + around]


def test_without_an_end_it_reaches_to_the_end() -> None:
    assert excerpt(DOCUMENT, 7).text == DOCUMENT.text[7:]
    assert excerpt(DOCUMENT).text == DOCUMENT.text


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(BadRange, match="document 7 has no range from 3 to 99: its text has 17"):
        excerpt(DOCUMENT, 3, 99)
    with pytest.raises(BadRange, match="around is -1"):
        excerpt(DOCUMENT, around=-1)
