"""`index.boilerplate` and `index.repeats`: what unrelated documents repeat is shown once."""

import os
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import boilerplate, intake
from index.archive import Archive
from index.parts import parts_of
from index.types import Document, Kind, Part, Span
from tests.index.workshop import (
    add,
    check_dense,
    create,
    found_by,
    problems,
    python,
    reopen,
    write,
)

FOOTER = "Copyright of the Example Gazette, all rights are reserved for ever."
APPEAL = "Please give what you can to the Example Gazette, which has no owner but its readers."
EXAMPLES = int(os.environ.get("CUTTINGS_EXAMPLES", "12"))
SUBJECTS = "bus theatre council flood cricket bakery school river museum tram".split()


def story(subject: str, paragraphs: int = 3) -> str:
    """An article that shares no run of three words with that on another subject."""
    drawn = random.Random(subject)
    return "\n\n".join(
        " ".join(f"{subject}{drawn.randrange(999)} {subject}s{n} said." for n in range(12))
        for _ in range(paragraphs)
    )


def article(subject: str, *above: str, below: tuple[str, ...] = (FOOTER,)) -> str:
    return "\n\n".join([f"The {subject}", *above, story(subject), *below]) + "\n"


def shown(archive: Archive) -> dict[str, list[tuple[Kind, str]]]:
    """What is searched of each document."""
    return {
        document.source: [(each.kind, each.text) for each in archive.store.passages_of(document.id)]
        for document in archive.store.documents()
    }


def showing(archive: Archive, paragraph: str) -> list[tuple[str, Kind]]:
    """Where a paragraph is found, and as what."""
    return sorted(
        (source, kind)
        for source, passages in shown(archive).items()
        for kind, text in passages
        if paragraph in text
    )


def check_settled(archive: Archive) -> None:
    """Every document is split as it would be now, and what it leaves out another one shows."""
    before = shown(archive)
    every = {text for passages in before.values() for _, text in passages}
    for document in archive.store.documents():
        text = archive.document(document.id).text
        held = archive.store.passages_of(document.id)
        for part in parts_of(archive.document(document.id)):
            if not any(each.start <= part.span.start < each.end for each in held):
                words = part.span.cut(text)
                heading = part.heading
                assert heading or any(words in each for each in every), (document.source, words)
    archive.remake([each.id for each in archive.store.documents()])
    assert shown(archive) == before


@pytest.fixture
def three(archive: Archive, papers: Path) -> Archive:
    """Three articles under one footer."""
    write(papers, {f"{each}.txt": article(each) for each in SUBJECTS[:3]})
    add(archive, papers)
    return archive


# Who shows it


def test_two_documents_make_no_boilerplate(archive: Archive, papers: Path) -> None:
    write(papers, {f"{each}.txt": article(each) for each in SUBJECTS[:2]})
    add(archive, papers)
    assert showing(archive, FOOTER) == [("bus.txt", "body"), ("theatre.txt", "body")]


def test_the_first_of_three_shows_it(three: Archive) -> None:
    assert showing(three, FOOTER) == [("bus.txt", "boilerplate")]
    assert found_by(three, "rights reserved") == {"bus.txt"}
    check_settled(three)
    check_dense(three)


def test_the_words_of_each_article_are_all_there(three: Archive) -> None:
    for subject in ("bus", "council", "theatre"):
        kept = [text for kind, text in shown(three)[f"{subject}.txt"] if kind != "boilerplate"]
        assert "\n\n".join(kept).split() == article(subject, below=()).split()


@pytest.mark.parametrize("how", ["removed", "replaced", "vanished"])
def test_when_the_first_is_gone_the_next_shows_it(three: Archive, papers: Path, how: str) -> None:
    write(papers, {f"{each}.txt": article(each) for each in SUBJECTS[3:5]})
    add(three, papers)
    if how == "removed":
        three.remove("bus.txt")
    elif how == "replaced":
        write(papers, {"bus.txt": article("bus", below=())})
        add(three, papers)
    else:
        (papers / "bus.txt").unlink()
        list(three.sync(papers))
    assert showing(three, FOOTER) == [("council.txt", "boilerplate")]
    check_settled(three)


def test_when_too_few_are_left_it_is_each_one_s_own_again(three: Archive) -> None:
    three.remove("council.txt")
    assert showing(three, FOOTER) == [("bus.txt", "body"), ("theatre.txt", "body")]
    check_settled(three)


