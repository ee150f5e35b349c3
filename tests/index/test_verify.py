"""Whether a quotation is in the archive: found, moved, changed, or not found."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.embed import FakeEmbedder
from index.errors import Misuse
from index.store import Store
from index.types import Document, Part, Span
from index.verify import MOST_PLACES, Place, verify
from tests.index.workshop import add, write

REPORT = (
    "Council report\n\n"
    "The council spent £4.5m on\nroads in May. It found 1,789 children in need.\n\n"
    "“We are sorry,” the leader’s office said.\n"
)


@pytest.fixture
def filled(archive: Archive, papers: Path) -> Archive:
    write(papers, {"a.txt": REPORT, "b.txt": "The bus is late. It was red.\n"})
    add(archive, papers)
    return archive


def quotes(places: Sequence[Place]) -> list[tuple[str, str]]:
    return [(p.document.source, p.span.cut(p.document.text)) for p in places]


def sentence(place: Place) -> str:
    return place.sentence_span.cut(place.document.text)


@pytest.mark.parametrize(
    ("quote", "has"),
    [
        ("£4.5m on roads", "£4.5m on\nroads"),  # a line break is no part of the words
        ("  £4.5m\t on\u2028roads\n", "£4.5m on\nroads"),
        ("1,789 children", "1,789 children"),
        ("“We are sorry,” the leader’s", "“We are sorry,” the leader’s"),
        ("in need. “We", "in need.\n\n“We"),  # across paragraphs
        (REPORT, REPORT.strip()),
        ("\ufeffCouncil report", "Council report"),
        ("£", "£"),
    ],
)
def test_what_is_there_is_found_as_it_stands(filled: Archive, quote: str, has: str) -> None:
    found = verify(filled.store, quote)
    assert found.result == "found"
    assert quotes(found.places) == [("a.txt", has)]
    assert not found.earlier
    assert not found.more


@pytest.mark.parametrize(
    "quote",
    [
        "1,798 children",
        "1789 children",
        "£4.6m on roads",
        '"We are sorry,"',
        "the leader's office",
        "the council spent",  # a capital
        "£4.5m onroads",
        "£4.5m on r oads",
        "1.789 children",
        "£4.5m.on roads",
        ".*",
        "Council|bus",
        "(?:Council)",
        "spent%roads",
        "spent_£4.5m",
        REPORT + " and more",
        "cafe\u0301",
        "The bus is late. Council report",  # not of one document
        "x" * 10_000,
        "a " * 5_000,
        "\0",
        "'; DROP TABLE documents; --",
    ],
)
def test_nothing_else_is(filled: Archive, quote: str) -> None:
    found = verify(filled.store, quote)
    assert (found.result, found.places, found.earlier) == ("not found", (), ())


@pytest.mark.parametrize("quote", ["", " \n\u00a0", "\ufeff"])
def test_there_must_be_something_to_look_for(filled: Archive, quote: str) -> None:
    with pytest.raises(Misuse, match="empty"):
        verify(filled.store, quote)


def test_it_must_be_text(filled: Archive) -> None:
    with pytest.raises(Misuse, match="not valid text"):
        verify(filled.store, "It was \udcff.")


def test_its_sentence_and_kind_are_those_of_the_passage(archive: Archive) -> None:
    text = "Bus late\n\nThe bus was late. It was red.\n\nIt was my bus. I saw it."
    spans = [(0, 8), (10, 39), (41, 65)]
    kinds = ("headline", "body", "comment")
    parts = tuple(Part(Span(*at), kind) for at, kind in zip(spans, kinds, strict=True))  # type: ignore[arg-type]
    archive.add_documents([Document("a", text, "Bus late", parts=parts)])

    def found(quote: str) -> tuple[str, str]:
        (place,) = verify(archive.store, quote).places
        return place.kind, sentence(place)

    assert found("us la") == ("headline", "Bus late")
    assert found("bus was") == ("body", "The bus was late.")
    assert found("late. It") == ("body", "The bus was late. It was red.")
    assert found("my bus") == ("comment", "It was my bus.")
    assert found("red. It was") == ("comment", "It was red.\n\nIt was my bus.")


def test_boilerplate_is_found_in_every_document_that_has_it(archive: Archive, papers: Path) -> None:
    footer = "Copyright of the Example Gazette, all rights are reserved for ever."
    stories = "bus theatre council flood cricket bakery".split()
    names = [f"{each}.txt" for each in sorted(stories)]
    for each in stories:
        other = " ".join(f"{each}{at} is {each[::-1]}{at}." for at in range(12))
        write(papers, {f"{each}.txt": f"The {each}\n\n{other}\n\n{footer}\n"})
    add(archive, papers)
    indexed = [p for each in archive.store.documents() for p in archive.store.passages_of(each.id)]
    assert sum(footer in each.text for each in indexed) == 1
    places = verify(archive.store, "all rights are reserved").places
    assert quotes(places) == [(name, "all rights are reserved") for name in names]
    assert {(each.kind, sentence(each)) for each in places} == {("boilerplate", footer)}


@pytest.mark.parametrize(
    ("quote", "torn"),
    [
        ("789 children", True),
        ("1,78", True),
        ("1", True),
        ("5m on", True),
        ("ouncil", True),
        ("1,789", False),
        ("£4.5m", False),
        ("4.5m on roads in May.", False),
        ("May", False),
        ("report The", False),
    ],
)
def test_a_place_says_if_a_word_or_figure_is_torn(filled: Archive, quote: str, torn: bool) -> None:
    assert verify(filled.store, quote).places[0].is_torn == torn


def test_what_is_elsewhere_has_moved(filled: Archive) -> None:
    bus, report = filled.find("b.txt")[0].id, filled.find("a.txt")[0].id
    assert verify(filled.store, "1,789 children", report).result == "found"
    found = verify(filled.store, "1,789 children", bus)
    assert found.result == "moved"
    assert quotes(found.places) == [("a.txt", "1,789 children")]
    assert not found.earlier
    assert verify(filled.store, "1,798 children", bus).result == "not found"


def test_only_the_document_that_was_named_is_looked_at_first(filled: Archive, papers: Path) -> None:
    write(papers, {"c.txt": "It found 1,789 children in need, too.\n"})
    add(filled, papers)
    found = verify(filled.store, "1,789 children", filled.find("c.txt")[0].id)
    assert [each.document.source for each in found.places] == ["c.txt"]
    everywhere = verify(filled.store, "1,789 children")
    assert [each.document.source for each in everywhere.places] == ["a.txt", "c.txt"]


def test_what_only_an_earlier_version_has_was_changed(filled: Archive, papers: Path) -> None:
    write(papers, {"a.txt": REPORT.replace("1,789", "1,839")})
    add(filled, papers)
    found = verify(filled.store, "1,789 children")
    assert (found.result, found.places) == ("changed", ())
    (earlier,) = found.earlier
    assert earlier.place.document.version == 1
    assert sentence(earlier.place) == "It found 1,789 children in need."
    assert earlier.now is not None
    assert earlier.now.document.version == 2
    assert sentence(earlier.now) == "It found 1,839 children in need."
    assert verify(filled.store, "1,839 children").result == "found"


def test_sentences_are_compared_with_as_many(filled: Archive, papers: Path) -> None:
    text = "It rained. The council spent £4m on roads in {}. It found {} children in need. So."
    for month, number in (("May", "1,789"), ("June", "1,839")):
        write(papers, {"a.txt": text.format(month, number)})
        add(filled, papers)
    (earlier,) = verify(filled.store, "in May. It found 1,789").earlier
    assert earlier.now is not None
    assert sentence(earlier.now) == (
        "The council spent £4m on roads in June. It found 1,839 children in need."
    )


def test_a_sentence_that_was_cut_has_no_successor(filled: Archive, papers: Path) -> None:
    write(papers, {"a.txt": "Council report\n\nNothing is known as yet.\n"})
    add(filled, papers)
    (earlier,) = verify(filled.store, "1,789 children").earlier
    assert earlier.now is None
    assert not earlier.vanished


def test_of_several_versions_the_last_that_had_it_counts(filled: Archive, papers: Path) -> None:
    for year in ("2016", "2017"):
        write(papers, {"a.txt": f"{REPORT}\nIt was {year}.\n"})
        add(filled, papers)
    write(papers, {"a.txt": "Council report\n\nIt found 1,839 children in need.\n"})
    add(filled, papers)
    (earlier,) = verify(filled.store, "1,789 children").earlier
    assert earlier.place.document.version == 3
    assert earlier.superseded.tzinfo is not None


def test_what_has_vanished_was_changed(filled: Archive, papers: Path) -> None:
    report = filled.find("a.txt")[0].id
    (papers / "a.txt").unlink()
    list(filled.sync(papers))
    for document_id in (None, report):
        found = verify(filled.store, "1,789 children", document_id)
        assert found.result == "changed"
        assert [(each.now, each.vanished) for each in found.earlier] == [(None, True)]
        assert [each.place.document.id for each in found.earlier] == [report]


def test_what_went_from_one_document_to_another_has_moved(filled: Archive, papers: Path) -> None:
    report = filled.find("a.txt")[0].id
    write(papers, {"a.txt": "Council report\n\nGone.\n", "c.txt": "It found 1,789 children.\n"})
    add(filled, papers)
    found = verify(filled.store, "1,789 children", report)
    assert found.result == "moved"
    assert [each.document.source for each in found.places] == ["c.txt"]
    assert [each.place.document.id for each in found.earlier] == [report]
    assert verify(filled.store, "1,789 children").result == "found"


def test_what_was_removed_is_not_found(filled: Archive, papers: Path) -> None:
    write(papers, {"a.txt": "Council report\n\nGone.\n"})
    add(filled, papers)
    filled.remove("a.txt")
    assert verify(filled.store, "1,789 children").result == "not found"


def test_what_stands_everywhere_is_listed_so_often(archive: Archive, papers: Path) -> None:
    write(papers, {"a.txt": "so " * 600, "b.txt": "so " * 600})
    add(archive, papers)
    found = verify(archive.store, "so")
    assert len(found.places) == MOST_PLACES
    assert found.more


def test_places_may_overlap_however_long_the_quotation(archive: Archive, papers: Path) -> None:
    write(papers, {"a.txt": "ab " * 20_000})
    add(archive, papers)
    quote = "ab " * 3_400
    found = verify(archive.store, quote)
    assert len(quote) > 10_000
    assert [each.span.start for each in found.places] == [3 * at for at in range(MOST_PLACES)]


ALPHABET = "ab1,.\n \t\u00a0’'*(\\[\ufeff\0é日😀"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.create(tmp_path_factory.mktemp("verify") / "store.sqlite3", FakeEmbedder())


@settings(max_examples=50)
@given(st.data())
def test_it_finds_what_a_naive_search_finds(store: Store, data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.text(ALPHABET, min_size=1), min_size=1, max_size=4))
    piece = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(piece) - 1))
    cut = piece[start : data.draw(st.integers(start + 1, len(piece)))]
    quote = data.draw(st.one_of(st.just(cut), st.text(ALPHABET, min_size=1, max_size=6)))
    words = quote.removeprefix("\ufeff").split()
    if not words:
        with pytest.raises(Misuse):
            verify(store, quote)
        return
    naive = re.compile("(?=(" + r"\s+".join(map(re.escape, words)) + "))")
    expected = [
        (f"{at}", *match.span(1)) for at, text in enumerate(texts) for match in naive.finditer(text)
    ]
    store.remove([each.id for each in store.documents()])
    store.put([(Document(f"{at}", text, ""), [], FakeEmbedder().encode([])) for at, text in enumerate(texts)])  # fmt: skip
    found = verify(store, quote)
    assert found.result == ("found" if expected else "not found")
    assert [(p.document.source, p.span.start, p.span.end) for p in found.places] == expected
    assert all(each.sentence_span.holds(each.span) for each in found.places)


def test_what_stands_in_a_document_is_found_from_its_first_letter_to_its_last(
    archive: Archive, seeds: Path
) -> None:
    add(archive, seeds)
    for listed in archive.store.documents():
        document = archive.document(listed.id)
        for passage in archive.store.passages_of(document.id):
            places = verify(archive.store, passage.text, document.id).places
            own = [each for each in places if each.span == Span(passage.start, passage.end)]
            assert [each.kind for each in own] == [passage.kind]
