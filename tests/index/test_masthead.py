"""`index.masthead`: what the opening of a text says, in layouts of several invented papers."""

from datetime import date
from pathlib import Path

import pytest

from index.masthead import Masthead, read_date, read_masthead

PROSE = (
    "\n\nThe council met on Monday to vote on the plan that had been before it since the spring, and "
    "after four hours of debate nobody was any wiser. It meets again on 3 May 2021.\n"
)


def read(text: str) -> tuple[str, str | None, date | None]:
    masthead = read_masthead(text)
    if masthead.title_span is not None:
        assert " ".join(masthead.title_span.cut(text).split()) == masthead.title
    return masthead.title, masthead.author, masthead.published


LAYOUTS = {
    "title, byline, date": (
        "Harbour bridge to close for a year\nBy Ann Lee\n4 March 2020",
        ("Harbour bridge to close for a year", "Ann Lee", date(2020, 3, 4)),
    ),
    "kicker, title, standfirst, labelled date": (
        "NEWS\n\nFerry company sold to its own crew\n\nWritten by: Juan Pérez-Díaz\n"
        "Published: Tuesday, June 1st, 2021",
        ("Ferry company sold to its own crew", "Juan Pérez-Díaz", date(2021, 6, 1)),
    ),
    "date first": (
        "Wed 9 September 1998\nThe night the lights went out in town\nby ANN LEE",
        ("The night the lights went out in town", "ANN LEE", date(1998, 9, 9)),
    ),
    "paper's name above": (
        "The Harbour Post\n\n2021-06-01\n\nWhy the herring have not come back\n\nStory by Ole Ås",
        ("Why the herring have not come back", "Ole Ås", date(2021, 6, 1)),
    ),
    "a question for a title": (
        "Who pays for the new sea wall?\n\nUpdated on 31 December 1999",
        ("Who pays for the new sea wall?", None, date(1999, 12, 31)),
    ),
    "a title with a stop": ("It rained.", ("It rained.", None, None)),
    "a title alone": ("Sea wall: what we know", ("Sea wall: what we know", None, None)),
    "two bylines and two dates: the first of each": (
        "The long title of this article\nBy Ann Lee\nBy Ole Ås\n1 May 2020\nUpdated 2 May 2020",
        ("The long title of this article", "Ann Lee", date(2020, 5, 1)),
    ),
    "Windows line ends and a byte-order mark": (
        "\ufeffHarbour bridge to close\r\n\r\nBy Ann Lee\r\n4 March 2020",
        ("Harbour bridge to close", "Ann Lee", date(2020, 3, 4)),
    ),
    "old Mac line ends": (
        "Harbour bridge to close\rBy Ann Lee\r4 March 2020",
        ("Harbour bridge to close", "Ann Lee", date(2020, 3, 4)),
    ),
    "another script": (
        "Мост через гавань закроют на год\n\n2021-06-01",
        ("Мост через гавань закроют на год", None, date(2021, 6, 1)),
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str) -> None:
    opening, expected = LAYOUTS[layout]
    assert read(opening + PROSE) == expected


def test_prose_alone_is_called_by_its_first_words() -> None:
    assert read(PROSE) == (
        "The council met on Monday to vote on the plan that had",
        None,
        None,
    )
    assert read_masthead(PROSE).title_span is None


def test_nothing_is_called_nothing() -> None:
    assert read_masthead("") == Masthead("", None, None, None)
    assert read_masthead(" \r\n\t") == Masthead("", None, None, None)


def test_a_date_in_prose_is_not_the_articles() -> None:
    text = f"Bridge to close{PROSE}\n4 March 2020\n"
    assert read(text)[2] is None


def test_a_byline_in_prose_is_not_the_articles() -> None:
    assert read(f"Bridge to close{PROSE}\nBy Ann Lee\n")[1] is None


def test_a_list_of_lines_is_no_opening() -> None:
    text = "Shopping for the fair\n" + "".join(f"{n} bags of flour\n" for n in range(30))
    assert read(text) == ("Shopping for the fair", None, None)


def test_a_line_too_long_for_a_title_is_none() -> None:
    text = "word " * 60 + "\n4 March 2020\n"
    title, _, published = read(text)
    assert (title, published) == ("word " * 11 + "word", None)


def test_a_sentence_by_somebody_is_no_byline() -> None:
    title, author, _ = read(
        "By the sea, the herring wait\n\nA tale of two harbours and a storm" + PROSE
    )
    assert (title, author) == ("A tale of two harbours and a storm", None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("4 March 2020", date(2020, 3, 4)),
        ("4th March, 2020.", date(2020, 3, 4)),
        ("Mar 4, 2020", date(2020, 3, 4)),
        ("MARCH 4 2020", date(2020, 3, 4)),
        ("Wednesday 4 March 2020", date(2020, 3, 4)),
        ("Weds, 4 March 2020", None),
        ("Posted on 4 Mar 2020", date(2020, 3, 4)),
        ("2020-03-04", date(2020, 3, 4)),
        ("  29 February 2020\t", date(2020, 2, 29)),
        ("29 February 2021", None),
        ("31 April 2020", None),
        ("March 2020", None),
        ("4 March", None),
        ("2020", None),
        ("Wednesday", None),
        ("04/03/2020", None),
        ("03.04.2020", None),
        ("4 March 20", None),
        ("On 4 March 2020 the bridge closed", None),
        ("4 March 2020 and 5 March 2020", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_dates_name_day_month_and_year(line: str, expected: date | None) -> None:
    assert read_date(line) == expected


def test_the_first_archives_articles(seeds: Path) -> None:
    assert [read(path.read_text("utf-8")) for path in sorted(seeds.glob("*.txt"))] == [
        ("Ofsted finds Croydon children in ‘neglectful circumstances’", None, None),
        ("Ofsted finds ‘sustained progress’ in children’s services", None, None),
        (
            "Government takes control of Croydon's children's services after damning report",
            "Tess de la Mare",
            date(2017, 9, 5),
        ),
        ("Croydon Council statement in response to Ofsted report", None, None),
        ("Council claims ‘immediate action’ taken on children services", None, None),
    ]
