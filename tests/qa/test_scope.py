"""What a question may be answered from."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import BadQuestion
from qa.scope import MOST_DOCUMENTS, Scope, check_scope, named
from tests.qa.workshop import MakeAnswerer

FILES = {
    "a.txt": "Mills\n\n2018-05-01\n\nThe mill in Surrey Street burned down in May.\n",
    "b.txt": "Mills again\n\n2019-05-01\n\nThe mill in Harbour Street was never built.\n",
    "c.txt": "Trams\n\nThe tram passes both mills.\n",
}
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1))
SCOPES = st.builds(Scope, st.none() | st.lists(st.integers(1, 99)).map(tuple), DAYS, DAYS)


@given(SCOPES, SCOPES)
def test_a_scope_comes_back_from_json_and_gives_way_where_another_has_limits(
    one: Scope, other: Scope
) -> None:
    assert Scope.of(one.as_json()) == one
    assert one.but(Scope()) == Scope().but(one) == one
    both = one.but(other)
    for name in ("documents", "since", "until"):
        own = getattr(other, name)
        assert getattr(both, name) == (getattr(one, name) if own is None else own)


def test_only_chosen_documents_are_read_and_quoted(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer(FILES)
    question = "Which mill in which street burned down?"
    for chosen in ((1,), (2,), (1, 3), (3, 2, 2), ()):
        given = answerer.ask(question, documents=chosen)
        assert {each.document.id for each in given.passages} == set(chosen)
        assert given.answered == bool(chosen)
        if given.citation is not None:
            assert given.citation.document.id in chosen
    both = answerer.ask(question, since=date(2019, 1, 1), documents=(1, 2, 3))
    assert {each.document.id for each in both.passages} == {2}


@pytest.mark.parametrize(
    ("documents", "problem"),
    [
        ((1, 4), "the archive holds no document 4; leave out what is not there"),
        ((0, -3, 2**80, 7), f"no documents -3, 0, 7, {2**80};"),
        (tuple(range(100, 120)), "no documents 100, 101, 102, 103, 104 and 15 more;"),
        (tuple(range(MOST_DOCUMENTS + 1)), "10,001 documents are chosen, and the limit is 10,000"),
    ],
)
def test_documents_that_are_not_there_are_said(
    make_answerer: MakeAnswerer, documents: tuple[int, ...], problem: str
) -> None:
    answerer = make_answerer(FILES)
    with pytest.raises(BadQuestion, match=problem):
        answerer.ask("Which mill burned down?", documents=documents)


def test_days_the_wrong_way_round_are_said(make_answerer: MakeAnswerer) -> None:
    store = make_answerer(FILES).archive.store
    check_scope(store, Scope(None, date(2019, 1, 1), date(2019, 1, 1)))
    with pytest.raises(BadQuestion, match="swap them"):
        check_scope(store, Scope(None, date(2019, 1, 2), date(2019, 1, 1)))


def test_a_scope_without_what_has_gone(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(FILES).archive
    scope = Scope((3, 2, 9), date(2000, 1, 1))
    assert scope.among(archive.store) == (Scope((3, 2), date(2000, 1, 1)), [9])
    archive.remove("2")
    assert scope.among(archive.store) == (Scope((3,), date(2000, 1, 1)), [2, 9])
    assert Scope((2,)).among(archive.store) == (Scope(()), [2])
    assert Scope().among(archive.store) == (Scope(), [])
    assert named([7]) == "document 7"
