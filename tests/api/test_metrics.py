"""What Prometheus is told, over real HTTP."""

import concurrent.futures
import re
import socket
import threading
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as read_openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.metrics import BUCKETS
from index.layout import Layout
from qa.answer import Answerer
from qa.opening import open_answerer
from qa.settings import Settings
from tests.api.workshop import HeldReader, run, settings_for, wait_until

GUIDE = Path(__file__).parents[2] / "api" / "OPERATION.md"
QUESTION = {"question": "Who edits Inside Croydon?"}


def _values(client: httpx.Client) -> Mapping[tuple[str, ...], float]:
    """Return the value of each series: its name, then its labels' values in order of their names."""
    reply = client.get("/metrics")
    assert reply.status_code == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def test_each_is_in_the_guide_with_its_type_and_labels_and_meaning(fake_home: Path) -> None:
    with run(create_app(settings_for(fake_home))) as running:
        running.wait()
        assert running.client.post("/ask", json=QUESTION).status_code == 200
        running.client.get("/nowhere")
        found = {}
        for each in text_string_to_metric_families(running.client.get("/metrics").text):
            name = f"{each.name}_total" if each.type == "counter" else each.name
            labels = {label for sample in each.samples for label in sample.labels} - {"le"}
            found[name] = (each.type, labels, each.documentation)
    told = {}
    for line in GUIDE.read_text("utf-8").splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"(cuttings|process)_\w+", cells[0]):
            name, kind, labels_cell, meaning = cells
            told[name] = (kind, set(re.findall(r"`(\w+)`", labels_cell)), meaning)
    assert found == told


def test_questions_are_counted_by_what_became_of_them(fake_home: Path) -> None:
    settings = settings_for(fake_home, min_confidence=0)
    with run(create_app(settings)) as running:
        running.wait()
        asked = "cuttings_questions_total"
        before = _values(running.client)
        assert (before[asked, "answered", ""], before[asked, "abstained", ""]) == (0, 0)
        client = running.client
        client.post("/ask", json=QUESTION)
        client.post("/ask", json={**QUESTION, "since": "2999-01-01"})
        client.post("/ask", json={"question": ""})
        client.post("/ask", content=b"x" * 1_000_001)
        client.post("/ask", json=[])
        client.get("/documents/77")
        client.get("/ask/nowhere")
        wait_until(lambda: (asked, "refused", "invalid-request") in _values(client))
        after = _values(client)
    assert {key[1:]: value for key, value in after.items() if key[0] == asked} == {
        ("answered", ""): 1,
        ("abstained", ""): 1,
        ("refused", "bad-question"): 1,
        ("refused", "too-large"): 1,
        ("refused", "invalid-request"): 1,
    }
    for stage in ("embed", "search", "read", "quote"):
        assert after["cuttings_question_stage_duration_seconds_count", stage] == 2
    total = after["cuttings_question_duration_seconds_sum",]
    assert total == pytest.approx(
        sum(
            v
            for key, v in after.items()
            if key[0] == "cuttings_question_stage_duration_seconds_sum"
        )
    )
    assert after["cuttings_question_duration_seconds_count",] == 2


def test_a_request_is_counted_by_route_method_and_status(fake_home: Path) -> None:
    counted = "cuttings_http_request_duration_seconds_count"
    with run(create_app(settings_for(fake_home))) as running:
        running.wait()
        for path in ("/documents/1", "/documents/2", "/documents/77"):
            running.client.get(path)
        running.client.put("/documents/1")
        wait_until(lambda: (counted, "PUT", "/documents/{id}", "405") in _values(running.client))
        values = _values(running.client)
        assert values[counted, "GET", "/documents/{id}", "200"] == 2
        assert values[counted, "GET", "/documents/{id}", "404"] == 1


