"""`qa.span_reader`: short answers in long texts, each exactly where it stands."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ModelError
from index.passages import sentences
from index.types import Document, Passage, Span
from qa.scorers import NO_ANSWER, OnnxScorer, TokenScores
from qa.span_reader import SPANS, SpanReader, TextReading
from qa.types import Candidate
from qa.weights import Weights
from qa.windows import MOST_TOKENS, Window
from tests.qa.tiny_reader import build_reader

QUESTION = "When did it burn?"
FILLER = "nobody knows. "


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> OnnxScorer:
    """It finds years, 1987 before 1812, and rather those with a month, from "may" on."""
    starts = {"1987": 14.0, "1812": 11.0, "may": 17.0}
    ends = {"1987": 14.0, "1812": 11.0, "may": 8.0}
    return OnnxScorer(build_reader(tmp_path_factory.mktemp("readers") / "years", starts, ends))


@pytest.fixture(scope="module")
def reader(scorer: OnnxScorer) -> SpanReader:
    return SpanReader(
        scorer, Weights({"span": 1.0}, bias=0.0), lambda words: [1] * len(words), lambda: 9
    )


def said(text: str, reading: TextReading) -> list[str]:
    return [each.span.cut(text) for each in reading.spans]


# Texts on their own


def test_the_best_spans_of_a_text_come_first(reader: SpanReader) -> None:
    text = "The mill burned down in 1812, and again in 1987."
    (reading,) = reader.read_texts(QUESTION, [("A mill", text)])
    assert said(text, reading)[0] == "1987"
    assert "1812" in said(text, reading)
    assert reading.spans[0].score == max(each.score for each in reading.spans)
    assert reading.spans[0].score <= reading.answerable
    assert len(reading.spans) <= SPANS


def test_each_text_is_read_on_its_own(reader: SpanReader) -> None:
    texts = [("", "It was in 1987."), ("1987", "Nobody was hurt."), ("", "It was in 1812.")]
    together = reader.read_texts(QUESTION, texts)
    assert [said(text, each)[0] for (_, text), each in zip(texts, together, strict=True)][::2] == [
        "1987",
        "1812",
    ]
    for text, reading in zip(texts, together, strict=True):
        (alone,) = reader.read_texts(QUESTION, [text])
        assert [each.span for each in alone.spans] == [each.span for each in reading.spans]
        assert alone.answerable == pytest.approx(reading.answerable, abs=1e-4)


def test_no_text_has_no_reading(reader: SpanReader) -> None:
    assert reader.read_texts(QUESTION, []) == []


@pytest.mark.parametrize("text", ["", " \r\n\t", "\u200b\u0301", "\x00"])
def test_a_text_of_nothing_is_not_read_at_all(reader: SpanReader, text: str) -> None:
    nothing = TextReading((), NO_ANSWER)
    assert reader.read_texts(QUESTION, [("1987", text)]) == [nothing]
    between = reader.read_texts(QUESTION, [("", "in 1987"), ("1987", text), ("", "in 1812")])
    assert between[1] == nothing
    assert between[0].spans
    assert between[2].spans


@pytest.mark.parametrize("at", [0, 3, 60, 75, 100, 150, 199])
def test_an_answer_is_found_wherever_it_stands_in_a_long_text(reader: SpanReader, at: int) -> None:
    text = FILLER * at + "It burned — in 1987! " + FILLER * (200 - at)
    (reading,) = reader.read_texts(QUESTION, [("A mill", text)])
    assert reading.spans[0].span == Span(text.index("1987"), text.index("1987") + 4)
    assert reading.answerable > 10
    # Where two windows overlap, both have found it.
    assert said(text, reading).count("1987") == 1


def test_an_answer_that_a_window_cuts_is_found_whole(reader: SpanReader) -> None:
    for words in range(MOST_TOKENS - 15, MOST_TOKENS - 5):
        text = "so " * words + "in May of 1987. " + FILLER * 40
        (reading,) = reader.read_texts(QUESTION, [("", text)])
        assert said(text, reading)[0] == "May of 1987"


def test_the_most_likely_window_says_whether_there_is_an_answer(reader: SpanReader) -> None:
    text = FILLER * 200
    (without,) = reader.read_texts(QUESTION, [("", text)])
    (with_it,) = reader.read_texts(QUESTION, [("", text + "1987")])
    (short,) = reader.read_texts(QUESTION, [("", "1987")])
    assert without.answerable < 5 < with_it.answerable
    assert short.answerable == pytest.approx(with_it.answerable, abs=0.1)


class Broken:
    """A scorer whose weights have gone bad."""

    name = "broken"

    def __init__(self, scorer: OnnxScorer) -> None:
        self.tokenizer = scorer.tokenizer

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        nothing = [np.full(len(each.ids), np.nan, dtype=np.float32) for each in windows]
        return [TokenScores(each, each, 0.0) for each in nothing]


def test_a_broken_model_is_an_error(scorer: OnnxScorer) -> None:
    reader = SpanReader(Broken(scorer), Weights({}, bias=0.0), lambda words: [1] * len(words), int)
    with pytest.raises(ModelError, match="the reader gave no numbers"):
        reader.read_texts(QUESTION, [("", "In 1987.")])


hazards = st.lists(
    st.sampled_from(
        [
            "1987",
            "1812",
            "May",
            " ",
            ". ",
            "“",
            "”",
            "e\u0301",
            "👍🏽",
            "\r\n",
            "שלום",
            "\u200b",
            "x" * 99,
        ]
    )
    | st.text(max_size=5),
    max_size=15,
).map("".join)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(hazards, hazards), max_size=3))
def test_whatever_is_found_stands_in_its_text(
    reader: SpanReader, texts: list[tuple[str, str]]
) -> None:
    readings = reader.read_texts(QUESTION, texts)
    assert len(readings) == len(texts)
    for (_, text), reading in zip(texts, readings, strict=True):
        scores = [each.score for each in reading.spans]
        assert scores == sorted(scores, reverse=True)
        for span, score in reading.spans:
            assert 0 <= span.start < span.end <= len(text)
            assert span.cut(text).strip()
            assert score <= reading.answerable
        for one, other in combinations([each.span for each in reading.spans], 2):
            assert one.end <= other.start or other.end <= one.start


# Passages of documents


def candidate(before: str, text: str, title: str = "A mill") -> Candidate:
    shift = len(before)
    found = [Span(each.start + shift, each.end + shift) for each in sentences(text)]
    passage = Passage(shift, shift + len(text), text, tuple(found))
    document = Document("a.txt", before + text + "\n\nThe end.", title)
    return Candidate(passage, document, score=0.03, dense=0.5, lexical=7.0)


def test_spans_count_the_characters_of_the_document(reader: SpanReader) -> None:
    given = [
        candidate("", "The mill burned down in 1812."),
        candidate(
            "Fire 👍🏽 in 1987\r\n\r\n", "The mill e\u0301 burned 👨‍👩‍👧 down in 1987, they say."
        ),
    ]
    reading = reader.read(QUESTION, given)
    best = reading.spans[0]
    assert best.candidate is given[1]
    assert best.span.cut(given[1].document.text) == "1987"
    assert best.span.start > given[1].passage.start
    for each in reading.spans:
        passage = each.candidate.passage
        assert Span(passage.start, passage.end).holds(each.span)


def test_a_passage_without_a_word_has_no_span(reader: SpanReader) -> None:
    assert reader.read(QUESTION, [candidate("1987\n\n", "\u200b")]).spans == ()
    assert reader.read(QUESTION, []).spans == ()


def test_a_reader_is_called_what_its_scorer_is_called(reader: SpanReader) -> None:
    assert reader.name == "years"
