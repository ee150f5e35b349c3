"""Options that several commands share, and how a command reads its settings and reports errors."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from index.errors import CuttingsError
from qa.settings import Settings, read_settings

if TYPE_CHECKING:
    from index.archive import Archive

Command = TypeVar("Command", bound=Callable[..., Any])


home_option = click.option(
    "--home", type=click.Path(path_type=Path), help="The archive's folder.  [default: .qa]"
)
"""The option that says which archive, for what needs no model."""


def archive_options(command: Command) -> Command:
    """Add the options that say which archive, and with which model."""
    for option in (
        click.option("--embedder", metavar="NAME_OR_PATH", help="Another embedding model."),
        click.option("--cache", type=click.Path(path_type=Path), help="Folder of prepared models."),
        home_option,
    ):
        command = option(command)
    return command


def reading_options(command: Command) -> Command:
    """Add the options that say how files are read."""
    for option in (
        click.option("--max-file-mb", type=float, help="Skip larger documents.  [default: 20]"),
        click.option(
            "--field",
            "fields",
            metavar="OURS=THEIRS",
            multiple=True,
            help="What a column or key is called in CSV and JSON Lines files, such as text=body.",
        ),
        click.option("--quiet", is_flag=True, help="Say nothing unless something was skipped."),
    ):
        command = option(command)
    return archive_options(command)


def asking_options(command: Command) -> Command:
    """Add the options that say how questions are answered."""
    for option in (
        click.option(
            "--min-confidence", type=float, help="Quote nothing below this.  [default: 0.4]"
        ),
        click.option(
            "--reader",
            metavar="NAME_OR_PATH",
            help="Another reader: sentences, or a question-answering checkpoint.",
        ),
        click.option("--top-k", type=int, help="Passages to read.  [default: 10]"),
    ):
        command = option(command)
    return archive_options(command)


def document_option(command: Command) -> Command:
    """Add the option that limits a question to chosen documents."""
    option = click.option(
        "--document",
        "references",
        metavar="ID|PATH",
        multiple=True,
        help="Only this document, or those of this folder; may be given again.",
    )
    return option(command)


def settings_from(context: click.Context) -> Settings:
    """Return the settings, with those of the command's options that are settings too.

    Raises:
        BadSetting: an unknown setting, or a value that does not fit.
    """
    known = Settings.model_fields
    return read_settings({name: each for name, each in context.params.items() if name in known})


class Day(click.ParamType[date]):
    """A day, as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is no day; write it like 2017-09-05", param, ctx)


def notify(message: str) -> None:
    """Tell the user something that is not the command's output, on one line."""
    click.echo(printable(message), err=True)


def run(command: click.Command) -> None:
    """Run a command as the program: errors in one line, exit status 2 for misuse, 1 for failure."""
    try:
        command.main(standalone_mode=False)
    except CuttingsError as error:
        notify(f"qa: {error}")
        sys.exit(error.exit_status)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        notify("qa: stopped")
        sys.exit(130)
    except OSError as error:
        # The machine's trouble, not ours: a full disk behind our output, a name that is too long.
        notify(f"qa: {error.strerror}: {error.filename or 'the output'}")
        sys.exit(1)


def printable(text: str) -> str:
    """Return a text on one line that any terminal can show."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


@contextmanager
def open_archive(context: click.Context) -> Iterator["Archive"]:
    """Open the archive that a command's settings name, for as long as the context lasts."""
    from qa.opening import open_for_asking

    with closing(open_for_asking(settings_from(context), notify)) as archive:
        say_mended(archive.mended)
        yield archive


def chosen(archive: "Archive", references: Sequence[str]) -> tuple[int, ...] | None:
    """Return the ids of the documents that `--document` names; None where it names none.

    Raises:
        UnknownDocument: a name or an id of no document.
    """
    if not references:
        return None
    # No archive holds a name that is no text; escaped, it is simply not found.
    names = [each.encode(errors="backslashreplace").decode() for each in references]
    return tuple(sorted({found.id for each in names for found in archive.find(each)}))


def say_mended(mended: list[str]) -> None:
    """Tell what was found damaged and has been made again."""
    for each in mended:
        notify(f"notice: {each}")


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    from qa import show

    click.echo(show.as_json(value))
