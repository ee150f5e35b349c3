"""What the schema says of the doors."""

from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.rights import right_for
from tests.api.workshop import settings_for

METHODS = {"get", "post", "put", "patch", "delete"}


def _schema(**given: Any) -> dict[str, Any]:
    return create_app(settings_for(Path("nowhere"), **given)).openapi()


def _operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, item[method])
        for path, item in schema["paths"].items()
        for method in METHODS & item.keys()
    ]


@pytest.mark.parametrize(("auth", "security"), [(True, [{"key": []}]), (None, [{"key": []}, {}])])
def test_what_takes_a_key_says_so(auth: bool | None, security: list[dict[str, Any]]) -> None:
    schema = _schema(auth=auth)
    assert schema["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for method, path, operation in _operations(schema):
        right = right_for(method.upper(), path)
        assert ("security" in operation) == (right is not None), path
        assert {"401", "403"} <= operation["responses"].keys() or right is None
        if right is not None:
            assert operation["security"] == security
            assert f"a key that may `{right}`" in operation["description"]


def test_every_refusal_at_the_door_is_documented() -> None:
    for method, path, operation in _operations(_schema()):
        found = operation["responses"]
        assert "421" in found
        assert ("429" in found) == (path not in {"/healthz", "/readyz", "/metrics"})
        if method != "get":
            (content,) = found["403"]["content"].values()
            assert "foreign-page" in content["examples"]
        assert ({"408", "413"} <= found.keys()) == ("requestBody" in operation)


def test_documents_may_come_in_two_ways() -> None:
    schema = _schema()
    content = schema["paths"]["/documents"]["post"]["requestBody"]["content"]
    assert set(content) == {"multipart/form-data", "application/json"}
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    given = schema["components"]["schemas"][name]
    inner = given["properties"]["documents"]["items"]["$ref"].rpartition("/")[2]
    assert "source" in schema["components"]["schemas"][inner]["required"]


def test_limits_that_are_settings_are_told_as_they_are() -> None:
    question = _schema(max_question=77)["components"]["schemas"]["Question"]["properties"]
    assert question["question"]["maxLength"] == 77
    assert "1 to 77 characters" in question["question"]["description"]


def test_it_is_made_once() -> None:
    app = create_app(settings_for(Path("nowhere")))
    assert app.openapi() is app.openapi()
