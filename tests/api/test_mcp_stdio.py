"""The command `qa mcp`, as a process that an assistant starts."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner
from mcp import Client, StdioServerParameters

from api.mcp.server import INSTRUCTIONS, TOOLS
from api.mcp.stdio import mcp
from index.layout import Layout

MAIN: Final = "from qa.cli import main; main()"
HELLO: Final = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
READY: Final = {"jsonrpc": "2.0", "method": "notifications/initialized"}
LIST: Final = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list"}}


@contextmanager
def _running(home: Path, *options: str, program: str = MAIN) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", program, "mcp", "--home", str(home), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _say(process: subprocess.Popen[str], *messages: dict[str, Any]) -> None:
    assert process.stdin is not None
    for each in messages:
        process.stdin.write(json.dumps(each) + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_assistant_starts_it(fake_home: Path, mode: str) -> None:
    async def use() -> None:
        command = ["-c", MAIN, "mcp", "--home", str(fake_home)]
        server = StdioServerParameters(command=sys.executable, args=command)
        async with Client(server, mode=mode) as assistant:
            assert assistant.instructions == INSTRUCTIONS
            assert [each.name for each in (await assistant.list_tools()).tools] == list(TOOLS)
            asked = await assistant.call_tool("ask", {"question": "Who edits Inside Croydon?"})
            assert asked.structured_content["answer"] == "Steven Downes"
            failed = await assistant.call_tool("open", {"document": 99})
            assert failed.is_error

    asyncio.run(use())


def test_nothing_but_messages_is_on_its_output(fake_home: Path) -> None:
    noisy = (
        "import qa.opening as o; quiet = o.answerer_for\n"
        "o.answerer_for = lambda *given: (print('noise'), quiet(*given))[1]\n" + MAIN
    )
    with _running(fake_home, program=noisy) as process:
        _say(process, HELLO, READY, LIST)
        assert _hear(process)["result"]["serverInfo"]["name"] == "cuttings"
        assert _hear(process)["result"]["structuredContent"]["total"] == 5
        out, err = process.communicate(timeout=60)
        assert (out, err) == ("", "noise\n")
        assert process.returncode == 0


def test_it_answers_while_a_model_is_prepared(own_home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(Layout(own_home).store)) as store:
        store.execute("UPDATE meta SET value = 'all-MiniLM-L6-v2' WHERE key = 'embedder'")
        store.commit()
    with _running(own_home, "--cache", str(tmp_path / "cache")) as process:
        _say(process, HELLO)
        assert _hear(process)["result"]["instructions"] == INSTRUCTIONS
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Preparing ")
        out, _ = process.communicate(timeout=60)
        assert (out, process.returncode) == ("", 0)


def test_what_is_wrong_with_the_model_is_said_when_a_tool_is_used(
    own_home: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(Layout(own_home).store)) as store:
        store.execute("UPDATE meta SET value = ? WHERE key = 'embedder'", [str(tmp_path / "none")])
        store.commit()
    with _running(own_home) as process:
        _say(process, HELLO, READY, LIST)
        _hear(process)
        result = _hear(process)["result"]
        assert result["isError"]
        assert "cannot be opened" in result["content"][0]["text"]
        _, err = process.communicate(timeout=60)
        assert "cannot start: " in err


def test_ctrl_c_ends_it(fake_home: Path) -> None:
    with _running(fake_home) as process:
        _say(process, HELLO)
        _hear(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == -signal.SIGINT


def test_there_must_be_an_archive(tmp_path: Path) -> None:
    with _running(tmp_path) as process:
        out, err = process.communicate(timeout=60)
    assert (out, process.returncode) == ("", 1)
    assert err.count("\n") == 1
    assert "qa index add" in err


def test_without_the_extra_it_says_which(fake_home: Path) -> None:
    with _running(fake_home, program=f"import sys; sys.modules['mcp'] = None; {MAIN}") as process:
        out, err = process.communicate(timeout=60)
    assert (out, process.returncode) == ("", 1)
    assert err == "qa: qa mcp needs an extra; install it: pip install 'cuttings[mcp]'\n"


def test_its_help_has_an_example() -> None:
    told = CliRunner().invoke(mcp, ["--help"])
    assert told.exit_code == 0
    assert "\n  qa mcp --home" in told.output
