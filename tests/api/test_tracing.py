"""Whether requests are traced, and that nothing of it is loaded where they are not."""

import json
import subprocess
import sys

import pytest

from api.tracing import open_spans, telemetry
from index.errors import BadSetting

HERE = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_SERVICE_NAME": "papers"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {**HERE, "OTEL_SDK_DISABLED": "True"},
        {**HERE, "OTEL_TRACES_EXPORTER": "none"},
        {**HERE, "OTEL_TRACES_EXPORTER": "console", "OTEL_SDK_DISABLED": "true"},
    ],
)
def test_without_a_place_to_send_them_there_are_none(environment: dict[str, str]) -> None:
    assert open_spans(environment) is None


@pytest.mark.parametrize(
    "environment",
    [
        HERE,
        {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"},
        {"OTEL_TRACES_EXPORTER": "otlp"},
        {**HERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
    ],
)
def test_with_one_there_are(environment: dict[str, str]) -> None:
    spans = open_spans(environment)
    assert spans is not None
    assert telemetry(spans)["tracer_provider"] is spans.provider
    spans.close()


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER is 'zipkin'; make it otlp"),
        ({**HERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'"),
        (
            {**HERE, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json"},
            "http/json.*by http/protobuf only",
        ),
    ],
)
def test_what_is_not_here_is_said(environment: dict[str, str], told: str) -> None:
    with pytest.raises(BadSetting, match=told):
        open_spans(environment)


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "api.spans", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(BadSetting, match=r"pip install 'cuttings\[traces\]'"):
        open_spans(HERE)


def test_nothing_is_loaded_for_traces_that_nobody_wants() -> None:
    script = """
import json, sys
import qa.answer, qa.opening, qa.chat, qa.evaluate
asking = [each for each in sys.modules if each.startswith("opentelemetry")]
from api.app import create_app
from qa.settings import Settings
create_app(Settings())
serving = [each for each in sys.modules if each.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))]
print(json.dumps([asking, serving]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(done.stdout) == [[], []]
