"""The Dockerfile is not built here; what it says about the project is held against the project."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import packages_distributions
from pathlib import Path
from threading import Thread

import click
import pytest

from qa.cli import cli
from qa.settings import Settings

ROOT = Path(__file__).parents[1]


def instructions() -> list[tuple[str, str]]:
    """Return each instruction and its arguments, comments gone and continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.M)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines if line)]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(at for at, (name, _) in enumerate(found) if name == "FROM")
    return found[start:]


def arguments(name: str) -> list[str]:
    return [rest for each, rest in instructions() if each == name]


def copied() -> list[str]:
    """Return what is copied out of the project, not out of another stage."""
    return [
        source
        for rest in arguments("COPY")
        if "--from=" not in rest
        for source in rest.split()[:-1]
    ]


def uninstalled() -> set[str]:
    (line,) = [rest for rest in arguments("RUN") if rest.startswith("pip uninstall")]
    return set(line.partition("&&")[0].split()[3:])


def health_check() -> list[str]:
    (rest,) = [rest for name, rest in last_stage() if name == "HEALTHCHECK"]
    command: list[str] = json.loads(rest.partition("CMD ")[2])
    return command


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    ignore = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert "*" in ignore
    for source in copied():
        assert (ROOT / source).exists(), source
        assert f"!{source.removeprefix('./')}" in ignore, source


def test_every_part_of_the_package_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    needed = [*packages, project["project"]["readme"], *project["project"]["license-files"]]
    assert set(needed) <= set(copied())


def test_every_format_can_be_read() -> None:
    (installing,) = [rest for rest in arguments("RUN") if "requirements.txt" in rest]
    code = re.search(r'python -c "(.*?)" ', installing)
    assert code is not None
    listed = subprocess.run(
        [sys.executable, "-c", code[1]], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    named = extras["formats"][0].removeprefix("cuttings[").removesuffix("]").split(",")
    assert set(named) == set(extras) - {"client", "formats", "mcp", "plot", "traces"}
    assert {each for name in named for each in extras[name]} <= set(listed)


def test_the_commands_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "qa" in project["project"]["scripts"]
    (served,) = [json.loads(rest) for name, rest in last_stage() if name == "CMD"]
    used = re.findall(r"\bqa ([a-z]+) ", " ".join(arguments("RUN")))
    assert (served, used) == (["qa", "serve"], ["prepare"])
    context = click.Context(cli)
    for name in ["serve", *used]:
        assert cli.get_command(context, name) is not None, name


def test_the_options_of_prepare_exist() -> None:
    command = cli.get_command(click.Context(cli), "prepare")
    assert command is not None
    assert "--cache" in {each for option in command.params for each in option.opts}


def test_the_settings_exist() -> None:
    names = re.findall(r"\bQA_([A-Z_]+)=", " ".join(rest for name, rest in last_stage()))
    assert {"HOME", "CACHE", "HOST", "PORT"} == set(names)
    assert {name.lower() for name in names} <= set(Settings.model_fields)


def test_it_does_not_run_as_root() -> None:
    (user,) = [rest for name, rest in last_stage() if name == "USER"]
    assert int(user) > 0
    assert f"--uid {user} " in " ".join(rest for name, rest in last_stage() if name == "RUN")


def test_base_images_are_pinned_and_alike() -> None:
    bases = {rest.split()[0] for rest in arguments("FROM")}
    (base,) = bases  # the virtual environment is copied from one to the other
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", base)


def test_the_health_check_asks_for_a_route() -> None:
    from api.app import create_app

    (path,) = re.findall(r"\}(/[a-z]+)'", health_check()[-1])
    assert path in create_app(Settings()).openapi()["paths"]


@contextmanager
def answering(status: int) -> Iterator[int]:
    """Answer every request with `status` on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_tells_the_living_from_the_dead(status: int, healthy: bool) -> None:
    _, *rest = health_check()
    with answering(status) as port:
        checked = subprocess.run(
            [sys.executable, *rest], env={"QA_PORT": str(port)}, capture_output=True, check=False
        )
    assert (checked.returncode == 0) is healthy


def test_nothing_that_is_uninstalled_is_needed_afterwards(tmp_path: Path, seeds: Path) -> None:
    gone = {
        module
        for module, names in packages_distributions().items()
        if {re.sub(r"[-_.]+", "-", name).lower() for name in names} & uninstalled()
    }
    assert {"torch", "sentence_transformers", "transformers", "onnx"} <= gone
    # An entry of None in sys.modules makes an import fail as it would without the package.
    script = f"""
import sys
sys.modules.update(dict.fromkeys({sorted(gone)!r}))
import api.app, api.serve, faiss, onnxruntime, tokenizers
import datasketch, docx, feedparser, lxml.html, markdown_it, pypdfium2, trafilatura, watchfiles, yaml
import qa.chat, qa.evaluate
from qa.cli import cli
common = ["--home", {str(tmp_path / "archive")!r}]
cli.main(["index", "add", {str(seeds)!r}, "--embedder", "fake", "--quiet", *common], standalone_mode=False)
cli.main(["ask", "Who wrote the report on Croydon?", "--json", *common], standalone_mode=False)
"""
    asked = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["passages"]
