"""Many questions in one request."""

from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from api import examples
from api.asking import Asker, TheNotebook
from api.follow import follow
from api.hang_up import unless_hung_up
from api.kinds import BUSY, INVALID, MALFORMED, NOT_READY, TOO_LARGE
from api.owner import TheOwner
from api.pool import Pool
from api.problems import documented
from api.routes import TheService
from api.schemas import Answer, LoneQuestion, Problem
from qa.defaults import MOST_QUESTIONS
from qa.settings import Settings

MOST_WAITING: Final = 8
"""Batches that may wait for the one before them."""


def pool(settings: Settings) -> Pool:
    """Return where batches are worked at: half as many at a time as single questions."""
    seconds = settings.answer_seconds * MOST_QUESTIONS
    what = "batches are being answered"
    return Pool(max(1, settings.workers // 2), MOST_WAITING, seconds, what)


class Batch(BaseModel):
    """Questions that have nothing to do with each other."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"questions": [{"question": examples.ASKED}, {"question": " "}]}]
        },
    )

    questions: list[LoneQuestion] = Field(min_length=1, max_length=MOST_QUESTIONS)


class Replies(BaseModel):
    """What became of each question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"replies": [examples.ANSWER, examples.EMPTY]}]},
    )

    replies: list[Answer | Problem] = Field(description="one for each question, in their order")


router = APIRouter()


@router.post(
    "/ask/batch",
    response_model=Replies,
    response_model_exclude_unset=True,
    responses=documented(MALFORMED, TOO_LARGE, INVALID, BUSY, NOT_READY),
    tags=["questions"],
)
async def ask_batch(
    body: Batch, request: Request, service: TheService, notebook: TheNotebook, owner: TheOwner
) -> dict[str, Any]:
    """Ask many questions; each is answered, or gets a problem document of its own.

    Batches have workers and a queue of their own, half as many as single questions have, so that
    nobody with one question stands behind somebody with fifty. A batch's questions are answered one
    after another.
    """
    asker = Asker(service.answerer, notebook, owner)
    work = partial(asker.ask_each, body.questions, request.scope)
    events = follow(service.batches, work)

    async def replies() -> list[dict[str, Any]]:
        return [each.data async for each in events if each.name in ("answer", "error")]

    return {"replies": await unless_hung_up(request, replies())}
