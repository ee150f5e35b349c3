"""`index.kinship`: which documents the store counts as copies of one another."""

from pathlib import Path

import pytest

from index.archive import Archive
from index.types import Document
from tests.index.test_copies import EDITED, OTHER, STORY
from tests.index.workshop import add, write

SHORT = "No comment was to be had on Monday."


def groups(archive: Archive) -> list[set[str]]:
    """The groups of copies, by their documents' sources."""
    found: dict[int, set[str]] = {}
    for each in archive.store.documents():
        found.setdefault(each.copies, set()).add(each.source)
    return sorted(found.values(), key=sorted)


def put(archive: Archive, **texts: str) -> None:
    archive.add_documents(Document(name, text, name) for name, text in texts.items())


@pytest.mark.parametrize("one_by_one", [True, False])
def test_edited_copies_are_one_group(archive: Archive, one_by_one: bool) -> None:
    texts = {f"copy{n}": text for n, text in enumerate(EDITED.values())}
    if one_by_one:
        for name, text in texts.items():
            put(archive, **{name: text})
    else:
        put(archive, **texts)
    put(archive, other=OTHER)
    assert groups(archive) == [set(texts), {"other"}]


def test_short_texts_are_one_group_where_they_say_the_same(archive: Archive) -> None:
    put(archive, a=SHORT, b=SHORT.upper(), c=f"{SHORT} And more.", d="", e="")
    assert groups(archive) == [{"a", "b"}, {"c"}, {"d"}, {"e"}]


def test_a_replaced_document_leaves_its_group_and_joins_another(
    archive: Archive, papers: Path
) -> None:
    write(papers, {"a.txt": STORY, "b.txt": STORY, "c.txt": OTHER})
    add(archive, papers)
    assert groups(archive) == [{"a.txt", "b.txt"}, {"c.txt"}]
    write(papers, {"b.txt": OTHER})
    add(archive, papers)
    assert groups(archive) == [{"a.txt"}, {"b.txt", "c.txt"}]
    write(papers, {"c.txt": SHORT})
    add(archive, papers)
    assert groups(archive) == [{"a.txt"}, {"b.txt"}, {"c.txt"}]


def test_what_is_gone_is_compared_with_no_more(archive: Archive, papers: Path) -> None:
    write(papers, {"a.txt": STORY, "b.txt": OTHER})
    add(archive, papers)
    (old,) = {each.copies for each in archive.find("a.txt")}
    archive.remove("a.txt")
    write(papers, {"a.txt": STORY.upper(), "c.txt": STORY})
    add(archive, papers)
    assert groups(archive) == [{"a.txt", "c.txt"}, {"b.txt"}]
    assert archive.find("a.txt")[0].copies != old  # a number is not given twice
    (papers / "a.txt").unlink()
    list(archive.sync(papers))
    put(archive, d=STORY)
    assert groups(archive) == [{"b.txt"}, {"c.txt", "d"}]


def test_what_readers_write_makes_no_difference(archive: Archive) -> None:
    comments = " ".join(f"word{n} of mine" for n in range(200))
    put(archive, a=STORY, b=f"{STORY}\n\n3 comments\n\n{comments}\n")
    assert groups(archive) == [{"a", "b"}]


def test_the_likest_of_many_is_found(archive: Archive) -> None:
    """A document is compared with those that it has most in common with, not with the first."""
    series = {
        f"match{n}": f"{STORY} " + " ".join(f"{n}player{m} scored." for m in range(120))
        for n in range(12)
    }
    put(archive, **series)
    put(archive, again=series["match9"].replace("scored", "SCORED"))
    assert {"match9", "again"} <= next(each for each in groups(archive) if "again" in each)
