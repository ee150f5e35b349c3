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
BAD_UPLOAD = Kind(
    "bad-upload",
    HTTPStatus.BAD_REQUEST,
    "The form cannot be read",
    "the form is broken, or holds no file; send one with: curl -F files=@FILE",
)
UNKNOWN_MEDIA = Kind(
    "unknown-media-type",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "Documents do not come like this",
    "documents come as files, in multipart/form-data, or as texts, in application/json; say which "
    "in Content-Type",
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
NO_KEY = Kind(
    "key-needed",
    HTTPStatus.UNAUTHORIZED,
    "This takes a key",
    "this takes a key that this service knows; send it as: Authorization: Bearer KEY",
)
FORBIDDEN = Kind(
    "key-too-weak",
    HTTPStatus.FORBIDDEN,
    "The key does not allow this",
    "the key does not allow this; ask whoever runs the service for one that does",
)
TOO_MANY = Kind(
    "too-many-requests",
    HTTPStatus.TOO_MANY_REQUESTS,
    "Too many requests",
    "more requests than are allowed in a minute; try again later",
)
UNKNOWN_HOST = Kind(
    "unknown-host",
    HTTPStatus.MISDIRECTED_REQUEST,
    "This service goes by another name",
    "the Host header names another host than this service; use its address, or have whoever runs "
    "it add the name to its setting allowed_hosts",
)
FOREIGN_PAGE = Kind(
    "foreign-page",
    HTTPStatus.FORBIDDEN,
    "A page from elsewhere may not ask for this",
    "the Origin header names a web page from elsewhere; whoever runs the service can allow it in "
    "its setting cors",
)
BAD_QUOTE = Kind(
    "bad-quote",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The quotation cannot be looked for",
    "the quotation is empty or not text; give the words to look for",
)
BAD_RANGE = Kind(
    "bad-range",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The document has no such range",
    "the range does not lie in the document's text; 0 <= start <= end <= its length",
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
UNKNOWN_MODEL = Kind(
    "model-not-found",
    HTTPStatus.NOT_FOUND,
    "There is no such model",
    "there is no such model; GET /v1/models lists the one that there is",
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
TOO_SLOW = Kind(
    "too-slow",
    HTTPStatus.REQUEST_TIMEOUT,
    "The body did not come in time",
    "the body of the request did not come in time; send it faster, or less at a time",
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
    "too many questions, or changes, are waiting; try again shortly",
    retry_after=1,
)
TOOK_TOO_LONG = Kind(
    "took-too-long",
    HTTPStatus.GATEWAY_TIMEOUT,
    "The answer took too long",
    "the answer took longer than this service allows; ask in fewer words, or try again later",
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
ARCHIVE_BUSY = Kind(
    "archive-busy",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The archive is being written",
    "another process is writing the archive, which only one may at a time; try again shortly",
    retry_after=5,
)
ARCHIVE_UNWRITABLE = Kind(
    "archive-unwritable",
    HTTPStatus.INSUFFICIENT_STORAGE,
    "The archive cannot be written",
    "the archive cannot be written, for want of room or of permission; the service's log says why",
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
        BAD_UPLOAD,
        UNKNOWN_MEDIA,
        INVALID,
        BAD_QUESTION,
        NO_KEY,
        FORBIDDEN,
        TOO_MANY,
        UNKNOWN_HOST,
        FOREIGN_PAGE,
        BAD_QUOTE,
        BAD_RANGE,
        UNKNOWN_DOCUMENT,
        UNKNOWN_CONVERSATION,
        UNKNOWN_ANSWER,
        UNKNOWN_MODEL,
        UNKNOWN_ADDRESS,
        WRONG_METHOD,
        TOO_LARGE,
        TOO_SLOW,
        LIMIT_REACHED,
        BUSY,
        TOOK_TOO_LONG,
        NOT_READY,
        NO_ARCHIVE,
        ARCHIVE_BUSY,
        ARCHIVE_UNWRITABLE,
        UNEXPECTED,
    )
}
