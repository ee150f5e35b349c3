"""`qa serve`: the service on a port of this machine."""

import json
import logging
import os
import shlex
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from index.errors import CuttingsError, Misuse
from index.layout import Layout
from qa.options import asking_options, settings_from

if TYPE_CHECKING:
    from index.archive import Archive
    from qa.answer import Answerer
    from qa.settings import Settings

_logger = logging.getLogger(__name__)

BACKLOG: Final = 2048
"""Connections that may wait to be accepted."""


_EVERYWHERE: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""Addresses to listen at that are none to connect to, and what reaches them from this machine."""


@click.command()
@click.option("--host", help="Address to serve on.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to serve on; 0 takes a free one.  [default: 8000]")
@click.option(
    "--auth/--no-auth",
    default=None,
    help="Ask for keys, or let anyone ask.  [default: ask for them, unless on loopback]",
)
@click.option(
    "--workers",
    type=int,
    help="Questions answered at a time; batches have half as many more.  [default: 2]",
)
@click.option("--queue", type=int, help="Questions that may wait.  [default: 64]")
@click.option("--mcp/--no-mcp", default=None, help="Serve AI assistants at /mcp.  [default: --mcp]")
@click.option(
    "--grace",
    type=float,
    help="Seconds to finish what was begun, when told to stop.  [default: 25]",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    help="The log, on standard error.  [default: text on a terminal, otherwise json]",
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="The least that is logged.  [default: info]",
)
@click.option(
    "--log-questions/--no-log-questions",
    default=None,
    help="Log questions, word for word.  [default: no]",
)
@click.option(
    "--example",
    default="Who wrote the report?",
    metavar="QUESTION",
    help="The question in the curl line that is printed.",
)
@asking_options
@click.pass_context
def serve(context: click.Context, /, example: str, **_: Any) -> None:
    """Serve the archive over HTTP: a page to ask on at /, the documentation at /docs.

    On this machine anyone may ask; from elsewhere it takes a key, which qa keys add makes.

    \b
    qa keys add newsroom --can ask
    qa serve --host 0.0.0.0 --port 8000 --workers 4
    qa serve --log-format json --log-level warning 2> service.log
    """
    from api import logs
    from qa.opening import open_for_asking

    settings = settings_from(context)
    logs.set_up(settings.log_format, settings.log_level)
    # The models are loaded behind the open port; what can be found wrong before that, is.
    with closing(open_for_asking(settings, _logger.info)) as archive:
        for each in archive.mended:
            _logger.warning(each)
        check_doors(settings)
        with listen(settings.host, settings.port, settings.request_seconds) as listener:
            run(settings, archive, listener, example)


def check_doors(settings: "Settings") -> None:
    """See to it that who may ask is clear before anybody can.

    Raises:
        Misuse: a key would be asked for, and there is none.
    """
    from api.keys import Keyring
    from api.rights import free_right, is_loopback

    free = free_right(settings)
    if free is None and not Keyring(Layout(settings.home)).held():
        raise Misuse(
            f"serving on {settings.host} takes a key, and there is none; make one with: qa keys "
            "add NAME, or let anyone ask with --no-auth"
        )
    if free is not None and not is_loopback(settings.host):
        _logger.warning(
            "--no-auth: whoever reaches %s port %d may ask and read everything, conversations "
            "included; only adding and removing documents takes a key",
            settings.host,
            settings.port,
        )


def listen(host: str, port: int, seconds: float = 30) -> socket.socket:
    """Return a socket that listens at `host`, a name or an address, and `port`.

    A connection whose other end takes nothing of a reply for so many seconds is broken off.

    Raises:
        CuttingsError: it cannot, for example because another program does.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        # Connections have it from their listener. Elsewhere than on Linux a reply waits for ever.
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(seconds * 1000))
        return listener
    except OSError as error:
        raise CuttingsError(
            f"cannot serve on {host} port {port}: {error.strerror}; "
            "choose another with --host or --port"
        ) from error


def run(settings: "Settings", archive: "Archive", listener: socket.socket, example: str) -> None:
    """Serve until the process is told to stop, then finish what was begun."""
    import uvicorn

    from api.app import create_app
    from api.protocol import patient
    from api.rights import free_right
    from api.server import Server
    from qa.opening import answerer_for

    app = create_app(settings, partial(answerer_for, archive))
    # Its own log of requests knows neither their ids nor their routes: `api.access` does.
    config = uvicorn.Config(
        app,
        http=patient(settings.request_seconds),
        ws="none",
        log_config=None,
        log_level=logging.getLogger().level,
        access_log=False,
        server_header=False,
        lifespan="on",
    )
    server = Server(config, app.state.service.pools, settings.grace)

    def stop() -> None:
        server.should_exit = True

    loaded: Future[Answerer] = app.state.service.loaded
    loaded.add_done_callback(
        partial(
            _announce,
            address=_address(listener),
            example=example,
            takes_key=free_right(settings) is None,
            stop=stop,
        )
    )
    server.run(sockets=[listener])
    if not loaded.done():
        # Nothing interrupts a model that is being loaded, and nothing of it needs finishing.
        sys.stdout.flush()
        os._exit(0 if server.told == signal.SIGTERM else 130)
    failure = loaded.exception()
    if failure is not None:
        sys.exit(failure.exit_status if isinstance(failure, CuttingsError) else 1)


def _announce(
    loaded: "Future[Answerer]",
    address: str,
    example: str,
    takes_key: bool,
    stop: Callable[[], None],
) -> None:
    """Say where the service is, now that it is ready; or stop it, for it never will be."""
    if loaded.exception() is not None:
        stop()
        return
    documents, _ = loaded.result().archive.store.count()
    body = shlex.quote(json.dumps({"question": example}, ensure_ascii=False))
    key = ' -H "Authorization: Bearer $KEY"' if takes_key else ""
    click.echo(
        f"Answering from {documents:,} documents at {address}\n"
        f"In a browser:  {address}/\n"
        f"On a terminal: curl {address}/ask{key} -H 'Content-Type: application/json' -d {body}\n"
        "Ctrl-C ends it."
    )


def _address(listener: socket.socket) -> str:
    host, port, *_ = listener.getsockname()
    host = _EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
