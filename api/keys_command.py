"""`qa keys`: who may use the service from elsewhere."""

from typing import Any

import click

from api.keys import RIGHTS, Keyring, Right
from index.layout import Layout
from qa.options import home_option, notify, print_json, printable, settings_from


@click.group()
def keys() -> None:
    """Make, list and remove keys to the service.

    \b
    qa keys add newsroom --can ask
    """


@keys.command()
@click.argument("name")
@click.option(
    "--can",
    type=click.Choice(RIGHTS),
    default="ask",
    show_default=True,
    help="Ask and read; or also add documents; or also remove them.",
)
@home_option
@click.pass_context
def add(context: click.Context, /, name: str, can: Right, **_: Any) -> None:
    """Make a key and print it, this once. A running service takes it at once.

    \b
    qa keys add newsroom --can ask
    curl http://HOST:8000/documents -H "Authorization: Bearer KEY"
    """
    click.echo(_keyring(context).add(name, can))
    notify("it is not shown again; send it as: Authorization: Bearer KEY")


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@home_option
@click.pass_context
def list_keys(context: click.Context, /, as_json: bool, **_: Any) -> None:
    """List the keys: name, right and when each was made.

    \b
    qa keys list --json
    """
    found = _keyring(context).held()
    if as_json:
        print_json([each.model_dump(mode="json", exclude={"hash"}) for each in found])
        return
    for each in found:
        click.echo(f"{each.can:5}  {each.made:%Y-%m-%d}  {printable(each.name)}")


@keys.command()
@click.argument("name")
@home_option
@click.pass_context
def remove(context: click.Context, /, name: str, **_: Any) -> None:
    """Remove a key. A running service refuses it at once.

    \b
    qa keys remove newsroom
    """
    click.echo(f"removed {printable(_keyring(context).remove(name).name)}")


def _keyring(context: click.Context) -> Keyring:
    return Keyring(Layout(settings_from(context).home))
