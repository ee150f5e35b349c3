"""The application: settings in, something that any ASGI server can run out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api import (
    answer_routes,
    batch,
    changes,
    conversation_routes,
    docs,
    logs,
    metrics,
    routes,
    search,
    texts,
    verify,
)
from api.doors import doors
from api.in_turn import InTurn
from api.mcp.mounting import mount
from api.metrics import Metrics
from api.openai import routes as openai_routes
from api.openapi import document_doors
from api.pool import Pool
from api.problems import report_problems
from api.service import Service
from api.tracing import open_spans, telemetry
from api.web.pages import add_pages
from index.layout import Layout
from qa import opening
from qa.answer import Answerer
from qa.notebook import Notebook
from qa.settings import Settings
from qa.stages import of_answers

ABOUT = """\
Ask an archive of articles a question; get one of its sentences back, character for character, with
the answer marked in it and the place where it stands. Offsets count Unicode code points of a
document's text. Errors are problem documents (RFC 9457).

Programs made for OpenAI find what they know below `/v1`, and AI assistants that speak the Model
Context Protocol find tools at `/mcp`.

Where a key is asked for, it goes into `Authorization: Bearer KEY`. `RateLimit` and
`RateLimit-Policy` tell how many more requests the caller may send, where that is limited.
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
    service = Service(
        partial(open_answerer, settings),
        Pool(settings.workers, settings.queue, settings.answer_seconds),
        batch.pool(settings),
    )
    notebook = Notebook(Layout(settings.home).conversations)
    figures = Metrics(service)
    service.listeners.append(of_answers(figures.count_answer))
    if settings.log_questions:
        service.listeners.append(of_answers(logs.log_question))
    spans = open_spans()
    if spans is not None:
        service.listeners.append(of_answers(spans.record))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.start()
        async with assistants():
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
        middleware=doors(settings, figures),
    )
    app.state.service = service
    app.state.settings = settings
    app.state.notebook = notebook
    app.state.lines = InTurn()
    app.state.metrics = figures
    for each in (
        routes,
        batch,
        search,
        verify,
        texts,
        changes,
        conversation_routes,
        answer_routes,
        openai_routes,
        docs,
        metrics,
    ):
        app.include_router(each.router)
    assistants = mount(app, settings, service)
    add_pages(app)
    app.add_exception_handler(ClientDisconnect, _on_hang_up)
    report_problems(app)
    document_doors(app, settings)
    return app


async def _on_hang_up(_request: Request, _error: Exception) -> Response:
    return Response(status_code=499)  # as nginx has it; nobody is there to read it
