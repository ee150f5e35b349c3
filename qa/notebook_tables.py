"""The tables of a notebook, and their rows to dataclasses."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from qa.scope import Scope
from qa.talk import Conversation, Feedback, KeptAnswer

metadata = sa.MetaData()

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("updated", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("answers", sa.Integer, nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Index("conversations_place", "owner", "place", unique=True),
    sqlite_with_rowid=False,
)
"""`answers` and `bytes` count what belongs to each, so that a limit costs nothing to keep to."""

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("conversation", sa.ForeignKey("conversations.id", ondelete="CASCADE")),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("verdict", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("judged", sa.Text),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Index("answers_number", "conversation", "number", unique=True),
    sa.Index("answers_owner", "owner", "conversation"),
    sa.Index("answers_judged", "owner", "judged", sqlite_where=sa.text("verdict IS NOT NULL")),
)


def to_conversation(row: Any) -> Conversation:
    """Make a conversation of its row."""
    return Conversation(
        id=row.id,
        owner=row.owner,
        name=row.name,
        created=datetime.fromisoformat(row.created),
        updated=datetime.fromisoformat(row.updated),
        place=row.place,
        scope=Scope.of(json.loads(row.scope)),
        answers=row.answers,
    )


def to_answer(row: Any) -> KeptAnswer:
    """Make a kept answer of its row."""
    feedback = None
    if row.verdict is not None:
        feedback = Feedback(row.verdict, row.note, datetime.fromisoformat(row.judged))
    return KeptAnswer(
        id=row.id,
        owner=row.owner,
        conversation=row.conversation,
        number=row.number,
        asked=datetime.fromisoformat(row.asked),
        scope=Scope.of(json.loads(row.scope)),
        answer=json.loads(row.answer),
        feedback=feedback,
    )


def packed(value: Any) -> str:
    """Return a value as JSON in as few characters as it takes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
