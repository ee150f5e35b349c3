"""`qa.windows`: what is read of a passage, and that every token knows where it stands."""

import unicodedata
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.types import Span
from qa.spans import MOST_ANSWER_TOKENS
from qa.windows import MOST_QUESTION_TOKENS, MOST_TITLE, MOST_TOKENS, OVERLAP, Window, windows
from tests.qa.tiny_reader import ARTICLE, TOKENIZERS, open_tokenizer

KINDS = sorted(TOKENIZERS)
FAMILY = "👨‍👩‍👧"
QUESTION = "When did the mill burn?"

# What has gone wrong in somebody's program before.
HAZARDS = [
    *[ARTICLE, "Harland", " ", "  \t", "\r\n", "\n", "\u2028", "\x1c", "\u00a0", "\u3000" * 3],
    *["e\u0301", "é", "\u0301", "हिन्दी", "e" + "\u0302" * 9, "ﬃ", "﷽", "İ", "ß", "Ǆ", "½"],
    *["👍", "👍🏽", FAMILY, "🇬🇧", "❤️", "\u200d", "\u200b", "\ufeff", "\x00", "\x7f", "\u00ad"],
    *["שָׁלוֹם", "مَرْحَبًا", "\u202e", "完全", "가", "กำ", "x" * 150, "[SEP]", "[CLS] [UNK]", "</s>"],
]
texts = st.lists(st.sampled_from(HAZARDS) | st.text(max_size=6), max_size=12).map("".join)
long_texts = st.lists(texts, max_size=20).map(" ".join)


@lru_cache
def opened(kind: str, most_tokens: int = MOST_TOKENS) -> Tokenizer:
    return open_tokenizer(kind, most_tokens)


@lru_cache
def bare(kind: str) -> Tokenizer:
    """One that cuts nothing."""
    made = open_tokenizer(kind)
    made.no_truncation()
    return made


def held(window: Window) -> list[Span]:
    return [each for each in window.places if each is not None]


def own(window: Window) -> int:
    """How many of a window's tokens are its passage's, whether they can be seen or not."""
    return len(window.places) - next(at for at, each in enumerate(window.places) if each) - 1


def read(kind: str, text: str, title: str = "", question: str = QUESTION) -> list[Window]:
    return windows(opened(kind), question, [(title, text)])


# What holds for every text


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=25)
@given(question=texts, title=texts, text=long_texts)
@example(question=QUESTION, title="", text="")
@example(question="", title="", text=" \r\n\t ")
@example(question="", title=ARTICLE, text=ARTICLE)
@example(question="\u0301" * 500, title="\u200b" * 500, text="\u200b\ufeff\x00\u0301")
@example(question=FAMILY * 200, title="👍🏽" * 100, text=FAMILY * 200)
@example(question="x" * 9000, title="x" * 9000, text="x" * 9000)
def test_every_token_stands_where_it_says(kind: str, question: str, title: str, text: str) -> None:
    made = read(kind, text, title, question)
    assert made
    for window in made:
        assert len(window.ids) == len(window.type_ids) == len(window.places) <= MOST_TOKENS
        places = held(window)
        for one, other in pairwise(places):
            assert one.start <= other.start
            assert one.end <= other.end
        for each in places:
            assert 0 <= each.start < each.end <= len(text)
            cut = each.cut(text)
            assert cut == cut.strip()
            for at in (each.start, each.end):
                assert not accent(text, at)
    seen = {at for window in made for each in held(window) for at in range(each.start, each.end)}
    wanted = {
        at
        for each in bare(kind).encode(text, add_special_tokens=False).offsets
        for at in range(*each)
        if not text[at].isspace()
    }
    assert wanted <= seen


def accent(text: str, at: int) -> bool:
    """Whether a text that is cut there loses an accent."""
    return 0 < at < len(text) and unicodedata.combining(text[at]) > 0 and not text[at - 1].isspace()


@pytest.mark.parametrize("kind", ["bert", "bytes", "bytes with spaces"])
@settings(deadline=None, max_examples=20)
@given(title=texts, text=texts)
@example(title=ARTICLE, text=ARTICLE)
@example(title="burned\u0301", text="\u0301burned")
@example(title="", text="\n\n burned")
def test_a_title_is_no_part_of_the_text(kind: str, title: str, text: str) -> None:
    first, *_ = read(kind, text[:40], title[:40])
    without, *_ = read(kind, text[:40])
    assert held(first) == held(without)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(texts, texts), max_size=4))
def test_passages_are_numbered_and_do_not_depend_on_each_other(
    passages: list[tuple[str, str]],
) -> None:
    made = windows(opened("bert"), QUESTION, passages)
    assert {each.row for each in made} == set(range(len(passages)))
    alone = [windows(opened("bert"), QUESTION, [each]) for each in passages]
    assert [(each.ids, each.places) for each in made] == [
        (each.ids, each.places) for several in alone for each in several
    ]


# Single texts


def cuts(kind: str, text: str, title: str = "") -> list[str]:
    (window,) = read(kind, text, title)
    return [each.cut(text) for each in held(window)]


