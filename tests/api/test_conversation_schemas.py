"""Every schema of what is kept has a worked example that works."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from api import conversation_schemas as schemas

MODELS = [
    each
    for each in vars(schemas).values()
    if isinstance(each, type)
    and issubclass(each, BaseModel)
    and each.__module__ == schemas.__name__
]


def _examples(model: type[BaseModel]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = model.model_json_schema()["examples"]
    assert found
    return found


@pytest.mark.parametrize("model", MODELS)
def test_its_examples_are_of_its_shape(model: type[BaseModel]) -> None:
    for example in _examples(model):
        assert set(model.model_validate(example).model_dump(mode="json")) >= set(example)


@pytest.mark.parametrize("model", MODELS)
def test_it_takes_no_other_fields(model: type[BaseModel]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        model.model_validate({**_examples(model)[0], "colour": "blue"})
