"""Documents that come over HTTP: read from a request, added, and what became of each."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from api import document_schemas
from api.body_limit import BodyTooLarge
from api.form import Form
from index import texts
from index.archive import Archive
from index.errors import LoadError
from index.intake import Outcome
from index.loaders.protocol import Options
from index.types import UNSTORED, Document
from index.uploads import Upload, unwritable

Row = dict[str, Any]
"""What became of a document, as `document_schemas.AddedDocument` has it."""


async def read_form(request: Request, folder: Path, archive: Archive) -> Form:
    """Read the form that a request's body is, its files to `folder`.

    Raises:
        BadUpload: it cannot be read, or holds no file.
        ArchiveUnwritable: no room for it.
        ClientDisconnect: the client hung up.
    """
    form = Form(request.headers["content-type"], folder)
    try:
        async for chunk in request.stream():
            await run_in_threadpool(form.write, chunk)
    except OSError as error:
        raise unwritable(archive.layout, error) from error
    finally:
        form.close()
    form.end()
    return form


async def read_texts(request: Request, largest: int) -> list[document_schemas.NewDocument]:
    """Read the texts in a request's body, which is JSON of at most `largest` bytes.

    Raises:
        BodyTooLarge: it has more.
        RequestValidationError: a field does not fit.
        HTTPException: it is not JSON.
        ClientDisconnect: the client hung up.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise BodyTooLarge(largest)
    try:
        found = document_schemas.NewDocuments.model_validate(
            await run_in_threadpool(json.loads, body)
        )
    except ValidationError as error:
        told = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(told) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
    return found.documents


def add_files(archive: Archive, uploads: Sequence[Upload], options: Options) -> list[Row]:
    """Add files; return what became of each document in them. See `Archive.add_uploads`."""
    return [_row(archive, each) for each in archive.add_uploads(uploads, options)]


def add_texts(
    archive: Archive, given: Sequence[document_schemas.NewDocument], options: Options
) -> list[Row]:
    """Add texts; return what became of each, in order. See `Archive.add_texts`."""
    rows: list[Row] = []
    order = {each.source: at for at, each in enumerate(given)}

    def documents() -> Iterator[Document]:
        for each in given:
            said = each.model_dump(exclude={"source", "text"})
            try:
                yield texts.document(each.source, each.text, texts.Said(**said), options.largest)
            except LoadError as error:
                rows.append(_told(each.source, "skipped", str(error)))

    rows += [_row(archive, each) for each in archive.add_texts(documents())]
    return sorted(rows, key=lambda row: order[row["source"]])


def _row(archive: Archive, outcome: Outcome) -> Row:
    document = outcome.document
    if document is None and outcome.result == "unchanged" and outcome.count == 1:
        document = next(iter(archive.store.find(str(outcome.path))), None)
    source = str(outcome.path) if document is None else document.source
    row = _told(source, outcome.result, outcome.note, outcome.count)
    if document is not None and document.id != UNSTORED:
        row |= {"id": document.id, "title": document.title}
    return row


def _told(source: str, result: str, note: str = "", count: int = 1) -> Row:
    return {
        "source": source,
        "result": result,
        "id": None,
        "title": None,
        "note": None if note == "" else note,
        "count": count,
    }
