"""The addresses of the pages. They lie beside each other, so that links hold behind any proxy."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api.addresses import QUESTIONS
from api.fields import LARGEST_ID
from api.hang_up import unless_hung_up
from api.web import answering, exchange, thread
from api.web.draft import Draft
from api.web.own_pages import only_ours
from api.web.page import page, wants_part
from api.web.reading import Place, read
from api.web.visit import TheVisit
from qa import feedback, kept
from qa.talk import Verdict

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_ours)])


@router.get("/")
def show(
    request: Request,
    visit: TheVisit,
    after: Annotated[int | None, Query(ge=0, le=LARGEST_ID)] = None,
    before: Annotated[int | None, Query(ge=0, le=LARGEST_ID)] = None,
) -> Response:
    """Show where to ask, after the conversation that is named; or, as a part, its limits."""
    draft = Draft.read(request.query_params)
    if wants_part(request):
        return thread.limits_of(visit, draft)
    return thread.talk(visit, draft, after, before) if draft.talk else thread.start(visit, draft)


@router.post("/", tags=[QUESTIONS])
async def ask(request: Request, visit: TheVisit) -> Response:
    """Answer a question: with what is shown of the answer, or with its conversation's page."""
    draft = Draft.read(await request.form())
    request.state.draft = draft
    fetch = visit.fetching()

    async def answered() -> exchange.Exchange:
        async with visit.lines.line(draft.talk or None):
            return await visit.service.pool.run(
                lambda: exchange.of_reply(answering.answer(visit, draft), fetch, visit.owner)
            )

    shown = await unless_hung_up(request, answered())
    if wants_part(request):
        return page("_exchange.html", exchange=shown, longest=visit.longest_question)
    if shown.talk is None:
        return thread.alone(visit, shown, draft.answered())
    address = f"./?talk={shown.talk}#exchange-{shown.id}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


@router.get("/answer")
def show_answer(visit: TheVisit, answer_id: Annotated[str, Query(alias="id")]) -> Response:
    """Show one answer: this is what the link to it leads to."""
    found = kept.find(visit.notebook, answer_id)
    return thread.alone(visit, exchange.of_kept(found, visit.fetching(), visit.owner), Draft())


@router.post("/verdict")
def judge(
    request: Request,
    visit: TheVisit,
    answer_id: Annotated[str, Form(alias="id")],
    verdict: Annotated[Verdict | None, Form()] = None,
) -> Response:
    """Keep what a reader thinks of an answer, or take it back if that is nothing."""
    if verdict is None:
        feedback.withdraw(visit.notebook, answer_id, visit.owner)
    else:
        feedback.give(visit.notebook, answer_id, verdict, owner=visit.owner)
    if not wants_part(request):
        return RedirectResponse(f"answer?id={answer_id}", HTTPStatus.SEE_OTHER)
    found = kept.find(visit.notebook, answer_id)
    shown = exchange.of_kept(found, visit.fetching(), visit.owner)
    return page("_verdict.html", exchange=shown, said="Kept" if verdict else "Taken back")


@router.get("/source")
def show_source(request: Request, visit: TheVisit, place: Annotated[Place, Query()]) -> Response:
    """Show a document, with a quotation marked in it."""
    reading = read(visit.archive, place)
    if wants_part(request):
        return page("_source.html", reading=reading)
    return thread.beside(visit, reading)
