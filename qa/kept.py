"""Answers that are kept, in a conversation or on their own.

Whoever has the id of one may read it: that is how an answer is shared. Only its owner may change
or delete it.
"""

import json
from typing import Any, Final

import sqlalchemy as sa

from index.errors import TooMuchKept, UnknownAnswer
from qa.conversations import is_id, new_id, next_place, unknown
from qa.notebook import Notebook, Query
from qa.notebook_tables import answers, conversations, packed, to_answer
from qa.scope import Scope
from qa.talk import KeptAnswer, now
from qa.types import in_utc

MOST_ANSWERS: Final = 1_000
"""Answers in one conversation, at most."""

MOST_BYTES: Final = 20_000_000
"""Bytes that the answers of one conversation take up together, at most."""

MOST_ALONE: Final = 10_000
"""Answers of one owner outside of conversations, at most."""

LARGEST_ANSWER: Final = 2_000_000
"""Bytes in one answer, at most."""

_LONGEST_DEFAULT: Final = 80
"""Characters of its first question that name a conversation."""


def keep(
    notebook: Notebook,
    answer: dict[str, Any],
    scope: Scope,
    conversation_id: str | None = None,
    owner: str = "",
) -> KeptAnswer:
    """Keep an answer, in a conversation as its last or on its own.

    Args:
        notebook: where.
        answer: in the form of `Answer.as_json`.
        scope: what it was asked of.
        conversation_id: None for an answer on its own.
        owner: whose it is, as the conversation is.

    Raises:
        UnknownConversation: the owner has none of that id.
        TooMuchKept: the answer is too large, or there is no room for one more.
        ArchiveUnwritable: read-only or out of room.
    """
    text = packed(answer)
    size = len(text.encode())
    if size > LARGEST_ANSWER:
        raise TooMuchKept(
            f"the answer takes {size:,} bytes, and the limit is {LARGEST_ANSWER:,}; read fewer "
            "passages"
        )
    moment = in_utc(now())
    made = {
        "id": new_id(),
        "owner": owner,
        "conversation": conversation_id,
        "number": 0,
        "asked": moment,
        "scope": packed(scope.as_json()),
        "bytes": size,
        "answer": text,
    }
    with notebook.writing() as connection:
        _check_room(connection.execute(_room(conversation_id, owner)).all(), conversation_id, size)
        if conversation_id is not None:
            made["number"] = connection.execute(_next_number(conversation_id)).scalar_one()
            of = conversations.c
            connection.execute(
                sa.update(conversations)
                .where(of.id == conversation_id)
                .values(
                    name=sa.func.coalesce(of.name, _name_of(str(answer["question"]))),
                    updated=moment,
                    place=next_place(owner),
                    answers=of.answers + 1,
                    bytes=of.bytes + size,
                )
            )
        connection.execute(sa.insert(answers).values(**made))
        row = connection.execute(sa.select(answers).where(answers.c.id == made["id"])).one()
    return to_answer(row)


def check_room(notebook: Notebook, conversation_id: str | None = None, owner: str = "") -> None:
    """See to it that one more answer can be kept.

    Raises:
        UnknownConversation: the owner has none of that id.
        TooMuchKept: there is no room for one more.
    """
    rows = notebook.rows(_room(conversation_id, owner))
    # Before anything is kept, there is room for what is in no conversation.
    if rows or conversation_id is not None:
        _check_room(rows, conversation_id, 0)


def find(notebook: Notebook, answer_id: str) -> KeptAnswer:
    """Return a kept answer, whoever asks.

    Raises:
        UnknownAnswer: none of that id is kept.
    """
    query = sa.select(answers).where(answers.c.id == answer_id)
    found = notebook.rows(query) if is_id(answer_id) else []
    if not found:
        raise unknown_answer(answer_id)
    return to_answer(found[0])


def thread(
    notebook: Notebook,
    conversation_id: str,
    after: int = 0,
    limit: int | None = None,
    owner: str = "",
) -> list[KeptAnswer]:
    """Return the answers of a conversation in order, from the first `number` above `after`."""
    column = answers.c
    query = _within(conversation_id, owner).where(column.number > after)
    rows = notebook.rows(query.order_by(column.number).limit(limit))
    return [to_answer(row) for row in rows]


