"""`index.loaders.pdf`, `index.loaders.pdfium`, `index.pages`, `index.printed`: real files, and lines set by hand.

`report.pdf` was made by LibreOffice from `report.fodt` (columns, hyphens, heads and feet, a note, a
table), `letter.pdf` by a browser from `letter.html`, `letter.locked.pdf` is one with a password,
`letter.turned.pdf` lies on its side, and `letter.scan.pdf` holds nothing but a picture.
"""

from datetime import date
from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders import pdf
from index.loaders.pdf import PdfLoader
from index.pages import put_together, running
from index.printed import Line
from index.titles import given_title
from index.types import Document, Span
from tests.index.original import FILES, check, kinds


def load(content: bytes) -> Document:
    return PdfLoader().load(content, "a.pdf")


def load_file(name: str) -> Document:
    document = load((FILES / name).read_bytes())
    check(document)
    return document


# Real files


def test_a_report_in_columns_over_three_pages() -> None:
    document = load_file("report.pdf")
    assert kinds(document) == [
        ("boilerplate", "Saltby Harbour Board"),
        ("boilerplate", "Page 1 of 3"),
        ("#headline", "The harbour at Saltby: a report to residents"),
        ("body", "14 March 2019"),
        (
            "body",
            "The harbour wall was built in 1884 and has not been repaired since the winter of 1953, "
            "when the sea broke through it in two places.¹ Engineers who examined it in January "
            "found forty-one cracks, nine of them below the waterline.",
        ),
        ("#body", "What repairs would cost"),
        (
            "body",
            "The board asked three contractors for a price. The lowest was £2.4 million, which is "
            "twice the board’s yearly income from mooring charges, fish landings and the summer "
            "ferry together.",
        ),
        (
            "body",
            "“Nobody in Saltby wants to see the boats leave,” said Ruth Okafor, who has chaired the "
            "board since 2011. “But the wall is a responsibility that we cannot carry alone, and the "
            "government has been told so in three successive letters.”",
        ),
        (
            "body",
            "Representatives of the fishermen’s co-operative want work to start at the northern end, "
            "where the cracks are widest. Administrative difficulties, notably the environmental "
            "assessment, make that unlikely before the autumn.",
        ),
        (
            "body",
            "A well-known insurer has already doubled the premium for the twenty-three boats that "
            "lie there in winter. Its representative described the decision as unfortunate but "
            "unavoidable, considering the circumstances.",
        ),
        ("body", "1 The minutes of 1953 are in the county record office."),
        ("boilerplate", "Saltby Harbour Board"),
        ("boilerplate", "Page 2 of 3"),
        ("body", "The harbour office is open from nine to noon."),
        ("#body", "What happens next"),
        ("body", "The board will:"),
        ("list", "publish the engineers’ survey in full;"),
        ("list", "hold a public meeting on 2 April;"),
        ("list", "decide in May."),
        ("body", "Contractor\tPrice"),
        ("body", "Harrow & Sons\t£2.4 million"),
        ("body", "Tideline Ltd\t£3.1 million"),
        ("body", "Table 1: The prices that were offered."),
        ("body", "A wall is only as good as its worst yard."),
        (
            "body",
            "Questions can be sent to the harbour office, which will answer them at the meeting. The "
            "survey, the three prices and the letters to the government can be read there on weekday "
            "mornings. Those who cannot come may ask for copies, which cost ten pence a page. The "
            "board thanks the two hundred and six residents who wrote to it last year.",
        ),
        (
            "body",
            "The last public meeting, in 2016, was attended by ninety people and lasted until "
            "midnight. It ended without a vote, because the harbour master had fallen ill and nobody "
            "else could say what the dredging had cost. The board has since appointed a treasurer, "
            "and accounts are published every quarter.",
        ),
        (
            "body",
            "Dredging has cost more every year since then. The channel silts up after each northerly "
            "gale, and the dredger has to come from a yard ninety miles away. In 2018 it came four "
            "times, and the twenty-three boats could not leave for a week; the year before, twice. "
            "The treasurer expects the same again this year, and has set aside £180,000.",
        ),
        ("boilerplate", "Saltby Harbour Board"),
        ("boilerplate", "Page 3 of 3"),
    ]
    text = document.text
    second = text.index("Saltby Harbour Board", 1)
    assert document.original.pages == (0, second, text.index("aside £180,000"))
    assert document.title == "The harbour at Saltby: a report to residents"
    assert document.author == "Ruth Okafor"
    assert document.published == date(2019, 3, 14)  # printed; its properties say 2026


