"""The commands that look back, and those that take a whole archive elsewhere."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from qa import show
from qa.options import archive_options, open_archive, print_json, printable, settings_from
from qa.progress import bar
from qa.types import describe, describe_version, in_utc

if TYPE_CHECKING:
    from index.manifest import Manifest
    from index.types import Version
    from index.verify import Place, Verdict

HEADINGS = {
    "found": "Found.",
    "moved": "Moved: that document does not have it, but it is here.",
    "changed": "Changed: only an earlier version has it.",
    "not found": "Not found.",
}


@click.command()
@click.argument("quote")
@click.option(
    "--document", "reference", metavar="ID|PATH", help="The document that it should be in."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@archive_options
@click.pass_context
def verify(
    context: click.Context, /, quote: str, reference: str | None, as_json: bool, **_: Any
) -> None:
    """Say whether a quotation is in the archive.

    Every digit and mark must be the same; only line breaks and other white space may differ. The
    exit status is 1 if it is not there, or not any more.

    \b
    qa verify "1,789 children" --document articles/statement.txt
    """
    from index import verify as verifier
    from index.history import find_one
    from qa.verdict import describe_verdict

    with open_archive(context) as archive:
        document = None if reference is None else find_one(archive, _name(reference))
        verdict = verifier.verify(archive.store, quote, None if document is None else document.id)
    if as_json:
        print_json(describe_verdict(quote, verdict))
    else:
        _print(Console(highlight=False), verdict)
    if verdict.result in ("changed", "not found"):
        sys.exit(1)


@click.command()
@click.argument("reference", metavar="ID|PATH")
@click.option(
    "--show", "number", metavar="N", type=click.IntRange(1, 10**9), help="Print this version."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@archive_options
@click.pass_context
def versions(
    context: click.Context, /, reference: str, number: int | None, as_json: bool, **_: Any
) -> None:
    """List the versions of a document, or print one.

    A document that has vanished still has them.

    \b
    qa index versions articles/statement.txt
    qa index versions 3 --show 1
    """
    from index import history

    with open_archive(context) as archive:
        document = history.find_one(archive, _name(reference))
        found = history.versions(archive.store, document.id)
        chosen = None if number is None else history.version(archive.store, document.id, number)
    if as_json and chosen is not None:
        print_json({**describe(chosen), "text": chosen.text})
    elif as_json:
        print_json({"id": document.id, "versions": [describe_version(each) for each in found]})
    elif chosen is not None:
        click.echo(show.clean(chosen.text))
    else:
        for each in found:
            click.echo(_line(each))


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@archive_options
@click.pass_context
def export_archive(context: click.Context, /, file: Path, force: bool, **_: Any) -> None:
    """Write the whole archive to one file.

    It is in one state there, whoever changes it meanwhile.

    \b
    qa index export croydon.cuttings
    """
    from index import bundle

    with open_archive(context) as archive:
        steps = archive.layout.store.stat().st_size // bundle.CHUNK + 1
        with bar(steps) as advance:
            made = bundle.pack(archive.store, file, force, advance)
    click.echo(f"exported {_contents(made)} to {printable(str(file))}")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@archive_options
@click.pass_context
def import_archive(context: click.Context, /, file: Path, **_: Any) -> None:
    """Make an archive of an exported one.

    Its hash is compared first, and its folder must be missing or empty.

    \b
    qa index import croydon.cuttings --home archive
    """
    from index import bundle, manifest

    home = settings_from(context).home
    with manifest.opened(file) as (_bundle, expected):
        steps = expected.bytes // bundle.CHUNK + 1
    with bar(steps) as advance:
        made = bundle.unpack(file, home, advance)
    click.echo(f"imported {_contents(made)} into {printable(str(home))}")


def _name(reference: str) -> str:
    # No archive holds a name that is no text; escaped, it is simply not found.
    return reference.encode(errors="backslashreplace").decode()


def _contents(made: "Manifest") -> str:
    return (
        f"{made.documents:,} documents, {made.versions:,} earlier versions and "
        f"{made.passages:,} passages, at change {made.change:,},"
    )


def _line(version: "Version") -> str:
    until = "current" if version.superseded is None else f"until {in_utc(version.superseded)}"
    day = "" if version.published is None else f"{version.published}, "
    about = f"{day}{version.length:,} characters, {show.one_line(version.title)}"
    return f"{version.number:4}  {until:26}  {about}, {show.one_line(version.source)}"


def _print(console: Console, verdict: "Verdict") -> None:
    count = len(verdict.places)
    heading = f"Found in {count:,} places." if verdict.result == "found" and count > 1 else ""
    show.put(console, Text(heading or HEADINGS[verdict.result], style="bold"))
    for place in verdict.places:
        _print_place(console, place)
    for each in verdict.earlier:
        until = Text(f"Until {in_utc(each.superseded)}, in version {each.place.document.version}:")
        show.put(console, until)
        _print_place(console, each.place)
        if each.now is not None:
            show.put(console, Text("Now:"))
            _print_place(console, each.now)
        else:
            gone = "The document has vanished." if each.vanished else "Now it has nothing like it."
            show.put(console, Text(gone))
    if verdict.more:
        show.put(console, Text("There are more places; quote more of the words."))


def _print_place(console: Console, place: "Place") -> None:
    from qa.verdict import citation_of

    cited = citation_of(place)
    show.put(console, show.quotation(cited))
    show.put(console, Text(f"  {show.reference(cited)}", style="cyan"))
    if place.is_torn:
        show.put(console, Text("  it begins or ends inside a word or figure there", style="yellow"))
