"""Sentences of one paragraph: the hard ones, by table."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentences_of_paragraph

MARK = "⏐"
TABLE = Path(__file__).with_name("sentences.txt").read_text("utf-8")
HELD, MISSED = TABLE.split("## Known misses\n")

# What a table of visible text cannot show.
INVISIBLE = [
    ("It\xa0rained. It\xa0poured.\xa0Then it stopped.", 3),
    ("It rained.\u200b It poured.\u200bThen it stopped.", 3),
    ("  \xa0Leading white space. Trailing too.\u2003 \t", 2),
    ("A sentence with a \x00 in it. Another.", 2),
    ("", 0),
    (" \xa0\t", 0),
]


def cases(part: str) -> list[str]:
    return [line for line in part.splitlines() if line and not line.startswith("#")]


def split(paragraph: str) -> list[str]:
    return [paragraph[start:end] for start, end in sentences_of_paragraph(paragraph)]


@pytest.mark.parametrize("marked", cases(HELD))
def test_sentences_end_where_a_reader_would_say(marked: str) -> None:
    assert split(marked.replace(MARK, "")) == [each.strip() for each in marked.split(MARK)]


@pytest.mark.xfail(strict=True, reason="known; mending one of these broke more common ones")
@pytest.mark.parametrize("marked", cases(MISSED))
def test_known_misses(marked: str) -> None:
    assert split(marked.replace(MARK, "")) == [each.strip() for each in marked.split(MARK)]


@pytest.mark.parametrize(("paragraph", "count"), INVISIBLE)
def test_characters_that_cannot_be_seen(paragraph: str, count: int) -> None:
    found = split(paragraph)
    assert len(found) == count
    assert all(each == each.strip() for each in found)
    assert "".join("".join(found).split()) == "".join(paragraph.split())


@given(st.text(st.characters()))
def test_nothing_but_white_space_is_lost(paragraph: str) -> None:
    spans = sentences_of_paragraph(paragraph)
    ends = [0, *(end for _, end in spans)]
    assert all(before <= start < end for before, (start, end) in zip(ends, spans, strict=False))
    assert "".join("".join(split(paragraph)).split()) == "".join(paragraph.split())


@pytest.mark.parametrize("piece", ["a. ", "“", "'", "(", "x", "…", "Dr. ", "”", "`", "1. "])
def test_a_million_characters_take_no_longer_than_they_must(piece: str) -> None:
    paragraph = piece * (1_000_000 // len(piece))
    assert sentences_of_paragraph(paragraph)[-1][1] == len(paragraph.rstrip())


@pytest.mark.parametrize(
    "sentence", ["A plain sentence.", "完了。", "Mr. Lee ate 3.5 buns, e.g. on 1 May."]
)
def test_a_long_paragraph_is_cut_like_a_short_one(sentence: str) -> None:
    # It is shown to the library in windows, which must leave no trace.
    assert split(" ".join([sentence] * 900)) == [sentence] * 900


def test_a_sentence_longer_than_a_window_is_one() -> None:
    paragraph = "word " * 1500 + "end. And another."
    assert split(paragraph) == [("word " * 1500 + "end."), "And another."]
