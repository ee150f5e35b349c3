"""What the commands of this folder share: options, errors in one line, and an exit status."""

import sys
from pathlib import Path

import click

from index.errors import CuttingsError

config_option = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="What is made, and how: training/config.toml, or a copy of it.",
)

dev_option = click.option(
    "--dev",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A SQuAD-format set to measure on; may be given several times.",
)


def run(command: click.Command) -> None:
    """Run a command as the program: exit status 2 for misuse, 1 for failure, 130 if stopped."""
    try:
        command.main(standalone_mode=False)
    except CuttingsError as error:
        _end(command, str(error), error.exit_status)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _end(command, "stopped", 130)
    except OSError as error:
        # The machine's trouble, not ours: a full disk, or a folder that may not be written.
        _end(command, f"{error.strerror}: {error.filename or 'the output'}", 1)


def _end(command: click.Command, message: str, status: int) -> None:
    click.echo(f"{command.name}: {message}", err=True)
    sys.exit(status)
