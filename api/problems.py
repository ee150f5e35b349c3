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
from starlette.routing import Match
from starlette.types import Scope

from api import request_id
from api.kinds import (
    ARCHIVE_BUSY,
    ARCHIVE_UNWRITABLE,
    BAD_QUESTION,
    BAD_QUOTE,
    BAD_RANGE,
    BAD_UPLOAD,
    BUSY,
    FOREIGN_PAGE,
    INVALID,
    KINDS,
    LIMIT_REACHED,
    MALFORMED,
    NO_ARCHIVE,
    NOT_READY,
    TOOK_TOO_LONG,
    UNEXPECTED,
    UNKNOWN_ADDRESS,
    UNKNOWN_ANSWER,
    UNKNOWN_CONVERSATION,
    UNKNOWN_DOCUMENT,
    UNKNOWN_MEDIA,
    WRONG_METHOD,
    Kind,
)
from api.openai.errors import MEDIA_TYPE as OPENAI_MEDIA_TYPE
from api.openai.errors import error_of, speaks_openai, status_of
from api.schemas import Problem
from api.validation import describe, field_of, is_malformed
from index.errors import (
    ArchiveBusy,
    ArchiveError,
    ArchiveUnwritable,
    BadName,
    BadQuestion,
    BadQuote,
    BadRange,
    BadUpload,
    CuttingsError,
    NotReady,
    ServiceBusy,
    TookTooLong,
    TooMuchKept,
    UnknownAnswer,
    UnknownConversation,
    UnknownDocument,
)

MEDIA_TYPE: Final = "application/problem+json"

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

_logger = logging.getLogger(__name__)

_BY_STATUS: Final = {
    each.status: each
    for each in (
        MALFORMED,
        FOREIGN_PAGE,
        UNKNOWN_ADDRESS,
        WRONG_METHOD,
        UNKNOWN_MEDIA,
        UNEXPECTED,
    )
}

_BY_ERROR: Final[Mapping[type[CuttingsError], Kind]] = {
    BadQuestion: BAD_QUESTION,
    BadUpload: BAD_UPLOAD,
    BadQuote: BAD_QUOTE,
    BadRange: BAD_RANGE,
    BadName: INVALID,
    UnknownDocument: UNKNOWN_DOCUMENT,
    UnknownConversation: UNKNOWN_CONVERSATION,
    UnknownAnswer: UNKNOWN_ANSWER,
    TooMuchKept: LIMIT_REACHED,
    ServiceBusy: BUSY,
    TookTooLong: TOOK_TOO_LONG,
    NotReady: NOT_READY,
    ArchiveBusy: ARCHIVE_BUSY,
    ArchiveUnwritable: ARCHIVE_UNWRITABLE,
    ArchiveError: NO_ARCHIVE,
    CuttingsError: UNEXPECTED,
}

_FIT_FOR_STRANGERS: Final = (
    BAD_QUESTION,
    BAD_UPLOAD,
    INVALID,
    LIMIT_REACHED,
    BUSY,
    TOOK_TOO_LONG,
    BAD_QUOTE,
    BAD_RANGE,
    INVALID,
    LIMIT_REACHED,
    BUSY,
    NOT_READY,
)
"""Kinds whose errors' messages are shown; others name files, or commands that a client has not."""

_LOGGED: Final = (NO_ARCHIVE, ARCHIVE_UNWRITABLE, UNEXPECTED)
"""Kinds of which the log says more; the id of the request finds the place."""

router = APIRouter(include_in_schema=False)


class ProblemResponse(JSONResponse):
    """A problem document. See RFC 9457 for its members. Below `/v1` it is an error of OpenAI's."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        kind: Kind,
        scope: Scope,
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
        field: str | None = None,
    ) -> None:
        """Say that `kind` happened to the request of `scope`, because of one `field` perhaps.

        The scope is told too, for the log.
        """
        scope["problem"] = kind.name
        wait = {} if kind.retry_after is None else {"Retry-After": str(kind.retry_after)}
        every = {**wait, **(headers or {})}
        document = problem_of(kind, scope, detail)
        if speaks_openai(scope):
            self.media_type = OPENAI_MEDIA_TYPE
            super().__init__(error_of(kind, document.detail, field), status_of(kind), every)
            return
        super().__init__(document.model_dump(exclude_none=True), kind.status, every)


def problem_of(kind: Kind, scope: Scope, detail: str | None = None) -> Problem:
    """Return the document that says that `kind` happened to the request of `scope`."""
    return Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=encodable(kind.detail if detail is None else detail),
        instance=quote(encodable(scope["path"])),
        request_id=request_id.current() if kind in _LOGGED else None,
    )


def kind_of(error: CuttingsError, scope: Scope) -> tuple[Kind, str | None]:
    """Return the kind of an error, and what of it is fit for strangers; log the rest."""
    kind = next(_BY_ERROR[each] for each in type(error).__mro__ if each in _BY_ERROR)
    if kind in _LOGGED:
        _logger.error("%s failed: %s", scope["method"], error)
    return kind, str(error) if kind in _FIT_FOR_STRANGERS else None


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
    return ProblemResponse(kind, request.scope, describe(error), field=field_of(error))


async def _on_http(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    kind = _BY_STATUS.get(HTTPStatus(error.status_code), UNEXPECTED)
    headers = {"Allow": _allowed(request)} if kind is WRONG_METHOD else error.headers
    return ProblemResponse(kind, request.scope, headers=headers)


def _allowed(request: Request) -> str:
    """Return the methods of an address: each of its routes knows only its own."""
    return ", ".join(
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    )


async def _on_ours(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, CuttingsError)
    kind, detail = kind_of(error, request.scope)
    return ProblemResponse(kind, request.scope, detail)
