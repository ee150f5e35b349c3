"""The service's log: lines of text for people, or one JSON object a line for programs."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final

from api import request_id
from api.unexpected import where
from qa.options import printable
from qa.types import Answer

HOUSES: Final = ("api", "index", "qa")
"""Loggers of our own. Of the libraries, uvicorn among them, only warnings are heard."""

_logger = logging.getLogger(__name__)


def set_up(log_format: str | None, level: str) -> None:
    """Send every log line of this process to standard error.

    Args:
        log_format: `text`, `json`, or None for text on a terminal and JSON elsewhere.
        level: `debug`, `info`, `warning` or `error`; nothing less is logged.
    """
    as_text = sys.stderr.isatty() if log_format is None else log_format == "text"
    handler = logging.StreamHandler()
    handler.setFormatter(TextLines() if as_text else JsonLines())
    least = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(handlers=[handler], level=max(least, logging.WARNING))
    for house in HOUSES:
        logging.getLogger(house).setLevel(least)
    logging.captureWarnings(capture=True)


def log_question(answer: Answer) -> None:
    """Log a question in its own words, and what became of it."""
    fields = {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "duration_ms": round(answer.timings_ms["total"], 1),
    }
    outcome = "answered" if answer.answered else "not answered"
    _logger.info("%s: %s", outcome, answer.question, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """One JSON object a line, in ASCII: nothing in it can begin another line.

    A record's `fields` become members of their own.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            "request_id": request_id.current(),
            **getattr(record, "fields", {}),
        }
        return json.dumps(line)


class TextLines(logging.Formatter):
    """A line that begins with the time. If there are more, as of an error, they are indented.

    What cannot be printed is shown by its code, so that nothing can pose as another line.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, or lines."""
        first, *more = map(printable, _message(record).splitlines() or [""])
        name = request_id.current()
        shown = "" if name is None else f" [{name}]"
        lines = [f"{_time(record)} {record.levelname} {first}{shown}", *more]
        return "\n    ".join(lines)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    error = record.exc_info[1] if record.exc_info else None
    # An error's own words may quote the question: only its kind and its place are told.
    return message if error is None else f"{message.rstrip()}\n{where(error)}"
