"""Kept conversations as people read them at a terminal."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.text import Text

from index.types import Document, Span
from qa import show
from qa.talk import Conversation, KeptAnswer
from qa.types import in_utc

_UNNAMED = "(nothing asked yet)"


def line(conversation: Conversation) -> str:
    """Return a conversation on one line of a list."""
    count = f"{conversation.answers:,} answer{'' if conversation.answers == 1 else 's'}"
    name = _UNNAMED if conversation.name is None else show.one_line(conversation.name)
    return f"{conversation.id}  {in_utc(conversation.updated)}  {count:>12}  {name}"


def conversation(
    console: Console, conversation: Conversation, answers: Sequence[KeptAnswer]
) -> None:
    """Print a conversation with its answers."""
    name = _UNNAMED if conversation.name is None else show.one_line(conversation.name)
    show.put(console, Text(name, style="bold"))
    for each in answers:
        show.put(console, Text())
        answer(console, each)


def answer(console: Console, kept: KeptAnswer) -> None:
    """Print a question, what was quoted, and what somebody thought of it."""
    given = kept.answer
    show.put(console, Text(f"? {show.one_line(kept.question)}", style="dim"))
    if given["standalone_question"] != given["question"]:
        read = show.one_line(given["standalone_question"])
        show.put(console, Text(f"  Read as: {read}", style="dim"))
    if given["citation"] is None:
        show.put(console, Text(f"  {show.NOTHING}"))
    else:
        if given["answer"] != given["sentence"]:
            show.put(console, Text(f"  {show.clean(given['answer'])}", style="bold green"))
        show.put(console, Text(f"  {show.clean(given['sentence'])}"))
        show.put(console, Text(f"  {reference(given['citation'])}", style="cyan"))
    if kept.feedback is not None:
        note = f": {show.one_line(kept.feedback.note)}" if kept.feedback.note else ""
        show.put(console, Text(f"  judged {kept.feedback.verdict}{note}", style="yellow"))


def reference(cited: dict[str, Any]) -> str:
    """Return, on one line, where a quotation stood when it was given."""
    told = cited["document"]
    document = Document(
        source=told["source"],
        text="",
        title=told["title"],
        author=told["author"],
        publisher=told["publisher"],
        published=None if told["published"] is None else date.fromisoformat(told["published"]),
        id=told["id"],
    )
    span = Span(cited["sentence_start"], cited["sentence_end"])
    return show.whereabouts(document, cited["kind"], span, cited["original"])