def test_a_document_that_returns_shows_what_its_id_is_the_first_to_have(
    three: Archive, papers: Path
) -> None:
    write(papers, {f"{each}.txt": article(each) for each in SUBJECTS[3:5]})
    add(three, papers)
    (papers / "bus.txt").rename(papers / ".bus.txt")
    list(three.sync(papers))
    assert showing(three, FOOTER) == [("council.txt", "boilerplate")]
    (papers / ".bus.txt").rename(papers / "bus.txt")
    list(three.sync(papers))
    assert showing(three, FOOTER) == [("bus.txt", "boilerplate")]
    check_settled(three)


def test_an_older_document_that_comes_to_have_it_shows_it_alone(
    archive: Archive, papers: Path
) -> None:
    write(papers, {"a.txt": article("tram", below=())})
    write(papers, {f"{each}.txt": article(each) for each in SUBJECTS[:4]})
    add(archive, papers)
    write(papers, {"a.txt": article("tram")})
    add(archive, papers)
    assert showing(archive, FOOTER) == [("a.txt", "boilerplate")]
    check_settled(archive)


def test_some_lose_it_in_the_batch_in_which_another_comes(three: Archive, papers: Path) -> None:
    """A new document that relied on others to show it must not be left without it."""
    write(papers, {f"{each}.txt": article(each, below=()) for each in SUBJECTS[:2]})
    write(papers, {"zoo.txt": article("zoo")})
    add(three, papers)
    assert showing(three, FOOTER) == [("council.txt", "body"), ("zoo.txt", "body")]
    check_settled(three)


# What counts


def test_copies_of_one_article_make_no_boilerplate(archive: Archive, papers: Path) -> None:
    texts = {f"copy {n}.txt": article("bus", f"Paper {n}:", below=(FOOTER,)) for n in range(6)}
    write(papers, texts)
    add(archive, papers)
    assert len({each.copies for each in archive.store.documents()}) == 1
    assert len(showing(archive, FOOTER)) == 6
    write(papers, {f"{each}.txt": article(each) for each in SUBJECTS[3:5]})
    add(archive, papers)
    assert showing(archive, FOOTER) == [("copy 0.txt", "boilerplate")]
    check_settled(archive)
    archive.remove("flood.txt")
    assert len(showing(archive, FOOTER)) == 7
    check_settled(archive)


def test_what_stands_in_the_middle_is_the_article_s_own(archive: Archive, papers: Path) -> None:
    background = "The inquiry into the collapse of the old bridge has sat for three years by now."
    texts = {
        f"{each}.txt": f"The {each}\n\n{story(each)}\n\n{background}\n\n{story(each[::-1])}\n"
        for each in SUBJECTS[:5]
    }
    write(papers, texts)
    add(archive, papers)
    assert showing(archive, background) == sorted((name, "body") for name in texts)
    check_settled(archive)


def test_it_counts_at_the_top_as_at_the_foot(archive: Archive, papers: Path) -> None:
    write(papers, {f"{each}.txt": article(each, APPEAL) for each in SUBJECTS[:4]})
    add(archive, papers)
    assert showing(archive, APPEAL) == [("bus.txt", "boilerplate")]
    assert showing(archive, FOOTER) == [("bus.txt", "boilerplate")]
    check_settled(archive)


def test_white_space_and_capitals_make_no_difference(archive: Archive, papers: Path) -> None:
    versions = (FOOTER, FOOTER.upper(), FOOTER.replace(" ", "  "), FOOTER.title())
    for each, footer in zip(SUBJECTS, versions, strict=False):
        write(papers, {f"{each}.txt": article(each, below=(footer,))})
    add(archive, papers)
    assert Counter(kind for each in shown(archive).values() for kind, _ in each)["boilerplate"] == 1


def test_a_short_line_says_the_same_by_chance(archive: Archive, papers: Path) -> None:
    write(papers, {f"{each}.txt": article(each, below=("Share this page",)) for each in SUBJECTS})
    add(archive, papers)
    assert len(showing(archive, "Share this page")) == len(SUBJECTS)


