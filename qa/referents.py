"""A conversation -> what a pronoun can mean: who and what was spoken of, the most likely first.

A referent's weight says how present it is: what was said last weighs more than what was said
before, what a question is about more than what it mentions, and what pronouns already stood for
more than what has only been named. How well it suits a pronoun is a matter of kind and number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
"""For a name in it, and once more for one that is its head: "the Leith report", "the town of Leith"."""

_ORDER: Final = 0.15
_AGAIN: Final = 1.2
"""For what a pronoun stood for in its turn."""

_OWNED: Final = -1.5
"""For what is somebody's: of "the town's history", one goes on to speak of the town."""

_PAIR: Final = 2.5
"""What two things of one kind together amount to, how well they suit "they" included."""

_ANSWER: Final = 0.8
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
    if pronoun == "they":
        pair = _pair(history[-1], len(history) - 1)
        if pair is not None and (best is None or best[0] < pair.weight):
            return pair
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
        loose = phrase.kind in ("body", "person", "name") or phrase.determiner in ("a", "an")
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
    if pronoun in ("he", "she", "they") and asked == "person":
        return 1.5
    if pronoun == "there" and asked == "place":
        return 2.0
    if pronoun == "it":
        return _identified(standing(turn), referent.phrase)
    return 0.8 if referent.phrase.plural else 0.0


def _identified(asked: str, answer: Phrase) -> float:
    """Return what speaks for an answer to be "it": more where a question asks which thing it is.

    "Which town is the largest?" goes on about the town, "Which town did Ann leave?" about Ann.
    """
    tagged = words(asked)
    if not answer.named or tagged[0].low not in ("what", "which"):
        return -0.3
    acts = any(each.low in english.DO | english.MODALS | english.HAVE for each in tagged)
    return -0.3 if acts else 1.0


def _pair(turn: Turn, at: int) -> Referent | None:
    """Return the two things of one kind that a question speaks of, as one referent."""
    spoken = [each for each in phrases(standing(turn)) if each.kind not in ("time", "amount")]
    for first, second in zip(spoken, spoken[1:], strict=False):
        alike = first.head == second.head or (first.proper and second.proper)
        if alike and first.kind == second.kind and first.end < second.start:
            text = f"{_put(first, '')} and {_put(second, '')}"
            return Referent(text, replace(first, plural=True), at, "question", _PAIR)
    return None


def _of_turn(turn: Turn, at: int) -> Iterator[Referent]:
    asked = standing(turn)
    known = phrases(asked)
    typed = {each.low for each in words(turn.question)}
    for order, each in enumerate(known):
        if each.role == "asked" and turn.answer is not None:
            continue
        if each.determiner in _POINTING:
            continue
        weight = _ROLES[each.role] - _ORDER * order + NAMED * (each.named + each.proper)
        if each.head in nouns.OWNED:
            weight += _OWNED
        elif _about(each, known, asked):
            weight += _OWNED / 2
        if not typed.intersection(word.low for word in words(each.text) if word.tag == "N"):
            weight += _AGAIN
        yield Referent(_put(each, asked), each, at, "question", weight)
    if turn.answer is None:
        return
    for each in _of_answer(turn.answer, asked):
        text = _put(each, asked)
        if turn.sentence is not None and f"the {text}" in turn.sentence:
            text = f"the {text}"
        yield Referent(text, each, at, "answer", _ANSWER + NAMED * (each.named + each.proper))
    if turn.sentence is not None:
        for order, each in enumerate(phrases(turn.sentence)):
            if each.text not in turn.answer and each.determiner not in _POINTING:
                weight = _SENTENCE + NAMED * (each.named + each.proper) - _ORDER * order
                yield Referent(_put(each, asked), each, at, "sentence", weight)


def _about(phrase: Phrase, known: tuple[Phrase, ...], asked: str) -> bool:
    """Say whether a phrase names something else that it belongs to, or is about."""
    within = any(
        phrase.start <= other.start < other.end <= phrase.end for other in known if other != phrase
    )
    following = asked[phrase.end :].split(maxsplit=1)
    about = bool(following) and following[0] in ("about", "on") and phrase.determiner != "the"
    return within or about


def _of_answer(answer: str, asked: str) -> list[Phrase]:
    """Return what an answer speaks of; a short one is of the kind that was asked for."""
    found = list(phrases(answer.strip(" .,;:")))
    if not found or len(words(answer)) > _LONGEST:
        return found
    first, *rest = found
    kind = asked_for(asked)
    if first.kind == "amount" or (kind == "number" and any(each.isdigit() for each in answer)):
        return _counted(asked)
    if " and " in answer and first.proper:
        return [replace(first, text=answer.strip(" .,;:"), plural=True)]
    if kind == "place" and first.kind in ("name", "thing"):
        first = replace(first, kind="place")
    if kind == "person" and first.kind == "name" and " " in first.text:
        first = replace(first, kind="person")
    return [first, *rest]


def _counted(asked: str) -> list[Phrase]:
    """Return what was counted: "How many children left?" counts the children who left."""
    for each in phrases(asked):
        if each.role == "asked" and each.determiner == "many":
            text = f"the {each.text.removeprefix('many ')}"
            following = next((word for word in words(asked) if word.start >= each.end), None)
            if following is not None and following.tag == "V":
                link = "who" if each.kind == "person" else "that"
                text = f"{text} {link} {asked[each.end :].strip(' ?.')}"
            return [replace(each, text=text, plural=True, determiner="the")]
    return []


_POINTING: Final = frozenset("my your his her its our their this that these those".split())
"""Determiners of what leans on the conversation itself."""

_GENERAL: Final = frozenset("is are do does can should makes causes much many".split())
"""Second words of questions about no single one: "Is a lemon a fruit?"."""


def _put(phrase: Phrase, asked: str) -> str:
    """Return a phrase as it is put into another question."""
    first, _, rest = phrase.text.partition(" ")
    low = first.lower()
    if low in ("a", "an"):
        spoken = [each.low for each in words(asked)[:2]]
        return phrase.text if _GENERAL.intersection(spoken) else f"the {rest}"
    if low in english.DETERMINERS and rest:
        return f"the {rest}"
    return f"the {phrase.text}" if phrase.role == "asked" else phrase.text
