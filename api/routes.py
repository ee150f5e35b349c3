"""The addresses: what is at each of them, in a few lines."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request

from api import document_schemas, events, fields, schemas
from api.accept import preferred
from api.asking import TheLines, TheNotebook, answered
from api.hang_up import unless_hung_up
from api.kinds import (
    BAD_QUESTION,
    BUSY,
    INVALID,
    LIMIT_REACHED,
    MALFORMED,
    NO_ARCHIVE,
    NOT_READY,
    TOO_LARGE,
    TOOK_TOO_LONG,
    UNKNOWN_CONVERSATION,
    UNKNOWN_DOCUMENT,
)
from api.owner import TheOwner
from api.problems import documented
from api.service import Service
from index import history
from qa.types import describe, describe_version

router = APIRouter()


async def service_of(request: Request) -> Service:
    """Return the service that stands behind this application."""
    # Async because FastAPI sends whatever is not through a pool of threads.
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(service_of)]
AS_LISTED: Final = "as `GET /documents` gives it"


@router.post(
    "/ask",
    response_model=schemas.Answer,
    response_model_exclude_unset=True,
    responses=documented(
        *(MALFORMED, TOO_LARGE, INVALID, BAD_QUESTION, BUSY, TOOK_TOO_LONG, NOT_READY, NO_ARCHIVE),
        *(UNKNOWN_CONVERSATION, LIMIT_REACHED),
    )
    | events.DOCUMENTED,
    tags=["questions"],
)
async def ask(
    body: schemas.Question,
    request: Request,
    service: TheService,
    notebook: TheNotebook,
    lines: TheLines,
    owner: TheOwner,
) -> Any:
    """Ask one question. When the archive does not say, `answered` is false.

    With `Accept: text/event-stream` the reply is a stream of what is known on the way, and ends
    with the very same answer.
    """
    told = answered(body, service, notebook, lines, owner)
    if preferred(request, ("application/json", events.MEDIA_TYPE)) == events.MEDIA_TYPE:
        return await events.stream(request, told)
    return (await unless_hung_up(request, events.last(told))).data


@router.get(
    "/documents",
    response_model=document_schemas.Documents,
    responses=documented(INVALID, NOT_READY, NO_ARCHIVE),
    tags=["documents"],
)
def list_documents(
    page: Annotated[document_schemas.Page, Query()], service: TheService
) -> dict[str, Any]:
    """List the documents, in order of id, a page at a time."""
    store = service.answerer.archive.store
    # One more than is asked for tells whether there is another page.
    found = store.documents(page.after, page.limit + 1)
    shown = found[: page.limit]
    total, _ = store.count()
    return {
        "documents": [describe(each) for each in shown],
        "total": total,
        "next": shown[-1].id if len(found) > len(shown) else None,
    }


@router.get(
    "/documents/{id}",
    response_model=document_schemas.FullDocument,
    responses=documented(UNKNOWN_DOCUMENT, INVALID, NOT_READY, NO_ARCHIVE),
    tags=["documents"],
)
def read_document(
    document_id: Annotated[
        int, Path(alias="id", ge=1, le=fields.LARGEST_ID, description=AS_LISTED)
    ],
    service: TheService,
) -> dict[str, Any]:
    """Return one document with its text, which is what every offset counts in."""
    document = service.answerer.archive.document(document_id)
    return {**describe(document), "text": document.text}


@router.get(
    "/documents/{id}/versions",
    response_model=document_schemas.Versions,
    responses=documented(UNKNOWN_DOCUMENT, INVALID, NOT_READY, NO_ARCHIVE),
    tags=["documents"],
)
def list_versions(
    document_id: Annotated[
        int, Path(alias="id", ge=1, le=fields.LARGEST_ID, description=AS_LISTED)
    ],
    service: TheService,
) -> dict[str, Any]:
    """List what a document says and said, also if it has vanished."""
    found = history.versions(service.answerer.archive.store, document_id)
    return {"id": document_id, "versions": [describe_version(each) for each in found]}


@router.get(
    "/documents/{id}/versions/{n}",
    response_model=document_schemas.FullDocument,
    responses=documented(UNKNOWN_DOCUMENT, INVALID, NOT_READY, NO_ARCHIVE),
    tags=["documents"],
)
def read_version(
    document_id: Annotated[
        int, Path(alias="id", ge=1, le=fields.LARGEST_ID, description=AS_LISTED)
    ],
    number: Annotated[int, Path(alias="n", ge=1, le=fields.LARGEST_ID)],
    service: TheService,
) -> dict[str, Any]:
    """Return one version of a document with its text, to open an old citation."""
    document = history.version(service.answerer.archive.store, document_id, number)
    return {**describe(document), "text": document.text}


@router.get("/healthz", response_model=schemas.Health, tags=["operation"])
async def alive() -> dict[str, str]:
    """Say that the process lives, whatever else is going on."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    response_model=schemas.Health,
    responses=documented(NOT_READY, NO_ARCHIVE),
    tags=["operation"],
)
def ready(service: TheService) -> dict[str, str]:
    """Say that questions can be answered: the archive can be read and the models are loaded."""
    service.answerer.archive.store.documents(limit=1)
    return {"status": "ok"}
