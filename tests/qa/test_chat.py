"""The REPL in a real terminal."""

import contextlib
import re
import signal
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from qa.opening import open_for_adding
from qa.settings import Settings
from tests.qa.workshop import QA, RunQA, add, write

LONG = 60
"""Seconds, for a busy machine."""

QUESTION = "How many children were in need of specialist services as of June?"
SAID = "As of June, Croydon had 1,789 children identified as being in need"

Start = Callable[..., Any]


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Iterator[Start]:
    """Starts `qa chat` in a terminal wide enough that no line is wrapped."""
    with contextlib.ExitStack() as started:

        def start(home: Path, *options: str) -> Any:
            chat = pexpect.spawn(
                str(QA),
                ["chat", "--home", str(home), "--min-confidence", "0", *options],
                cwd=tmp_path,
                env={**environment, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
                encoding="utf-8",
                timeout=LONG,
                dimensions=(50, 400),
            )
            started.callback(chat.close, force=True)
            chat.expect("Ctrl-D leaves")
            prompt(chat)
            return chat

        yield start


def prompt(chat: Any) -> str:
    """Wait until the terminal is being read; return what was printed until then, without colours."""
    chat.expect_exact("\x1b[?2004h")
    shown = str(chat.before)
    chat.expect_exact("\x1b[?25h")  # the prompt is drawn, and the cursor shown again
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)


def say(chat: Any, line: str) -> str:
    """Type a line and Enter; return what is printed until the next prompt."""
    chat.send(line + "\r")
    return prompt(chat)


def leave(chat: Any) -> None:
    chat.sendcontrol("d")
    chat.expect("bye")
    chat.expect(pexpect.EOF)
    chat.close()
    assert (chat.exitstatus, chat.signalstatus) == (0, None)


def test_a_conversation(start: Start, seed_settings: Settings) -> None:
    chat = start(seed_settings.home)

    # Before there is anything to look behind.
    assert "no answer yet" in say(chat, "/sources")
    assert "ask something first" in say(chat, "/open 1")
    assert "ask something first" in say(chat, "/why")

    # A question, and what stands behind its answer.
    answer = say(chat, QUESTION)
    assert SAID in answer
    assert "Tess de la Mare, 2017-09-05" in answer
    assert "confidence" in answer
    assert "  1. [" in say(chat, "/sources")
    opened = say(chat, "/open 1")
    assert SAID in opened
    assert "It had 399 children and young people" in opened
    assert say(chat, "/open").splitlines()[1:] == opened.splitlines()[1:]
    for wrong in ("0", "99", "-1", "one", "1.5", "²", "9" * 30):
        assert "/open takes a number from 1 to" in say(chat, f"/open {wrong}")
    why = say(chat, "/why")
    assert "passage" in why
    assert "As of June" in why
    assert "confidence 0." in why

    # A follow-up leans on the question before.
    assert "nothing to undo" in say(chat, "/undo")
    answer = say(chat, "And how many of them were unaccompanied?")
    assert "Read as: And how many of the children were unaccompanied?" in answer
    assert "Read as" not in say(chat, "/undo")
    assert "nothing to undo" in say(chat, "/undo")
    assert "a new conversation" in say(chat, "/new")
    assert "Read as" not in say(chat, "And how many of them were unaccompanied?")

    # Days.
    assert "since: 2018-01-01" in say(chat, "/since 2018-01-01")
    assert "The archive does not say." in say(chat, QUESTION)
    assert "the last question has no answer" in say(chat, "/sources")
    assert "ask something first" in say(chat, "/open 1")
    assert "since: any day" in say(chat, "/since")
    assert "until: 2017-09-05" in say(chat, "/until 2017-09-05")
    assert SAID in say(chat, QUESTION)
    wrong = say(chat, "/until 2017-02-31")
    assert "'2017-02-31' is no day; write it like 2017-09-05" in wrong
    assert "until: 2017-09-05" in wrong
    say(chat, "/since 2018-01-01")
    assert "swap them" in say(chat, QUESTION)

    # Everything else.
    assert "no command /sauces; /help lists them" in say(chat, "/sauces")
    helped = say(chat, "/help")
    for name in (
        "/sources",
        "/open N",
        "/why",
        "/undo",
        "/since",
        "/until",
        "/new",
        "/help",
        "/quit",
    ):
        assert f"  {name} " in helped
    assert "1,001 characters" in say(chat, "x" * 1001)
    assert "question" not in say(chat, "   ")

    # Ctrl-C at the prompt begins the line again.
    chat.send("half a quest")
    chat.sendcontrol("c")
    prompt(chat)
    say(chat, "/since")
    assert SAID in say(chat, QUESTION)
    leave(chat)


