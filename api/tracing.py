"""Whether requests are traced: OpenTelemetry's own OTEL_* variables say so."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from fastapi.telemetry import TelemetryConfig

from api.addresses import PROBES
from index.errors import BadSetting

if TYPE_CHECKING:
    from api.spans import Spans

_EXPORTER: Final = "OTEL_TRACES_EXPORTER"
_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_OURS: Final = "http/protobuf"


def open_spans(environment: Mapping[str, str] = os.environ) -> "Spans | None":
    """Return what sends spans where the environment says, or None if it says nothing.

    Raises:
        BadSetting: it asks for what is not here, or the packages for it are not installed.
    """
    if not _is_wanted(environment):
        return None
    try:
        from api.spans import Spans
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("opentelemetry"):
            raise  # a broken installation
        raise BadSetting(
            "OTEL_* variables ask for traces, which need an extra; install it: "
            "pip install 'cuttings[traces]', or set OTEL_SDK_DISABLED=true"
        ) from error
    return Spans()


def telemetry(spans: "Spans | None") -> TelemetryConfig:
    """Return what FastAPI, which makes the span of each request, is to do.

    Nothing but that: its own logs have the messages of errors, which may quote a question.
    """
    return {
        "tracer_provider": None if spans is None else spans.provider,
        "tracing": spans is not None,
        "operation_spans": False,
        "metrics": False,
        "logs": False,
        "auto_configure": False,
        "exclude": lambda scope: scope["path"] in PROBES,
    }


def _is_wanted(environment: Mapping[str, str]) -> bool:
    exporter = environment.get(_EXPORTER, "")
    disabled = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    named = exporter or any(environment.get(each) for each in _ENDPOINTS)
    if disabled or exporter == "none" or not named:
        return False
    if exporter not in ("", "otlp"):
        raise BadSetting(f"{_EXPORTER} is {exporter!r}; make it otlp, or none for no traces")
    for name in _PROTOCOLS:
        protocol = environment.get(name, "")
        if protocol not in ("", _OURS):
            raise BadSetting(f"{name} is {protocol!r}; traces are sent by {_OURS} only")
    return True
