"""What a client knows of replies is what the service says of them."""

from dataclasses import fields
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from api import batch, document_schemas, schemas, search, texts, verify
from index.types import Span
from qa import replies

PAIRS: list[tuple[type[Any], type[BaseModel]]] = [
    (replies.Answer, schemas.Answer),
    (replies.Citation, schemas.Citation),
    (replies.Difference, schemas.Difference),
    (replies.Document, document_schemas.Document),
    (replies.Documents, document_schemas.Documents),
    (replies.Earlier, verify.Earlier),
    (replies.Found, search.Found),
    (replies.FullDocument, document_schemas.FullDocument),
    (replies.Hit, search.Hit),
    (replies.Kept, schemas.Kept),
    (replies.Original, document_schemas.Original),
    (replies.Passage, schemas.Passage),
    (replies.Place, verify.Place),
    (replies.Problem, schemas.Problem),
    (replies.Replies, batch.Replies),
    (replies.Text, texts.Text),
    (replies.Twin, search.Twin),
    (replies.Verdict, verify.Verdict),
    (replies.Version, document_schemas.Version),
    (replies.Versions, document_schemas.Versions),
]


@pytest.mark.parametrize(("reply", "schema"), PAIRS)
def test_it_has_the_fields_that_the_service_sends(
    reply: type[Any], schema: type[BaseModel]
) -> None:
    assert {each.name for each in fields(reply)} == set(schema.model_fields)


@pytest.mark.parametrize(("reply", "schema"), PAIRS)
def test_its_examples_are_read_without_loss(reply: type[Any], schema: type[BaseModel]) -> None:
    adapter = TypeAdapter(reply)
    for example in schema.model_json_schema()["examples"]:
        sent = schema.model_validate(example).model_dump_json()
        read = replies.read(reply, sent)
        assert adapter.dump_json(read) == TypeAdapter(reply).dump_json(adapter.validate_json(sent))
        assert schema.model_validate_json(adapter.dump_json(read)) == schema.model_validate(example)


def test_what_a_newer_service_says_besides_is_left_out() -> None:
    example, *_ = schemas.Problem.model_json_schema()["examples"]
    sent = TypeAdapter(dict).dump_json({**example, "colour": "blue"})
    assert replies.read(replies.Problem, sent).status == 422


def test_something_else_is_refused() -> None:
    for sent in ("[]", "{}", "<html>", b"\xff"):
        with pytest.raises(ValueError):
            replies.read(replies.Answer, sent)


def test_a_citation_has_spans() -> None:
    (example,) = schemas.Citation.model_json_schema()["examples"]
    cited = replies.read(replies.Citation, TypeAdapter(dict).dump_json(example))
    assert (cited.span, cited.sentence_span) == (Span(3335, 3340), Span(3311, 3447))
