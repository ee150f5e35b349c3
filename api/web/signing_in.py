"""The page on which a browser is given the key to the archive, where it takes one."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.web import key_cookie
from api.web.own_pages import only_ours
from api.web.page import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_ours)])


@router.get("/key")
def show(request: Request) -> Response:
    """Ask for a key, to go on with where one came from."""
    came_from = urlsplit(request.headers.get("referer", ""))
    path = came_from.path.rpartition("/")[2]
    onward = f"{path}?{came_from.query}" if came_from.query else path
    return page("key.html", onward=onward, wrong=False, known=key_cookie.NAME in request.cookies)


@router.post("/key")
def give(
    request: Request,
    key: Annotated[str, Form()] = "",
    onward: Annotated[str, Form()] = "",
) -> Response:
    """Keep a key in the browser; the next request tells whether it is one. None forgets it."""
    if key and not key_cookie.is_key(key.strip()):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return page("key.html", status, onward=onward, wrong=True, known=False)
    # Below this service, whatever it says.
    reply = RedirectResponse(f"./{onward}", HTTPStatus.SEE_OTHER)
    if key:
        key_cookie.keep(reply, key.strip(), request)
    else:
        key_cookie.forget(reply)
    return reply
