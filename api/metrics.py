"""What Prometheus is told. `api/OPERATION.md` lists it all."""

import platform
from collections.abc import Iterator
from importlib.metadata import version
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.service import Service
from api.stages import stages
from index.archive import Archive
from index.errors import ArchiveError, NotReady
from qa.types import Answer

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds: a stage may take a millisecond, a question in a long queue half a minute."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are told apart; a client may make up others."""

EXAMPLE: Final = """\
# HELP cuttings_questions_total Questions, by what became of them.
# TYPE cuttings_questions_total counter
cuttings_questions_total{outcome="answered",reason=""} 12.0
cuttings_questions_total{outcome="refused",reason="busy"} 1.0
"""

router = APIRouter(tags=["operation"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": EXAMPLE}}}},
)
def metrics(request: Request) -> Response:
    """Return what Prometheus collects: questions, stages, requests, queue, archive, process."""
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(request.app.state.metrics.registry), media_type=media_type)


class Metrics:
    """The figures of one application, in a registry of its own."""

    def __init__(self, service: Service) -> None:
        """Count what `service` does."""
        # Without this the text format gives a second series to each, for when it began.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "cuttings_questions",
            "Questions, by what became of them.",
            ["outcome", "reason"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "cuttings_question_duration_seconds",
            "Time from a worker taking a question to its answer.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._stages = Histogram(
            "cuttings_question_stage_duration_seconds",
            "Time that each stage of a question took.",
            ["stage"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._requests = Histogram(
            "cuttings_http_request_duration_seconds",
            "Time from a request to the end of its reply.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        for outcome in ("answered", "abstained"):
            self._questions.labels(outcome, "")  # so that a rate begins at zero
        pool = service.pool
        for name, says, read in (
            ("cuttings_workers", "Questions that are answered at a time, at most.", pool.workers),
            ("cuttings_queue_limit", "Questions that may wait.", pool.queue),
        ):
            Gauge(name, says, registry=self.registry).set(read)
        for name, says, ask in (
            ("cuttings_workers_busy", "Questions that are being answered.", lambda: pool.busy),
            ("cuttings_queue_length", "Questions that are waiting.", lambda: pool.waiting),
        ):
            Gauge(name, says, registry=self.registry).set_function(ask)
        build = Info(
            "cuttings_build", "The version that runs, and on what.", registry=self.registry
        )
        build.info({"version": version("cuttings"), "python": platform.python_version()})
        self.registry.register(_ArchiveSize(service))
        ProcessCollector(registry=self.registry)

    def count_answer(self, answer: Answer) -> None:
        """Count a question that was answered, or to which the archive says nothing."""
        self._questions.labels("answered" if answer.answered else "abstained", "").inc()
        self._seconds.observe(answer.timings_ms["total"] / 1000)
        for stage, spent in stages(answer).items():
            self._stages.labels(stage).observe(spent)

    def count_refusal(self, reason: str) -> None:
        """Count a question that was not taken, or failed; `reason` is the kind of problem."""
        self._questions.labels("refused", reason).inc()

    def count_request(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count a request to the route of this template, or to none."""
        known = method if method in METHODS else "other"
        place = "unknown" if route is None else route
        self._requests.labels(known, place, str(status)).observe(seconds)


class _ArchiveSize(Collector):
    """Whether the archive can be read, and how large it is; while it cannot be, only that."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._counted: tuple[int, int, int] = (-1, 0, 0)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Return what can be said now."""
        try:
            found = list(self._sizes(self._service.answerer.archive))
        except (NotReady, ArchiveError):
            found = []  # the first metric says so
        yield GaugeMetricFamily(
            "cuttings_archive_ready",
            "1 when the archive can be read and the models are loaded, otherwise 0.",
            float(bool(found)),
        )
        yield from found

    def _sizes(self, archive: Archive) -> Iterator[GaugeMetricFamily]:
        change = archive.store.change
        if change != self._counted[0]:
            # To count takes a scan: only when there is something new.
            self._counted = (change, *archive.store.count())
        _, documents, passages = self._counted
        for name, says, value in (
            ("documents", "Documents in the archive.", documents),
            ("passages", "Passages in the archive.", passages),
            ("bytes", "Size of the archive's folder.", archive.bytes_on_disk),
            ("change", "Number of the last change to the archive.", change),
        ):
            yield GaugeMetricFamily(f"cuttings_archive_{name}", says, float(value))
