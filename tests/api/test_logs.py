"""What the log's lines look like."""

import json
import logging
import re
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.logs import JsonLines, TextLines, log_question
from qa.opening import open_answerer
from tests.api.workshop import settings_for

TIME = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def _record(
    message: str, *arguments: object, error: BaseException | None = None
) -> logging.LogRecord:
    info = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord("api.test", logging.WARNING, "x.py", 1, message, arguments, info)


def _raised() -> ValueError:
    try:
        raise ValueError("Who is our source?")
    except ValueError as error:
        return error


def test_a_line_of_json() -> None:
    record = _record("%d of %s", 3, "four")
    record.fields = {"status": 200, "route": None}
    line = json.loads(JsonLines().format(record))
    assert re.fullmatch(TIME, line.pop("time"))
    assert line == {
        "level": "warning",
        "logger": "api.test",
        "message": "3 of four",
        "request_id": None,
        "status": 200,
        "route": None,
    }


def test_a_line_of_text() -> None:
    assert re.fullmatch(
        TIME + " WARNING 3 of four", TextLines().format(_record("%d of %s", 3, "four"))
    )


def test_the_time_is_that_of_utc() -> None:
    record = _record("now")
    record.created = 1_500_000_000.1239
    assert json.loads(JsonLines().format(record))["time"] == "2017-07-14T02:40:00.123Z"
    assert TextLines().format(record).startswith("2017-07-14T02:40:00.123Z ")


def test_an_error_is_told_by_kind_and_place_not_in_its_own_words() -> None:
    error = _raised()
    record = _record("it failed", error=error)
    text = TextLines().format(record)
    said = json.loads(JsonLines().format(record))["message"]
    for shown in (text, said):
        assert "it failed" in shown
        assert "test_logs.py" in shown
        assert "ValueError" in shown
    source = traceback.extract_tb(error.__traceback__)[0].line
    assert source is not None
    assert "our source" not in said.replace(source, "")
    first, *more = text.split("\n")
    assert re.match(TIME, first)
    assert more
    assert all(each.startswith("    ") for each in more)


@given(st.text(st.characters(codec=None)))
def test_no_message_can_pose_as_a_line(message: str) -> None:
    record = _record("%s", message)
    line = JsonLines().format(record)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == message
    first, *more = TextLines().format(record).split("\n")
    assert first.isprintable()
    assert all(each.startswith("    ") and each.isprintable() for each in more)


def test_a_question_is_logged_in_its_own_words(
    fake_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "api")
    answerer = open_answerer(settings_for(fake_home, min_confidence=1))
    log_question(answerer.ask("And the editor?", ["Who edits Inside Croydon?"]))
    answerer.archive.close()
    line = json.loads(JsonLines().format(caplog.records[-1]))
    assert line["message"] == "not answered: And the editor?"
    assert line["question"] == "And the editor?"
    assert line["standalone_question"] == "Who edits the editor?"
    assert line["answered"] is False
    assert 0 <= line["confidence"] <= 1
    assert line["duration_ms"] > 0


def _run(log_format: str | None, level: str) -> list[str]:
    """Log in a process of its own, as ourselves and as a library, and return the lines."""
    script = f"""
import logging, warnings
from api.logs import set_up
set_up({log_format!r}, {level!r})
for name in ("api.x", "index.x", "qa.x", "uvicorn.error"):
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logging.getLogger(name).log(level, "said")
warnings.warn("old")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_without_a_terminal_it_is_json_and_libraries_only_warn() -> None:
    names = [json.loads(each)["logger"] for each in _run(None, "info")]
    for ours in ("api.x", "index.x", "qa.x"):
        assert names.count(ours) == 3
    assert names.count("uvicorn.error") == 2
    assert names.count("py.warnings") == 1


def test_text_can_be_asked_for_and_less_of_it() -> None:
    lines = _run("text", "error")
    assert len(lines) == 4
    assert all(re.fullmatch(TIME + " ERROR said", each) for each in lines)
