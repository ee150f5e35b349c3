"""The commands about what people thought of answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from qa.cli_conversations import open_notebook, write_out
from qa.options import archive_options, print_json

if TYPE_CHECKING:
    from qa.talk import Verdict

VERDICTS = ("right", "wrong answer", "wrong citation")


@click.group()
def feedback() -> None:
    """List and export what people thought of answers."""


@feedback.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@archive_options
@click.pass_context
def list_feedback(context: click.Context, /, as_json: bool, **_: Any) -> None:
    """List the answers that were judged.

    \b
    qa feedback list
    """
    from qa import feedback as given
    from qa import show_kept

    with open_notebook(context) as notebook:
        found = list(given.judged(notebook))
        if as_json:
            print_json([given.as_line(notebook, each) for each in found])
            return
    for each in found:
        show_kept.answer(Console(highlight=False), each)


@feedback.command()
@click.option("--verdict", type=click.Choice(VERDICTS), help="Only answers that were judged so.")
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it to this file."
)
@archive_options
@click.pass_context
def export(
    context: click.Context, /, verdict: "Verdict | None", output: Path | None, **_: Any
) -> None:
    """Print the answers that were judged, one JSON object a line.

    Those that were judged right are lines for qa eval as they are. To the others, somebody has to
    add what the right answers are.

    \b
    qa feedback export --verdict right --output questions.jsonl
    qa eval questions.jsonl
    """
    from qa import feedback as given
    from qa import show

    with open_notebook(context) as notebook:
        lines = [
            show.as_json(given.as_line(notebook, each), indent=None) + "\n"
            for each in given.judged(notebook, verdict)
        ]
    write_out("".join(lines), output)
