"""Words -> passages."""

from datetime import date

import pytest

from index.errors import BadQuestion
from qa.defaults import MOST_PASSAGES
from qa.search import describe_found, search
from tests.qa.workshop import MakeAnswerer

FILES = {
    "one.txt": "Libraries\n5 May 2017\n\nThe council closed four libraries in May.",
    "two.txt": "School\n6 May 2018\n\nThe mayor opened a new school.",
}


def test_it_finds_what_a_question_is_read_from(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer(FILES)
    found = search(answerer.archive, " closed libraries ")
    assert found == answerer.ask("closed libraries").passages
    assert found[0].document.source.endswith("one.txt")
    assert found[0].lexical > 0


def test_dates_documents_and_the_limit_are_kept_to(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(FILES).archive
    assert len(search(archive, "mayor", limit=1)) == 1
    found = search(archive, "mayor", since=date(2018, 1, 1), until=date(2018, 12, 31))
    assert {each.document.source for each in found} == {"files/two.txt"}
    assert search(archive, "mayor", since=date(2019, 1, 1)) == ()
    (one,) = {each.document.id for each in found}
    chosen = search(archive, "council", documents=[one])
    assert {each.document.id for each in chosen} == {one}


def test_what_cannot_be_searched_for(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(FILES).archive
    with pytest.raises(BadQuestion, match="empty"):
        search(archive, " ")
    with pytest.raises(BadQuestion, match="no day is both"):
        search(archive, "mayor", since=date(2018, 1, 2), until=date(2018, 1, 1))
    with pytest.raises(BadQuestion, match="no document 9"):
        search(archive, "mayor", documents=[9])
    for limit in (0, MOST_PASSAGES + 1):
        with pytest.raises(BadQuestion, match=f"limit is {limit}; give a number from 1 to 100"):
            search(archive, "mayor", limit)


def test_what_it_finds_as_json(make_answerer: MakeAnswerer) -> None:
    text = "The mayor opened a new school in the north of the borough."
    archive = make_answerer({"a.txt": text, "b.txt": text}).archive
    (candidate,) = search(archive, "mayor")
    found = describe_found("mayor", (candidate,))
    assert found["query"] == "mayor"
    (passage,) = found["passages"]
    assert (passage["text"], passage["start"], passage["end"]) == (text, 0, len(text))
    (twin,) = passage["twins"]
    assert {passage["document"]["source"], twin["document"]["source"]} == {
        "files/a.txt",
        "files/b.txt",
    }
