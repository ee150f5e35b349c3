"""Conversations: begun, found, listed, changed and deleted. Each is visible to its owner only.

`owner` is a name, the same wherever something is kept and found again; "" where nobody is told
apart from anybody else.
"""

import re
import secrets
from typing import Any, Final

import sqlalchemy as sa

from index.errors import BadName, TooMuchKept, UnknownConversation
from qa.notebook import Notebook, Query
from qa.notebook_tables import conversations, packed, to_conversation
from qa.scope import Scope
from qa.talk import Conversation, check_text, now
from qa.types import in_utc

LONGEST_NAME: Final = 200
"""Characters in a name, at most."""

MOST_CONVERSATIONS: Final = 10_000
"""Conversations of one owner, at most."""

_ID_BYTES: Final = 16
_ID: Final = re.compile(f"[0-9a-f]{{{2 * _ID_BYTES}}}")
_EVERYTHING: Final = Scope()


def new_id() -> str:
    """Return an id that nobody can guess, of digits and the letters a to f."""
    return secrets.token_hex(_ID_BYTES)


def is_id(text: str) -> bool:
    """Say whether a text may be an id at all."""
    return _ID.fullmatch(text) is not None


def begin(
    notebook: Notebook, name: str | None = None, scope: Scope = _EVERYTHING, owner: str = ""
) -> Conversation:
    """Begin a conversation; without a name, its first question will name it.

    Raises:
        BadName: see `check_name`.
        TooMuchKept: the owner has `MOST_CONVERSATIONS`.
        ArchiveUnwritable: read-only or out of room.
    """
    moment = in_utc(now())
    made_id = new_id()
    made = {
        "id": made_id,
        "owner": owner,
        "name": None if name is None else check_name(name),
        "created": moment,
        "updated": moment,
        "scope": packed(scope.as_json()),
        "answers": 0,
        "bytes": 0,
    }
    with notebook.writing() as connection:
        own = conversations.c.owner == owner
        count = sa.select(sa.func.count()).select_from(conversations).where(own)
        if connection.execute(count).scalar_one() >= MOST_CONVERSATIONS:
            raise TooMuchKept(
                f"{MOST_CONVERSATIONS:,} conversations are kept, the limit; delete some"
            )
        connection.execute(sa.insert(conversations).values(**made, place=next_place(owner)))
        row = connection.execute(_of(made_id, owner)).one()
    return to_conversation(row)


def find(notebook: Notebook, conversation_id: str, owner: str = "") -> Conversation:
    """Return a conversation.

    Raises:
        UnknownConversation: the owner has none of that id.
    """
    found = notebook.rows(_of(conversation_id, owner)) if is_id(conversation_id) else []
    if not found:
        raise unknown(conversation_id)
    return to_conversation(found[0])


def newest(
    notebook: Notebook, before: int | None = None, limit: int | None = None, owner: str = ""
) -> list[Conversation]:
    """Return conversations, those that were asked something last first.

    Args:
        notebook: where they are kept.
        before: only those below this `place`.
        limit: how many at most.
        owner: whose.
    """
    of = conversations.c
    query = sa.select(conversations).where(of.owner == owner).order_by(of.place.desc()).limit(limit)
    if before is not None:
        query = query.where(of.place < before)
    return [to_conversation(row) for row in notebook.rows(query)]


def count(notebook: Notebook, owner: str = "") -> int:
    """Return how many conversations there are."""
    of = conversations.c
    query = sa.select(sa.func.count()).select_from(conversations).where(of.owner == owner)
    return sum(row[0] for row in notebook.rows(query))


def change(
    notebook: Notebook,
    conversation_id: str,
    name: str | None = None,
    scope: Scope | None = None,
    owner: str = "",
) -> Conversation:
    """Give a conversation another name, another scope, or both; None leaves what is.

    Raises:
        BadName: see `check_name`.
        UnknownConversation: the owner has none of that id.
        ArchiveUnwritable: read-only or out of room.
    """
    find(notebook, conversation_id, owner)
    values: dict[str, Any] = {} if name is None else {"name": check_name(name)}
    if scope is not None:
        values["scope"] = packed(scope.as_json())
    with notebook.writing() as connection:
        if values:
            own = (conversations.c.id == conversation_id) & (conversations.c.owner == owner)
            connection.execute(sa.update(conversations).where(own).values(**values))
        row = connection.execute(_of(conversation_id, owner)).one_or_none()
    if row is None:
        raise unknown(conversation_id)
    return to_conversation(row)


def delete(notebook: Notebook, conversation_id: str, owner: str = "") -> None:
    """Delete a conversation with its answers and what was thought of them; no trace is left.

    Raises:
        UnknownConversation: the owner has none of that id.
        ArchiveUnwritable: read-only or out of room.
    """
    find(notebook, conversation_id, owner)
    with notebook.writing() as connection:
        own = (conversations.c.id == conversation_id) & (conversations.c.owner == owner)
        connection.execute(sa.delete(conversations).where(own))
    notebook.wipe()


def check_name(name: str) -> str:
    """Return a name on one line.

    Raises:
        BadName: empty, longer than `LONGEST_NAME`, or no text.
    """
    kept = " ".join(check_text(name, "name", LONGEST_NAME).split())
    if not kept:
        raise BadName("the name is empty; give one, or none at all")
    return kept


def next_place(owner: str) -> Any:
    """Return what makes the `place` after all others of an owner."""
    own = conversations.alias()
    last = sa.select(sa.func.coalesce(sa.func.max(own.c.place), 0) + 1)
    return last.where(own.c.owner == owner).scalar_subquery()


def unknown(conversation_id: str) -> UnknownConversation:
    """Make the error for an id that no conversation has."""
    return UnknownConversation(
        f"no conversation {conversation_id} here; qa conversations list shows what there is"
    )


def _of(conversation_id: str, owner: str) -> Query:
    of = conversations.c
    return sa.select(conversations).where(of.id == conversation_id, of.owner == owner)
