"""Many questions in one request."""

import concurrent.futures
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import schemas
from api.batch import MOST_WAITING, Batch, Replies
from index.errors import ArchiveDamaged
from qa.defaults import MOST_QUESTIONS
from qa.types import Candidate, Reading
from tests.api.workshop import HeldReader, serving

QUESTION = {"question": "Who edits Inside Croydon?"}


def test_each_question_gets_what_it_would_get_alone(client: httpx.Client) -> None:
    questions: list[dict[str, Any]] = [
        QUESTION,
        {"question": " "},
        {"question": "And who signed it off?", "history": ["When was the report published?"]},
        {"question": "Who?", "since": "2018-01-01", "until": "2017-01-01"},
        {"question": "Who won the league?", "top_k": 2},
    ]
    reply = client.post("/ask/batch", json={"questions": questions})
    assert reply.status_code == 200
    replies = reply.json()["replies"]
    for number, (asked, given) in enumerate(zip(questions, replies, strict=True)):
        alone: dict[str, Any] = client.post("/ask", json=asked).json()
        if "type" in alone:
            alone["instance"] = f"/ask/batch#/questions/{number}"
        for each in (given, alone):
            each.pop("timings_ms", None)
        assert given == alone
    assert ["type" in each for each in replies] == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"questions": []}, "questions: list should have at least 1 item"),
        ({"questions": [QUESTION] * (MOST_QUESTIONS + 1)}, f"at most {MOST_QUESTIONS} items"),
        ({"questions": [QUESTION, {"question": "Who?", "top_k": 0}]}, "questions[1].top_k: "),
        ({"questions": ["Who?"]}, "questions[0]: "),
        ({"questions": [{**QUESTION, "conversation": "x"}]}, "questions[0].conversation"),
        ([QUESTION], "the body must be a JSON object"),
        ({}, "questions is missing"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused_as_a_whole(
    client: httpx.Client, body: Any, told: str
) -> None:
    reply = client.post("/ask/batch", json=body)
    assert reply.status_code == 422
    assert told in schemas.Problem.model_validate(reply.json()).detail


def test_one_that_fails_does_not_keep_the_others_from_their_answers(
    fake_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "/srv/papers/index.sqlite"
    errors = {"Who?": ArchiveDamaged(secret), "Where?": RuntimeError("Where?")}

    class Failing:
        name = "failing"

        def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
            if question in errors:
                raise errors[question]
            return Reading((), 0.0)

    questions = [{"question": each} for each in ("Who?", "When?", "Where?")]
    with serving(Failing(), fake_home) as running:
        reply = running.client.post("/ask/batch", json={"questions": questions})
        lines = running.client.get("/metrics").text.splitlines()
    for outcome, reason in (
        ("abstained", ""),
        ("refused", "archive-unavailable"),
        ("refused", "unexpected"),
    ):
        labels = f'outcome="{outcome}",reason="{reason}"'
        assert f"cuttings_questions_total{{{labels}}} 1.0" in lines
    assert secret not in reply.text
    first, second, third = reply.json()["replies"]
    assert (first["status"], third["status"]) == (503, 500)
    assert second["question"] == "When?"
    assert secret in caplog.text
    assert "Where?" not in caplog.text


def test_its_answers_can_be_kept(own_home: Path, reader: HeldReader) -> None:
    reader.go_on.set()
    with reader.serving(own_home) as running:
        questions = [{**QUESTION, "keep": True}, QUESTION]
        reply = running.client.post("/ask/batch", json={"questions": questions}).json()
        first, second = reply["replies"]
        assert running.client.get(f"/answers/{first['kept']['id']}").status_code == 200
        assert "kept" not in second


def test_a_batch_takes_no_worker_and_no_place_from_single_questions(
    fake_home: Path, reader: HeldReader
) -> None:
    """Held questions fill the batches' own workers and queue; a single one still has its own."""
    batch = {"questions": [{"question": "Is this of a batch?"}] * 2}

    class Deaf:
        """Waits for the questions of batches, and answers others at once."""

        name = "deaf"

        def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
            return reader.read(question, candidates) if "batch" in question else Reading((), 0.0)

    with (
        serving(Deaf(), fake_home, workers=1, queue=0) as running,
        concurrent.futures.ThreadPoolExecutor(MOST_WAITING + 2) as threads,
    ):
        try:
            post, most = running.client.post, MOST_WAITING + 1
            asked = [threads.submit(post, "/ask/batch", json=batch) for _ in range(most + 1)]
            # All places for batches are taken: one too many is told to come back.
            refused = next(concurrent.futures.as_completed(asked)).result()
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "1"
            assert f"{most} batches" in refused.json()["detail"]
            assert post("/ask", json=QUESTION).status_code == 200
        finally:
            reader.go_on.set()
        statuses = sorted(each.result().status_code for each in asked)
        assert statuses == [200] * most + [503]


def test_its_examples_are_batches_and_replies(client: httpx.Client) -> None:
    (asked,) = Batch.model_json_schema()["examples"]
    (expected,) = Replies.model_json_schema()["examples"]
    given = client.post("/ask/batch", json=asked).json()["replies"]
    assert [set(each) for each in given] == [set(each) for each in expected["replies"]]
    assert given[1] == expected["replies"][1]
    assert Replies.model_validate(expected).model_dump(mode="json", exclude_unset=True) == expected
