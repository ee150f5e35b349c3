"""A question in a conversation -> a question that stands alone.

By rules of English, without a model. Words that point ("she", "there", "that year", "those
children") give way to what they mean: the person, body, place, thing or year that was spoken of
last and agrees in kind and number. A question with a part left out ("Why?", "And in 2016?", "What
about Leith?") is asked in the words of the one before it. And what is somebody's gets its owner, if
the last turns tell whose it is ("the report", "the main causes"). Where a question clearly leans on
the conversation but no rule knows how, the last question is asked together with it. All else is
left alone.
"""

from collections.abc import Sequence
from dataclasses import replace

from qa import ellipsis, owners
from qa.edits import Edit, carry_out
from qa.pointers import pointed, points
from qa.pronouns import pronouns
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
            turn = replace(turn, standalone_question=_rewrite(turn.question, turns).question)
        turns.append(turn)
    made = _rewrite(question, turns)
    return replace(
        made, carried=tuple(replace(each, turn=each.turn + first) for each in made.carried)
    )


def _rewrite(question: str, turns: Sequence[Turn]) -> Rewrite:
    """Rewrite a question, given turns that stand alone."""
    if not turns:
        return Rewrite(question)
    dated = carry_out(question, pointed(question, turns))
    whole = ellipsis.short(dated.question, turns)
    if whole is None:
        filled = _with_pronouns(dated, turns)
        if filled is None:
            return ellipsis.in_a_row(question, turns)
        dated = filled
        whole = ellipsis.complete(dated.question, turns)
    if whole is None and not dated.carried:
        whole = owners.complete(question, turns)
    if whole is None:
        return dated
    return replace(whole, carried=(*whole.carried, *dated.carried))


def _with_pronouns(begun: Rewrite, turns: Sequence[Turn]) -> Rewrite | None:
    """Put in what pronouns mean; None if nobody knows what is pointed at."""
    question = begun.question
    edits: list[Edit] = []
    missing = points(question)
    for each in pronouns(question):
        found = find(each.sort, turns, [edit.carried.text for edit in edits])
        if found is None:
            missing = True
            continue
        start, end, text = each.put(question, found.text, plural=found.phrase.plural is True)
        edits.append(
            Edit(start, end, text, Carried(found.text, each.text, found.turn, found.origin))
        )
    if missing and not edits and not begun.carried:
        return None
    made = carry_out(question, edits)
    return replace(made, carried=(*begun.carried, *made.carried))
