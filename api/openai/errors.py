"""Every error below `/v1` in the shape that OpenAI's clients read."""

from http import HTTPStatus
from typing import Any, Final

from starlette.types import Scope

from api.kinds import BAD_QUESTION, UNKNOWN_MODEL, Kind
from api.openai.schemas import Error, Fault

MEDIA_TYPE: Final = "application/json"

_PARAMETERS: Final = {BAD_QUESTION.name: "messages", UNKNOWN_MODEL.name: "model"}


def speaks_openai(scope: Scope) -> bool:
    """Say whether whoever asked expects OpenAI's shapes."""
    path: str = scope["path"]
    return path == "/v1" or path.startswith("/v1/")


def status_of(kind: Kind) -> HTTPStatus:
    """Return the status with which OpenAI reports such a problem."""
    unfit = kind.status is HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.BAD_REQUEST if unfit else kind.status


def error_of(kind: Kind, message: str, parameter: str | None = None) -> dict[str, Any]:
    """Return the body that says what is wrong, and with which parameter if that is known."""
    fault = Fault(
        message=message,
        type=_type_of(kind.status),
        param=_PARAMETERS.get(kind.name) if parameter is None else parameter,
        code=kind.name.replace("-", "_"),
    )
    return Error(error=fault).model_dump()


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of the responses by which a route reports these kinds."""
    found: dict[int | str, dict[str, Any]] = {"default": _response("Any other error")}
    for kind in kinds:
        status = status_of(kind)
        response = found.setdefault(int(status), _response(status.phrase))
        example = {"value": error_of(kind, kind.detail)}
        response["content"][MEDIA_TYPE]["examples"][kind.name] = example
    return found


def _response(description: str) -> dict[str, Any]:
    content = {"schema": Error.model_json_schema(), "examples": {}}
    return {"description": description, "content": {MEDIA_TYPE: content}}


def _type_of(status: HTTPStatus) -> str:
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        return "rate_limit_error"
    return "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
