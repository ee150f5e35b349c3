"""Spans for OpenTelemetry: of each question, inside its request, and of its stages.

Only this module needs the extra `traces`; `api.tracing` imports it where traces are wanted.
"""

import time
from importlib.metadata import version

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import set_span_in_context

from api import request_id
from api.stages import stages
from qa.types import Answer


class Spans:
    """Sends spans where the OTEL_* variables say, through `provider`."""

    def __init__(self) -> None:
        """Open the way there."""
        release = version("cuttings")
        defaults = {"service.name": "cuttings", "service.version": release}
        named = OTELResourceDetector().detect().attributes
        # Ended by the application, after its last request.
        self.provider = TracerProvider(
            resource=Resource.create({**defaults, **named}), shutdown_on_exit=False
        )
        self.provider.add_span_processor(_WithoutQueries())
        self.provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self.provider.get_tracer("cuttings", release)

    def record(self, answer: Answer) -> None:
        """Make the spans of a question that has been answered. None tells what was asked.

        They are made afterwards, from the timings that every answer has: answering needs to know
        nothing of them.
        """
        spent = {name: int(seconds * 1e9) for name, seconds in stages(answer).items()}
        at = time.time_ns() - sum(spent.values())
        request = request_id.current()
        question = self._tracer.start_span(
            "question",
            start_time=at,
            attributes={
                "cuttings.answered": answer.answered,
                "cuttings.confidence": answer.confidence,
                "cuttings.passages": len(answer.passages),
                **({} if request is None else {"cuttings.request_id": request}),
            },
        )
        inside = set_span_in_context(question)
        for stage, nanoseconds in spent.items():
            span = self._tracer.start_span(stage, context=inside, start_time=at)
            at += nanoseconds
            span.end(at)
        question.end(at)

    def close(self) -> None:
        """Send what is left."""
        self.provider.shutdown()


class _WithoutQueries(SpanProcessor):
    """Takes the query out of the spans of requests: it may be a question."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002
        if span.attributes is not None and "url.query" in span.attributes:
            span.set_attribute("url.query", "REDACTED")
