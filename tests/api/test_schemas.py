"""Every schema has a worked example that works."""

from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, ValidationError

from api import batch, conversation_schemas, document_schemas, schemas, search, texts, verify

MODELS = [
    each
    for module in (schemas, document_schemas, conversation_schemas, batch, search, texts, verify)
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
        assert set(model.model_validate(example).model_dump(mode="json")) >= set(example)


@pytest.mark.parametrize("model", MODELS)
def test_it_takes_no_other_fields(model: type[BaseModel]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        model.model_validate({**_examples(model)[0], "colour": "blue"})


@pytest.mark.parametrize("example", _examples(schemas.Question))
def test_its_questions_can_be_asked(real_client: httpx.Client, example: dict[str, Any]) -> None:
    reply = real_client.post("/ask", json=example)
    assert reply.status_code == 200
    assert schemas.Answer.model_validate(reply.json()).answered


@pytest.mark.parametrize("example", _examples(document_schemas.Page))
def test_its_pages_can_be_listed(real_client: httpx.Client, example: dict[str, Any]) -> None:
    reply = real_client.get("/documents", params=example)
    assert reply.status_code == 200
    document_schemas.Documents.model_validate(reply.json())


def test_its_quotations_are_in_the_article(seeds: Path) -> None:
    answer = _examples(schemas.Answer)[0]
    cited = answer["citation"]
    file = seeds / Path(cited["document"]["source"]).name
    text = file.read_text("utf-8")
    first, last = cited["original"]["bytes"]
    assert file.read_bytes()[first:last].decode() == answer["sentence"]
    assert text[cited["start"] : cited["end"]] == answer["answer"]
    assert text[cited["sentence_start"] : cited["sentence_end"]] == answer["sentence"]
    for passage in answer["passages"]:
        assert text[passage["start"] : passage["end"]] == passage["text"]
    assert text.startswith(_examples(document_schemas.FullDocument)[0]["text"])


def test_its_document_is_the_one_in_the_archive(real_client: httpx.Client) -> None:
    example = _examples(document_schemas.Document)[0]
    found = real_client.get(f"/documents/{example['id']}").json()
    for name in ("id", "title", "published", "author", "version", "content_hash"):
        assert found[name] == example[name]
    assert Path(found["source"]).name == Path(example["source"]).name


def test_a_day_is_read() -> None:
    asked = schemas.Question.model_validate({"question": "Who?", "since": "2017-09-05"})
    assert asked.since == date(2017, 9, 5)


@pytest.mark.parametrize(
    "day",
    ["yesterday", "2017-02-30", "2017-9-5", "20170905", "2017-W36-2", "1504569600", 1504569600,
     "2017-09-05T00:00:00", "٢٠١٧-٠٩-٠٥", "", True, 1.5, "\ud800"],
)  # fmt: skip
def test_nothing_else_is_a_day(day: object) -> None:
    with pytest.raises(ValidationError, match="YYYY-MM-DD"):
        schemas.Question.model_validate({"question": "Who?", "until": day})
