"""The README's session and its reply over HTTP are what the program prints."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SESSION, REQUEST = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
(REPLY,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)


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
    subprocess.run(["qa", "index", "add", "seeds"], cwd=folder, env=environment, check=True)
    process = subprocess.Popen(
        ["qa", "serve", "--port", "0"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            yield found.group()
            break
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
        ran = subprocess.run(
            shlex.split(command),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
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
