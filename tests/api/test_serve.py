"""The command `qa serve`, as a process of its own."""

import json
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from api.serve import listen, serve
from index.errors import CuttingsError
from index.layout import Layout

COMMAND = [sys.executable, "-c", "from qa.cli import main; main()", "serve"]


@contextmanager
def _serving(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run the command; give the process and the lines in which it says that it is ready."""
    arguments = [*COMMAND, "--home", str(home), "--port", "0", *options]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=home
    ) as process:
        try:
            assert process.stdout is not None
            yield process, [process.stdout.readline().rstrip("\n") for _ in range(4)]
        finally:
            process.kill()


def test_it_serves_until_it_is_interrupted(fake_home: Path) -> None:
    with _serving(fake_home) as (process, lines):
        address = lines[0].rpartition(" ")[2]
        assert lines[0] == f"Answering from 5 documents at {address}"
        assert lines[1].endswith(f"{address}/docs")
        for path in ("/readyz", "/docs"):
            assert httpx.get(address + path, trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0
        assert (out, err) == ("", "")


def test_the_command_that_it_suggests_is_a_question_that_it_takes(fake_home: Path) -> None:
    with _serving(fake_home) as (_, lines):
        _, address, _, header, _, body = shlex.split(lines[2].partition(": ")[2])
        name, _, value = header.partition(": ")
        reply = httpx.post(
            address, content=body, headers={name: value}, timeout=60, trust_env=False
        )
        assert reply.status_code == 200
        assert reply.json()["question"] == json.loads(body)["question"]


def test_questions_are_not_logged(fake_home: Path) -> None:
    with _serving(fake_home, "--workers", "1", "--queue", "0") as (process, lines):
        address = lines[0].rpartition(" ")[2]
        for question in ("Who is our secret source?", "Who is our \ud800 secret source?"):
            body = json.dumps({"question": question}).encode()
            httpx.post(
                f"{address}/ask",
                content=body,
                headers={"Content-Type": "application/json"},
                timeout=60,
                trust_env=False,
            )
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")


def test_a_terminated_process_ends_without_noise(fake_home: Path) -> None:
    with _serving(fake_home) as (process, _):
        process.terminate()
        assert process.communicate(timeout=60) == ("", "")
        assert process.returncode == -signal.SIGTERM


def test_it_can_be_interrupted_while_a_model_is_prepared(real_home: Path, tmp_path: Path) -> None:
    arguments = [*COMMAND, "--home", str(real_home), "--port", "0", "--cache", str(tmp_path)]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        try:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("Preparing ")
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=60) == ("", "")
            assert process.returncode == 130
        finally:
            process.kill()


def _fail(*options: str) -> tuple[int, str]:
    """Run a command that fails, and return its exit status and the line it leaves."""
    done = subprocess.run(
        [*COMMAND, *options], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.returncode, done.stderr


def test_there_must_be_an_archive(tmp_path: Path) -> None:
    status, line = _fail("--home", str(tmp_path / "none"), "--port", "0")
    assert status == 1
    assert "no archive at" in line
    assert "qa index add" in line


def test_the_port_must_be_free(fake_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        status, line = _fail("--home", str(fake_home), "--port", port)
    assert status == 1
    assert f"cannot serve on 127.0.0.1 port {port}: Address already in use" in line
    assert "--port" in line


def test_the_options_must_fit(fake_home: Path) -> None:
    status, line = _fail("--home", str(fake_home), "--workers", "0")
    assert status == 2
    assert "workers" in line


def test_a_model_that_cannot_be_loaded_ends_it(own_home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(Layout(own_home).store)) as store:
        store.execute(
            "UPDATE meta SET value = ? WHERE key = 'embedder'", [str(tmp_path / "no-model")]
        )
        store.commit()
    status, line = _fail("--home", str(own_home), "--port", "0")
    assert status == 1
    assert "cannot start: " in line


def test_its_help_has_an_example() -> None:
    told = CliRunner().invoke(serve, ["--help"])
    assert told.exit_code == 0
    assert "\n  qa serve --host" in told.output


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_listening_at_a_free_port(host: str) -> None:
    with listen(host, 0) as listener:
        assert listener.getsockname()[1] > 0


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_listening_where_it_cannot_be(host: str) -> None:
    with pytest.raises(CuttingsError, match=f"cannot serve on {host} port 0: .*--host"):
        listen(host, 0)