def last(
    notebook: Notebook,
    conversation_id: str,
    limit: int,
    owner: str = "",
    before: int | None = None,
) -> list[KeptAnswer]:
    """Return the last answers of a conversation, or the last below `number` `before`, in order."""
    query = _within(conversation_id, owner)
    if before is not None:
        query = query.where(answers.c.number < before)
    query = query.order_by(answers.c.number.desc()).limit(limit)
    return [to_answer(row) for row in reversed(notebook.rows(query))]


def questions_before(notebook: Notebook, kept: KeptAnswer) -> list[str]:
    """Return the questions that came before an answer in its conversation, in order."""
    if kept.conversation is None:
        return []
    column = answers.c
    query = (
        sa.select(column.answer)
        .where(column.conversation == kept.conversation, column.number < kept.number)
        .order_by(column.number)
    )
    return [str(json.loads(row.answer)["question"]) for row in notebook.rows(query)]


def delete(notebook: Notebook, answer_id: str, owner: str = "") -> None:
    """Delete an answer and what was thought of it, also from its conversation; no trace is left.

    Raises:
        UnknownAnswer: the owner has none of that id.
        ArchiveUnwritable: read-only or out of room.
    """
    kept = find_own(notebook, answer_id, owner)
    own = (answers.c.id == answer_id) & (answers.c.owner == owner)
    with notebook.writing() as connection:
        size = connection.execute(sa.select(answers.c.bytes).where(own)).scalar_one_or_none()
        if size is None:
            raise unknown_answer(answer_id)
        connection.execute(sa.delete(answers).where(own))
        column = conversations.c
        connection.execute(
            sa.update(conversations)
            .where(column.id == kept.conversation)
            .values(answers=column.answers - 1, bytes=column.bytes - size)
        )
    notebook.wipe()


def find_own(notebook: Notebook, answer_id: str, owner: str = "") -> KeptAnswer:
    """Return a kept answer to its owner.

    Raises:
        UnknownAnswer: the owner has none of that id.
    """
    kept = find(notebook, answer_id)
    if kept.owner != owner:
        raise unknown_answer(answer_id)
    return kept


def unknown_answer(answer_id: str) -> UnknownAnswer:
    """Make the error for an id that no answer has."""
    return UnknownAnswer(f"no answer {answer_id} is kept here; it may have been deleted")


def _within(conversation_id: str, owner: str) -> Query:
    column = answers.c
    return sa.select(answers).where(column.conversation == conversation_id, column.owner == owner)


def _next_number(conversation_id: str) -> Query:
    last_one = sa.func.coalesce(sa.func.max(answers.c.number), 0)
    return sa.select(last_one + 1).where(answers.c.conversation == conversation_id)


def _room(conversation_id: str | None, owner: str) -> Query:
    """Return what finds how much there is where one more answer is to be kept."""
    if conversation_id is None:
        column = answers.c
        alone = (column.owner == owner) & column.conversation.is_(None)
        counts = (sa.func.count().label("answers"), sa.literal(0).label("bytes"))
        return sa.select(*counts).where(alone)
    of = conversations.c
    return sa.select(of.answers, of.bytes).where(of.id == conversation_id, of.owner == owner)


def _check_room(rows: Any, conversation_id: str | None, size: int) -> None:
    if not rows:
        raise unknown(str(conversation_id))
    (there,) = rows
    if conversation_id is None:
        if there.answers >= MOST_ALONE:
            raise TooMuchKept(
                f"{MOST_ALONE:,} answers are kept outside of conversations, the limit; delete some"
            )
    elif there.answers >= MOST_ANSWERS:
        raise TooMuchKept(
            f"the conversation has {MOST_ANSWERS:,} answers, the limit; begin another"
        )
    elif there.bytes + size > MOST_BYTES:
        raise TooMuchKept(
            f"the conversation takes {MOST_BYTES / 1e6:.0f} MB, the limit; begin another"
        )


def _name_of(question: str) -> str:
    line = " ".join(question.split())
    if len(line) <= _LONGEST_DEFAULT:
        return line
    return line[:_LONGEST_DEFAULT].rsplit(" ", 1)[0] + " …"
