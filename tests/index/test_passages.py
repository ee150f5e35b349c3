"""`index.passages`: exact offsets for any text; paragraphs, lists, captions and headings."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.embed import FakeEmbedder
from index.masthead import read_masthead
from index.passages import LONGEST_SENTENCE, TOKEN_BUDGET, sentences, split
from index.types import BYTE_ORDER_MARK, Document, Passage, Span

count_tokens = FakeEmbedder().count_tokens

BREAKS = [
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\u2028",
    "\u2029",
    "\x85",
    "\v",
    "\f",
    "\x1c",
    "\x1d",
    "\x1e",
]
PIECES = [
    *BREAKS,
    *(" ", "\t", "\xa0", "\u3000", "\u200b", "\u200d", "\ufeff", "\x1f", "\0", "\x07"),
    *("A sentence. ", "Another one! ", "Why? ", "“Quoted. ", "Twice.” ", "He said: ", "(see", ")"),
    *(
        "• ",
        "- ",
        "1. ",
        "(a) ",
        "* ",
        "– ",
        "HEADING",
        "Mr. ",
        "e.g. ",
        "U.S. ",
        "3.5",
        "…",
        "...",
    ),
    *("市议会拒绝评论。", "परिषद। ", "هل وافق؟ ", "Γιατί; ", "Совет отказался. ", "「はい。」"),
    *("😀", "👩‍👩‍👧‍👦", "🇬🇧", "e\u0301", "\u0301", "\U0001f3fd", "ﬁ", "ß", "İ"),
    "\ud800",
    "word " * 400,
    "x" * 2500,
]
texts = st.one_of(
    st.text(max_size=400),
    st.text(st.characters(), max_size=400),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=40).map("".join),
)


def document(text: str) -> Document:
    masthead = read_masthead(text)
    return Document("a.txt", text, masthead.title, masthead.title_span)


def passages(text: str, budget: int = TOKEN_BUDGET) -> list[Passage]:
    return split(document(text), count_tokens, budget)


def cut(text: str) -> list[str]:
    return [each.cut(text) for each in sentences(text)]


def check(text: str, found: list[Passage]) -> None:
    """Everything that `split` promises."""
    inside = [sentence for passage in found for sentence in passage.sentences]
    assert inside == sentences(text)
    at = int(text.startswith(BYTE_ORDER_MARK))
    for sentence in inside:
        assert at <= sentence.start < sentence.end
        assert text[at : sentence.start].strip() == ""
        assert sentence.cut(text) == sentence.cut(text).strip()
        assert sentence.end - sentence.start <= LONGEST_SENTENCE
        at = sentence.end
    assert text[at:].strip() == ""
    for passage in found:
        assert passage.text == text[passage.start : passage.end]
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end


@settings(max_examples=300)
@given(texts)
@example("")
@example("\ufeff")
@example("\ufeffTitle\r\n\r\nText.")
@example("\r\n\r\r\n\n\u2028\x85")
@example("word " * 30_000)
def test_every_sentence_and_passage_is_its_slice_and_nothing_is_lost(text: str) -> None:
    check(text, passages(text))


@settings(max_examples=100)
@given(texts, st.integers(1, 40))
def test_a_passage_keeps_to_the_budget_unless_one_sentence_alone_is_longer(
    text: str, budget: int
) -> None:
    found = passages(text, budget)
    check(text, found)
    for passage in found:
        used = sum(count_tokens([each.cut(text) for each in passage.sentences]))
        assert used <= budget or len(passage.sentences) == 1


def test_a_quotation_over_several_paragraphs_is_cut_at_each_stop() -> None:
    text = (
        "The headline of it\n\nShe said: “The wards are full. Nobody told us.\n\n"
        "“We asked for help in May.\n\n“None came.” The council declined to comment.\n"
    )
    assert cut(text) == [
        "The headline of it",
        "She said: “The wards are full.",
        "Nobody told us.",
        "“We asked for help in May.",
        "“None came.”",
        "The council declined to comment.",
    ]


def test_list_items_never_share_a_sentence() -> None:
    text = (
        "Aims\n\nThe report asks for:\n• more staff\n• better pay\n- shorter hours\n2. a new roof\n"
    )
    assert cut(text) == [
        "Aims",
        "The report asks for:",
        "• more staff",
        "• better pay",
        "- shorter hours",
        "2. a new roof",
    ]


def test_a_caption_is_a_sentence_of_its_own() -> None:
    text = "Fire at mill\n\nTwo men ran.\nThe mill at dawn. Photo: Ann Lee\nNobody was hurt.\n"
    assert cut(text) == [
        "Fire at mill",
        "Two men ran.",
        "The mill at dawn.",
        "Photo: Ann Lee",
        "Nobody was hurt.",
    ]


def test_the_title_stands_alone_and_a_heading_opens_its_passage() -> None:
    text = (
        "Council cuts library hours again\n\nIt was voted last night. Few came.\n\n"
        "What happens next\n\nHours fall in June. Staff will move.\n\n"
        "Where to complain\n\nWrite to the clerk.\n"
    )
    found = passages(text)
    assert [(each.kind, each.text.split("\n")[0]) for each in found] == [
        ("headline", "Council cuts library hours again"),
        ("body", "It was voted last night. Few came."),
        ("body", "What happens next"),
        ("body", "Where to complain"),
    ]
    assert found[2].text.endswith("Staff will move.")


def test_the_title_stands_alone_below_other_headings() -> None:
    text = (
        "Local news\n\nTuesday, 05 September 2017\n\nMill burns down in the night\n\nIt was old.\n"
    )
    assert [(each.kind, each.text) for each in passages(text)] == [
        ("body", "Local news\n\nTuesday, 05 September 2017"),
        ("headline", "Mill burns down in the night"),
        ("body", "It was old."),
    ]


def test_a_passage_is_of_one_kind_and_a_list_keeps_what_announces_it() -> None:
    text = (
        "A title line here\n\nThe mill burned down. Nobody was hurt.\n\nThe council promised:\n"
        "• rooms for all\n• a meeting\n\nIt met on Friday. Few came.\n\n2 responses to A title line\n\n"
        "1. Shame on them.\n"
    )
    assert [(each.kind, each.text.split("\n")[0]) for each in passages(text)] == [
        ("headline", "A title line here"),
        ("body", "The mill burned down. Nobody was hurt."),
        ("list", "The council promised:"),
        ("body", "It met on Friday. Few came."),
        ("comment", "2 responses to A title line"),
    ]


def test_headings_that_follow_each_other_stay_together() -> None:
    text = "The long title of this\n\nIntro is here.\n\nPart one\n\nThe mill\n\nIt burned down.\n"
    assert [each.text for each in passages(text)][2:] == ["Part one\n\nThe mill\n\nIt burned down."]


def test_a_heading_never_lies_inside_a_passage() -> None:
    text = "Title of the piece\n\n" + "".join(
        f"Heading {n}\n\nShort text number {n}.\n\n" for n in range(20)
    )
    for passage in passages(text)[1:]:
        assert [sentence.cut(text).startswith("Heading") for sentence in passage.sentences] == [
            True,
            False,
        ]


WRAPPED = """\
Mill fire leaves forty families without homes in the old harbour quarter

