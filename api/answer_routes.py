"""The addresses of kept answers, and of what people think of them."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request

from api import conversation_schemas as schemas
from api.asking import TheNotebook
from api.hang_up import unless_hung_up
from api.kinds import (
    ARCHIVE_UNWRITABLE,
    BUSY,
    INVALID,
    MALFORMED,
    NO_ARCHIVE,
    NOT_READY,
    TOO_LARGE,
    TOOK_TOO_LONG,
    UNKNOWN_ANSWER,
)
from api.owner import TheOwner
from api.problems import documented
from api.routes import TheService
from qa import feedback, kept
from qa.standing import standing

AS_KEPT: Final = "as `kept` has it in a reply of `POST /ask`"

router = APIRouter(prefix="/answers", tags=["answers"])


@router.get(
    "/{id}",
    response_model=schemas.SharedAnswer,
    responses=documented(UNKNOWN_ANSWER, INVALID, BUSY, TOOK_TOO_LONG, NOT_READY, NO_ARCHIVE),
)
async def read_answer(
    answer_id: Annotated[str, Path(alias="id", description=AS_KEPT)],
    request: Request,
    service: TheService,
    notebook: TheNotebook,
    owner: TheOwner,
) -> dict[str, Any]:
    """Return an answer as it was given, to whoever has its id, and whether it still stands."""
    store = service.answerer.archive.store

    def work() -> dict[str, Any]:
        found = kept.find(notebook, answer_id)
        told = found.as_json()
        if found.owner != owner:
            told.update(conversation=None, feedback=None)
        stands = standing(store, found.answer)
        return {**told, "standing": None if stands is None else stands.as_json()}

    # As questions are: a quotation that has gone is looked for in the whole archive.
    return await unless_hung_up(request, service.pool.run(work))


@router.delete(
    "/{id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(UNKNOWN_ANSWER, INVALID, ARCHIVE_UNWRITABLE, NO_ARCHIVE),
)
def delete(
    answer_id: Annotated[str, Path(alias="id", description=AS_KEPT)],
    notebook: TheNotebook,
    owner: TheOwner,
) -> None:
    """Delete a kept answer, also from its conversation."""
    kept.delete(notebook, answer_id, owner)


@router.post(
    "/{id}/feedback",
    response_model=schemas.Feedback,
    responses=documented(
        UNKNOWN_ANSWER, MALFORMED, TOO_LARGE, INVALID, ARCHIVE_UNWRITABLE, NO_ARCHIVE
    ),
)
def give_feedback(
    answer_id: Annotated[str, Path(alias="id", description=AS_KEPT)],
    body: schemas.Judgement,
    notebook: TheNotebook,
    owner: TheOwner,
) -> dict[str, Any]:
    """Say whether an answer is right, in place of what was said of it before."""
    return feedback.give(notebook, answer_id, body.verdict, body.note, owner).as_json()


@router.delete(
    "/{id}/feedback",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(UNKNOWN_ANSWER, INVALID, ARCHIVE_UNWRITABLE, NO_ARCHIVE),
)
def withdraw_feedback(
    answer_id: Annotated[str, Path(alias="id", description=AS_KEPT)],
    notebook: TheNotebook,
    owner: TheOwner,
) -> None:
    """Take back what was said of an answer."""
    feedback.withdraw(notebook, answer_id, owner)
