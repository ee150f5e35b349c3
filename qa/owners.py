"""What is somebody's or something's, where a question does not say whose: "What are the themes?"."""

from collections.abc import Sequence
from typing import Final

from qa import english, nouns
from qa.nouns import plural
from qa.phrases import Phrase, phrases
from qa.tags import Word, words
from qa.referents import NAMED, Referent, referents, suits
from qa.types import Carried, Rewrite, Turn

Edit = tuple[int, int, str, Referent]
_NEAR: Final = 2
"""Turns in which a noun's fuller form is looked for."""


def complete(question: str, turns: Sequence[Turn]) -> Rewrite | None:
    """Say of whom or of what something is, where the last turns tell; None if nothing is left out.

    - "the report" becomes "the Ofsted report", if there was one
    - "the main themes" become "the main themes of the film"
    - "Are there any festivals?" is asked of the place that was spoken of
    """
    tagged = words(question)
    known = phrases(question)
    for rule in (_fuller, _owned, _existing):
        edit = rule(question, tagged, known, turns)
        if edit is not None:
            start, end, text, found = edit
            carried = Carried(found.text, question[start:end].strip(), found.turn, found.origin)
            return Rewrite(question[:start] + text + question[end:], (carried,))
    return None


def _fuller(
    question: str, tagged: Sequence[Word], known: Sequence[Phrase], turns: Sequence[Turn]
) -> Edit | None:
    """ "the experiment" -> "the Stanford experiment", "the city" -> "the city of Leith"."""
    near = [each for each in referents(turns) if len(turns) - each.turn <= _NEAR]
    said = [each for each in near if each.origin != "sentence"]
    for at, each in enumerate(known):
        parts = [word for word in tagged if each.start <= word.start < each.end and word.tag == "N"]
        if each.determiner != "the" or len(parts) != 1 or _goes_on(tagged, each):
            continue
        common = not each.proper or each.head in nouns.BODIES | nouns.PLACES
        for other in said:
            same = other.phrase.head == each.head and other.phrase.plural == each.plural
            if common and same and len(words(other.text)) > len(words(each.text)):
                return each.start, each.end, other.text, other
        if each.head in _NAMED_PLACES and not any(before.named for before in known[:at]):
            for other in said:
                if other.phrase.kind == "place" and other.phrase.proper:
                    return each.end, each.end, f" of {other.text}", other
    del question
    return None


def _owned(
    question: str, tagged: Sequence[Word], known: Sequence[Phrase], turns: Sequence[Turn]
) -> Edit | None:
    """ "the main themes" -> "the main themes of the film"."""
    if any(each.named for each in known):
        return None
    for each in known:
        if each.head not in nouns.OWNED or each.role == "owner" or _goes_on(tagged, each):
            continue
        if each.determiner in _POINTING or any(
            each.start <= o.start < o.end <= each.end for o in known if o != each
        ):
            continue
        following = next((word for word in tagged if word.start >= each.end), None)
        if each.role == "asked" and following is not None and following.tag == "V":
            continue
        if each.determiner in ("a", "an") or (
            each.determiner == "" and each.role != "asked" and not each.plural
        ):
            continue
        found = _topic(turns)
        if found is not None and found.phrase.head != each.head:
            return each.end, each.end, f" of {found.text}", found
    del question
    return None


def _existing(
    question: str, tagged: Sequence[Word], known: Sequence[Phrase], turns: Sequence[Turn]
) -> Edit | None:
    """ "Are there any festivals?" -> "Are there any festivals in Leith?"."""
    lows = [word.low for word in tagged]
    if "there" not in lows or any(each.named for each in known):
        return None
    end = max((word.end for word in tagged if word.tag != "."), default=0)
    for each in referents(turns):
        if (
            each.phrase.proper
            and (suits("there", each.phrase) or 0) >= 1.2
            and each.origin != "sentence"
        ):
            return end, end, f" in {each.text}", each
    del question
    return None


def _topic(turns: Sequence[Turn]) -> Referent | None:
    """Return what was spoken of last, whatever it is."""
    suitable = [
        each
        for each in referents(turns)
        if each.origin != "sentence" and each.phrase.kind not in ("time", "amount")
    ]
    # What a question is about comes before what has a name in it.
    return max(suitable, key=lambda each: each.weight - NAMED * (each.phrase.proper), default=None)


def _goes_on(tagged: Sequence[Word], phrase: Phrase) -> bool:
    """Say whether a phrase has a complement: a preposition, "that" or "who" behind it."""
    following = next((word for word in tagged if word.start >= phrase.end), None)
    if following is None:
        return False
    return following.tag in ("P", "C") or following.low in ("who", "which", "where")


_POINTING: Final = frozenset("my your his her its our their this that these those".split())
_NAMED_PLACES: Final = frozenset("city town village borough county district".split())
