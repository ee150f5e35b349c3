"""Where another version of a sentence has what this one says in some place."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from qa.align import counterpart

SENTENCE = "The council closed 12 libraries in May, said Ann Beale, its leader."


def whole(text: str) -> list[Span]:
    return [Span(0, len(text))]


def there(answer: str, other: str, sentence: str = SENTENCE) -> str | None:
    """Return what the other version has in the place of `answer`."""
    start = sentence.index(answer)
    found = counterpart(sentence, Span(start, start + len(answer)), other, whole(other))
    return None if found is None else found.other.cut(other)


@pytest.mark.parametrize(
    ("answer", "other", "expected"),
    [
        ("12", SENTENCE, "12"),
        ("12", SENTENCE.upper(), "12"),
        ("Ann Beale", SENTENCE.replace("closed", "will close"), "Ann Beale"),
        ("12 libraries", SENTENCE.replace(", its leader", ""), "12 libraries"),
        ("May", SENTENCE.replace("The council", "Croydon’s Tory council"), "May"),
        ("12", SENTENCE.replace("12", "15"), "15"),
        ("12 libraries", SENTENCE.replace("12", "15"), "15 libraries"),
        ("12", SENTENCE.replace("closed 12 libraries", "shut 15 branches"), "15"),
        ("12", SENTENCE.replace("12", "12 million"), "12 million"),
        ("Ann Beale", SENTENCE.replace("Ann Beale", "Anne Beale"), "Anne Beale"),
        ("12", SENTENCE.replace("12 ", ""), None),
        ("12", "Nothing of that kind is to be found here, 12 people said.", None),
        ("12", "", None),
    ],
)
def test_the_same_place_in_another_version(answer: str, other: str, expected: str | None) -> None:
    assert there(answer, other) == expected


@pytest.mark.parametrize(
    ("sentence", "answer", "other", "own", "expected"),
    [
        ("It cost £5m to build.", "5", "It cost $5m to build.", "£5m", "$5m"),
        ("Some 5% of them said so.", "5", "Some 6% of them said so.", "5%", "6%"),
        ("It rose by 1.2 points then.", "1", "It rose by 1.5 points then.", "1.2", "1.5"),
    ],
)
def test_a_number_is_looked_at_whole(
    sentence: str, answer: str, other: str, own: str, expected: str
) -> None:
    start = sentence.index(answer)
    found = counterpart(sentence, Span(start, start + 1), other, whole(other))
    assert found is not None
    assert (found.own.cut(sentence), found.other.cut(other)) == (own, expected)


def test_the_likest_sentence_is_taken() -> None:
    text = "The council closed 9 parks in June. " + SENTENCE.replace("12", "15") + " It was 12."
    places = [Span(0, 35), Span(36, 36 + len(SENTENCE)), Span(37 + len(SENTENCE), len(text))]
    start = SENTENCE.index("12")
    found = counterpart(SENTENCE, Span(start, start + 2), text, places)
    assert found is not None
    assert found.other.cut(text) == "15"
    assert places[1].holds(found.other)


def test_a_place_without_a_word_has_no_counterpart() -> None:
    sentence = "It burned 🔥 all night."
    assert counterpart(sentence, Span(10, 11), sentence, whole(sentence)) is None


WORDS = "the council of Croydon shut 12 old £5m libraries, 5% said (“no”) it’s 1,789 École İst ß".split()


@given(st.lists(st.sampled_from(WORDS), min_size=2, max_size=25), st.data())
def test_offsets_are_those_of_the_text(words: list[str], data: st.DataObject) -> None:
    """Whatever is edited, the place lies in its sentence, and holds the words if they are there."""
    sentence = " ".join(words)
    start = data.draw(st.integers(0, len(sentence) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(sentence))))
    chance = random.Random(data.draw(st.integers(0, 99)))
    edited = " ".join(each for each in words if chance.random() < 0.9)
    text = f"Before that. {edited} After that."
    place = Span(13, 13 + len(edited))
    for other, places in ((text, [place]), (sentence, whole(sentence))):
        found = counterpart(sentence, span, other, places)
        if found is not None:
            assert places[0].holds(found.other)
            assert found.own.overlaps(span)
            assert found.other.cut(other).strip() == found.other.cut(other) != ""
            if other == sentence:
                assert found.other == found.own
