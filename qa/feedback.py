"""What people thought of answers: kept with each, and given out as lines of a question set."""

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from qa import kept as answers_kept
from qa.notebook import Notebook
from qa.notebook_tables import answers, to_answer
from qa.talk import Feedback, KeptAnswer, Verdict, check_text, now
from qa.types import in_utc

LONGEST_NOTE: Final = 2_000
"""Characters in a note, at most."""

_AT_A_TIME: Final = 100


def give(
    notebook: Notebook, answer_id: str, verdict: Verdict, note: str = "", owner: str = ""
) -> Feedback:
    """Say what one thinks of an answer, in place of what one said of it before.

    Raises:
        BadName: the note is longer than `LONGEST_NOTE`, or no text.
        UnknownAnswer: the owner has none of that id.
        ArchiveUnwritable: read-only or out of room.
    """
    feedback = Feedback(verdict, check_text(note, "note", LONGEST_NOTE), now())
    _write(notebook, answer_id, feedback, owner)
    return feedback


def withdraw(notebook: Notebook, answer_id: str, owner: str = "") -> None:
    """Take back what one said of an answer, if anything.

    Raises:
        UnknownAnswer: the owner has none of that id.
        ArchiveUnwritable: read-only or out of room.
    """
    _write(notebook, answer_id, None, owner)
    notebook.wipe()


def judged(
    notebook: Notebook, verdict: Verdict | None = None, owner: str | None = None
) -> Iterator[KeptAnswer]:
    """Yield the answers that somebody thought something of, the first judged first.

    Args:
        notebook: where they are kept.
        verdict: only those with this one; None for all.
        owner: whose; None for everybody's.
    """
    of = answers.c
    query = sa.select(answers).where(of.verdict.is_not(None))
    if owner is not None:
        query = query.where(of.owner == owner)
    if verdict is not None:
        query = query.where(of.verdict == verdict)
    place = sa.tuple_(of.judged, of.id)
    query = query.order_by(of.judged, of.id).limit(_AT_A_TIME)
    rows = notebook.rows(query)
    while rows:
        yield from map(to_answer, rows)
        rows = notebook.rows(query.where(place > (rows[-1].judged, rows[-1].id)))


def as_line(notebook: Notebook, kept: KeptAnswer) -> dict[str, Any]:
    """Return a judged answer in the form of a question set's line.

    `answers` is there only where the verdict is "right": elsewhere nobody has said yet what would
    be, and a person has to add it before `qa eval` takes the line.
    """
    answer, feedback = kept.answer, kept.feedback
    line = {
        "id": kept.id,
        "type": "feedback",
        "question": kept.question,
        "history": answers_kept.questions_before(notebook, kept),
        "standalone_question": answer["standalone_question"],
        "scope": kept.scope.as_json(),
        **{name: answer[name] for name in ("answered", "answer", "sentence", "citation")},
        "verdict": None if feedback is None else feedback.verdict,
        "note": "" if feedback is None else feedback.note,
    }
    if feedback is not None and feedback.verdict == "right":
        line["answers"] = [] if answer["citation"] is None else [_gold(answer)]
    return line


def _gold(answer: dict[str, Any]) -> dict[str, Any]:
    cited = answer["citation"]
    return {
        "document": cited["document"]["source"],
        "text": answer["answer"],
        "start": cited["start"],
        "end": cited["end"],
        "evidence_start": cited["sentence_start"],
        "evidence_end": cited["sentence_end"],
    }


def _write(notebook: Notebook, answer_id: str, feedback: Feedback | None, owner: str) -> None:
    answers_kept.find_own(notebook, answer_id, owner)
    values: dict[str, str | None] = {"verdict": None, "note": None, "judged": None}
    if feedback is not None:
        given = in_utc(feedback.given)
        values = {"verdict": feedback.verdict, "note": feedback.note, "judged": given}
    own = (answers.c.id == answer_id) & (answers.c.owner == owner)
    with notebook.writing() as connection:
        if connection.execute(sa.update(answers).where(own).values(**values)).rowcount == 0:
            raise answers_kept.unknown_answer(answer_id)
