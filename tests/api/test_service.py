"""What stands behind the routes."""

import concurrent.futures
import threading
from pathlib import Path

import pytest

from api.pool import Pool
from api.service import Service
from index.errors import NotReady
from qa.answer import Answerer
from qa.opening import open_answerer
from tests.api.workshop import settings_for


def _service(home: Path, go_on: threading.Event) -> Service:
    def open_when_told() -> Answerer:
        go_on.wait()
        return open_answerer(settings_for(home))

    return Service(open_when_told, Pool(workers=1, queue=0), Pool(workers=1, queue=0))


def test_it_is_not_ready_before_it_is_started(fake_home: Path) -> None:
    service = _service(fake_home, threading.Event())
    with pytest.raises(NotReady, match="try again"):
        _ = service.answerer
    service.close()


def test_it_is_ready_once_it_has_loaded(fake_home: Path) -> None:
    go_on = threading.Event()
    service = _service(fake_home, go_on)
    service.start()
    with pytest.raises(NotReady, match="try again"):
        _ = service.answerer
    go_on.set()
    concurrent.futures.wait([service.loaded])
    assert service.answerer is service.loaded.result()
    service.close()


def test_closing_does_not_wait_for_it_to_load(fake_home: Path) -> None:
    go_on = threading.Event()
    service = _service(fake_home, go_on)
    service.start()
    service.close()
    assert not service.loaded.done()
    go_on.set()
    concurrent.futures.wait([service.loaded])
