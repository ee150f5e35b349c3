"""What the tests of the question side are made with."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from index.archive import Archive
from index.walk import walk
from qa.answer import Answerer

QA = Path(sys.executable).with_name("qa")

Files: TypeAlias = Mapping[str, str | bytes]


class MakeAnswerer(Protocol):
    """Makes an archive of files, and what answers from it. Keywords are settings."""

    def __call__(self, files: Files, **settings: Any) -> Answerer: ...


class RunQA(Protocol):
    """Runs `qa` as a process of its own. `env` adds to its environment; `subprocess` has the rest."""

    def __call__(
        self,
        *arguments: str | bytes | Path,
        env: Mapping[str, str] | None = None,
        **options: Any,
    ) -> subprocess.CompletedProcess[str]: ...


def write(folder: Path, files: Files) -> None:
    """Write files byte for byte: no line ending is translated."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def add(archive: Archive, folder: Path) -> list[str]:
    """Add a folder; return what became of each file."""
    return [each.result for each in archive.add(list(walk([folder], archive.layout.home)))]
