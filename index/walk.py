"""Files to read: those that were named, and those in the folders that were named."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Found(NamedTuple):
    """A path that was asked for or met in a folder, and why it cannot be read, if it cannot.

    `name` is what the file is called in the archive, where that does not follow from its path.
    """

    path: Path
    problem: str | None = None
    name: str | None = None


def walk(paths: list[Path], leave_out: Path) -> Iterator[Found]:
    """Yield every file in `paths`, folders opened, in order of name, each once.

    Hidden files and folders, and `leave_out`, are passed over. Links are followed where they were
    named, and within a folder only if they stay inside it.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            root = Path(os.path.realpath(path, strict=True))
        except OSError as error:
            yield Found(path, problem_of(error))
            continue
        for found in _walk_folder(root, leave_out) if root.is_dir() else [Found(root)]:
            if len(paths) == 1:  # nothing can be met twice: a large folder need not be remembered
                yield found
            elif found.path not in seen:
                seen.add(found.path)
                yield found


def _walk_folder(root: Path, leave_out: Path) -> Iterator[Found]:
    problems: list[Found] = []

    def note(error: OSError) -> None:
        problems.append(Found(Path(error.filename), problem_of(error)))

    for folder, folders, names in os.walk(root, onerror=note):
        yield from problems
        problems.clear()
        here = Path(folder)
        links = [name for name in folders if _is_link(here / name)]
        folders[:] = sorted(
            name
            for name in folders
            if name not in links and not name.startswith(".") and here / name != leave_out
        )
        for name in sorted([*names, *links]):
            path = here / name
            if name.startswith("."):
                continue
            if not _is_link(path):
                yield Found(path)
            elif not os.path.exists(path):  # noqa: PTH110 - unlike the other it never raises
                yield Found(path, "a symbolic link to nothing")
            elif not path.resolve().is_relative_to(root):
                yield Found(path, "a symbolic link out of the folder; name its target to add it")
            # A link to something inside the folder: that is met under its own name.
    yield from problems


def _is_link(path: Path) -> bool:
    """Say whether a path is a link; in a folder without permission nobody can tell."""
    return os.path.islink(path)  # noqa: PTH114 - unlike the other it never raises


def problem_of(error: OSError) -> str:
    """Return what the system's error means to a person."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    return f"cannot be read: {error.strerror}"
