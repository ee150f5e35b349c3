"""Words that point at what was said: "that year", "the year before", "those children", "this"."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from qa import english, nouns
from qa.edits import Edit
from qa.phrases import Phrase, goes_on, phrases
from qa.referents import Referent, referents, standing
from qa.tags import words
from qa.types import Carried, Origin, Turn

_YEAR: Final = re.compile(r"\b(?:1[0-9]{3}|20[0-9]{2})\b")
_THEN: Final = (
    r"\b(?:in )?(?:that|the same) year\b|\bat (?:that|the) time\b(?! of)|\bback then\b"
    r"|(?<=\w )then(?=\s*\?)"
)
_BEFORE: Final = (
    r"\b(?:in )?the (?:previous|preceding) year\b|\b(?:in )?the year before(?: that)?\b"
    r"|\ba year (?:earlier|before)\b"
)
_AFTER: Final = (
    r"\b(?:in )?the (?:following|next) year\b|\b(?:in )?the year after(?: that)?\b"
    r"|\ba year (?:later|after)\b"
)
_TIMES: Final = (
    (re.compile(_THEN, re.IGNORECASE), 0),
    (re.compile(_BEFORE, re.IGNORECASE), -1),
    (re.compile(_AFTER, re.IGNORECASE), 1),
)
"""What means a year that was spoken of, and how many years later it is."""

_NEAR: Final = 2
"""Turns in which a noun's fuller form is looked for."""

_PARTS: Final = frozenset("city town village borough county district".split())
"""Nouns that take a place's name with "of"."""

_ARTICLES: Final = frozenset("article story piece".split())


def pointed(question: str, turns: Sequence[Turn]) -> Iterator[Edit]:
    """Yield what the pointing words of a question mean, as far as the last turns tell."""
    yield from _times(question, turns)
    yield from _things(question, turns)
    yield from _fuller(question, turns)


def points(question: str) -> bool:
    """Say whether a question has "this" or "that" for something that no noun names."""
    tagged = words(question)
    return any(
        each.low in english.DEMONSTRATIVES
        and (each.tag == "R" or (each.tag == "D" and _alone(question, at)))
        for at, each in enumerate(tagged)
    )


def _alone(question: str, at: int) -> bool:
    tagged = words(question)
    return at + 1 == len(tagged) or tagged[at + 1].tag not in ("N", "D")


def _times(question: str, turns: Sequence[Turn]) -> Iterator[Edit]:
    for pattern, later in _TIMES:
        for found in pattern.finditer(question):
            if question[found.end() : found.end() + 1] in ("'", "’"):
                continue
            for said, turn, origin in _years(turns):
                year = str(int(said) + later)
                carried = Carried(said, found.group(), turn, origin)
                yield Edit(found.start(), found.end(), f"in {year}", carried)
                return


def _years(turns: Sequence[Turn]) -> Iterator[tuple[str, int, Origin]]:
    for at in range(len(turns) - 1, -1, -1):
        turn = turns[at]
        said: tuple[tuple[str | None, Origin], ...] = (
            (turn.answer, "answer"), (standing(turn), "question"), (turn.sentence, "sentence"),
        )  # fmt: skip
        for text, origin in said:
            if text is not None and (found := _YEAR.findall(text)):
                yield found[-1], at, origin


def _things(question: str, turns: Sequence[Turn]) -> Iterator[Edit]:
    for each in phrases(question):
        if each.determiner not in english.DEMONSTRATIVES or each.kind == "time":
            continue
        found = _same(each.head, each.kind, turns)
        if found is not None:
            carried = Carried(found.text, each.text, found.turn, found.origin)
            yield Edit(each.start, each.end, found.text, carried)
        elif each.head in _ARTICLES and turns[-1].title is not None:
            text = f"the {each.head} “{turns[-1].title}”"
            carried = Carried(turns[-1].title, each.text, len(turns) - 1, "sentence")
            yield Edit(each.start, each.end, text, carried)


def _same(head: str, kind: str, turns: Sequence[Turn]) -> Referent | None:
    """Return what was last called by that noun or, for a person, body or place, is one."""
    for each in referents(turns):
        called = each.phrase.head == head and len(words(each.text)) > 1
        one = (
            kind in ("person", "body", "place") and each.phrase.kind == kind and each.phrase.proper
        )
        if (called or one) and each.origin != "sentence":
            return each
    return None


def _fuller(question: str, turns: Sequence[Turn]) -> Iterator[Edit]:
    """Yield "the Ofsted report" for "the report", and "the city of Leith" for "the city"."""
    said = [
        each
        for each in referents(turns)
        if len(turns) - each.turn <= _NEAR and each.origin != "sentence"
    ]
    known = phrases(question)
    for at, each in enumerate(known):
        if each.determiner != "the" or len(each.text.split()) != len(("the", "noun")):
            continue
        if each.proper and each.head not in nouns.BODIES | nouns.PLACES:
            continue
        found = next((other for other in said if _names(other, each)), None)
        text = "" if found is None else found.text
        if found is None and each.head in _PARTS and not any(other.named for other in known[:at]):
            found = next((other for other in said if other.phrase.kind == "place"), None)
            text = "" if found is None else f"{each.text} of {found.text}"
        if found is not None and not goes_on(question, each):
            carried = Carried(found.text, each.text, found.turn, found.origin)
            yield Edit(each.start, each.end, text, carried)


def _names(said: Referent, phrase: Phrase) -> bool:
    """Say whether what was said is called by a phrase's noun, and by more than that."""
    same = said.phrase.head == phrase.head and said.phrase.plural == phrase.plural
    return same and len(said.text.removeprefix("the ").split()) > 1