def test_a_page_that_a_browser_printed() -> None:
    document = load_file("letter.pdf")
    assert kinds(document) == [
        ("#headline", "Ferry fares to rise in spring"),
        ("body", "By Ines Marlow"),
        ("body", "7 November 2022"),
        (
            "body",
            "The ferry between Saltby and the island will cost £6.50 from March, a rise of 80p. The "
            "company said that fuel, which it buys a year ahead, has become a third dearer since "
            "last winter.",
        ),
        (
            "body",
            "“We have put this off twice,” said the company’s director, Leonard Ashe. “A boat that "
            "does not pay its way does not sail, and then nobody is served.”",
        ),
        ("body", "The ferry leaving Saltby last week."),
        ("#body", "What islanders pay"),
        ("body", "Residents: half fare, with a card."),
        ("body", "Schoolchildren: nothing in term time."),
        (
            "body",
            "“Half of a large fare is still a large fare,” wrote one of them to this newspaper.",
        ),
        (
            "body",
            "The islands’ council meets on Thursday. Its transport committee has asked for figures, "
            "month by month, for the last five years; so far it has been given two. A spokeswoman "
            "said that the rest would follow, and that the fares of 2019 – 2021 are on the company’s "
            "website.",
        ),
    ]
    assert document.original.pages == (0,)
    assert document.title_span == Span(0, 29)
    assert (document.author, document.published) == ("Ines Marlow", date(2022, 11, 7))


def test_a_page_that_lies_on_its_side() -> None:
    assert kinds(load_file("letter.turned.pdf")) == [
        ("#headline", "Moorings"),
        (
            "body",
            "A boat that lies in the harbour for more than ninety days a year pays the full rate of "
            "£412, and half of that if its owner lives in Saltby.",
        ),
        (
            "body",
            "The rate has not changed since 2015, when the board last looked at it, and the "
            "treasurer wants it doubled over three years.",
        ),
        ("body", "Nobody pays for a tender."),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ((FILES / "letter.locked.pdf").read_bytes(), "encrypted; save it without a password"),
        (
            (FILES / "letter.scan.pdf").read_bytes(),
            "holds no text; it may be scanned pages: run OCR first",
        ),
        (b"no PDF", "not a PDF, or a damaged one; open it and save it again"),
        (b"", "not a PDF, or a damaged one; open it and save it again"),
    ],
)
def test_what_cannot_be_read(content: bytes, problem: str) -> None:
    with pytest.raises(LoadError) as raised:
        load(content)
    assert str(raised.value) == problem


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = (FILES / "report.pdf").read_bytes()
    monkeypatch.setattr(pdf, "MOST_CHARACTERS", 2000)
    with pytest.raises(LoadError, match=r"^more than 2000 characters; split it$"):
        load(content)
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    with pytest.raises(LoadError, match=r"^3 pages, and the limit is 1; split it$"):
        load(content)


@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray((FILES / "letter.pdf").read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        document = load(bytes(content[data.draw(st.integers(0, 99)) :]))
    except LoadError:
        return
    check(document)


@given(st.binary())
def test_arbitrary_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(LoadError):
        load(b"%PDF-1.7\n" + content)


# Titles


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - letter.doc", "untitled", "Untitled-1", "", "report_v3", "two words.docx",
     "PowerPoint Presentation", "Document 1"],
)  # fmt: skip
def test_titles_that_programs_make_up(title: str) -> None:
    assert given_title(title) == ""


def test_titles_that_people_give() -> None:
    assert given_title("Ferry fares to rise") == "Ferry fares to rise"


# Lines set by hand


def page(*texts: str, number: int = 0, top: float = 700, left: float = 50) -> list[Line]:
    """Return lines of ten-point type, six points a letter, one below the other."""
    return [
        Line(text, number, left, left + 6 * len(text), top - 12 * at, 10)
        for at, text in enumerate(texts)
        if text
    ]


def parts(*pages: list[Line], title: str = "") -> list[str]:
    made = put_together(pages, title)
    return [part.span.cut(made.text) for part in made.parts]


FULL = "The wall was built in 1884 and has not been repaired"


def test_lines_make_a_paragraph_until_one_is_short() -> None:
    assert parts(page(FULL, "since the sea broke through.", "The board met", FULL)) == [
        f"{FULL} since the sea broke through.",
        "The board met",
        FULL,
    ]


def test_a_gap_an_indent_and_a_bullet_begin_a_paragraph() -> None:
    indented = page(FULL, top=664, left=65)
    lines = [*page(FULL, FULL, "", FULL), *indented, *page("• " + FULL, top=652)]
    assert parts(lines) == [f"{FULL} {FULL}", FULL, FULL, FULL]


