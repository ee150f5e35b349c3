"""`index.vectors`: exact search under the store's ids, and a file that cannot lie."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import Vectors
from index.errors import ArchiveUnwritable
from index.store import Addition
from index.vectors import VectorView
from index.view import DamagedView
from tests.index.workshop import flip, replace_bytes

WIDTH = 8


def vector(seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).standard_normal(WIDTH).astype(np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn)
    return unit.astype(np.float16).astype(np.float32)  # as the view keeps it


def additions(*ids: int) -> list[Addition]:
    return [Addition(each, 1, "title", "text", None, vector(each)) for each in ids]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.faiss"


@pytest.fixture
def view(path: Path) -> VectorView:
    made = VectorView(path, "archive", WIDTH)
    made.apply([], additions(3, 5, 7, 11, 2**40))
    made.reach(4)
    return made


@given(
    st.lists(st.tuples(st.booleans(), st.sets(st.integers(1, 30), max_size=6)), max_size=8),
    st.integers(0, 40),
    st.one_of(st.none(), st.sets(st.integers(1, 40))),
)
def test_search_equals_brute_force(
    steps: list[tuple[bool, set[int]]], limit: int, among: set[int] | None
) -> None:
    view = VectorView(Path("unused"), "archive", WIDTH)
    held: set[int] = set()
    for adding, ids in steps:
        if adding:
            view.apply([], additions(*sorted(ids)))
            held |= ids
        else:
            view.apply(sorted(ids), [])
            held -= ids
    question = vector(1000)
    expected = sorted(
        (each for each in held if among is None or each in among),
        key=lambda each: -float(vector(each) @ question),
    )[:limit]
    hits = view.search(question, limit, among)
    assert [each.passage_id for each in hits] == expected
    assert [each.score for each in hits] == pytest.approx(
        [float(vector(each) @ question) for each in expected], abs=1e-5
    )
    assert view.ids() == sorted(held)
    assert view.count == len(held)


def test_what_is_applied_twice_is_there_once(view: VectorView) -> None:
    view.apply([], additions(3, 5))
    assert view.ids() == [3, 5, 7, 11, 2**40]


def test_a_vector_of_the_wrong_width_is_left_out(view: VectorView) -> None:
    view.apply([], [Addition(12, 1, "", "", None, vector(1)[:3]), *additions(13)])
    assert view.ids() == [3, 5, 7, 11, 13, 2**40]


def test_it_comes_back_from_its_file(view: VectorView, path: Path) -> None:
    view.save()
    again = VectorView.open(path, "archive", WIDTH)
    assert (again.change, again.count, again.ids()) == (4, 5, view.ids())
    assert again.search(vector(1), 5) == view.search(vector(1), 5)


def test_saving_what_is_saved_touches_nothing(view: VectorView, path: Path) -> None:
    view.save()
    before = path.stat().st_mtime_ns
    view.save()
    assert path.stat().st_mtime_ns == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_every_flipped_bit_and_every_cut_is_noticed(view: VectorView, path: Path) -> None:
    view.save()
    content = path.read_bytes()
    for at in range(len(content)):
        flip(path, at)
        with pytest.raises(DamagedView):
            VectorView.open(path, "archive", WIDTH)
        replace_bytes(path, content)
    for length in range(len(content)):
        replace_bytes(path, content[:length])
        with pytest.raises(DamagedView):
            VectorView.open(path, "archive", WIDTH)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"[]\n", b"null\n", b"{}\n", b"1" * 5000, b"[" * 4000, b"\xff\xfe\n"]
)
def test_any_other_file_is_noticed(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DamagedView):
        VectorView.open(path, "archive", WIDTH)


def test_a_file_of_another_archive_or_model_is_noticed(view: VectorView, path: Path) -> None:
    view.save()
    with pytest.raises(DamagedView, match="another archive"):
        VectorView.open(path, "other", WIDTH)
    with pytest.raises(DamagedView):
        VectorView.open(path, "archive", WIDTH + 1)


def test_no_file(path: Path) -> None:
    with pytest.raises(DamagedView, match="missing"):
        VectorView.open(path, "archive", WIDTH)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    view = VectorView(tmp_path / "gone" / "vectors.faiss", "archive", WIDTH)
    view.reach(1)
    with pytest.raises(ArchiveUnwritable, match="nothing that was acknowledged is lost"):
        view.save()
