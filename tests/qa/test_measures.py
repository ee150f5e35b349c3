"""`qa.measures`: what is known of a sentence before anybody reads it."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import sentences
from index.types import Document, Passage, Span
from qa.measures import Measures
from qa.types import Candidate

ARTICLE = (
    "The mill burned down in 1987. Nobody was hurt. The council wants to build it up again. "
    "Otters were seen by the river."
)


def candidate(
    text: str,
    title: str = "",
    before: str = "",
    score: float = 0.0,
    dense: float = 0.0,
    lexical: float = 0.0,
) -> Candidate:
    """A passage of a document in which something else may come before it."""
    document = Document("a.txt", before + text, title)
    shift = len(before)
    found = [Span(each.start + shift, each.end + shift) for each in sentences(text)]
    passage = Passage(shift, shift + len(text), text, tuple(found))
    return Candidate(passage, document, score, dense, lexical)


def measures(question: str, counts: dict[str, int] | None = None, passages: int = 100) -> Measures:
    """Measures in an archive where each term is in one passage, unless it is said otherwise."""
    known = {} if counts is None else counts

    def frequency_of(words: Sequence[str]) -> list[int]:
        return [known.get(each, 1) for each in words]

    return Measures(question, frequency_of, passages)


def by_text(
    question: str, given: Candidate, counts: dict[str, int] | None = None
) -> dict[str, dict[str, float]]:
    return {
        span.cut(given.document.text): measured
        for span, measured in measures(question, counts).sentences(given)
    }


def test_what_the_two_searches_found_is_the_same_for_every_sentence() -> None:
    given = candidate(ARTICLE, score=0.03, dense=0.7, lexical=8.5)
    for _, measured in measures("When did the mill burn?").sentences(given):
        assert list(measured) == ["lexical", "dense", "rank", "words", "near", "type"]
        assert measured["lexical"] == math.log(9.5)
        assert (measured["dense"], measured["rank"]) == (0.7, 0.03)


def test_what_neither_search_scored_is_nothing() -> None:
    for _, measured in measures("When did the mill burn?").sentences(candidate(ARTICLE)):
        assert measured["lexical"] == measured["dense"] == measured["rank"] == 0.0


def test_sentences_keep_their_place_in_the_document() -> None:
    given = candidate(ARTICLE, before="Fire at Harland Mill\n\n")
    found = measures("When did the mill burn?").sentences(given)
    assert [span for span, _ in found] == list(given.passage.sentences)
    assert found[1][0].cut(given.document.text) == "Nobody was hurt."


def test_words_are_those_of_the_sentence_and_near_those_around_it() -> None:
    found = by_text("Did the council see otters?", candidate(ARTICLE))
    words = {text: measured["words"] for text, measured in found.items()}
    near = {text: measured["near"] for text, measured in found.items()}
    assert list(words.values()) == pytest.approx([0, 0, 1 / 3, 1 / 3])
    assert list(near.values()) == pytest.approx([0, 1 / 3, 2 / 3, 2 / 3])


def test_the_title_is_near_every_sentence() -> None:
    found = by_text("Did otters burn?", candidate(ARTICLE, title="Otters and a fire"))
    assert [measured["near"] for measured in found.values()] == pytest.approx([1, 1, 0.5, 0.5])
    assert [measured["words"] for measured in found.values()] == pytest.approx([0.5, 0, 0, 0.5])


def test_a_rare_word_counts_more() -> None:
    found = by_text("mill otters", candidate(ARTICLE), {"mill": 90, "otter": 1})
    assert found["The mill burned down in 1987."]["words"] < 0.1
    assert found["Otters were seen by the river."]["words"] > 0.9


def test_a_sentence_has_what_is_asked_for_or_not() -> None:
    found = by_text("When did the mill burn?", candidate(ARTICLE))
    assert [measured["type"] for measured in found.values()] == [1.0, 0.0, 0.0, 0.0]


def test_a_sentence_that_only_repeats_the_question_is_left_out() -> None:
    given = candidate("Did the mill burn? It burned down in 1987. !!!")
    assert list(by_text("When did the mill burn?", given)) == ["It burned down in 1987."]


@pytest.mark.parametrize("question", ["", "?!", "the of it", "\u200b"])
def test_a_question_without_a_word_shares_none(question: str) -> None:
    for measured in by_text(question, candidate(ARTICLE)).values():
        assert measured["words"] == measured["near"] == 0.0


def test_a_passage_without_a_sentence_has_nothing_to_measure() -> None:
    assert measures("When?").sentences(candidate("")) == []


def test_each_word_is_looked_up_once() -> None:
    asked: list[Sequence[str]] = []

    def frequency_of(words: Sequence[str]) -> list[int]:
        asked.append(words)
        return [0] * len(words)

    made = Measures("Otters, otters and the mill?", frequency_of, 0)
    for _ in range(3):
        made.sentences(candidate(ARTICLE))
    assert asked == [["otter", "mill"]]


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=200), st.text(max_size=30), st.integers(0, 10**6))
def test_shares_are_shares(question: str, text: str, title: str, passages: int) -> None:
    given = candidate(ARTICLE + "\n\n" + text, title)
    common = {"mill": passages, "burn": passages}
    for span, measured in measures(question + " mill", common, passages + 1).sentences(given):
        assert span in given.passage.sentences
        assert 0 <= measured["words"] <= measured["near"] <= 1 + 1e-9
        assert measured["type"] in (0.0, 1.0)
