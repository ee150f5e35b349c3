"""The edges of short answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from qa.tidy import tidy


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        ("It cost £5m, he said.", "5m", "£5m"),
        ("It cost £5m, he said.", "£5m,", "£5m"),
        ("There were 1,789 children.", "789", "1,789"),
        ("There were 1,789 children.", "1", "1,789"),
        ("It rose by 3.5% in May.", "3.5", "3.5%"),
        ("It rose by 3.5% in May.", "5", "3.5%"),
        ("He said “we accept the findings” today.", "“we accept the findings", "we accept the findings"),
        ("He said “we accept the findings” today.", "“we accept the findings”", "we accept the findings"),
        ("He said “we” and “they” today.", "“we” and “they”", "“we” and “they”"),
        ("Achieving for Children (AfC) won.", "Children (AfC", "Children (AfC"),
        ("Achieving for Children (AfC) won.", "Achieving for Children (AfC)", "Achieving for Children (AfC)"),
        ("It fell to -5 degrees.", "-5", "-5"),
        ("She moved to the U.S. in May.", "the U.S.", "the U.S."),
        ("She moved to Paris.", "Paris.", "Paris"),
        ("The residents’ anger grew.", "The residents’", "The residents’"),
        ("Interim director", "terim direct", "Interim director"),
        ("a — b", "—", "—"),
    ],
)  # fmt: skip
def test_edges(text: str, found: str, wanted: str) -> None:
    start = text.index(found)
    assert tidy(text, Span(start, start + len(found))).cut(text) == wanted


@given(st.text(alphabet='ab1,.£%“”‘’()"- \n', min_size=1, max_size=30), st.data())
def test_a_tidy_span_is_in_the_text_and_stays_so(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = tidy(text, Span(start, end))
    assert 0 <= found.start < found.end <= len(text)
    assert found.start <= end
    assert start <= found.end
