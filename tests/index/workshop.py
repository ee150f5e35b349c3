"""What the tests of the document side make archives with."""

import ctypes
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from index.archive import Archive
from index.doctor import examine
from index.embed import Embedder, FakeEmbedder
from index.intake import Outcome, embedded_texts
from index.opening import create_archive, open_archive
from index.walk import walk


def fake(_name: str) -> Embedder:
    return FakeEmbedder()


def create(home: Path) -> Archive:
    return create_archive(home, fake, "fake")


def reopen(home: Path) -> Archive:
    return open_archive(home, fake)


def add(archive: Archive, *paths: Path) -> list[Outcome]:
    return list(archive.add(list(walk(list(paths), archive.layout.home))))


def write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8", newline="")


def sources(archive: Archive) -> list[str]:
    return [each.source for each in archive.store.documents()]


def found_by(archive: Archive, word: str) -> set[str]:
    """The sources in which the word view finds a word."""
    found = [each.passage_id for each in archive.search(word, 1000).lexical]
    assert len(found) == len(set(found))
    return {document.source for _, document in archive.store.passages(found).values()}


def check_dense(archive: Archive) -> None:
    """Passages are what the dense view finds first for their own text; it holds nothing else."""
    ids = archive.store.passage_ids()
    some = random.Random(len(ids)).sample(ids, min(20, len(ids)))
    for passage, document in archive.store.passages(some).values():
        (text,) = embedded_texts(document, [passage])
        found = archive.search(text, 1000).dense
        assert sorted(each.passage_id for each in found) == ids
        assert found[0].score > 0.999
        best = [each.passage_id for each in found if each.score > found[0].score - 1e-6]
        assert passage.id in best  # with copies of it


def problems(home: Path) -> list[str]:
    return [each.problem for each in examine(home)]


def replace_bytes(path: Path, content: bytes) -> None:
    """Put other content in a file's place; whoever has the old one mapped keeps it."""
    made = path.with_name(path.name + ".test")
    made.write_bytes(content)
    made.replace(path)


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    replace_bytes(path, bytes(content))


def python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, where it can lose its rights or be killed."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def drop_rights() -> None:
    """Make file permissions hold for this process, even if it runs as root."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None, use_errno=True).capset(header, nothing) == 0
