"""The commands about conversations that were kept."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from qa.options import archive_options, print_json, printable, settings_from

if TYPE_CHECKING:
    from qa.notebook import Notebook


@contextmanager
def open_notebook(context: click.Context) -> Iterator["Notebook"]:
    """Open what is kept in the archive that a command's settings name.

    Raises:
        NoArchive: there is none.
    """
    from index.errors import NoArchive
    from index.layout import Layout
    from qa.notebook import Notebook

    layout = Layout(settings_from(context).home)
    if not layout.store.exists():
        raise NoArchive(f"no archive at {layout.home}; make one with: qa index add PATH")
    with closing(Notebook(layout.conversations)) as notebook:
        yield notebook


def write_out(text: str, output: Path | None) -> None:
    """Print a text, or write it to a file.

    Raises:
        Misuse: the file is there already.
    """
    from index.errors import Misuse
    from index.files import write_atomically

    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise Misuse(f"{output} is there already; name another file")
    write_atomically(output, text.encode())


@click.group()
def conversations() -> None:
    """List, show, rename, delete and export kept conversations."""


@conversations.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@archive_options
@click.pass_context
def list_conversations(context: click.Context, /, as_json: bool, **_: Any) -> None:
    """List the conversations, those that were asked something last first.

    \b
    qa conversations list
    """
    from qa import conversations as kept_ones
    from qa import show_kept

    with open_notebook(context) as notebook:
        found = kept_ones.newest(notebook)
    if as_json:
        print_json([each.as_json() for each in found])
        return
    for each in found:
        click.echo(show_kept.line(each))


@conversations.command()
@click.argument("conversation_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@archive_options
@click.pass_context
def show(context: click.Context, /, conversation_id: str, as_json: bool, **_: Any) -> None:
    """Print a conversation as it was.

    \b
    qa conversations show 5f1c0e4a9d3b47628c1fe2a07b9d6c34
    """
    from qa import conversations as kept_ones
    from qa import kept, show_kept, transcript

    with open_notebook(context) as notebook:
        found = kept_ones.find(notebook, conversation_id)
        answers = kept.thread(notebook, conversation_id)
    if as_json:
        print_json(transcript.as_json(found, answers))
    else:
        show_kept.conversation(Console(highlight=False), found, answers)


@conversations.command()
@click.argument("conversation_id", metavar="ID")
@click.argument("name")
@archive_options
@click.pass_context
def rename(context: click.Context, /, conversation_id: str, name: str, **_: Any) -> None:
    """Give a conversation another name.

    \b
    qa conversations rename 5f1c0e4a9d3b47628c1fe2a07b9d6c34 "Children's services"
    """
    from qa import conversations as kept_ones

    with open_notebook(context) as notebook:
        found = kept_ones.change(notebook, conversation_id, name=name)
    click.echo(f"renamed {found.id} to {printable(str(found.name))}")


@conversations.command()
@click.argument("conversation_id", metavar="ID")
@archive_options
@click.pass_context
def delete(context: click.Context, /, conversation_id: str, **_: Any) -> None:
    """Delete a conversation with its answers.

    \b
    qa conversations delete 5f1c0e4a9d3b47628c1fe2a07b9d6c34
    """
    from qa import conversations as kept_ones

    with open_notebook(context) as notebook:
        kept_ones.delete(notebook, conversation_id)
    click.echo(f"deleted {conversation_id}")


@conversations.command()
@click.argument("conversation_id", metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "json"]),
    default="md",
    show_default=True,
    help="Markdown with footnotes, or JSON.",
)
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it to this file."
)
@archive_options
@click.pass_context
def export(
    context: click.Context, /, conversation_id: str, form: str, output: Path | None, **_: Any
) -> None:
    """Print a conversation as Markdown or JSON, to keep it elsewhere.

    \b
    qa conversations export 5f1c0e4a9d3b47628c1fe2a07b9d6c34 --output talk.md
    """
    from qa import conversations as kept_ones
    from qa import kept, show, transcript

    with open_notebook(context) as notebook:
        found = kept_ones.find(notebook, conversation_id)
        answers = kept.thread(notebook, conversation_id)
    if form == "json":
        text = show.as_json(transcript.as_json(found, answers)) + "\n"
    else:
        text = transcript.as_markdown(found, answers)
    write_out(text, output)
