"""A question in a conversation -> a question that stands alone."""

from collections.abc import Sequence
from dataclasses import replace

from qa import ellipsis, owners
from qa.ellipsis import in_a_row
from qa.pointers import pointed, points
from qa.pronouns import SORTS, pronouns
from qa.referents import REACH, find
from qa.types import Carried, Rewrite, Turn


def stand_alone(question: str, history: Sequence[Turn | str]) -> Rewrite:
    """Return `question` as it can be asked without the conversation, and what it took from there.

    Args:
        question: as it was typed.
        history: the turns before it, oldest first. Of one that is only a string, or whose
            `standalone_question` is None, what it leans on is found out here.
    """
    first = max(0, len(history) - REACH)
    turns: list[Turn] = []
    for each in history[first:]:
        turn = Turn(each) if isinstance(each, str) else each
        if turn.standalone_question is None:
            made = _rewrite(turn.question, turns).question
            turn = replace(turn, standalone_question=made)
        turns.append(turn)
    made = _rewrite(question, turns)
    return Rewrite(
        made.question, tuple(replace(each, turn=each.turn + first) for each in made.carried)
    )


def _rewrite(question: str, turns: Sequence[Turn]) -> Rewrite:
    """Rewrite a question, given turns that stand alone."""
    if not turns:
        return Rewrite(question)
    short = ellipsis.circumstance(question, turns)
    if short is not None:
        return short
    filled = _filled(question, turns)
    if filled is not None and any(each.replaced.lower() in SORTS for each in filled.carried):
        return filled
    # "And the year before?" is put in first, and then still has to be made a question.
    begun = question if filled is None else filled.question
    whole = ellipsis.complete(begun, turns)
    if whole is not None:
        return Rewrite(
            whole.question, (*whole.carried, *(() if filled is None else filled.carried))
        )
    if filled is not None:
        return filled
    return owners.complete(question, turns) or Rewrite(question)


def _filled(question: str, turns: Sequence[Turn]) -> Rewrite | None:
    """Put in what pronouns and pointing words mean; None if there are none."""
    edits: list[tuple[int, int, str]] = []
    carried: list[Carried] = []
    taken: list[str] = []
    missing = points(question)
    for each in pointed(question, turns):
        edits.append((each.start, each.end, each.text))
        carried.append(Carried(each.said, question[each.start : each.end], each.turn, each.origin))
    for each in pronouns(question):
        found = find(each.sort, turns, taken)
        if found is None:
            missing = True
            continue
        taken.append(found.text)
        edits.append(each.put(question, found.text, plural=found.phrase.plural is True))
        carried.append(Carried(found.text, each.text, found.turn, found.origin))
    if missing and not edits:
        return in_a_row(question, turns)
    if not edits:
        return None
    made = question
    for start, end, text in sorted(edits, reverse=True):
        made = made[:start] + text + made[end:]
    return Rewrite(made, tuple(carried))
