"""`qa mcp`: the tools on standard input and output, for an assistant that starts this itself."""

import asyncio
import logging
import os
import signal
import sys
from concurrent.futures import wait
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from qa.options import asking_options, notify, say_mended, settings_from

if TYPE_CHECKING:
    from api.service import Service
    from qa.answer import Answerer


@click.command()
@click.option("--workers", type=int, help="Calls answered at a time.  [default: 2]")
@asking_options
@click.pass_context
def mcp(context: click.Context, /, **_: Any) -> None:
    """Give an AI assistant the archive as tools, over MCP on standard input and output.

    The assistant starts this itself; its settings name the command:

    \b
    qa mcp --home /srv/papers/.qa

    Its tools are ask, search, open, verify and list, and none of them changes the archive. A
    service has the same at /mcp: see qa serve.
    """
    from api.mcp.extra import check_installed

    check_installed()
    from api.pool import Pool
    from api.service import Service
    from qa.opening import answerer_for, open_for_asking

    settings = settings_from(context)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    # A thread that reads can be interrupted in no other way, and nothing here needs finishing.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with closing(open_for_asking(settings, notify)) as archive:
        say_mended(archive.mended)
        if sys.stdin.isatty():
            notify("waiting for an assistant's messages, see qa mcp --help; Ctrl-C ends it")
        pool = Pool(settings.workers, settings.queue)
        # There are no batches here.
        service = Service(partial(answerer_for, archive, settings), pool, batches=pool)
        asyncio.run(_serve(service))
        if not service.loaded.done():
            os._exit(0)  # nothing interrupts a model that is being loaded
        service.close()


async def _serve(service: "Service") -> None:
    """Talk until standard input ends."""
    from mcp.server.stdio import stdio_server

    from api.mcp.server import make_server

    server = make_server(service.pool.run, partial(_when_loaded, service))
    # Inside, whatever else is printed goes to standard error: the output is the protocol's.
    async with stdio_server() as (received, sent):
        service.start()
        await server.run(received, sent, server.create_initialization_options())


def _when_loaded(service: "Service") -> "Answerer":
    wait([service.loaded])
    return service.answerer