def test_commands_are_completed_and_lines_are_remembered(
    start: Start, seed_settings: Settings, environment: dict[str, str]
) -> None:
    first = start(seed_settings.home)
    first.send("/so\t")
    first.expect_exact("urces")
    assert "no answer yet" in say(first, "")
    assert SAID in say(first, QUESTION)
    leave(first)
    history = Path(environment["XDG_STATE_HOME"]) / "cuttings" / "history"
    assert history.stat().st_mode & 0o077 == 0

    second = start(seed_settings.home)
    second.send("\x1b[A")  # up
    second.expect_exact(QUESTION)
    assert SAID in say(second, "")
    assert "a new conversation" in say(second, "/new")
    second.send("/quit\r")
    second.expect("bye")
    second.expect(pexpect.EOF)
    second.close()
    assert second.exitstatus == 0


def test_ctrl_c_abandons_a_question_and_not_the_conversation(start: Start, tmp_path: Path) -> None:
    sentences = (
        " ".join(f"Item {each} of meeting {at} was read." for each in range(400))
        for at in range(60)
    )
    write(tmp_path / "in", {f"{at}.txt": each for at, each in enumerate(sentences)})
    archive = open_for_adding(Settings(home=tmp_path / ".qa", embedder="fake"))
    add(archive, tmp_path / "in")
    archive.close()
    chat = start(tmp_path / ".qa", "--top-k", "100")
    for attempt in range(20):
        # While a question is being answered, nobody reads single keys from the terminal.
        chat.send("Which item of meeting 7 was read?\r")
        until = time.monotonic() + LONG
        while not termios.tcgetattr(chat.fileno())[3] & termios.ICANON and time.monotonic() < until:
            pass
        time.sleep(0.01 * attempt)  # it may still be about to leave the prompt
        chat.kill(signal.SIGINT)
        if "abandoned" in prompt(chat):
            break
    else:
        pytest.fail("no question took long enough to be abandoned")
    answer = say(chat, "Which item of meeting 7 was read?")
    assert re.search(r"Item \d+ of meeting \d+ was read\.", answer)
    assert "confidence" in answer
    leave(chat)


def test_without_a_terminal_each_line_is_answered(seed_settings: Settings, run_qa: RunQA) -> None:
    ended = run_qa(
        *("chat", "--home", seed_settings.home, "--min-confidence", "0"),
        *("--reader", Path(__file__).parents[2] / "models" / "reader"),
        input=f"{QUESTION}\n/sources\n\n/nothing\n{QUESTION.upper()}",
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "\x1b" not in ended.stdout
    assert ended.stdout.startswith(f"1,789\n{SAID}")
    assert ended.stdout.count(SAID) == 2
    assert "no command /nothing" in ended.stdout


def test_lines_that_are_no_text_do_not_end_the_conversation(
    seed_settings: Settings, run_qa: RunQA
) -> None:
    ended = run_qa(
        *("chat", "--home", seed_settings.home),
        input="Who \udcff?\nWho \x1b[31m?\n/quit\nWho?\n",
        errors="surrogateescape",
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout.splitlines()) == 2
    assert "not valid text" in ended.stdout
    assert "control character" in ended.stdout


def test_a_history_that_cannot_be_kept_is_no_trouble(
    start: Start, seed_settings: Settings, environment: dict[str, str]
) -> None:
    kept = Path(environment["XDG_STATE_HOME"]) / "cuttings" / "history"
    kept.mkdir(parents=True)
    chat = start(seed_settings.home)
    assert "no answer yet" in say(chat, "/sources")
    leave(chat)