The fire at Harland Mill began shortly after four on Tuesday morning and
spread within minutes to the roofs of two neighbouring terraces. Nobody
was badly hurt. Crews from three counties fought it until noon, and the
street was closed for the rest of the week.

The council promised:

- rooms at the Station Hotel for every family that had to leave its home
  in the night, until other homes are found
- a meeting on Friday
"""


def test_hard_wrapped_sentences_run_over_single_line_breaks() -> None:
    assert cut(WRAPPED) == [
        "Mill fire leaves forty families without homes in the old harbour quarter",
        "The fire at Harland Mill began shortly after four on Tuesday morning and\n"
        "spread within minutes to the roofs of two neighbouring terraces.",
        "Nobody\nwas badly hurt.",
        "Crews from three counties fought it until noon, and the\n"
        "street was closed for the rest of the week.",
        "The council promised:",
        "- rooms at the Station Hotel for every family that had to leave its home\n"
        "  in the night, until other homes are found",
        "- a meeting on Friday",
    ]


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\u2028", "\x85", "\v"])
def test_any_line_break_wraps(line_break: str) -> None:
    text = WRAPPED.replace("\n", line_break)
    assert [each.replace(line_break, "\n") for each in cut(text)] == cut(WRAPPED)


def test_a_byte_order_mark_is_quoted_nowhere() -> None:
    text = "\ufeffA title here\r\n\r\nIt rained."
    first, second = passages(text)
    assert (first.kind, first.start, first.text) == ("headline", 1, "A title here")
    assert second.text == "It rained."


def test_a_line_without_stops_is_cut_at_white_space() -> None:
    text = "seven letters " * 7200
    found = passages(text)
    check(text, found)
    assert len(text) > 100_000
    for sentence in found[0].sentences:
        assert sentence.cut(text).split()[0] == "seven"


def test_a_line_without_stops_or_spaces_is_cut_anyway() -> None:
    text = "x" * 100_000
    assert [each.end - each.start for each in sentences(text)] == [LONGEST_SENTENCE] * 50


def test_passages_share_a_section_evenly() -> None:
    text = "A title line\n\n" + " ".join(f"This is sentence number {n}." for n in range(24))
    sizes = [sum(count_tokens([each.text])) for each in passages(text)[1:]]
    assert sum(sizes) > TOKEN_BUDGET
    assert max(sizes) - min(sizes) <= 12


PATHOLOGICAL = {
    "stops": ".",
    "ellipses": "… ",
    "quotes": "“",
    "unclosed brackets": "(",
    "straight quotes": '" ',
    "apostrophes": "' ",
    "abbreviations": "Mr. ",
    "initials": "A. ",
    "numbers": "1. ",
    "questions": "Why? ",
    "lower case": "no. no ",
    "blanks": "a" + " " * 5000,
    "empty lines": "\n",
    "blank lines": " \n",
    "one letter a line": "a\n",
    "bullets": "• \n",
    "headings": "Heading\n\n",
    "wrapped": "words that run on and on over the line until it is full at last\n",
    "emoji": "😀 ",
    "Chinese": "完。",
    "combining marks": "\u0301",
    "zero width": "\u200b",
    "surrogates": "\ud800",
    "dashes": "Yes. – ",
    "semicolons": "α; ",
    "closing marks": "done.”’)",
}


# Any of these took minutes, or would have, if its time grew with the square of its length.
@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", PATHOLOGICAL.values(), ids=PATHOLOGICAL.keys())
def test_long_texts_of_any_kind_are_split_in_linear_time(piece: str) -> None:
    text = "Title line\n\n" + piece * ((100_000 if "\n" in piece else 300_000) // len(piece))
    found = sentences(text)
    assert found[0] == Span(0, 10)
    assert text[found[-1].end :].strip() == ""
