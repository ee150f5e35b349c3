"""Title, author and date of plain texts, in layouts of several kinds of publisher."""

from datetime import date

import pytest

from index.masthead import read_date, read_masthead

BODY = (
    "The council agreed on Tuesday 3 March 2020 to close the two libraries, after a debate of five "
    "hours in which forty residents spoke against it and none in its favour."
)


@pytest.mark.parametrize(
    ("opening", "title", "author", "published"),
    [
        ("Libraries to close\n\n", "Libraries to close", None, None),
        (
            "The Daily Record\n14 March 2020\nTwo libraries to close after a long debate\n"
            "By Ann Example\n\n",
            "Two libraries to close after a long debate",
            "Ann Example",
            date(2020, 3, 14),
        ),
        (
            "Two libraries to close\nWords by Jean-Luc O’Example\nPublished: March 14th, 2020\n\n",
            "Two libraries to close",
            "Jean-Luc O’Example",
            date(2020, 3, 14),
        ),
        (
            "Posted by press.office\r\n\r\nSaturday, 14 March 2020\r\n\r\nLibraries to close\r\n\r\n",
            "Libraries to close",
            "press.office",
            date(2020, 3, 14),
        ),
        ("March 2020\n\nLibraries to close\n\n", "Libraries to close", None, None),
        ("14 March\n\nLibraries to close\n\n", "Libraries to close", None, None),
        (
            "Libraries to close by 14 March 2020\n\n",
            "Libraries to close by 14 March 2020",
            None,
            None,
        ),
    ],
)
def test_openings(opening: str, title: str, author: str | None, published: date | None) -> None:
    text = opening + BODY
    found = read_masthead(text)
    assert (found.title, found.author, found.published) == (title, author, published)
    assert found.title_span is not None
    assert found.title_span.cut(text) == title


def test_a_text_that_begins_with_prose_is_called_by_its_first_words() -> None:
    found = read_masthead(BODY)
    assert found.title == "The council agreed on Tuesday 3 March 2020 to close the two"
    assert found.title_span is None
    assert found.published is None


def test_a_date_in_the_prose_is_not_the_documents() -> None:
    assert read_masthead(f"Libraries to close\n\n{BODY}\n\n14 March 2020\n").published is None


def test_a_short_sentence_under_the_title_is_no_title() -> None:
    text = f"Close\n\nThe council has decided it at last, they say.\n\n{BODY}"
    assert read_masthead(text).title == "Close"


def test_a_text_of_short_lines_is_called_by_the_first() -> None:
    text = "Roses are red\n" + "\n".join(f"line {n} of the poem goes on" for n in range(20))
    assert read_masthead(text).title == "Roses are red"


@pytest.mark.parametrize(
    "line",
    ["14 March 2020", "Saturday 14 March 2020", "March 14, 2020", "14th March 2020", "2020-03-14",
     "Sat, 14 Mar 2020", "Date: 14 March 2020", "Updated on March 14th 2020."],
)  # fmt: skip
def test_dates(line: str) -> None:
    assert read_date(line) == date(2020, 3, 14)


@pytest.mark.parametrize(
    "line",
    ["", "2020", "March 2020", "14 March", "14/03/2020", "03-14-2020", "31 February 2020",
     "yesterday", "14 March 2020 was a Saturday", "between 14 March 2020 and now", "٣ March 2020x"],
)  # fmt: skip
def test_what_is_no_date_stays_unknown(line: str) -> None:
    assert read_date(line) is None
