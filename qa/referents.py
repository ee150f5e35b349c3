"""A conversation -> what a pronoun can mean: who and what was spoken of, the most likely first.

A referent's weight says how present it is: what was said last weighs more than what was said
before, what a question is about more than what it mentions, and what pronouns already stood for
more than what has only been named. How well it suits a pronoun is a matter of kind and number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from qa import english, nouns
from qa.answer_type import asked_for
from qa.nouns import plural
from qa.phrases import Phrase, PhraseKind, phrases
from qa.tags import words
from qa.types import Origin, Turn

REACH: Final = 6
"""Turns that are looked back at."""

_LONGEST: Final = 8
"""Words of a short answer that is one thing; a longer one only mentions things."""

_AGE: Final = 3.0
_ROLES: Final = {
    "asked": -1.0, "subject": 1.0, "object": 0.6, "after": 0.5, "of": 0.9, "owner": 1.0,
}  # fmt: skip
NAMED: Final = 0.8
"""For a name in it, and once more if that is its head: "the Leith report", "Leith"."""

_AGAIN: Final = 1.2
"""For what a pronoun stood for in its turn."""

_OWNED: Final = -1.5
"""For what is somebody's: of "the town's history", one goes on to speak of the town."""

_ANSWER: Final = 0.8
_NOT_IT: Final = -2.0
"""For who or where as "it": of "Where did the fire start?", one goes on to speak of the fire."""

_TELLS: Final = -2.5
"""For the answer to "Who is Ann Hall?": it is she whom one goes on to speak of."""

_SENTENCE: Final = -1.2


@dataclass(frozen=True, slots=True)
class Referent:
    """Something that was spoken of: how it is called in a question, in which turn, how present."""

    text: str
    phrase: Phrase
    turn: int
    origin: Origin
    weight: float


def standing(turn: Turn) -> str:
    """Return a turn's question as it stands alone."""
    return turn.question if turn.standalone_question is None else turn.standalone_question


def referents(history: Sequence[Turn]) -> Iterator[Referent]:
    """Yield what the last turns speak of, the last turn first. Their questions must stand alone."""
    for age in range(min(len(history), REACH)):
        at = len(history) - 1 - age
        for each in _of_turn(history[at], at):
            yield replace(each, weight=each.weight - _AGE * age)


def find(pronoun: str, history: Sequence[Turn], taken: Sequence[str] = ()) -> Referent | None:
    """Return what "he", "she", "it", "they" or "there" most likely means, but for `taken`."""
    best: tuple[float, Referent] | None = None
    for each in referents(history):
        suitable = suits(pronoun, each.phrase)
        if suitable is None or each.text in taken:
            continue
        total = suitable + each.weight + _answers(pronoun, each, history[each.turn])
        if best is None or total > best[0]:
            best = total, each
    if best is None:
        return None
    chosen = best[1]
    if pronoun == "they" and chosen.phrase.determiner in ("a", "an"):
        return replace(chosen, text=plural(chosen.phrase.text.partition(" ")[2]))
    return chosen


def suits(pronoun: str, phrase: Phrase) -> float | None:
    """Say how well a phrase suits "he", "she", "it", "they" or "there"; None: not at all."""
    suitable = _SUITS[pronoun].get(phrase.kind)
    if suitable is None:
        return None
    if pronoun in ("he", "she"):
        wanted = pronoun == "he"
        if phrase.plural or phrase.male is (not wanted):
            return None
        return suitable + (phrase.male is wanted)
    if pronoun == "it" and phrase.plural:
        return None
    if pronoun == "they" and phrase.plural is False:
        bare = phrase.determiner == "" and not phrase.proper
        loose = phrase.determiner in ("a", "an") or (
            phrase.kind in ("body", "person", "name") and not bare
        )
        return suitable - 1.5 if loose else None
    return suitable


_SUITS: Final[dict[str, dict[PhraseKind, float]]] = {
    "he": {"person": 3.0, "name": 2.2},
    "she": {"person": 3.0, "name": 2.2},
    "it": {"thing": 2.5, "body": 2.5, "name": 2.5, "place": 2.3},
    "they": {"person": 3.0, "body": 2.5, "thing": 2.5, "name": 2.2, "place": 1.0},
    "there": {"place": 3.0, "name": 1.2, "body": 0.8},
}


