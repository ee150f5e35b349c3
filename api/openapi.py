"""What the schema says of the doors, on every route alike: none has to say it for itself."""

from typing import Any, Final

from fastapi import FastAPI

from api import document_schemas, schemas
from api.addresses import PROBES
from api.kinds import (
    FORBIDDEN,
    FOREIGN_PAGE,
    NO_KEY,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    UNKNOWN_HOST,
    Kind,
)
from api.openai import errors as openai
from api.problems import documented
from api.rights import free_right, right_for
from qa.settings import Settings

SCHEME: Final = "key"

_REFERENCE: Final = "#/components/schemas/{model}"
_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})


def document_doors(app: FastAPI, settings: Settings) -> None:
    """Complete what `app` says of itself: keys, refusals, and limits that are settings."""
    plain = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            _add_shapes(schema, settings)
            _add_doors(schema, optional=free_right(settings) is not None)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = complete  # type: ignore[method-assign] # as FastAPI's documentation has it


def _add_shapes(schema: dict[str, Any], settings: Settings) -> None:
    shapes = schema["components"]["schemas"]
    # A body that may be of two kinds is no parameter of its route: FastAPI does not see it.
    given = document_schemas.NewDocuments.model_json_schema(ref_template=_REFERENCE)
    shapes |= given.pop("$defs")
    shapes[document_schemas.NewDocuments.__name__] = given
    question = shapes[schemas.Question.__name__]["properties"]["question"]
    question["maxLength"] = settings.max_question
    question["description"] = f"1 to {settings.max_question:,} characters"


def _add_doors(schema: dict[str, Any], optional: bool) -> None:
    schema["components"]["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "a key of this service, made with `qa keys add NAME`",
        }
    }
    for path, item in schema["paths"].items():
        for method in _METHODS & item.keys():
            kinds: list[Kind] = [UNKNOWN_HOST]
            if path not in PROBES:
                kinds.append(TOO_MANY)
            if method != "get":
                kinds.append(FOREIGN_PAGE)
            if "requestBody" in item[method]:
                kinds += [TOO_LARGE, TOO_SLOW]
            right = right_for(method.upper(), path)
            if right is not None:
                kinds += [NO_KEY, FORBIDDEN]
                item[method]["security"] = [{SCHEME: []}, *([{}] if optional else [])]
                item[method]["description"] += (
                    f"\n\nTakes a key that may `{right}`, where keys are asked for."
                )
            told = openai.documented if openai.speaks_openai({"path": path}) else documented
            _add(item[method]["responses"], told(*kinds))


def _add(responses: dict[str, Any], more: dict[int | str, dict[str, Any]]) -> None:
    for status, response in more.items():
        there = responses.setdefault(str(status), response)
        for media, content in response["content"].items():
            there["content"][media]["examples"] |= content["examples"]