def test_clients_cannot_make_up_series(fake_home: Path) -> None:
    counted = "cuttings_http_request_duration_seconds_count"
    with run(create_app(settings_for(fake_home))) as running:
        running.wait()
        for number in range(30):
            running.client.get(f"/made/up/{number}")
            running.client.request(f"MADE{number}", f"/{number}")
        port = running.port
        with socket.create_connection(("127.0.0.1", port)) as bare:
            bare.sendall(
                b"GET /%ff%22%7d%0a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
            while bare.recv(65536):
                pass
        wait_until(lambda: _values(running.client).get((counted, "GET", "unknown", "404")) == 31)
        values = _values(running.client)
    series = {key[1:]: value for key, value in values.items() if key[0] == counted}
    assert series.pop(("GET", "unknown", "404")) == 31
    assert series.pop(("other", "unknown", "404")) == 30
    assert set(series) <= {("GET", "/metrics", "200")}


def test_buckets_reach_from_a_millisecond_to_half_a_minute() -> None:
    assert (BUCKETS[0], BUCKETS[-1]) == (0.001, 30)
    assert list(BUCKETS) == sorted(BUCKETS)


def test_the_queue_is_seen_to_fill_and_empty(fake_home: Path, reader: HeldReader) -> None:
    def queue(client: httpx.Client) -> tuple[float, ...]:
        values = _values(client)
        names = ("workers", "workers_busy", "queue_limit", "queue_length")
        return tuple(values[f"cuttings_{each}",] for each in names)

    with (
        reader.serving(fake_home, workers=2, queue=7) as running,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        assert queue(running.client) == (2, 0, 7, 0)
        asked = [threads.submit(running.client.post, "/ask", json=QUESTION) for _ in range(5)]
        wait_until(lambda: queue(running.client) == (2, 2, 7, 3))
        reader.go_on.set()
        concurrent.futures.wait(asked)
        assert queue(running.client) == (2, 0, 7, 0)


def test_it_answers_while_the_archive_is_loading(fake_home: Path) -> None:
    go_on = threading.Event()

    def open_slowly(settings: Settings) -> Answerer:
        go_on.wait()
        return open_answerer(settings)

    with run(create_app(settings_for(fake_home), open_slowly)) as running:
        try:
            values = _values(running.client)
            assert values["cuttings_archive_ready",] == 0
            assert ("cuttings_archive_documents",) not in values
        finally:
            go_on.set()
        running.wait()
        values = _values(running.client)
    assert values["cuttings_archive_ready",] == 1
    assert values["cuttings_archive_documents",] == 5
    assert values["cuttings_archive_passages",] > 5
    assert values["cuttings_archive_bytes",] >= Layout(fake_home).store.stat().st_size
    assert values["cuttings_archive_change",] >= 1


def test_the_archive_is_counted_after_a_change_and_only_then(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run(create_app(settings_for(own_home))) as running:
        running.wait()
        archive = running.app.state.service.answerer.archive
        counts: list[tuple[int, int]] = []
        count = archive.store.count

        def note() -> tuple[int, int]:
            counts.append(count())
            return counts[-1]

        monkeypatch.setattr(archive.store, "count", note)
        first = [_values(running.client)["cuttings_archive_documents",] for _ in range(3)]
        change = _values(running.client)["cuttings_archive_change",]
        archive.remove("1")
        after = [_values(running.client)["cuttings_archive_documents",] for _ in range(3)]
        assert (first, after, len(counts)) == ([5] * 3, [4] * 3, 2)
        assert _values(running.client)["cuttings_archive_change",] > change


def test_an_archive_that_cannot_be_read_is_not_ready(own_home: Path) -> None:
    with run(create_app(settings_for(own_home))) as running:
        running.wait()
        Layout(own_home).store.write_bytes(b"no longer a database" * 1000)
        values = _values(running.client)
    assert values["cuttings_archive_ready",] == 0
    assert ("cuttings_archive_documents",) not in values
    assert values["process_resident_memory_bytes",] > 0


def test_two_applications_in_a_process_count_apart(fake_home: Path) -> None:
    settings = settings_for(fake_home)
    with run(create_app(settings)) as one, run(create_app(settings)) as other:
        for each in (one, other):
            each.wait()
        one.client.post("/ask", json=QUESTION)
        counted = "cuttings_question_duration_seconds_count"
        assert [_values(each.client)[counted,] for each in (one, other)] == [1, 0]
    assert not any(each.name.startswith("cuttings") for each in REGISTRY.collect())


def test_openmetrics_for_those_who_ask_for_it(client: httpx.Client) -> None:
    reply = client.get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert reply.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    names = [each.name for each in read_openmetrics(reply.text)]  # type: ignore[no-untyped-call]
    assert "cuttings_questions" in names
    assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")
