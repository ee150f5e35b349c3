"""What a long job shows: a bar while it runs, a tally when it is done."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from qa.options import notify

if TYPE_CHECKING:
    from index.intake import Outcome


@contextmanager
def bar(total: int, hidden: bool = False) -> Iterator[Callable[[], None]]:
    """Show a progress bar on a terminal's error stream; yields what moves it on by one."""
    console = Console(stderr=True)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    disabled = hidden or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disabled) as progress:
        task = progress.add_task("", total=total, rate="")

        def advance() -> None:
            progress.advance(task)
            speed = progress.tasks[0].speed
            progress.update(task, rate="" if speed is None else f"{speed:.1f}/s")

        yield advance


@contextmanager
def spinner(hidden: bool = False) -> Iterator[Callable[[], None]]:
    """Show how much is done where nobody knows how much there is; yields what counts one more."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} done"), TimeElapsedColumn())
    disabled = hidden or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disabled) as progress:
        task = progress.add_task("", total=None)
        yield lambda: progress.advance(task)


T = TypeVar("T")


def each_after(things: Iterable[T], advance: Callable[[], None]) -> Iterator[T]:
    """Yield things; say after each, when the next is wanted, that it is done."""
    for each in things:
        yield each
        advance()


ADDED: Final = ("added", "replaced", "unchanged", "skipped")
SYNCED: Final = ("added", "replaced", "moved", "vanished", "unchanged", "skipped")


class Tally:
    """Counts what became of documents."""

    def __init__(self, results: Sequence[str] = ADDED, before: "Tally | None" = None) -> None:
        """Report the counts of `results`, in this order; after `before`, only what is new."""
        self._results = results
        self._told = None if before is None else frozenset(before.notes)
        self._counts: Counter[str] = Counter()
        self.notes: list[str] = []
        """What is to be said of single files, as they came."""

    @property
    def skipped(self) -> int:
        """How many could not be read."""
        return self._counts["skipped"]

    @property
    def kept(self) -> int:
        """How many were read, now or before."""
        return self._counts.total() - self.skipped

    def count(self, outcome: "Outcome") -> None:
        """Count one outcome; remember what is to be said of it."""
        self._counts[outcome.result] += outcome.count
        if outcome.result == "skipped":
            self.notes.append(f"skipped {_near(outcome.path)}: {outcome.note}")
        elif outcome.result == "moved":
            self.notes.append(f"moved {_near(outcome.path)}: {outcome.note}")
        elif outcome.note:
            self.notes.append(f"notice: {_near(outcome.path)}: {outcome.note}")

    def report(self, quiet: bool = False) -> None:
        """Print the notes, then one line of counts."""
        fresh = [each for each in self.notes if each not in (self._told or ())]
        for each in fresh:
            notify(each)
        still = self._counts["unchanged"] + self._counts["skipped"]
        changed = self._told is None or fresh or self._counts.total() > still
        if self._counts and changed and not quiet:
            click.echo(", ".join(f"{self._counts[each]} {each}" for each in self._results))


def _near(path: Path) -> Path:
    """Return a path as seen from the current folder, if it lies there."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


@contextmanager
def tallied(tally: Tally, quiet: bool = False) -> Iterator[Tally]:
    """Report a tally at the end, also after Ctrl-C or on a full disk: what it counted stays."""
    try:
        yield tally
    finally:
        tally.report(quiet)
