"""Problem documents as errors."""

import pytest

from api.kinds import KINDS
from index.errors import (
    ArchiveError,
    BadQuestion,
    BadQuote,
    BadRange,
    CuttingsError,
    NotReady,
    ServiceBusy,
    ServiceError,
    UnknownDocument,
)
from qa.refusals import as_error

KNOWN: dict[str, type[CuttingsError]] = {
    "bad-question": BadQuestion,
    "bad-quote": BadQuote,
    "bad-range": BadRange,
    "unknown-document": UnknownDocument,
    "busy": ServiceBusy,
    "not-ready": NotReady,
    "archive-unavailable": ArchiveError,
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_an_error_that_has_its_document(name: str) -> None:
    kind = KINDS[name]
    problem = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": "tell me"}
    error = as_error(problem)
    assert type(error) is KNOWN.get(name, ServiceError)
    assert str(error) == "tell me"
    whole = error if isinstance(error, ServiceError) else error.__cause__
    assert isinstance(whole, ServiceError)
    assert whole.problem == problem