def test_short_lines_by_themselves_are_kept_apart() -> None:
    address = page("Harbour Office", "1 Quay", "Saltby", top=400)
    assert parts([*page(FULL, FULL), *address])[1:] == ["Harbour Office", "1 Quay", "Saltby"]


def test_a_narrow_text_goes_on_where_its_sentence_does() -> None:
    box = page("The office is", "open at noon.", top=400)
    assert parts([*page(FULL, FULL), *box])[1:] == ["The office is open at noon."]


@pytest.mark.parametrize(
    ("head", "tail", "whole"),
    [
        ("repre", "sentatives", "representatives"),
        ("twenty", "three", "twenty-three"),  # for the document has it elsewhere
        ("Anglo", "Saxon", "Anglo-Saxon"),
        ("2019", "2020", "2019-2020"),
    ],
)
def test_a_word_that_a_line_divides(head: str, tail: str, whole: str) -> None:
    first = f"There were twenty-three of them, {head}"
    lines = page(first, f"{tail} of all.")
    lines[0] = Line(first, 0, 50, 300, 700, 10, cut=True)
    assert parts(lines) == [f"There were twenty-three of them, {whole} of all."]


def test_a_sentence_goes_on_over_the_page_and_no_paragraph_does() -> None:
    made = put_together([page(FULL, FULL), page("by anyone.", "Next.", number=1)], "")
    assert made.text == f"{FULL} {FULL} by anyone.\n\nNext."
    assert made.starts == (0, made.text.index("by anyone"))
    ended = [page(FULL, FULL + "."), page("By anyone.", number=1)]
    assert parts(*ended) == [f"{FULL} {FULL}.", "By anyone."]


def test_an_empty_page_begins_where_the_next_one_does() -> None:
    made = put_together([[], page("One.", number=1), [], page("Two.", number=3), []], "")
    assert made.starts == (0, 0, 6, 6, 10)


def test_running_heads_and_page_numbers_are_told_from_text() -> None:
    numbers = count(7)
    pages = [
        [
            *page("The Saltby Messenger" if at % 2 else "Harbour news", number=at, top=760),
            *page(f"{FULL}, {at}{at}.", f"Line {at * 3} of it.", number=at),
            *page(f"Page {next(numbers)} of 9", number=at, top=40),
        ]
        for at in range(4)
    ]
    assert {line.text for line in running(pages)} == {
        "The Saltby Messenger", "Harbour news", *(f"Page {at} of 9" for at in range(7, 11))
    }  # fmt: skip


def test_rows_of_figures_are_no_running_heads() -> None:
    pages = [page(f"{1200 + 37 * at} {14 * at}", FULL, number=at) for at in range(4)]
    assert [line.text for line in running(pages)] == [FULL] * 4


def test_pages_that_are_all_the_same_keep_their_text() -> None:
    assert parts(page("Notice."), page("Notice.", number=1)) == ["Notice.", "Notice."]


LINES = st.builds(
    Line,
    text=st.text("ab -.•1A", min_size=1).map(str.strip).filter(bool),
    page=st.just(0),
    left=st.integers(0, 300).map(float),
    right=st.integers(300, 600).map(float),
    base=st.integers(0, 800).map(float),
    size=st.sampled_from([8.0, 10.0, 20.0]),
    bold=st.booleans(),
    cut=st.booleans(),
)


def flat(text: str) -> Line:
    return Line(text, 0, 0.0, 300.0, 0.0, 8.0)


@given(st.lists(st.lists(LINES, max_size=8), min_size=1, max_size=4).filter(any))
@example([[flat("1")], [*map(flat, "1111"), flat("11")]])  # printed twice, a running head or not
@example([[flat("1"), flat("11")], [flat("1"), flat("1")], [flat("A")]])  # past running heads
def test_nothing_that_is_printed_is_lost(pages: list[list[Line]]) -> None:
    numbered = [
        [Line(each.text, at, *[getattr(each, name) for name in ("left", "right", "base", "size",
              "bold", "cut")]) for each in lines]
        for at, lines in enumerate(pages)
    ]  # fmt: skip
    made = put_together(numbered, "")
    assert len(made.starts) == len(pages)
    assert list(made.starts) == sorted(made.starts)
    given_letters = sorted(
        c for lines in numbered for each in lines for c in each.text if c in "ab1A."
    )
    assert sorted(c for c in made.text if c in "ab1A.") == given_letters
