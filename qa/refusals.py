"""A service's problem document -> the error that the same problem is on this machine."""

from collections.abc import Mapping
from typing import Any, Final

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

_KINDS: Final[Mapping[str, type[CuttingsError]]] = {
    "/problems/bad-question": BadQuestion,
    "/problems/bad-quote": BadQuote,
    "/problems/bad-range": BadRange,
    "/problems/unknown-document": UnknownDocument,
    "/problems/busy": ServiceBusy,
    "/problems/not-ready": NotReady,
    "/problems/archive-unavailable": ArchiveError,
}


def as_error(problem: Mapping[str, Any]) -> CuttingsError:
    """Return the error to raise for a problem document.

    Where this machine has a class of its own for it, the `ServiceError` with the whole document is
    its cause.
    """
    told = ServiceError(problem)
    if problem["type"] not in _KINDS:
        return told
    error = _KINDS[problem["type"]](problem["detail"])
    error.__cause__ = told
    return error
