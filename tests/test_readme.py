"""The README's session and its reply over HTTP are what the program prints."""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx
import pytest

from qa.cli import cli
from tests import forked

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SESSION, REQUEST, KEYS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
REPLY, ASSISTANT = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
(CURLS,) = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
PROGRAMS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "seeds", made / "seeds")
    return made


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    # Wide enough that nothing is wrapped, and the commands of this very installation.
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "500",
    }


@pytest.fixture(scope="module")
def service(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    with serving(folder, environment) as address:
        yield address


@contextmanager
def serving(folder: Path, environment: dict[str, str], *options: str) -> Iterator[str]:
    subprocess.run(["qa", "index", "add", "seeds"], cwd=folder, env=environment, check=True)
    process = subprocess.Popen(
        ["qa", "serve", "--port", "0", *options],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield next(
            found.group()
            for line in process.stdout
            if (found := re.search(r"http://127\.0\.0\.1:\d+", line))
        )
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def steps() -> list[tuple[str, str]]:
    return [
        (command, printed)
        for command, printed in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", SESSION, re.MULTILINE)
    ]


def masked(text: str) -> str:
    """Leave out what the last digits of a processor's arithmetic decide."""
    return re.sub(r"confidence \d+%", "confidence N%", text).strip()


def test_the_session_is_what_the_program_prints(folder: Path, environment: dict[str, str]) -> None:
    assert len(steps()) >= 5
    for command, printed in steps():
        name, *arguments = shlex.split(command)
        assert name == "qa"
        ran = forked.run(arguments, environment, folder)
        assert masked(ran.stdout) == masked(printed), command


def test_the_reply_over_http_is_what_the_service_sends(service: str) -> None:
    (_, body) = re.findall(r"'([^']*)'", REQUEST)
    received = httpx.post(f"{service}/ask", json=json.loads(body), timeout=60).json()
    shown = json.loads(REPLY)
    assert abs(received.pop("confidence") - shown.pop("confidence")) < 0.1
    assert {key: received[key] for key in shown} == shown
    cited = shown["citation"]
    document = httpx.get(f"{service}/documents/{cited['document']['id']}", timeout=60).json()
    assert document["text"][cited["start"] : cited["end"]] == shown["answer"]
    assert f"text[{cited['start']}:{cited['end']}]" in README
    assert document["text"][cited["sentence_start"] : cited["sentence_end"]] == shown["sentence"]
    assert f"text[{cited['sentence_start']}:{cited['sentence_end']}]" in README


def curled(command: str, service: str, *, folder: Path, key: str = "") -> httpx.Response:
    """Send what a curl line of the README would, to the service that runs."""
    name, *words = shlex.split(command.replace("\\\n", " ").replace("$KEY", key))
    assert name == "curl"
    taking = argparse.ArgumentParser()
    taking.add_argument("url")
    taking.add_argument("-N", "-s", action="store_true")
    taking.add_argument("-H", action="append", default=[], dest="headers")
    taking.add_argument("-d", dest="body")
    taking.add_argument("-F", dest="form")
    given = taking.parse_args(words)
    headers = dict(each.split(": ", 1) for each in given.headers)
    url = given.url.replace(ADDRESS, service)
    if given.form:
        field, name = given.form.split("=@")
        files = {field: (name, (folder / name).read_bytes())}
        return httpx.post(url, headers=headers, files=files, timeout=60)
    if given.body:
        return httpx.post(url, headers=headers, content=given.body, timeout=60)
    return httpx.get(url, headers=headers, timeout=60)


def test_what_else_is_asked_over_http_is_answered(service: str, folder: Path) -> None:
    stream, batch, found, text, verdict = (
        curled(each, service, folder=folder).raise_for_status() for each in CURLS.splitlines()
    )
    events = re.findall(r"^event: (\w+)", stream.text, re.MULTILINE)
    assert [events[0], events[-1]] == ["retrieved", "answer"]
    assert [each["answer"] for each in batch.json()["replies"]] == ["Steven Downes"]
    assert len(found.json()["passages"]) == 3
    assert "1,789" in text.json()["text"]
    assert verdict.json()["result"] == "found"


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_programs_print_what_they_say(
    program: str, service: str, folder: Path, environment: dict[str, str]
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", program.replace(ADDRESS, service)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines() == re.findall(r"print\(.*\)  # (.*)", program)


def test_what_an_assistant_is_told_to_start_exists() -> None:
    (server,) = json.loads(ASSISTANT)["mcpServers"].values()
    command = cli.get_command(click.Context(cli), server["args"][0])
    assert command is not None
    assert {name for name in server["args"][1:] if name.startswith("--")} <= {
        option for each in command.params for option in each.opts
    }


def test_a_key_lets_others_in(folder: Path, environment: dict[str, str], tmp_path: Path) -> None:
    made, _, *curls = re.findall(r"^\$ ((?:.*\\\n)*.*)$", KEYS, re.MULTILINE)
    (command,) = re.findall(r"\$\((.*)\)", made)
    ran = subprocess.run(
        shlex.split(command),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr.strip() in KEYS
    shutil.copy(ROOT / "tests/index/files/report.pdf", tmp_path / "report.pdf")
    with serving(folder, environment, "--host", "0.0.0.0") as address:
        assert httpx.get(f"{address}/documents").status_code == 401
        listed, report, minutes = (
            curled(each, address, folder=tmp_path, key=ran.stdout.strip()) for each in curls
        )
    assert listed.json()["documents"]
    for each in (report, minutes):
        assert [every["result"] for every in each.json()["documents"]] == ["added"]
