"""One pass over a folder, after which the archive holds what the folder holds.

A file that looks as it did when it was read, by size and time, is not read again: what was changed
behind a time set back is seen by adding only. A file that is new but has the content of one that
has vanished was moved: its documents keep their ids. What cannot be looked at, a folder without
permission for instance, is no reason to let go of anything.
"""

import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index import reading
from index.adding import Adding, check_name
from index.errors import LoadError
from index.file_record import FileRecord
from index.intake import Outcome
from index.loaders import container_for
from index.walk import Found, walk

if TYPE_CHECKING:
    from index.archive import Archive

_UNSURE_NS: Final = 2_000_000_000
"""A file changed so shortly before it was read may have changed again without looking different."""


@dataclass(slots=True)
class _Survey:
    """What a look at a folder has shown. `not_met` are files that the archive holds from there."""

    not_met: dict[Path, FileRecord]
    unchanged: list[FileRecord] = field(default_factory=list)
    to_read: list[Found] = field(default_factory=list)
    new: list[Path] = field(default_factory=list)
    blocked: set[Path] = field(default_factory=set)


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
        counts = Counter(self._archive.counts_below(folder))
        if seen.unchanged:
            unchanged = sum(counts[each.name] for each in seen.unchanged)
            yield Outcome(folder, "unchanged", count=unchanged)
        gone = {
            path: record
            for path, record in seen.not_met.items()
            if not self._may_be_there(path, record, seen.blocked)
        }
        moves = self._moves(seen.new, gone)
        left = gone.keys() - moves.values()
        if left:
            self._archive.store.forget(sorted(gone[path].name for path in left))
        for path in sorted(left):
            yield Outcome(path, "vanished", count=counts[gone[path].name])
        if moves:
            self._archive.store.move(
                [(gone[old].name, self._archive.source_of(new)) for new, old in moves.items()]
            )
        for new, old in moves.items():
            name = gone[old].name
            yield Outcome(new, "moved", note=f"was {name}", count=counts[name])
        for found in seen.to_read:
            # One that was half read when it was moved is read again.
            if found.path not in moves or gone[moves[found.path]].read_ns == 0:
                yield from self._adding.file(found)

    def _look(self, folder: Path) -> _Survey:
        """Compare the files in a folder with those that the archive knows from there."""
        check_folder(folder)
        base = self._archive.path_of("")
        known = {base / each.name: each for each in self._archive.files_below(folder)}
        seen = _Survey(not_met=dict(known))
        for found in walk([folder], self._archive.layout.home.resolve()):
            # The walk follows no links in a folder: a path is the file's own.
            record = seen.not_met.pop(found.path, None)
            if found.problem is not None:
                seen.blocked.add(found.path)
            elif record is None:
                seen.new.append(found.path)
            elif _looks_the_same(found.path, record):
                seen.unchanged.append(record)
                continue
            seen.to_read.append(found)
        if known and not (seen.unchanged or seen.to_read):
            raise LoadError(
                f"{folder} is empty, and the archive holds {len(known)} files from it; nothing was "
                f"changed. If that is meant: qa index remove {folder}"
            )
        return seen

    def _may_be_there(self, path: Path, record: FileRecord, blocked: set[Path]) -> bool:
        """Say whether a file that was not met may exist all the same."""
        if not blocked.isdisjoint([path, *path.parents]):
            return True
        try:
            status = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        # Hidden, and added by its own name. Or else a folder or link has taken its place.
        return stat.S_ISREG(status.st_mode) and self._archive.source_of(path) == record.name

    def _moves(self, new: list[Path], gone: dict[Path, FileRecord]) -> dict[Path, Path]:
        """Return the old paths of new files: those of vanished ones of the same content and suffix.

        Where there are several, one of the same name is taken.
        """
        sizes = {each.size for each in gone.values()}
        by_content: dict[tuple[str, str], list[Path]] = {}
        for path, record in sorted(gone.items()):
            by_content.setdefault((record.content_hash, path.suffix.lower()), []).append(path)
        moves: dict[Path, Path] = {}
        for path in new:
            try:
                check_name(str(path))
                if path.stat().st_size not in sizes:
                    continue
                key = (reading.file_hash(path), path.suffix.lower())
            except (LoadError, OSError):
                continue  # reading it will say why
            candidates = by_content.get(key, [])
            if candidates and not self._is_held(path):
                old = min(candidates, key=lambda each: each.name != path.name)
                candidates.remove(old)
                moves[path] = old
        return moves

    def _is_held(self, path: Path) -> bool:
        """Say whether documents bear a new file's name, or would bear that of one in it."""
        store, name = self._archive.store, self._archive.source_of(path)
        holds_many = container_for(path.name) is not None
        return bool(store.held_by(name) or (holds_many and store.below(name)))


def check_folder(folder: Path) -> None:
    """See to it that there is a folder to look at.

    Raises:
        LoadError: there is none.
    """
    if not folder.is_dir():
        raise LoadError(
            f"no folder {folder}; nothing was changed. To take its documents out: "
            f"qa index remove {folder}"
        )


def _looks_the_same(path: Path, before: FileRecord) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    sure = before.read_ns > 0 and before.mtime_ns < before.read_ns - _UNSURE_NS
    return sure and (status.st_size, status.st_mtime_ns) == (before.size, before.mtime_ns)
