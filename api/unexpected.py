"""The last resort: an error that nobody foresaw becomes a problem document and a log entry."""

import logging
import traceback
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kinds import UNEXPECTED
from api.problems import ProblemResponse, encodable

_logger = logging.getLogger(__name__)


class UnexpectedErrors:
    """ASGI middleware that answers for errors that the application let out."""

    def __init__(self, app: ASGIApp) -> None:
        """Guard `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception as error:  # whatever it is, the client gets an answer
            if scope["type"] != "http" or begun:
                raise
            log(error, scope)
            await ProblemResponse(UNEXPECTED, scope)(scope, receive, send)


def log(error: Exception, scope: Scope) -> None:
    """Log an error that nobody foresaw."""
    # Not logging.exception, which would add the error's message.
    address = quote(encodable(scope["path"]))
    _logger.error("%s %s failed\n%s", scope["method"], address, where(error))


def where(error: BaseException) -> str:
    """Return the kind of an error and the lines of code it came through.

    Its message is left out: it may quote the question, and questions are never logged.
    """
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__
