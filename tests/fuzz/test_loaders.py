"""Loaders read anything: random bytes, real files that were damaged, and what fuzzing has found."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.soundness import SUFFIXES, read

FOUND = Path(__file__).parent / "found"
FILES = Path(__file__).parents[1] / "index" / "files"
TRIES = int(os.environ.get("CUTTINGS_EXAMPLES", "20"))

every_suffix = pytest.mark.parametrize("suffix", SUFFIXES)


def real_files(suffix: str) -> list[bytes]:
    """What the tests have of a format; small ones, since each is read again and again."""
    there = [each for each in sorted(FILES.iterdir()) if each.name.endswith(suffix or "\0")]
    return [each.read_bytes() for each in there if each.stat().st_size < 100_000]


@st.composite
def damaged(draw: st.DrawFn, suffix: str) -> bytes:
    """A real file with some bytes changed, cut out, doubled or brought in from another place."""
    content = bytearray(draw(st.sampled_from(real_files(suffix))))
    place = st.integers(0, max(0, len(content) - 1))
    for _ in range(draw(st.integers(1, 6))):
        start, length = draw(place), draw(st.sampled_from([1, 2, 8, 64, 1024]))
        match draw(st.sampled_from(["flip", "cut", "double", "splice", "write"])):
            case "flip" if start < len(content):
                content[start] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del content[start : start + length]
            case "double":
                content[start:start] = content[start : start + length]
            case "splice":
                other = draw(place)
                content[start : start + length] = content[other : other + length]
            case _:
                content[start:start] = draw(st.binary(max_size=16))
    return bytes(content)


@every_suffix
@given(content=st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
@settings(max_examples=TRIES, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes(suffix: str, content: bytes) -> None:
    read(suffix, content)


@pytest.mark.parametrize("suffix", [each for each in SUFFIXES if real_files(each)])
@given(data=st.data())
@settings(max_examples=TRIES, deadline=None, suppress_health_check=list(HealthCheck))
def test_real_files_that_were_damaged(suffix: str, data: st.DataObject) -> None:
    read(suffix, data.draw(damaged(suffix)))


@pytest.mark.parametrize("suffix", [each for each in SUFFIXES if real_files(each)])
def test_real_files_as_they_are(suffix: str) -> None:
    documents = [read(suffix, content) for content in real_files(suffix)]
    assert any(documents)


@pytest.mark.parametrize(
    "path",
    [each for each in sorted(FOUND.rglob("*")) if each.is_file()],
    ids=lambda each: each.name,
)
def test_what_fuzzing_has_found(path: Path) -> None:
    read("" if path.parent.name == "none" else f".{path.parent.name}", path.read_bytes())