def test_a_heading_goes_with_the_boilerplate_below_it(archive: Archive, papers: Path) -> None:
    below = ("About the Gazette", FOOTER)
    write(papers, {f"{each}.txt": article(each, below=below) for each in SUBJECTS[:4]})
    add(archive, papers)
    assert showing(archive, "About the Gazette") == [("bus.txt", "boilerplate")]


def test_kinds_of_a_document_without_repetition_are_as_they_were() -> None:
    parts = [Part(Span(0, 30)), Part(Span(30, 60), "comment"), Part(Span(60, 99), "headline")]
    text = "word " * 20
    keys = boilerplate.keys(text, parts)
    assert set(keys) == {0}  # no headline, and nothing that a reader wrote
    assert boilerplate.shown(parts, keys, set(), set()) == [parts]


# However it came about


def test_one_by_one_or_all_at_once(tmp_path: Path) -> None:
    names = [f"{each}.txt" for each in SUBJECTS]
    found = []
    for number in (1, 3, len(names)):
        papers = tmp_path / str(number)
        write(papers, {f"{each}.txt": article(each, APPEAL) for each in SUBJECTS})
        archive = create(papers / ".qa")
        for at in range(0, len(names), number):
            add(archive, *[papers / name for name in names[at : at + number]])
        found.append(shown(archive))
        check_settled(archive)
        archive.close()
    assert found[0] == found[1] == found[2]


paragraph = st.sampled_from([FOOTER, APPEAL])
edition = st.tuples(
    st.sampled_from(SUBJECTS[:6]),
    st.sampled_from(SUBJECTS[:4]),
    st.lists(paragraph, max_size=1),
    st.lists(paragraph, max_size=2, unique=True),
)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.lists(edition, min_size=1, max_size=4), min_size=1, max_size=5), st.data())
def test_after_any_sequence_all_is_as_if_split_now(
    tmp_path_factory: pytest.TempPathFactory,
    batches: list[list[tuple[str, str, list[str], list[str]]]],
    data: st.DataObject,
) -> None:
    """Documents come, are replaced and go, several in a change, and some are copies."""
    archive = create(tmp_path_factory.mktemp("any") / ".qa")
    for batch in batches:
        archive.add_documents(
            Document(name, article(subject, *above, below=tuple(below)), f"The {subject}")
            for name, subject, above, below in batch
        )
        for document in archive.store.documents():
            if data.draw(st.integers(0, 5)) == 0:
                archive.remove(str(document.id))
    check_settled(archive)
    archive.close()
    assert problems(archive.layout.home) == []


KILLED = """
import os, sys
from pathlib import Path
from index.intake import Intake
from tests.index.workshop import add, reopen
Intake.settle = lambda _: os._exit(9)
add(reopen(Path(sys.argv[1])), Path(sys.argv[1]).parent)
"""


def test_killed_before_it_is_settled(archive: Archive, papers: Path, home: Path) -> None:
    archive.close()
    write(papers, {f"{each}.txt": article(each) for each in SUBJECTS[:4]})
    assert python(KILLED, home).returncode == 9
    again = reopen(home)
    assert len(again.store.documents()) == 4
    assert len(showing(again, FOOTER)) == 4  # nothing is missing
    add(again, papers)
    assert showing(again, FOOTER) == [("bus.txt", "boilerplate")]
    assert again.store.unsettled(9) == []
    check_dense(again)
    again.close()
    assert problems(home) == []


def test_a_short_text_that_several_files_have_is_no_boilerplate(archive: Archive) -> None:
    archive.add_documents(Document(name, FOOTER, "") for name in "abcd")
    assert {kind for _, kind in showing(archive, FOOTER)} == {"body"}


def test_a_footer_costs_the_same_however_many_have_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps of the database are counted: a clock would tell of the machine."""
    monkeypatch.setattr(intake, "COMMIT_DOCUMENTS", 25)
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    with archive.store.reading() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.set_progress_handler(count, 100)
    taken = []
    for number in range(5):
        before = steps[0]
        # Too short to be compared with others: what is counted is for the footer.
        archive.add_documents(
            Document(f"{number} {n}", f"{number} {n}\n\n{FOOTER}", "") for n in range(50)
        )
        taken.append(steps[0] - before)
    assert showing(archive, FOOTER) == [("0 0", "boilerplate")]
    assert min(taken) > 50
    assert taken[-1] < 1.3 * taken[1]
