"""The kinds of problem that a client can meet."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final


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
    "the archive holds no document of that id, or no such version; GET /documents lists those it "
    "holds, GET /documents/{id}/versions the versions of one",
)
UNKNOWN_CONVERSATION = Kind(
    "unknown-conversation",
    HTTPStatus.NOT_FOUND,
    "There is no such conversation",
    "no conversation of that id is kept; GET /conversations lists those that are",
)
UNKNOWN_ANSWER = Kind(
    "unknown-answer",
    HTTPStatus.NOT_FOUND,
    "There is no such answer",
    "no answer of that id is kept; it may have been deleted",
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
LIMIT_REACHED = Kind(
    "limit-reached",
    HTTPStatus.CONFLICT,
    "There is no room to keep more",
    "the conversation, or all of them together, have grown to a limit; begin another, or delete "
    "some",
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
ARCHIVE_UNWRITABLE = Kind(
    "archive-unwritable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The archive cannot be written",
    "nothing can be kept in the archive just now; the service's log says why",
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
        UNKNOWN_CONVERSATION,
        UNKNOWN_ANSWER,
        UNKNOWN_ADDRESS,
        WRONG_METHOD,
        TOO_LARGE,
        LIMIT_REACHED,
        BUSY,
        NOT_READY,
        NO_ARCHIVE,
        ARCHIVE_UNWRITABLE,
        UNEXPECTED,
    )
}
