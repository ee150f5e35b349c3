"""A conversation as a file: Markdown with footnoted citations, or JSON."""

from collections.abc import Sequence
from typing import Any

from qa.markdown import block, inline
from qa.show import NOTHING
from qa.talk import Conversation, KeptAnswer
from qa.types import in_utc

_UNNAMED = "A conversation"


def as_json(conversation: Conversation, answers: Sequence[KeptAnswer]) -> dict[str, Any]:
    """Return a conversation with its answers, each as it was given."""
    return {**conversation.as_json(), "thread": [each.as_json() for each in answers]}


def as_markdown(conversation: Conversation, answers: Sequence[KeptAnswer]) -> str:
    """Return a conversation as Markdown: each answer a quotation, its citations in footnotes.

    Nothing that a document or a person said is markup in it.
    """
    notes = _Footnotes()
    name = _UNNAMED if conversation.name is None else conversation.name
    parts = [f"# {inline(name)}", _about(conversation)]
    for number, kept in enumerate(answers, start=1):
        parts += _answer(number, kept, notes)
    return "\n\n".join([*parts, *notes.lines]) + "\n"


class _Footnotes:
    """The citations of a whole file, each with the number that refers to it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, cited: dict[str, Any]) -> str:
        """Return what refers to a citation."""
        mark = f"[^{len(self.lines) + 1}]"
        self.lines.append(f"{mark}: {_reference(cited)}")
        return mark


def _about(conversation: Conversation) -> str:
    scope = conversation.scope
    limits = [
        "" if scope.since is None else f"since {scope.since}",
        "" if scope.until is None else f"until {scope.until}",
        "" if scope.documents is None else f"documents {', '.join(map(str, scope.documents))}",
    ]
    told = "; ".join(each for each in limits if each)
    asked = f"Asked from {in_utc(conversation.created)} to {in_utc(conversation.updated)}."
    return f"{asked} Limited to: {told}." if told else asked


def _answer(number: int, kept: KeptAnswer, notes: _Footnotes) -> list[str]:
    given = kept.answer
    parts = [f"## {number}. {inline(kept.question).strip()}"]
    if given["standalone_question"] != given["question"]:
        parts.append(f"Read as: {inline(given['standalone_question'])}")
    if given["citation"] is None:
        parts.append(NOTHING)
    else:
        parts.append(f"> {_quotation(given, given['citation'])}{notes.add(given['citation'])}")
        if given["also"]:
            parts.append(f"Also there: {' '.join(map(notes.add, given['also']))}")
        for each in given["differs"]:
            parts.append("But:")
            parts.append(f"> {_quotation(each, each['citation'])}{notes.add(each['citation'])}")
        parts.append(f"Confidence {given['confidence']:.0%}.")
    if kept.feedback is not None:
        note = f": {inline(kept.feedback.note)}" if kept.feedback.note else ""
        parts.append(f"Judged {kept.feedback.verdict}{note}.")
    return parts


def _quotation(said: dict[str, Any], cited: dict[str, Any]) -> str:
    """Return a sentence, its answer in bold type if that can be told by the rules of Markdown."""
    sentence: str = said["sentence"]
    start, end = (cited[each] - cited["sentence_start"] for each in ("start", "end"))
    before, answer, after = sentence[:start], sentence[start:end], sentence[end:]
    whole = not before.strip() and not after.strip()
    if whole or not answer[:1].isalnum() or not answer[-1:].isalnum():
        return block(sentence)
    marked = f"**{inline(answer)}**"
    if not before.strip():
        return f"{marked}{inline(after).rstrip()}"
    # The first half is a paragraph's beginning; the space at its end stays.
    space = " " if before[-1].isspace() else ""
    return f"{block(before)}{space}{marked}{inline(after).rstrip()}"


def _reference(cited: dict[str, Any]) -> str:
    """Return all that is known of where a quotation stands, as one paragraph."""
    document = cited["document"]
    facts = [
        document["title"],
        document["author"],
        document["publisher"],
        document["published"],
        cited["kind"],
        document["source"],
        document["url"],
        *_place(cited["original"]),
        f"characters {cited['sentence_start']}-{cited['sentence_end']}",
        f"version {document['version']}",
    ]
    return block(", ".join(each for each in facts if each))


def _place(original: dict[str, Any]) -> list[str]:
    """Return where a sentence lies in its file, as far as that is known."""
    if "last_page" in original:
        return [f"pages {original['page']}-{original['last_page']}"]
    return [f"page {original['page']}"] if "page" in original else []