def test_a_window_as_it_is_trained_on() -> None:
    (window,) = windows(opened("bert"), "Who met?", [("A fair", "Otters met.")])
    tokens = [str(opened("bert").id_to_token(each)) for each in window.ids]
    assert " ".join(tokens) == "[CLS] who met ? [SEP] a fair otter ##s met . [SEP]"
    assert window.type_ids == [0] * 5 + [1] * 7
    assert window.places == [
        *[None] * 7,
        *[Span(0, 5), Span(5, 6), Span(7, 10), Span(10, 11)],
        None,
    ]


def test_white_space_in_a_token_is_not_quoted() -> None:
    assert cuts("bytes with spaces", " burned  down\r\n") == cuts("bytes", " burned  down\r\n")
    assert "".join(cuts("bytes with spaces", " burned  down\r\n")) == "burneddown"


@pytest.mark.parametrize("kind", KINDS)
def test_no_letter_loses_its_accents(kind: str) -> None:
    assert {"e\u0301", "cafe\u0301"} & set(cuts(kind, "at the cafe\u0301"))


@pytest.mark.parametrize("kind", ["bert", "bytes"])
@pytest.mark.parametrize("emoji", [FAMILY, "👍🏽", "❤️"])
def test_no_emoji_is_cut_in_two(kind: str, emoji: str) -> None:
    assert set(cuts(kind, f"{emoji} {emoji}")) == {emoji}


def test_a_mark_without_a_letter_stands_alone() -> None:
    assert set(cuts("bytes", "\u0301 \u0301")) == {"\u0301"}


def test_many_marks_on_one_letter_take_no_time() -> None:
    text = "e" + "\u0301" * 5_000
    assert all(held(each) == [Span(0, len(text))] * len(held(each)) for each in read("bytes", text))


def test_a_token_across_title_and_text_is_cut_at_the_text() -> None:
    # The line end between them is one of the characters that this tokenizer leaves out.
    assert cuts("dropping", "ed down", title="burn") == ["ed", "down"]


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\ufeff", "\u0301", "\x00\x01"])
def test_a_text_of_nothing_has_a_window_and_no_place(text: str) -> None:
    for kind in ("bert", "dropping"):
        (window,) = read(kind, text, "A title")
        assert held(window) == []


@pytest.mark.parametrize("said", ["[SEP]", "[CLS]", "[PAD]", "[MASK]", "[UNK]"])
def test_an_article_that_names_a_special_token_does_not_use_it(said: str) -> None:
    (window,) = windows(opened("bert"), said, [(said, f"It says {said} here.")])
    number = opened("bert").token_to_id(said)
    assert [each == number for each in window.ids].count(True) == {"[SEP]": 2, "[CLS]": 1}.get(
        said, 0
    )


# More than a window has room for


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("most", [64, MOST_TOKENS])
def test_the_text_has_half_of_the_first_window_whatever_is_asked(kind: str, most: int) -> None:
    titles = ["完" * 300, FAMILY * 200, "﷽" * 200, "1, 2; " * 99, ""]
    for question in ("who? " * 10_000, "👍🏽" * 500, "﷽" * 1000, "x" * 20_000):
        passages = [(title, "完é 7 " * 150) for title in titles]
        made = windows(opened(kind, most), question, passages)
        for row in range(len(titles)):
            first = next(each for each in made if each.row == row)
            assert len(first.ids) == most
            # What is cut off in mid word may come to a token more than it was.
            assert own(first) >= most * 0.47


def test_what_is_read_of_a_long_question() -> None:
    words = " ".join(str(each % 10) for each in range(MOST_QUESTION_TOKENS + 50))
    (window,) = read("bert", "burned", question=words)
    assert window.type_ids.count(0) == MOST_QUESTION_TOKENS + 2
    (exact,) = read("bert", "burned", question=words[: 2 * MOST_QUESTION_TOKENS - 1])
    assert exact == window


def test_a_title_of_plain_words_is_read_as_far_as_it_may_be_long() -> None:
    title = "the mill at the river " * 20
    (window,) = read("bert", "burned", title)
    (exact,) = read("bert", "burned", title[:MOST_TITLE])
    assert window == exact
    assert len(window.ids) == len(read("bert", "burned")[0].ids) + len(title[:MOST_TITLE].split())


def test_windows_of_one_passage_overlap() -> None:
    text = " ".join(str(each % 10) for each in range(700))
    made = read("bert", text, "A title")
    assert len(made) == 4
    for one, other in pairwise(made):
        assert held(one)[-OVERLAP:] == held(other)[:OVERLAP]
        assert held(one)[-OVERLAP - 1] < held(other)[0]
    assert MOST_ANSWER_TOKENS <= OVERLAP


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("most", "overlap"), [(64, 16), (MOST_TOKENS, OVERLAP)])
def test_an_answer_that_one_window_cuts_stands_whole_in_another(
    kind: str, most: int, overlap: int
) -> None:
    text = "完é 7 " * 160
    made = windows(opened(kind, most), QUESTION, [("A title", text)])
    assert len(made) > 1
    longest = 4 * overlap // 8  # characters: each four of them are at most eight tokens
    reached = [(held(each)[0].start, held(each)[-1].end) for each in made]
    for start in range(len(text.rstrip()) - longest):
        assert any(first <= start and start + longest <= last for first, last in reached)
