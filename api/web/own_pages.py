"""Tells what our own pages send from what a page of another site makes a browser send."""

from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request

_OURS: Final = ("same-origin", "none")
"""What a browser calls its user, or a page of ours."""


def is_ours(headers: Headers) -> bool:
    """Say whether a request may come from a page of this service, or from no page at all."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    # Not said by old browsers, nor where the connection is not secure.
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


async def only_ours(request: Request) -> None:
    """Refuse what another site's page makes a browser change here.

    Raises:
        HTTPException: it does.
    """
    if request.method != "GET" and not is_ours(request.headers):
        raise HTTPException(HTTPStatus.FORBIDDEN)
