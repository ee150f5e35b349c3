"""What belongs to somebody or something, where a question does not say to whom or to what."""

from collections.abc import Sequence
from typing import Final

from qa import nouns
from qa.edits import Edit, carry_out
from qa.phrases import goes_on, phrases
from qa.referents import NAMED, POINTING, Referent, belongs, referents, suits
from qa.tags import words
from qa.types import Carried, Rewrite, Turn

_NOT_THE: Final = POINTING | {"a", "an"}
_CLEARLY_A_PLACE: Final = 1.2


def complete(question: str, turns: Sequence[Turn]) -> Rewrite | None:
    """Say of whom or of what something is, where the last turns tell; None if nothing is left out.

    - "the main themes" become "the main themes of the film"
    - "Are there any festivals?" is asked of the place that was spoken of
    """
    for rule in (_owned, _existing):
        edit = rule(question, turns)
        if edit is not None:
            return carry_out(question, [edit])
    return None


def _owned(question: str, turns: Sequence[Turn]) -> Edit | None:
    """Return "the main themes of the film" for "the main themes"."""
    known = phrases(question)
    if any(each.named for each in known):
        return None
    for each in known:
        bare = each.determiner == "" and each.role != "asked" and not each.plural
        whose = bare or each.role == "owner" or belongs(each, known)
        if whose or each.determiner in _NOT_THE or each.head not in nouns.OWNED:
            continue
        if goes_on(question, each):
            continue
        found = _topic(turns)
        if found is not None and found.phrase.head != each.head:
            return _edit(question, each.end, each.end, f" of {found.text}", found)
    return None


def _existing(question: str, turns: Sequence[Turn]) -> Edit | None:
    """Return "Are there any festivals in Leith?" for "Are there any festivals?"."""
    tagged = [each for each in words(question) if each.tag != "."]
    if "there" not in [each.low for each in tagged] or any(
        each.named for each in phrases(question)
    ):
        return None
    end = tagged[-1].end
    for each in referents(turns):
        fits = suits("there", each.phrase)
        clearly = each.phrase.proper and fits is not None and fits >= _CLEARLY_A_PLACE
        if clearly and each.origin != "sentence":
            return _edit(question, end, end, f" in {each.text}", each)
    return None


def _edit(question: str, start: int, end: int, text: str, found: Referent) -> Edit:
    return Edit(
        start, end, text, Carried(found.text, question[start:end], found.turn, found.origin)
    )


def _topic(turns: Sequence[Turn]) -> Referent | None:
    """Return what was spoken of last, whatever it is."""
    suitable = [
        each
        for each in referents(turns)
        if each.origin != "sentence" and each.phrase.kind not in ("time", "amount")
    ]
    # What a question is about comes before what has a name in it.
    return max(suitable, key=lambda each: each.weight - NAMED * each.phrase.proper, default=None)
