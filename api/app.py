"""The application: settings in, something that any ASGI server can run out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api import answer_routes, conversation_routes, docs, logs, metrics, routes
from api.access import Access
from api.body_limit import BodyLimit
from api.in_turn import InTurn
from api.metrics import Metrics
from api.pool import Pool
from api.problems import report_problems
from api.request_id import RequestId
from api.service import Service
from api.tracing import open_spans, telemetry
from api.unexpected import UnexpectedErrors
from index.layout import Layout
from qa import opening
from qa.answer import Answerer
from qa.notebook import Notebook
from qa.settings import Settings

ABOUT = """\
Ask an archive of articles a question; get one of its sentences back, character for character, with
the answer marked in it and the place where it stands. Offsets count Unicode code points of a
document's text. Errors are problem documents (RFC 9457).
"""

OpenAnswerer = Callable[[Settings], Answerer]


def create_app(settings: Settings, open_answerer: OpenAnswerer = opening.open_answerer) -> FastAPI:
    """Make the application for one archive.

    Nothing is opened before the application starts; `app.state.service.loaded` then tells when the
    answerer is there, or why not.

    Args:
        settings: which archive, and how its questions are answered.
        open_answerer: opens the archive and the models; called once, in a thread.

    Raises:
        BadSetting: the environment asks for traces that cannot be had; see `api.tracing`.
    """
    service = Service(partial(open_answerer, settings), Pool(settings.workers, settings.queue))
    notebook = Notebook(Layout(settings.home).conversations)
    figures = Metrics(service)
    service.listeners.append(figures.count_answer)
    if settings.log_questions:
        service.listeners.append(logs.log_question)
    spans = open_spans()
    if spans is not None:
        service.listeners.append(spans.record)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.start()
        yield
        await run_in_threadpool(service.close)
        notebook.close()
        if spans is not None:
            await run_in_threadpool(spans.close)

    app = FastAPI(
        title="Cuttings",
        summary="Questions to an archive of articles, answered with the articles' own words",
        description=ABOUT,
        version=version("cuttings"),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry=telemetry(spans),
        middleware=[
            Middleware(RequestId),
            Middleware(Access, figures),
            Middleware(UnexpectedErrors),
            Middleware(BodyLimit),
        ],
    )
    app.state.service = service
    app.state.notebook = notebook
    app.state.lines = InTurn()
    app.state.metrics = figures
    app.include_router(routes.router)
    app.include_router(conversation_routes.router)
    app.include_router(answer_routes.router)
    app.include_router(docs.router)
    app.include_router(metrics.router)
    app.add_exception_handler(ClientDisconnect, _on_hang_up)
    report_problems(app)
    return app


async def _on_hang_up(_request: Request, _error: Exception) -> Response:
    return Response(status_code=499)  # as nginx has it; nobody is there to read it
