"""The page of all conversations: opened, renamed, taken along and deleted from here."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api.fields import LARGEST_ID
from api.web import key_cookie
from api.web.own_pages import only_ours
from api.web.page import page, wants_part
from api.web.visit import TheVisit
from qa import conversations

SHOWN: Final = 50
"""Conversations on a page."""

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_ours)])


@router.get("/talks")
def show_all(
    request: Request,
    visit: TheVisit,
    before: Annotated[int | None, Query(ge=0, le=LARGEST_ID)] = None,
) -> Response:
    """Show the conversations, the newest first."""
    # One more than is shown tells whether there is another page.
    found = conversations.newest(visit.notebook, before, SHOWN + 1, visit.owner)
    shown = found[:SHOWN]
    further = shown[-1].place if len(found) > SHOWN else None
    return page(
        "talks.html",
        talks=shown,
        further=further,
        first=before is None,
        longest_name=conversations.LONGEST_NAME,
        known=key_cookie.NAME in request.cookies,
    )


@router.post("/rename")
def rename(
    request: Request,
    visit: TheVisit,
    talk: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
) -> Response:
    """Give a conversation another name."""
    found = conversations.change(visit.notebook, talk, name, owner=visit.owner)
    if wants_part(request):
        return page(
            "_talk.html", talk=found, longest_name=conversations.LONGEST_NAME, said="Renamed"
        )
    return RedirectResponse("talks", HTTPStatus.SEE_OTHER)


@router.post("/delete")
def delete(request: Request, visit: TheVisit, talk: Annotated[str, Form()]) -> Response:
    """Delete a conversation with all its answers."""
    conversations.delete(visit.notebook, talk, visit.owner)
    if wants_part(request):
        return page("_deleted.html")
    return RedirectResponse("talks", HTTPStatus.SEE_OTHER)
