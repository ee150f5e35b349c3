"""One pass over a folder, after which the archive holds what the folder holds.

A file that looks as it did when it was read, by size and time, is not read again. One that is new
but has the content of one that has vanished was moved: its documents keep their ids. What cannot be
looked at, a folder without permission for instance, is no reason to let go of anything.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index import reading
from index.adding import Adding
from index.errors import LoadError
from index.intake import Outcome
from index.store import FileRecord
from index.walk import Found, walk

if TYPE_CHECKING:
    from index.archive import Archive

_UNSURE_NS: Final = 2_000_000_000
"""A file changed so shortly before it was read may have changed again without looking different."""


@dataclass(slots=True)
class _Survey:
    """What a look at a folder has shown."""

    unchanged: int = 0
    to_read: list[Found] = field(default_factory=list)
    new: list[Found] = field(default_factory=list)
    blocked: list[Path] = field(default_factory=list)
    not_met: dict[str, FileRecord] = field(default_factory=dict)


class Sync:
    """One pass. The write lock is held."""

    def __init__(self, archive: "Archive", adding: Adding) -> None:
        """Bring `archive` up to date by `adding` what is new."""
        self._archive = archive
        self._adding = adding

    def run(self, folder: Path) -> Iterator[Outcome]:
        """Yield what became of each file that is not as it was.

        Raises:
            LoadError: see `Archive.sync`.
        """
        seen = self._look(folder)
        if seen.unchanged:
            yield Outcome(folder, "unchanged", count=seen.unchanged)
        gone = {
            name: record
            for name, record in seen.not_met.items()
            if not self._may_be_there(name, seen.blocked)
        }
        moves = self._moves(seen.new, gone)
        if moves:
            self._archive.store.move([(old, self._archive.source_of(path)) for old, path in moves])
        for old, path in moves:
            yield Outcome(path, "moved", note=f"was {old}")
        moved = {path for _, path in moves}
        left = sorted(set(gone) - {old for old, _ in moves})
        if left:
            self._archive.store.forget(left)
        for name in left:
            yield Outcome(self._archive.path_of(name), "vanished")
        for found in seen.to_read:
            if found.path not in moved:
                yield from self._adding.file(found)

    def _look(self, folder: Path) -> _Survey:
        """Compare the files in a folder with those that the archive knows from there."""
        if not folder.is_dir():
            raise LoadError(
                f"no folder {folder}; nothing was changed. To take its documents out: "
                f"qa index remove {folder}"
            )
        known = {each.name: each for each in self._archive.files_below(folder)}
        seen = _Survey(not_met=dict(known))
        for found in walk([folder], self._archive.layout.home.resolve()):
            name = self._archive.source_of(found.path)
            seen.not_met.pop(name, None)
            if found.problem is not None:
                seen.blocked.append(found.path)
            elif name not in known:
                seen.new.append(found)
            elif _looks_the_same(found.path, known[name]):
                seen.unchanged += 1
                continue
            seen.to_read.append(found)
        if known and not (seen.unchanged or seen.to_read):
            raise LoadError(
                f"{folder} is empty, and the archive holds {len(known)} files from it; nothing was "
                f"changed. If that is meant: qa index remove {folder}"
            )
        return seen

    def _may_be_there(self, name: str, blocked: list[Path]) -> bool:
        """Say whether a file that was not met may exist all the same."""
        path = self._archive.path_of(name)
        return any(
            path == each or path.is_relative_to(each) for each in blocked
        ) or os.path.lexists(path)

    def _moves(self, new: list[Found], gone: dict[str, FileRecord]) -> list[tuple[str, Path]]:
        """Pair vanished files with new ones of the same content and suffix, each at most once."""
        sizes = {each.size for each in gone.values()}
        by_content = {
            (each.content_hash, Path(name).suffix): name for name, each in sorted(gone.items())
        }
        moves: list[tuple[str, Path]] = []
        for found in new:
            try:
                if found.path.stat().st_size not in sizes:
                    continue
                key = (reading.file_hash(found.path), found.path.suffix)
            except (LoadError, OSError):
                continue  # reading it will say why
            if key in by_content and not self._archive.store.held_by(
                self._archive.source_of(found.path)
            ):
                moves.append((by_content.pop(key), found.path))
        return moves


def _looks_the_same(path: Path, before: FileRecord) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    sure = before.mtime_ns < before.read_ns - _UNSURE_NS
    return sure and (status.st_size, status.st_mtime_ns) == (before.size, before.mtime_ns)
