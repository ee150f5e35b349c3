"""The addresses of the pages."""

import uuid
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from api import schemas
from api.hang_up import unless_hung_up
from api.routes import TheService
from api.service import Service
from api.web import marked, reply
from api.web.draft import Draft, limits
from api.web.page import page, wants_part
from api.web.quote import Source
from index import catalogue, history
from index.types import Document, Span
from qa.question import LONGEST_QUESTION
from qa.types import describe
from qa.scope import Scope

router = APIRouter(include_in_schema=False)


def _thread(service: Service, draft: Draft, **values):
    store = service.answerer.archive.store
    count, _ = store.count()
    scope = draft.scope
    shown = {"turns": [], "source": None, "problem": None, "title": "Cuttings", "heading": "Cuttings"}
    return page("thread.html", **{**shown, "draft": draft, "limits": limits(scope), "open_limits": False,
        "chosen": [] if scope.documents is None else catalogue.named(store, scope.documents),
        "motto": f"Ask {count:,} documents. Every answer is a quotation, word for word.",
        "longest": LONGEST_QUESTION, **values})


@router.get("/")
def start(request: Request, service: TheService) -> HTMLResponse:
    """Show the page, with nothing asked yet."""
    draft = Draft.read(request.query_params)
    if wants_part(request):
        scope = draft.scope
        return page("_limits.html", draft=draft, limits=limits(scope), open_limits=True,
          chosen=catalogue.named(service.answerer.archive.store, scope.documents or ()))
    return _thread(service, draft)


@router.post("/")
async def ask(request: Request, service: TheService) -> HTMLResponse:
    """Answer a question: with the part that shows it, or with the whole page."""
    draft = Draft.read(await request.form())
    answerer = service.answerer
    def work():
        scope = draft.scope
        a = answerer.ask(draft.question, (), scope.since, scope.until)
        store = answerer.archive.store
        @lru_cache
        def fetch(i, v):
            return history.version(store, i, v)
        return reply.reply(a.as_json(), fetch, uuid.uuid4().hex[:8])
    turn = await unless_hung_up(request, service.pool.run(work))
    if wants_part(request):
        return page("_turn.html", turn=turn, longest=LONGEST_QUESTION)
    return _thread(service, draft, turns=[turn])


@router.get("/source")
def source(
    request: Request,
    service: TheService,
    document_id: Annotated[int, Query(alias="id", ge=1, le=schemas.LARGEST_ID)],
    version: Annotated[int, Query(ge=1, le=schemas.LARGEST_ID)],
    start: Annotated[int, Query(ge=0)] = 0,
    end: Annotated[int, Query(ge=0)] = 0,
    inner_start: Annotated[int, Query(alias="from")] = 0,
    inner_end: Annotated[int, Query(alias="to")] = 0,
) -> HTMLResponse:
    """Show a document, with the quotation marked in it."""
    archive = service.answerer.archive
    document = history.version(archive.store, document_id, version)
    outer, inner = Span(start, end), Span(inner_start, inner_end)
    text = document.text
    stretch = marked.around(text, outer)
    reading = {"id": document_id, "note": "", "now": "", "earlier": "", "later": "", "start": stretch.start,
      "text": marked.marked(text, stretch, (marked.SENTENCE, outer), (marked.ANSWER, inner))}
    shown = Source.of(describe(document))
    if wants_part(request):
        return page("_source.html", source=shown, reading=reading)
    return _thread(service, Draft(), source=shown, reading=reading)
