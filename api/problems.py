"""Every error as a problem document (RFC 9457)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import Scope

from api import request_id
from api.kinds import (
    ARCHIVE_UNWRITABLE,
    BAD_QUESTION,
    BUSY,
    INVALID,
    KINDS,
    LIMIT_REACHED,
    MALFORMED,
    NO_ARCHIVE,
    NOT_READY,
    UNEXPECTED,
    UNKNOWN_ADDRESS,
    UNKNOWN_ANSWER,
    UNKNOWN_CONVERSATION,
    UNKNOWN_DOCUMENT,
    WRONG_METHOD,
    Kind,
)
from api.schemas import Problem
from api.validation import describe, is_malformed
from index.errors import (
    ArchiveError,
    ArchiveUnwritable,
    BadName,
    BadQuestion,
    CuttingsError,
    NotReady,
    ServiceBusy,
    TooMuchKept,
    UnknownAnswer,
    UnknownConversation,
    UnknownDocument,
)

MEDIA_TYPE: Final = "application/problem+json"

_logger = logging.getLogger(__name__)


_BY_STATUS: Final = {
    each.status: each for each in (MALFORMED, UNKNOWN_ADDRESS, WRONG_METHOD, UNEXPECTED)
}

_BY_ERROR: Final[Mapping[type[CuttingsError], Kind]] = {
    BadQuestion: BAD_QUESTION,
    BadName: INVALID,
    UnknownDocument: UNKNOWN_DOCUMENT,
    UnknownConversation: UNKNOWN_CONVERSATION,
    UnknownAnswer: UNKNOWN_ANSWER,
    TooMuchKept: LIMIT_REACHED,
    ServiceBusy: BUSY,
    NotReady: NOT_READY,
    ArchiveUnwritable: ARCHIVE_UNWRITABLE,
    ArchiveError: NO_ARCHIVE,
    CuttingsError: UNEXPECTED,
}

_FIT_FOR_STRANGERS: Final = (BAD_QUESTION, INVALID, LIMIT_REACHED, BUSY, NOT_READY)
"""Kinds whose errors' messages are shown; others name files, or commands that a client has not."""

_LOGGED: Final = (NO_ARCHIVE, ARCHIVE_UNWRITABLE, UNEXPECTED)
"""Kinds of which the log says more; the id of the request finds the place."""

router = APIRouter(include_in_schema=False)


class ProblemResponse(JSONResponse):
    """A problem document. See RFC 9457 for its members."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        kind: Kind,
        scope: Scope,
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Say that `kind` happened to the request of `scope`, in the scope itself too."""
        document = Problem(
            type=kind.type,
            title=kind.title,
            status=kind.status,
            detail=encodable(kind.detail if detail is None else detail),
            instance=quote(encodable(scope["path"])),
            request_id=request_id.current() if kind in _LOGGED else None,
        )
        scope["problem"] = kind.name
        wait = {} if kind.retry_after is None else {"Retry-After": str(kind.retry_after)}
        shown = document.model_dump(exclude_none=True)
        super().__init__(shown, kind.status, {**wait, **(headers or {})})


def encodable(text: str) -> str:
    """Return the text with what UTF-8 cannot hold, lone surrogates, as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of the responses by which a route reports these kinds."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        # Several kinds may share a status: each is one example of it.
        response = found.setdefault(
            int(kind.status),
            {
                "description": kind.status.phrase,
                "content": {
                    MEDIA_TYPE: {
                        "schema": Problem.model_json_schema(),
                        "examples": {},
                    }
                },
            },
        )
        example = Problem(
            type=kind.type, title=kind.title, status=kind.status, detail=kind.detail, instance="/"
        )
        response["content"][MEDIA_TYPE]["examples"][kind.name] = {
            "value": example.model_dump(exclude_none=True)
        }
    return found


def report_problems(app: FastAPI) -> None:
    """See to it that every error of `app` leaves it as a problem document."""
    app.include_router(router)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(CuttingsError, _on_ours)


@router.get("/problems/{name}")
def explain(name: str) -> PlainTextResponse:
    """Explain a kind of problem: its `type` is an address, and this is what is there."""
    if name not in KINDS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    kind = KINDS[name]
    return PlainTextResponse(f"{kind.title} ({kind.status.value}): {kind.detail}.\n")


async def _on_invalid(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)
    kind = MALFORMED if is_malformed(error) else INVALID
    return ProblemResponse(kind, request.scope, describe(error))


async def _on_http(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    kind = _BY_STATUS.get(HTTPStatus(error.status_code), UNEXPECTED)
    return ProblemResponse(kind, request.scope, headers=error.headers)


async def _on_ours(request: Request, error: Exception) -> ProblemResponse:
    kind = next(_BY_ERROR[each] for each in type(error).__mro__ if each in _BY_ERROR)
    if kind in _LOGGED:
        _logger.error("%s failed: %s", request.method, error)
    return ProblemResponse(kind, request.scope, str(error) if kind in _FIT_FOR_STRANGERS else None)
