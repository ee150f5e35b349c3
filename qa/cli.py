"""The `qa` command. Each subcommand is a few lines: settings, one call, what to print."""

import io
import shlex
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from importlib.metadata import EntryPoints, entry_points, version
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from index.errors import LoadError, Misuse
from qa import show
from qa.options import Day, archive_options, asking_options, notify, printable, run, settings_from


class Program(click.Group):
    """The commands below, and those that other houses bring, loaded when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(ctx), *_elsewhere().names])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        own = super().get_command(ctx, cmd_name)
        if own is not None or cmd_name not in _elsewhere().names:
            return own
        command: click.Command = _elsewhere()[cmd_name].load()
        return command


def _elsewhere() -> EntryPoints:
    return entry_points(group="cuttings.commands")


@click.group(
    cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(version("cuttings"), prog_name="qa")
def cli() -> None:
    """Ask an archive of articles; get its own words back, with where they stand.

    \b
    qa index add articles/
    qa ask "How many children needed specialist services?"
    """


@cli.group()
def index() -> None:
    """Add, remove and list documents."""


@index.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--max-file-mb", type=float, help="Skip larger files.  [default: 20]")
@click.option("--quiet", is_flag=True, help="Say nothing unless something was skipped.")
@archive_options
@click.pass_context
def add(context: click.Context, /, paths: tuple[Path, ...], quiet: bool, **_: Any) -> None:
    """Add files, and the files in folders. A file that was there before is replaced if it changed.

    \b
    qa index add articles/ statement.txt
    """
    from index.walk import walk
    from qa.opening import open_for_adding
    from qa.progress import Tally, bar

    settings = settings_from(context)
    files = list(walk(list(paths), settings.home.resolve()))
    if not files:
        raise LoadError(f"no files in {', '.join(map(str, paths))}; name others")
    with closing(open_for_adding(settings, notify)) as archive:
        _say_mended(archive.mended)
        tally = Tally()
        try:
            with bar(len(files), hidden=quiet) as advance:
                for outcome in archive.add(files, int(settings.max_file_mb * 1e6)):
                    tally.count(outcome)
                    advance()
        finally:
            # Also after Ctrl-C or on a full disk: what has been counted is there to stay.
            tally.report(quiet)
    if tally.skipped and not tally.kept:
        sys.exit(1)


@index.command()
@click.argument("references", metavar="ID|PATH...", nargs=-1, required=True)
@archive_options
@click.pass_context
def remove(context: click.Context, /, references: tuple[str, ...], **_: Any) -> None:
    """Remove documents, by id, by path, or all of a folder.

    \b
    qa index remove 3 articles/statement.txt
    """
    with _archive(context) as archive:
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

    with _archive(context) as archive:
        documents = archive.store.documents()
        if as_json:
            _print_json([describe(each) for each in documents])
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
    with _archive(context) as archive:
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
        _print_json(facts)
        return
    for name, value in facts.items():
        click.echo(f"{name:10} {value:,}" if isinstance(value, int) else f"{name:10} {value}")


@cli.command()
@click.argument("question")
@click.option("--since", type=Day(), help="Only documents from this day on.")
@click.option("--until", type=Day(), help="Only documents up to this day.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@asking_options
@click.pass_context
def ask(
    context: click.Context,
    /,
    question: str,
    since: date | None,
    until: date | None,
    as_json: bool,
    **_: Any,
) -> None:
    """Ask one question.

    \b
    qa ask "Who wrote the report?" --since 2017-01-01
    """
    from qa.opening import open_answerer
    from qa.question import check_question

    check_question(question)
    settings = settings_from(context)
    answerer = open_answerer(settings, notify)
    with closing(answerer.archive) as archive:
        _say_mended(archive.mended)
        given = answerer.ask(question, since=since, until=until)
    if as_json:
        _print_json(given.as_json())
    else:
        show.answer(Console(highlight=False), given)


@cli.command()
@asking_options
@click.pass_context
def chat(context: click.Context, /, **_: Any) -> None:
    """Ask questions one after another; later ones may lean on earlier ones.

    \b
    qa chat --home archive
    """
    from qa.chat import Chat
    from qa.opening import open_answerer

    answerer = open_answerer(settings_from(context), notify)
    with closing(answerer.archive) as archive:
        _say_mended(archive.mended)
        Chat(answerer, Console(highlight=False)).run()


@cli.command("eval")
@click.argument(
    "questions", metavar="[QUESTIONS.jsonl]", required=False, type=click.Path(path_type=Path)
)
@click.option(
    "--squad",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Ask the questions of a SQuAD file, .json or .json.gz, of an archive of its contexts.",
)
@click.option(
    "--given-passage", is_flag=True, help="With --squad: give the reader the right passage."
)
@click.option("--limit", type=click.IntRange(min=1), help="Ask so many, drawn by chance.")
@click.option(
    "--plot",
    metavar="FILE.png",
    type=click.Path(path_type=Path),
    help="Draw what confidence is worth.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@asking_options
@click.pass_context
def evaluate(
    context: click.Context,
    /,
    questions: Path | None,
    squad: Path | None,
    given_passage: bool,
    limit: int | None,
    plot: Path | None,
    as_json: bool,
    **_: Any,
) -> None:
    """Print how well a fixed set of questions is answered.

    \b
    qa eval tests/croydon.jsonl --plot confidence.png
    qa eval --squad dev-v2.0.json --limit 500 --json
    qa eval --squad dev-v2.0.json --given-passage
    """
    from qa.evaluate import measure_file, summarize
    from qa.evaluate_squad import measure_archive
    from qa.given_passage import measure_passages
    from qa.plot import check_target, draw

    path = questions if squad is None else squad
    if path is None or (questions is not None and squad is not None):
        raise Misuse("give one set of questions: QUESTIONS.jsonl, or --squad FILE")
    if given_passage and squad is None:
        raise Misuse("--given-passage is for --squad FILE, which says what the passages are")
    if given_passage and plot is not None:
        raise Misuse("--plot is for answers from an archive; leave out --given-passage")
    if plot is not None:
        check_target(plot)
    in_squad = measure_passages if given_passage else measure_archive
    measure = measure_file if squad is None else in_squad
    found = measure(path, settings_from(context), limit, notify)
    if as_json:
        _print_json(found)
    else:
        click.echo(summarize(found))
    if plot is not None:
        draw(plot, found)


@cli.command()
@archive_options
@click.pass_context
def prepare(context: click.Context, /, **_: Any) -> None:
    """Prepare the embedding model now, so that nobody waits later.

    \b
    qa prepare --cache models
    """
    from qa.opening import loader

    settings = settings_from(context)
    embedder = loader(settings, notify)(settings.embedder_name)
    click.echo(f"{embedder.name} is ready in {settings.cache}")


@cli.command()
@click.option("--mend", is_flag=True, help="Mend what was found.")
@archive_options
@click.pass_context
def doctor(context: click.Context, /, mend: bool, **_: Any) -> None:
    """Check the store and both views; exit with status 1 if anything is wrong.

    \b
    qa doctor --mend
    """
    from index import doctor as examiner
    from qa.opening import loader

    settings = settings_from(context)
    findings = list(examiner.examine(settings.home))
    for each in findings:
        click.echo(printable(each.problem))
    if not findings:
        click.echo("nothing is wrong")
        return
    if not mend:
        command = f"qa doctor --mend --home {shlex.quote(str(settings.home))}"
        click.echo(f"{len(findings)} found; mend with: {command}")
        sys.exit(1)
    examiner.mend(settings.home, findings, loader(settings, notify))
    left = list(examiner.examine(settings.home))
    click.echo(f"mended {len(findings) - len(left)} of {len(findings)}")
    sys.exit(1 if left else 0)


@contextmanager
def _archive(context: click.Context) -> Iterator[Any]:
    from qa.opening import open_for_asking

    with closing(open_for_asking(settings_from(context), notify)) as archive:
        _say_mended(archive.mended)
        yield archive


def _say_mended(mended: list[str]) -> None:
    for each in mended:
        notify(f"notice: {each}")


def _print_json(value: Any) -> None:
    click.echo(show.as_json(value))


def main() -> None:
    """Run the program."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Not every terminal can show every document; a curly quote is no reason to fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    run(cli)
