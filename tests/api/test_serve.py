"""The command `qa serve`, as a process of its own."""

import concurrent.futures
import json
import os
import shlex
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from click.testing import CliRunner
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.keys import Keyring
from api.serve import check_doors, listen, serve
from index.errors import CuttingsError
from index.layout import Layout
from tests import forked
from tests.api.workshop import settings_for


@contextmanager
def _serving(home: Path, *options: str) -> Iterator[tuple[forked.Running, list[str]]]:
    """Run the command; give the process and the lines in which it says that it is ready."""
    quick = ("--port", "0", "--reader", "sentences")
    with forked.start(["serve", "--home", str(home), *quick, *options], home) as process:
        yield process, [process.stdout.readline().rstrip("\n") for _ in range(4)]


def _lines(err: str) -> list[dict[str, Any]]:
    """Read a log, in which nothing but JSON may be."""
    return [json.loads(each) for each in err.splitlines()]


def test_it_serves_until_it_is_interrupted(fake_home: Path) -> None:
    with _serving(fake_home) as (process, lines):
        address = lines[0].rpartition(" ")[2]
        assert lines[0] == f"Answering from 5 documents at {address}"
        assert lines[1].endswith(f"{address}/")
        for path in ("/readyz", "/docs"):
            assert httpx.get(address + path, trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0
        assert out == ""
        log = _lines(err)
        assert [each.get("path") for each in log] == ["/docs", None]
        assert log[0]["request_id"] != log[1]["request_id"] is None
        assert log[1]["message"].startswith("stopping on SIGINT: 0 questions")


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
        out, err = process.communicate(timeout=60)
        assert "secret source" not in out + err
        assert [each.get("route") for each in _lines(err)] == ["/ask", "/ask", None]


def test_questions_are_logged_if_that_is_wished(fake_home: Path) -> None:
    with _serving(fake_home, "--log-questions") as (process, lines):
        address = lines[0].rpartition(" ")[2]
        reply = httpx.post(
            f"{address}/ask", json={"question": "Who edits it?"}, timeout=60, trust_env=False
        )
        process.terminate()
        asked, answered, _ = _lines(process.communicate(timeout=60)[1])
    assert asked["question"] == "Who edits it?"
    assert asked["answered"] == reply.json()["answered"]
    assert asked["request_id"] == answered["request_id"] == reply.headers["x-request-id"]


def test_a_terminated_process_ends_without_noise(fake_home: Path) -> None:
    with _serving(fake_home, "--log-level", "warning") as (process, _):
        process.terminate()
        assert process.communicate(timeout=60) == ("", "")
        assert process.returncode == 0


@contextmanager
def _asked_much(
    process: forked.Running, address: str, questions: int
) -> Iterator[list[concurrent.futures.Future[int | str]]]:
    """Ask many questions at once; give their statuses, or the kinds of error, once one has come."""

    def ask(number: int) -> int | str:
        body = {"question": f"What did the inspectors of {number} find in Croydon?"}
        try:
            return httpx.post(f"{address}/ask", json=body, timeout=120, trust_env=False).status_code
        except httpx.HTTPError as error:
            return type(error).__name__

    with concurrent.futures.ThreadPoolExecutor(questions) as threads:
        try:
            asked = [threads.submit(ask, each) for each in range(questions)]
            next(concurrent.futures.as_completed(asked))
            yield asked
        finally:
            process.kill()


def test_told_to_stop_it_answers_what_it_accepted_and_takes_nothing_new(fake_home: Path) -> None:
    options = ("--workers", "1", "--reader", "sentences", "--grace", "120")
    with _serving(fake_home, *options) as (process, lines):
        address = lines[0].rpartition(" ")[2]
        with _asked_much(process, address, 25) as asked:
            process.terminate()
            message = ""
            while not message.startswith("stopping on SIGTERM: "):
                message = json.loads(process.stderr.readline())["message"]
            assert int(message.split()[3]) > 1
            with pytest.raises(httpx.TransportError):
                while not all(each.done() for each in asked):
                    httpx.get(f"{address}/healthz", trust_env=False)
            assert [each.result() for each in asked] == [200] * 25
            process.communicate(timeout=60)
            assert process.returncode == 0


def test_what_takes_longer_than_the_grace_is_left_and_said_so(fake_home: Path) -> None:
    options = ("--workers", "1", "--reader", "sentences", "--grace", "0")
    with _serving(fake_home, *options) as (process, lines):
        with _asked_much(process, lines[0].rpartition(" ")[2], 25) as asked:
            process.terminate()
            _, err = process.communicate(timeout=60)
            assert {each.result() for each in asked} > {200}
        assert process.returncode == 1
        last = _lines(err)[-1]
        assert last["level"] == "error"
        assert last["message"].startswith("stopped after 0 s: ")
        assert "--grace" in last["message"]


def test_a_second_signal_ends_it_at_once(fake_home: Path) -> None:
    options = ("--workers", "1", "--reader", "sentences", "--grace", "120")
    with _serving(fake_home, *options) as (process, lines):
        with _asked_much(process, lines[0].rpartition(" ")[2], 40) as asked:
            process.terminate()
            while "stopping on " not in process.stderr.readline():
                pass
            process.terminate()
            process.communicate(timeout=60)
            assert {each.result() for each in asked} > {200}
        assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize(("told", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_can_be_stopped_while_a_model_is_prepared(
    real_home: Path, tmp_path: Path, told: signal.Signals, status: int
) -> None:
    arguments = ["serve", "--home", str(real_home), "--port", "0", "--cache", str(tmp_path)]
    with forked.start(arguments, tmp_path) as process:
        assert json.loads(process.stderr.readline())["message"].startswith("Preparing ")
        process.send_signal(told)
        out, err = process.communicate(timeout=60)
        assert out == ""
        assert len(_lines(err)) == 1  # stopping
        assert process.returncode == status


def _fail(*options: str) -> tuple[int, str]:
    """Run a command that fails, and return its exit status and the line it leaves."""
    done = forked.run(["serve", *options], os.environ, Path.cwd())
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


KEYED = ("--host", "127.0.0.1", "--auth")


def test_from_elsewhere_it_takes_a_key(fake_home: Path) -> None:
    for options in (("--host", "0.0.0.0"), KEYED):
        status, line = _fail("--home", str(fake_home), "--port", "0", *options)
        assert status == 2
        assert f"serving on {options[1]} takes a key, and there is none" in line
        assert "qa keys add NAME" in line
        assert "--no-auth" in line


def test_with_a_key_it_serves_those_who_have_one(own_home: Path) -> None:
    secret = Keyring(Layout(own_home)).add("newsroom", "ask")
    with _serving(own_home, "--host", "0.0.0.0") as (process, lines):
        _, address, _, key, *_ = shlex.split(lines[2].partition(": ")[2].replace("$KEY", secret))
        assert httpx.post(address, json={}, trust_env=False).status_code == 401
        name, _, value = key.partition(": ")
        documents = address.replace("/ask", "/documents")
        reply = httpx.get(documents, headers={name: value}, trust_env=False)
        assert reply.status_code == 200
        assert "server" not in reply.headers
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert [each.get("status") for each in _lines(err)] == [401, 200, None]
        assert secret not in out + err


def test_that_anyone_may_ask_is_said_aloud(fake_home: Path) -> None:
    with _serving(fake_home, "--host", "0.0.0.0", "--no-auth") as (process, lines):
        address = lines[0].rpartition(" ")[2]
        assert httpx.get(f"{address}/documents", trust_env=False).status_code == 200
        assert httpx.delete(f"{address}/documents/1", trust_env=False).status_code == 401
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert out == ""
        first = _lines(err)[0]
        assert first["level"] == "warning"
        assert first["message"].startswith("--no-auth: whoever reaches 0.0.0.0 port ")


def test_on_loopback_nothing_has_to_be_said(
    fake_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for given in ({}, {"auth": False}):
        check_doors(settings_for(fake_home, **given))
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux has it")
def test_a_client_that_never_reads_is_broken_off() -> None:
    async def application(scope: Scope, _receive: Receive, send: Send) -> None:
        await Response(bytes(50_000_000))(scope, _receive, send)

    config = uvicorn.Config(application, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    with listen("127.0.0.1", 0, seconds=0.5) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with socket.create_connection(listener.getsockname(), timeout=60) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert connection.recv(10)
                begun = time.monotonic()
                while server.server_state.connections:
                    assert time.monotonic() - begun < 30
                    time.sleep(0.05)
        finally:
            server.should_exit = True
            thread.join()


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
