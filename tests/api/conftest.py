"""Archives to serve, and servers to ask."""

import concurrent.futures
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from index.loaders import walk
from qa.opening import open_answerer, open_for_adding
from qa.settings import Settings, read_settings
from qa.types import Candidate, Reading


@dataclass
class Running:
    """A server in a thread, and a client to ask it with."""

    app: FastAPI
    server: uvicorn.Server
    client: httpx.Client

    @property
    def port(self) -> int:
        port = self.client.base_url.port
        assert port is not None
        return port


Run: TypeAlias = Callable[[FastAPI], AbstractContextManager[Running]]


@contextmanager
def _run(app: FastAPI) -> Iterator[Running]:
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
                yield Running(app, server, client)
        finally:
            server.should_exit = True
            thread.join()


def _wait(app: FastAPI) -> None:
    concurrent.futures.wait([app.state.service.loaded])


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs an application behind a real port, for as long as the context lasts."""
    return _run


def _settings(home: Path, **given: Any) -> Settings:
    return read_settings({"home": home, **given}, file=home / "no.toml")


def _make(home: Path, seeds: Path, **given: Any) -> Path:
    archive = open_for_adding(_settings(home, **given))
    for outcome in archive.add(list(walk([seeds], home))):
        assert outcome.result == "added"
    archive.close()
    return home


@pytest.fixture(scope="session")
def fake_home(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """An archive of the seeds whose vectors the fake embedder made."""
    return _make(tmp_path_factory.mktemp("fake") / ".qa", seeds, embedder="fake")


@pytest.fixture
def own_home(tmp_path: Path, fake_home: Path) -> Path:
    """A copy of it, to be changed."""
    return shutil.copytree(fake_home, tmp_path / ".qa")


@pytest.fixture(scope="session")
def client(fake_home: Path) -> Iterator[httpx.Client]:
    """Asks a service over that archive: for whatever does not depend on what is answered."""
    with _run(create_app(_settings(fake_home))) as running:
        _wait(running.app)
        yield running.client


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """An archive of the seeds, with the default model."""
    return _make(tmp_path_factory.mktemp("real") / ".qa", seeds)


@pytest.fixture(scope="session")
def real_client(real_home: Path) -> Iterator[httpx.Client]:
    """Asks a service over the archive with the default model."""
    with _run(create_app(_settings(real_home))) as running:
        _wait(running.app)
        yield running.client


@dataclass
class Reader:
    """Takes as long as the test says, and then finds nothing, or fails."""

    name: str = "test"
    error: Exception | None = None
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go_on: threading.Event = field(default_factory=threading.Event)
    questions: list[str] = field(default_factory=list)

    def read(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        self.questions.append(question)
        self.begun.release()
        assert self.go_on.wait(60)
        if self.error is not None:
            raise self.error
        return Reading((), 0.0)


RunWith: TypeAlias = Callable[..., AbstractContextManager[Running]]


@pytest.fixture
def reader() -> Reader:
    """A reader that waits until its `go_on` is set."""
    return Reader()


@pytest.fixture
def run_with(fake_home: Path) -> RunWith:
    """Runs a service that reads with a given reader; further arguments are settings."""

    @contextmanager
    def run_with(reader: Reader, **given: Any) -> Iterator[Running]:
        def open_with_reader(settings: Settings) -> Any:
            answerer = open_answerer(settings)
            answerer.reader = reader
            return answerer

        with _run(create_app(_settings(fake_home, **given), open_with_reader)) as running:
            _wait(running.app)
            try:
                yield running
            finally:
                reader.go_on.set()

    return run_with
