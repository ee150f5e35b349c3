"""The addresses of the page."""

import uuid
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path as File
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Query, Request
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api import schemas
from api.hang_up import unless_hung_up
from api.routes import TheService
from api.web import view
from index import history
from index.types import Document, Span
from qa.answer import Answerer
from qa.question import LONGEST_QUESTION

_HERE: Final = File(str(files("api.web")))
STATIC: Final = StaticFiles(directory=_HERE / "static")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer, as they are shown."""

    id: str
    question: str
    standalone: str
    sure: str
    confidence: int
    quote: view.Quote | None
    also: list[view.Quote]
    differs: list[view.Quote]
    nearest: list[view.Quote]


def _keep(text: str) -> Markup:
    """Escape a text so that a parser gives it back as it is: it would make "\\n" of a bare "\\r"."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704 - escaped just before


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
    )
    made.filters["keep"] = _keep
    return made


_templates: Final = _environment()


def _page(name: str, **values: Any) -> HTMLResponse:
    return HTMLResponse(_templates.get_template(name).render(**values))


@router.get("/")
def start(service: TheService) -> HTMLResponse:
    """Show the page, with nothing asked yet."""
    count, _ = service.answerer.archive.store.count()
    return _page("thread.html", root="", documents=count, turns=[], longest=LONGEST_QUESTION)


@router.post("/")
async def ask(
    request: Request, service: TheService, question: Annotated[str, Form()]
) -> HTMLResponse:
    """Answer a question: with the part that shows it, or with the whole page."""
    answerer = service.answerer
    turn = await unless_hung_up(request, service.pool.run(lambda: _answer(answerer, question)))
    if "x-part" in request.headers:
        return _page("_turn.html", root="", turn=turn)
    count, _ = answerer.archive.store.count()
    return _page("thread.html", root="", documents=count, turns=[turn], longest=LONGEST_QUESTION)


@router.get("/source/{id}")
def source(
    request: Request,
    service: TheService,
    document_id: Annotated[int, Path(alias="id", ge=1, le=schemas.LARGEST_ID)],
    version: Annotated[int, Query(ge=1, le=schemas.LARGEST_ID)],
    start: int | None = None,
    end: int | None = None,
    inner_start: Annotated[int | None, Query(alias="from")] = None,
    inner_end: Annotated[int | None, Query(alias="to")] = None,
) -> HTMLResponse:
    """Show a document, with the quotation marked in it."""
    archive = service.answerer.archive
    document = history.version(archive.store, document_id, version)
    outer = None if start is None or end is None else Span(start, end)
    inner = None if inner_start is None or inner_end is None else Span(inner_start, inner_end)
    shown = {
        "title": view.showable(document.title),
        "about": _about(document),
        "pieces": list(view.pieces(document.text, outer, inner)),
    }
    if "x-part" in request.headers:
        return _page("_source.html", root="../", document=shown)
    count, _ = archive.store.count()
    return _page(
        "thread.html", root="../", documents=count, document=shown, turns=[], longest=LONGEST_QUESTION
    )


def _about(document: Document) -> str:
    named = [document.author, document.publisher, document.published, document.source]
    return view.showable(", ".join(str(each) for each in named if each is not None))


def _answer(answerer: Answerer, question: str) -> Turn:
    given = answerer.ask(question)
    told = given.as_json()

    def quoted(cited: Any) -> view.Quote:
        return view.quote(cited.document, cited.as_json())

    nearest = [
        view.quote(
            each.document,
            {
                "document": shown["document"],
                "kind": each.passage.kind,
                "start": each.passage.start,
                "end": each.passage.end,
                "sentence_start": each.passage.start,
                "sentence_end": each.passage.end,
                "original": {},
            },
        )
        for each, shown in zip(given.passages[:3], told["passages"], strict=False)
    ]
    return Turn(
        id=uuid.uuid4().hex[:8],
        question=question,
        standalone=given.standalone_question,
        sure=view.in_words(given.confidence),
        confidence=round(100 * given.confidence),
        quote=None if given.citation is None else quoted(given.citation),
        also=[quoted(each) for each in given.also],
        differs=[quoted(each) for each in given.differs],
        nearest=nearest,
    )
