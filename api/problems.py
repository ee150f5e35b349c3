"""Errors as problem documents (RFC 9457), one kind for each thing that can go wrong."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import Scope

from api.schemas import Problem
from api.service import NotReady
from api.validation import describe, is_malformed
from index.errors import ArchiveError, BadQuestion, CuttingsError, ServiceBusy, UnknownDocument

MEDIA_TYPE: Final = "application/problem+json"

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. `detail` is said wherever the case at hand has nothing better to say."""

    name: str
    status: HTTPStatus
    title: str
    detail: str
    retry_after: int | None = None

    @property
    def type(self) -> str:
        """What identifies the kind: an address below which this service explains it."""
        return f"/problems/{self.name}"


MALFORMED = Kind(
    "malformed-body",
    HTTPStatus.BAD_REQUEST,
    "The body is not JSON",
    "the body cannot be read as JSON in UTF-8; check its quotes, commas and brackets",
)
INVALID = Kind(
    "invalid-request",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The request has a field that does not fit",
    "a field of the request does not fit; see the documentation at /docs",
)
BAD_QUESTION = Kind(
    "bad-question",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The question cannot be asked",
    "the question is empty, too long or not text",
)
UNKNOWN_DOCUMENT = Kind(
    "unknown-document",
    HTTPStatus.NOT_FOUND,
    "There is no such document",
    "the archive holds no document of that id; GET /documents lists those it holds",
)
UNKNOWN_ADDRESS = Kind(
    "unknown-address",
    HTTPStatus.NOT_FOUND,
    "There is nothing at this address",
    "there is nothing at this address; /docs lists the addresses that there are",
)
WRONG_METHOD = Kind(
    "wrong-method",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "This address takes another method",
    "this address does not take that method; the Allow header names those it takes",
)
TOO_LARGE = Kind(
    "too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "the body of the request is too large; ask in fewer words",
)
BUSY = Kind(
    "busy",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Too many questions are waiting",
    "too many questions are waiting; try again shortly",
    retry_after=1,
)
NOT_READY = Kind(
    "not-ready",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The service is not ready",
    "the archive and its model are being opened; try again shortly",
    retry_after=2,
)
NO_ARCHIVE = Kind(
    "archive-unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The archive cannot be read",
    "the archive cannot be read just now; the service's log says why",
    retry_after=30,
)
UNEXPECTED = Kind(
    "unexpected",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong in the service",
    "the service failed to answer; its log says where, and the request may be sent again",
)

KINDS: Final = {
    each.name: each
    for each in (
        MALFORMED,
        INVALID,
        BAD_QUESTION,
        UNKNOWN_DOCUMENT,
        UNKNOWN_ADDRESS,
        WRONG_METHOD,
        TOO_LARGE,
        BUSY,
        NOT_READY,
        NO_ARCHIVE,
        UNEXPECTED,
    )
}

_BY_STATUS: Final = {
    each.status: each for each in (MALFORMED, UNKNOWN_ADDRESS, WRONG_METHOD, UNEXPECTED)
}

_BY_ERROR: Final[Mapping[type[CuttingsError], Kind]] = {
    BadQuestion: BAD_QUESTION,
    UnknownDocument: UNKNOWN_DOCUMENT,
    ServiceBusy: BUSY,
    NotReady: NOT_READY,
    ArchiveError: NO_ARCHIVE,
    CuttingsError: UNEXPECTED,
}

_FIT_FOR_STRANGERS: Final = (BAD_QUESTION, BUSY, NOT_READY)
"""Kinds whose errors' messages are shown; others name files, or commands that a client has not."""

_LOGGED: Final = (NO_ARCHIVE, UNEXPECTED)

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
        """Say that `kind` happened to the request of `scope`."""
        document = Problem(
            type=kind.type,
            title=kind.title,
            status=kind.status,
            detail=encodable(kind.detail if detail is None else detail),
            instance=quote(encodable(scope["path"])),
        )
        wait = {} if kind.retry_after is None else {"Retry-After": str(kind.retry_after)}
        super().__init__(document.model_dump(), kind.status, {**wait, **(headers or {})})


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
        response["content"][MEDIA_TYPE]["examples"][kind.name] = {"value": example.model_dump()}
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
