"""Spans, as a collector gets them over real HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from api.app import create_app
from tests.api.workshop import HeldReader, run, settings_for

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = {"traceparent": f"00-{TRACE}-{PARENT}-01"}


@dataclass
class Collector:
    """What has been sent to it."""

    bodies: list[bytes] = field(default_factory=list)

    @property
    def resource(self) -> dict[str, Any]:
        (first, *_) = self._requests()
        return _plain(first.resource_spans[0].resource.attributes)

    @property
    def spans(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for request in self._requests():
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        found.setdefault(span.name, []).append(span)
        return found

    def _requests(self) -> list[ExportTraceServiceRequest]:
        return [ExportTraceServiceRequest.FromString(each) for each in self.bodies]


def _plain(attributes: Any) -> dict[str, Any]:
    return {
        each.key: getattr(each.value, str(each.value.WhichOneof("value"))) for each in attributes
    }


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector on a free port, which the environment names."""
    made = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            made.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _listening(Handler) as port:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield made


@contextmanager
def _listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_question_has_spans_for_its_request_itself_and_its_stages(
    fake_home: Path, collector: Collector
) -> None:
    with run(create_app(settings_for(fake_home))) as running:
        running.wait()
        reply = running.client.post(
            "/ask", json={"question": "Who is our secret source?"}, headers=TRACEPARENT
        )
    spans = collector.spans
    assert set(spans) == {"POST /ask", "question", "embed", "search", "read", "quote"}
    (request,), (question,) = spans["POST /ask"], spans["question"]
    assert request.trace_id.hex() == TRACE
    assert request.parent_span_id.hex() == PARENT
    assert request.kind == Span.SPAN_KIND_SERVER
    assert _plain(request.attributes)["http.route"] == "/ask"
    assert _plain(request.attributes)["http.response.status_code"] == 200
    assert question.parent_span_id == request.span_id
    assert question.trace_id == request.trace_id
    stages = [spans[each][0] for each in ("embed", "search", "read", "quote")]
    assert all(each.parent_span_id == question.span_id for each in stages)
    assert request.start_time_unix_nano <= question.start_time_unix_nano
    assert question.end_time_unix_nano <= request.end_time_unix_nano
    ends = [question.start_time_unix_nano, *(each.end_time_unix_nano for each in stages)]
    assert ends[:-1] == [each.start_time_unix_nano for each in stages]
    assert ends[-1] == question.end_time_unix_nano
    took = stages[2].end_time_unix_nano - stages[2].start_time_unix_nano
    assert took / 1e6 == pytest.approx(reply.json()["timings_ms"]["read"], abs=0.1)
    assert _plain(question.attributes) == {
        "cuttings.answered": reply.json()["answered"],
        "cuttings.confidence": pytest.approx(reply.json()["confidence"], abs=1e-4),
        "cuttings.passages": len(reply.json()["passages"]),
        "cuttings.request_id": reply.headers["x-request-id"],
    }
    assert not any(b"secret" in each for each in collector.bodies)


def test_no_query_leaves_the_service(fake_home: Path, collector: Collector) -> None:
    with run(create_app(settings_for(fake_home))) as running:
        running.client.get("/documents", params={"question": "Who is our secret source?"})
    ((request,),) = collector.spans.values()
    assert _plain(request.attributes)["url.query"] == "REDACTED"
    assert not any(b"secret" in each for each in collector.bodies)


def test_an_error_has_its_kind_and_not_its_words(
    fake_home: Path, collector: Collector, reader: HeldReader
) -> None:
    reader.error = KeyError("secret")
    reader.go_on.set()
    with reader.serving(fake_home) as running:
        running.client.post("/ask", json={"question": "Who reads?"})
    ((request,),) = collector.spans.values()
    assert _plain(request.attributes)["http.response.status_code"] == 500
    assert not any(b"secret" in each for each in collector.bodies)


def test_probes_have_none(fake_home: Path, collector: Collector) -> None:
    with run(create_app(settings_for(fake_home))) as running:
        for path in ("/healthz", "/readyz", "/metrics"):
            running.client.get(path)
    assert collector.bodies == []


def test_the_service_has_a_name_unless_it_is_given_another(
    fake_home: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(fake_home)
    for environment, name in (
        ({}, "cuttings"),
        ({"OTEL_RESOURCE_ATTRIBUTES": "service.name=papers,deployment.environment=test"}, "papers"),
        ({"OTEL_SERVICE_NAME": "archive"}, "archive"),
    ):
        for key, value in environment.items():
            monkeypatch.setenv(key, value)
        collector.bodies.clear()
        with run(create_app(settings)) as running:
            running.client.get("/documents")
        assert collector.resource["service.name"] == name
    assert collector.resource["deployment.environment"] == "test"
    assert collector.resource["service.version"] == running.app.version


def test_a_collector_that_is_not_there_holds_nothing_up(
    fake_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    with run(create_app(settings_for(fake_home))) as running:
        running.wait()
        assert running.client.get("/documents").status_code == 200