def _answers(pronoun: str, referent: Referent, turn: Turn) -> float:
    """Return what speaks for an answer beside its weight: that it is what was asked for."""
    if referent.origin != "answer":
        return 0.0
    asked = asked_for(standing(turn))
    counted = pronoun == "they" and asked == "number"
    if counted or (pronoun in ("he", "she", "they") and asked == "person"):
        return 1.5
    if pronoun == "it" and asked in ("person", "place"):
        return _NOT_IT
    return 2.0 if pronoun == "there" and asked == "place" else 0.0


def _tells(asked: str) -> bool:
    """Say whether a question is about one name: "Who is Ann Hall?"."""
    tagged = words(asked)
    begins = len(tagged) > 1 and tagged[0].low in ("who", "what") and tagged[1].low in english.BE
    known = phrases(asked)
    return (
        begins and len(known) == 1 and known[0].proper and asked[known[0].end :].strip(" ?") == ""
    )


@lru_cache(maxsize=64)
def _of_turn(turn: Turn, at: int) -> tuple[Referent, ...]:
    """Return what a turn speaks of."""
    return tuple(_spoken_of(turn, at))


def _spoken_of(turn: Turn, at: int) -> Iterator[Referent]:
    """Yield it: in its question, its answer, and the sentence around that."""
    asked = standing(turn)
    known = phrases(asked)
    typed = {each.low for each in words(turn.question)}
    for each in known:
        if (each.role == "asked" and turn.answer is not None) or each.determiner in POINTING:
            continue
        counted = each.role == "asked" and each.determiner == "many"
        weight = _ROLES["subject" if counted else each.role] + _name(each)
        if each.head in nouns.OWNED:
            weight += _OWNED
        elif belongs(each, known):
            weight += _OWNED / 2
        if not typed.intersection(word.low for word in words(each.text) if word.tag == "N"):
            weight += _AGAIN
        yield Referent(_put(each), each, at, "question", weight)
    if turn.answer is not None:
        yield from _of_reply(turn.answer, turn.sentence, asked, at)


def _of_reply(answer: str, sentence: str | None, asked: str, at: int) -> Iterator[Referent]:
    weight = _TELLS if _tells(asked) else _ANSWER
    for each in _of_answer(answer, asked):
        yield Referent(_put(each), each, at, "answer", weight + _name(each))
    for each in () if sentence is None else phrases(sentence):
        if each.text not in answer and each.determiner not in POINTING:
            yield Referent(_put(each), each, at, "sentence", _SENTENCE + _name(each))


def _name(phrase: Phrase) -> float:
    return NAMED * (phrase.named + phrase.proper)


def belongs(phrase: Phrase, known: tuple[Phrase, ...]) -> bool:
    """Say whether a phrase names something else that it belongs to: "the town's mayor"."""
    return any(
        phrase.start <= other.start < other.end <= phrase.end for other in known if other != phrase
    )


def _of_answer(answer: str, asked: str) -> list[Phrase]:
    """Return what an answer speaks of; a short one is of the kind that was asked for."""
    said = answer.strip(" .,;:")
    found = list(phrases(said))
    kind = asked_for(asked)
    if kind == "number" and any(each.isdigit() for each in said):
        return _counted(said, asked)
    if not found or len(words(said)) > _LONGEST:
        return found
    first, *rest = found
    if " and " in said and first.proper:
        return [replace(first, text=said, plural=True)]
    if kind == "place" and first.kind in ("name", "thing"):
        first = replace(first, kind="place")
    if kind == "person" and first.kind == "name":
        first = replace(first, kind="person")
    return [first, *rest]


def _counted(answer: str, asked: str) -> list[Phrase]:
    """Return what was counted: "760" and "How many children are there?": "the 760 children"."""
    number = _NUMBER.match(answer)
    for each in phrases(asked):
        if each.role == "asked" and each.determiner == "many":
            counted = each.text.removeprefix("many ")
            text = f"{number.group()} {counted}" if number is not None else counted
            return [replace(each, text=f"the {text}", plural=True, determiner="the", role="object")]
    return []


_NUMBER: Final = re.compile(r"\d[\d,.]*\b")
POINTING: Final = english.POSSESSIVES | english.DEMONSTRATIVES
"""Determiners of what leans on the conversation itself."""


def _put(phrase: Phrase) -> str:
    """Return a phrase as it is put into another question."""
    first, _, rest = phrase.text.partition(" ")
    if first.lower() in english.DETERMINERS and rest:
        return f"the {rest}"
    return f"the {phrase.text}" if phrase.role == "asked" else phrase.text
