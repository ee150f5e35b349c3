"""The `qa` command. Each subcommand is a few lines: settings, one call, what to print."""

import io
import shlex
import sys
from contextlib import closing
from datetime import date
from importlib.metadata import EntryPoints, entry_points, version
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from index.errors import Misuse
from qa import show
from qa.cli_conversations import conversations
from qa.cli_feedback import feedback
from qa.cli_history import verify
from qa.cli_index import index
from qa.cli_search import search
from qa.interrupt import hear_everywhere
from qa.options import (
    Day,
    archive_options,
    asking_options,
    chosen,
    document_option,
    notify,
    print_json,
    printable,
    run,
    say_mended,
    settings_from,
)


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


@cli.command()
@click.argument("question")
@click.option("--since", type=Day(), help="Only documents from this day on.")
@click.option("--until", type=Day(), help="Only documents up to this day.")
@document_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@asking_options
@click.pass_context
def ask(
    context: click.Context,
    /,
    question: str,
    since: date | None,
    until: date | None,
    references: tuple[str, ...],
    as_json: bool,
    **_: Any,
) -> None:
    """Ask one question.

    \b
    qa ask "Who wrote the report?" --since 2017-01-01 --document articles/council
    """
    from qa.opening import open_answerer
    from qa.question import check_question

    settings = settings_from(context)
    check_question(question, settings.max_question)
    answerer = open_answerer(settings, notify)
    with closing(answerer.archive) as archive:
        say_mended(archive.mended)
        documents = chosen(archive, references)
        given = answerer.ask(question, since=since, until=until, documents=documents)
    if as_json:
        print_json(given.as_json())
    else:
        show.answer(Console(highlight=False), given)


@cli.command()
@click.option(
    "--continue",
    "continued",
    metavar="[ID]",
    is_flag=False,
    flag_value="",
    help="Go on with a conversation that was kept: the last, or that of the ID.",
)
@click.option("--no-keep", is_flag=True, help="Do not keep the conversation.")
@document_option
@asking_options
@click.pass_context
def chat(
    context: click.Context,
    /,
    continued: str | None,
    no_keep: bool,
    references: tuple[str, ...],
    **_: Any,
) -> None:
    """Ask questions one after another; later ones may lean on earlier ones.

    The conversation is kept in the archive's folder: see qa conversations.

    \b
    qa chat --home archive
    qa chat --continue --document articles/council
    """
    from qa import keeper
    from qa.chat import Chat
    from qa.notebook import Notebook
    from qa.opening import open_answerer

    if continued is not None and no_keep:
        raise Misuse("--continue goes on keeping a conversation; leave out --no-keep")
    answerer = open_answerer(settings_from(context), notify)
    with (
        closing(answerer.archive) as archive,
        closing(Notebook(archive.layout.conversations)) as notebook,
    ):
        say_mended(archive.mended)
        before = None if continued is None else keeper.find(notebook, continued)
        keeps = None if no_keep else keeper.Keeper(notebook, notify, before)
        Chat(answerer, Console(highlight=False), keeps, chosen(archive, references)).run()


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
        print_json(found)
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


cli.add_command(conversations)
cli.add_command(feedback)
cli.add_command(index)
cli.add_command(search)
cli.add_command(verify)


def main() -> None:
    """Run the program."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Not every terminal can show every document; a curly quote is no reason to fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    hear_everywhere()
    run(cli)
