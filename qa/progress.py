"""What a long job shows: a bar while it runs, a tally when it is done."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from index.archive import Outcome
from qa.options import notify


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


class Tally:
    """Counts what became of files."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._notes: list[str] = []
        self.skipped = 0
        self.kept = 0

    def count(self, outcome: Outcome) -> None:
        """Count one file; remember what is to be said of it."""
        self._counts[outcome.result] += 1
        if outcome.result == "skipped":
            self.skipped += 1
            self._notes.append(f"skipped {outcome.path}: {outcome.note}")
            return
        self.kept += 1
        if outcome.note:
            self._notes.append(f"notice: {outcome.path}: {outcome.note}")

    def report(self, quiet: bool = False) -> None:
        """Print the notes, then one line of counts."""
        for each in self._notes:
            notify(each)
        if self._counts and not quiet:
            results = ("added", "replaced", "unchanged", "skipped")
            click.echo(", ".join(f"{self._counts[each]} {each}" for each in results))
