"""The page on which documents are chosen, by the words of their titles."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.fields import LARGEST_ID
from api.web.draft import Draft
from api.web.page import page, wants_part
from api.web.visit import TheVisit
from index import catalogue

SHOWN: Final = 30
"""Documents on a page."""

router = APIRouter(include_in_schema=False)


@router.get("/choose")
def choose(
    request: Request,
    visit: TheVisit,
    find: str = "",
    after: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
) -> Response:
    """Show documents to choose among: those chosen already, and those that have some words."""
    draft = Draft.read(request.query_params)
    store = visit.archive.store
    ids = draft.scope.documents
    chosen = catalogue.named(store, () if ids is None else ids)
    # One more than is shown tells whether there is another page.
    found = catalogue.find(store, find, after, SHOWN + 1)
    shown = found[:SHOWN]
    return page(
        "_choose.html" if wants_part(request) else "choose.html",
        draft=draft,
        words=find,
        chosen=chosen,
        found=[each for each in shown if each not in chosen],
        following=shown[-1].id if len(found) > SHOWN else None,
    )
