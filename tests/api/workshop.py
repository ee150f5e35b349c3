"""Servers to ask, and a reader that takes as long as a test wants."""

import concurrent.futures
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from qa.answer import Answerer
from qa.opening import open_answerer
from qa.read import Reader
from qa.settings import Settings, read_settings
from qa.types import Candidate, Reading


@dataclass
class Running:
    """A server in a thread, and a client to ask it with."""

    app: FastAPI
    server: uvicorn.Server
    client: httpx.Client
    port: int

    def wait(self) -> None:
        """Wait until it has loaded, or failed to."""
        concurrent.futures.wait([self.app.state.service.loaded])


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until something has come about, for ten seconds at least."""
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")


@contextmanager
def run(app: FastAPI, listener: socket.socket | None = None, **given: Any) -> Iterator[Running]:
    """Run an application behind a real port, for as long as the context lasts.

    It listens at any free port, or with `listener`. Keywords are uvicorn's.
    """
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", **given)
    server = uvicorn.Server(config)
    with listener or socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
                yield Running(app, server, client, port)
        finally:
            server.should_exit = True
            thread.join()


def settings_for(home: Path, **given: Any) -> Settings:
    """Settings for the archive at `home` with the quickest reader, whatever qa.toml lies about."""
    return read_settings({"home": home, "reader": "sentences", **given}, file=home / "no.toml")


@contextmanager
def serving(
    reader: Reader, home: Path, listener: socket.socket | None = None, **given: Any
) -> Iterator[Running]:
    """Run a service over the archive at `home` that reads with `reader`."""

    def open_with_this(settings: Settings) -> Answerer:
        answerer = open_answerer(settings)
        answerer.reader = reader
        return answerer

    with run(create_app(settings_for(home, **given), open_with_this), listener) as running:
        running.wait()
        yield running


@dataclass
class HeldReader:
    """Waits until the test lets it go on, and then finds nothing, or fails."""

    name: str = "held"
    error: Exception | None = None
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go_on: threading.Event = field(default_factory=threading.Event)
    questions: list[str] = field(default_factory=list)

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        self.questions.append(question)
        self.begun.release()
        assert self.go_on.wait(60)
        if self.error is not None:
            raise self.error
        return Reading((), 0.0)

    @contextmanager
    def serving(self, home: Path, **given: Any) -> Iterator[Running]:
        """Run a service that reads with this reader."""
        with serving(self, home, **given) as running:
            try:
                yield running
            finally:
                self.go_on.set()
