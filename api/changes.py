"""The addresses that change the archive: documents come in, documents are taken out."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from starlette.exceptions import HTTPException

from api import adding, document_schemas, fields
from api.form import FIELD
from api.kinds import (
    ARCHIVE_BUSY,
    ARCHIVE_UNWRITABLE,
    BAD_UPLOAD,
    BUSY,
    INVALID,
    MALFORMED,
    NO_ARCHIVE,
    NOT_READY,
    TOO_LARGE,
    UNKNOWN_DOCUMENT,
    UNKNOWN_MEDIA,
)
from api.problems import documented
from api.routes import AS_LISTED, TheService
from index.errors import BadUpload, Misuse
from index.loaders.protocol import Options
from index.uploads import arriving
from qa.settings import Settings, reading_of
from qa.types import describe

router = APIRouter(tags=["documents"])

_FORM: Final = "multipart/form-data"
_JSON: Final = "application/json"
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        _FORM: {
            "schema": {
                "type": "object",
                "required": ["files"],
                "properties": {
                    "files": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string", "format": "binary"},
                        "description": "of any format that the archive reads",
                    },
                    FIELD: {
                        "type": "array",
                        "items": {"type": "string", "pattern": "^[a-z]+=.+$"},
                        "description": "what a column or key is called in CSV and JSON Lines "
                        "files, as OURS=THEIRS, such as text=body",
                    },
                },
            }
        },
        _JSON: {"schema": {"$ref": "#/components/schemas/NewDocuments"}},
    },
}


@router.post(
    "/documents",
    response_model=document_schemas.AddedDocuments,
    responses=documented(
        MALFORMED,
        BAD_UPLOAD,
        UNKNOWN_MEDIA,
        TOO_LARGE,
        INVALID,
        BUSY,
        NOT_READY,
        NO_ARCHIVE,
        ARCHIVE_BUSY,
        ARCHIVE_UNWRITABLE,
    ),
    openapi_extra={"requestBody": _BODY},
)
async def add_documents(request: Request, service: TheService) -> dict[str, Any]:
    """Add files, or texts; one of the same name that was added before is replaced if it changed.

    A file's source is where its original is kept from then on. One that cannot be read is skipped,
    with the reason, and the others are added all the same.
    """
    archive, settings = service.answerer.archive, request.app.state.settings
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (_FORM, _JSON):
        raise HTTPException(UNKNOWN_MEDIA.status)
    async with service.uploading():
        if media == _JSON:
            options = reading_of(settings)
            given = await adding.read_texts(request, options.largest)
            work = partial(adding.add_texts, archive, given, options)
            return {"documents": await service.adding.run(work)}
        with arriving(archive.layout) as folder:
            form = await adding.read_form(request, folder, archive)
            work = partial(adding.add_files, archive, form.uploads, _options(settings, form.fields))
            return {"documents": await service.adding.run(work)}


@router.delete(
    "/documents/{id}",
    response_model=document_schemas.Document,
    responses=documented(
        UNKNOWN_DOCUMENT,
        INVALID,
        BUSY,
        NOT_READY,
        NO_ARCHIVE,
        ARCHIVE_BUSY,
        ARCHIVE_UNWRITABLE,
    ),
)
async def remove_document(
    document_id: Annotated[
        int, Path(alias="id", ge=1, le=fields.LARGEST_ID, description=AS_LISTED)
    ],
    service: TheService,
) -> dict[str, Any]:
    """Take a document out with all its versions, and return what it was.

    An original that was uploaded goes with the last of its documents.
    """
    remove = partial(service.answerer.archive.remove_document, document_id)
    return describe(await service.adding.run(remove))


def _options(settings: Settings, fields: list[str]) -> Options:
    """Return how the files of a form are read.

    Raises:
        BadUpload: a field that is not written as it should be.
    """
    try:
        return reading_of(settings, fields)
    except Misuse as error:
        raise BadUpload(str(error).replace("--field ", f"{FIELD}=", 1)) from error
