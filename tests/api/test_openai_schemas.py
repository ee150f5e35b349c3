"""Every one of OpenAI's shapes has a worked example that works."""

from typing import Any

import httpx
import pytest
from openai.types import Model
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from api.openai import requests, schemas

MODELS = [
    each
    for module in (requests, schemas)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, BaseModel) and each.__module__ == module.__name__
]


def _examples(model: type[BaseModel]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = model.model_json_schema()["examples"]
    assert found
    return found


@pytest.mark.parametrize("model", MODELS)
def test_its_examples_are_of_its_shape(model: type[BaseModel]) -> None:
    for example in _examples(model):
        found = model.model_validate(example).model_dump(mode="json", exclude_unset=True)
        assert set(found) == set(example)


def test_its_examples_are_of_openais_shape() -> None:
    ChatCompletion.model_validate(_examples(schemas.Completion)[0])
    Model.model_validate(_examples(schemas.Model)[0])


@pytest.mark.parametrize("example", _examples(requests.ChatRequest))
def test_its_requests_are_answered(client: httpx.Client, example: dict[str, Any]) -> None:
    assert client.post("/v1/chat/completions", json=example).status_code == 200


def test_its_content_is_what_the_annotations_say() -> None:
    message = _examples(schemas.Completion)[0]["choices"][0]["message"]
    content, (annotation,) = message["content"], message["annotations"]
    place, quotation = annotation["url_citation"], annotation["quotation"]
    assert content[place["start_index"] : place["end_index"]] == "[1]"
    quoted = content[quotation["start_index"] : quotation["end_index"]]
    cited = quotation["citation"]
    assert len(quoted) == cited["sentence_end"] - cited["sentence_start"]
    assert content.startswith(f"“{quoted}” [1]")
