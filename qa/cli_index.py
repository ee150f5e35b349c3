"""The commands that put documents into an archive, take them out and list them."""

import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from index.errors import ArchiveBusy, LoadError
from qa import cli_history, show
from qa.options import (
    archive_options,
    notify,
    open_archive,
    print_json,
    reading_options,
    say_mended,
    settings_from,
)
from qa.progress import SYNCED, Tally, bar, each_after, spinner, tallied
from qa.settings import reading_of


@click.group()
def index() -> None:
    """Add, remove and list documents."""


@index.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@reading_options
@click.pass_context
def add(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    fields: tuple[str, ...],
    quiet: bool,
    **_: Any,
) -> None:
    """Add files, and the files in folders. A file that was there before is replaced if it changed.

    Text, Markdown, HTML, PDF, DOCX, EPUB, e-mail, JSON Lines, CSV, RSS and Atom are read, and .zip
    and .tar files of these.

    \b
    qa index add articles/ statement.txt
    qa index add export.csv --field text=body --field title=headline
    """
    from index.walk import walk
    from qa.opening import open_for_adding

    settings = settings_from(context)
    options = reading_of(settings, fields)
    home = settings.home.resolve()
    total = sum(1 for _ in walk(list(paths), home))
    if total == 0:
        raise LoadError(f"no files in {', '.join(map(str, paths))}; name others")
    with closing(open_for_adding(settings, notify)) as archive:
        say_mended(archive.mended)
        with tallied(Tally(), quiet) as tally, bar(total, hidden=quiet) as advance:
            for outcome in archive.add(each_after(walk(list(paths), home), advance), options):
                tally.count(outcome)
    if tally.skipped and not tally.kept:
        sys.exit(1)


@index.command()
@click.argument("folder", type=click.Path(path_type=Path))
@reading_options
@click.pass_context
def sync(
    context: click.Context, /, folder: Path, fields: tuple[str, ...], quiet: bool, **_: Any
) -> None:
    """Make the archive hold what a folder holds: new, changed, moved and vanished files.

    What has vanished is found no more, but stays readable: see qa index versions.

    \b
    qa index sync articles/
    """
    from index.sync import check_folder
    from qa.opening import open_for_adding

    settings = settings_from(context)
    options = reading_of(settings, fields)
    check_folder(folder)
    with closing(open_for_adding(settings, notify)) as archive:
        say_mended(archive.mended)
        with tallied(Tally(SYNCED), quiet) as tally, spinner(hidden=quiet) as advance:
            for outcome in archive.sync(folder, options):
                tally.count(outcome)
                advance()


@index.command()
@click.argument("folder", type=click.Path(path_type=Path))
@reading_options
@click.pass_context
def watch(
    context: click.Context, /, folder: Path, fields: tuple[str, ...], quiet: bool, **_: Any
) -> None:
    """Keep the archive in step with a folder, until stopped with Ctrl-C.

    \b
    qa index watch articles/
    """
    from index.watch import Watch
    from qa.opening import open_for_adding

    settings = settings_from(context)
    options = reading_of(settings, fields)
    watching = Watch(folder, settings.home)
    with closing(open_for_adding(settings, notify)) as archive:
        say_mended(archive.mended)
        tally: Tally | None = None
        for _moment in watching.moments():
            first, tally = tally is None, Tally(SYNCED, before=tally)
            try:
                with tallied(tally, quiet):
                    for outcome in archive.sync(folder, options):
                        tally.count(outcome)
            except (ArchiveBusy, LoadError) as trouble:
                watching.look_again()
                notify(f"{trouble}; watching on")
            if first and not quiet:
                notify(f"watching {folder}; Ctrl-C ends it")


@index.command()
@click.argument("references", metavar="ID|PATH...", nargs=-1, required=True)
@archive_options
@click.pass_context
def remove(context: click.Context, /, references: tuple[str, ...], **_: Any) -> None:
    """Remove documents, by id, by path, or all of a folder.

    \b
    qa index remove 3 articles/statement.txt
    """
    with open_archive(context) as archive:
        for reference in references:
            # No archive holds a name that is no text; escaped, it is simply not found.
            name = reference.encode(errors="backslashreplace").decode()
            for document in archive.remove(name):
                click.echo(f"removed {show.describe(document)}")


@index.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@archive_options
@click.pass_context
def list_documents(context: click.Context, /, as_json: bool, **_: Any) -> None:
    """List the documents.

    \b
    qa index list --json
    """
    from qa.types import describe

    with open_archive(context) as archive:
        documents = archive.store.documents()
        if as_json:
            print_json([describe(each) for each in documents])
            return
        for each in documents:
            click.echo(show.describe(each))


@index.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@archive_options
@click.pass_context
def status(context: click.Context, /, as_json: bool, **_: Any) -> None:
    """Say how large the archive is and which model made it.

    \b
    qa index status --home archive
    """
    with open_archive(context) as archive:
        found = archive.status()
    facts = {
        "home": str(found.home),
        "documents": found.documents,
        "passages": found.passages,
        "change": found.change,
        "embedder": found.embedder,
        "dimension": found.dimension,
        "bytes": found.bytes_on_disk,
    }
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        click.echo(f"{name:10} {value:,}" if isinstance(value, int) else f"{name:10} {value}")


for each in (cli_history.versions, cli_history.export_archive, cli_history.import_archive):
    index.add_command(each)
