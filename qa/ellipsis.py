"""Questions with a part left out, which the one before them still has: "Why?", "And in 2016?"."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from qa import frames
from qa.frames import LONGEST_SAID
from qa.phrases import Phrase, phrases
from qa.referents import find, standing
from qa.tags import Word, words
from qa.types import Carried, Rewrite, Turn

_LEAD: Final = re.compile(
    r"(?:(?:and|but|so|or|then|also|ok|okay|yes|no|oh|well|really|right|thanks|thank you)\b"
    r"[\s,.!–-]*)+",
    re.I,
)
_ABOUT: Final = re.compile(r"(?:what|how) about\s+", re.I)
_FIGURE: Final = re.compile(
    r"(?:what|how (?:many|much))"
    r"(?: (?:is|are|was|were)(?: (?:it|that|this|they|there|the (?:figure|number|total)))?)?\s+"
    r"(?=(?:in|for|at|on|by|during|before|after|last|the (?:year|previous|following|same|next))\b)",
    re.I,
)
"""What goes before a time in "And what was it in 2016?"."""

_CIRCUMSTANCE: Final = re.compile(
    r"((?:(?:in|at|on|since|until|by|from|to|for|with) )?"
    r"(?:why|when|where|how|whom|(?:what|which) (?:year|month|day|date|time|place|city|town|country"
    r"|reason))(?: (?:not|exactly|precisely|so|come))?)"
    r"(?:\s+(?:is|are|was|were|do|does|did|has|had|have|will|would|can|could)"
    r"(?:\s+(?:this|that|it|they|he|she))?"
    r"(?:\s+(?:happen|happening|happened|occur|occurred|so|do (?:this|that|it|so)))?)?\s*\?*",
    re.I,
)
_COUNTS: Final = re.compile(r"\bhow many(?= (?:are|were|had|have|was|is)\b(?! there))", re.I)
_WHOLE: Final = re.compile(r"(?:any|anything|something|some) ", re.I)
"""What begins a question of which only "is there" is left out."""

_FEW: Final = 4
"""Words of a part that stands for a question without "and" or "what about" before it."""


def short(question: str, turns: Sequence[Turn]) -> Rewrite | None:
    """Make a question of "Why?", "When did that happen?" or "What was it in 2016?".

    Returns None for any other. The pronouns in these mean nothing that could be put in.
    """
    body = _body(question)
    found = _CIRCUMSTANCE.fullmatch(body)
    if found is None:
        return complete(question, turns) if _FIGURE.match(body) else None
    made = frames.circumstance(found.group(1), standing(turns[-1]), turns[-1].answer)
    return in_a_row(question, turns) if made is None else _whole(made, turns)


def complete(question: str, turns: Sequence[Turn]) -> Rewrite | None:
    """Put in what a question leaves out; None if it leaves out nothing of this sort.

    "And in 2016?", "What about Leith?", "Who else?", "How many were boys?"
    """
    body = _body(question)
    about = _ABOUT.match(body) or _FIGURE.match(body)
    tagged = words(body)
    most = LONGEST_SAID if body != question else _FEW
    if about is None and (len(tagged) > most or any(each.tag in ("X", "V") for each in tagged)):
        return _uncounted(question, turns)
    given = (body[about.end() :] if about is not None else body).strip(" ?.!")
    if not given or _WHOLE.match(given):
        return None if given else in_a_row(question, turns)
    asks = any(each.tag == "W" for each in words(given))
    made = (frames.other if asks else _instead)(given, standing(turns[-1]))
    return in_a_row(question, turns) if made is None else _whole(made, turns)


def in_a_row(question: str, turns: Sequence[Turn]) -> Rewrite:
    """Ask the last question and then this one: it reads badly, but finds the right passages."""
    asked, own = standing(turns[-1]), turns[-1].question
    if asked.endswith(f" {own}"):
        asked = asked.removesuffix(own).rstrip()  # which leans as well, and was asked in a row
    return Rewrite(f"{asked} {question}", (Carried(asked, "", len(turns) - 1, "question"),))


def _body(question: str) -> str:
    """Return a question without "And", "OK, but" and the like before it."""
    lead = _LEAD.match(question)
    return question if lead is None else question[lead.end() :]


def _whole(made: str, turns: Sequence[Turn]) -> Rewrite:
    """Return what was made of the last question, perhaps with its answer in it."""
    asked, answer, at = standing(turns[-1]), turns[-1].answer, len(turns) - 1
    carried = [Carried(asked, "", at, "question")]
    if answer is not None and answer in made and answer not in asked:
        carried.append(Carried(answer, "", at, "answer"))
    return Rewrite(made, tuple(carried))


def _instead(given: str, asked: str) -> str | None:
    """Put "in 2016" into "How many left in 2015?": in the place of what is like it, or behind."""
    new = words(given)
    known = [each for each in phrases(given) if each.role != "owner"]
    if not known or len(new) > LONGEST_SAID:
        return None
    preposition = new[0].low if new[0].tag == "P" else ""
    if preposition:
        given = preposition + given[new[0].end :]
    target = _target(known[0], preposition, asked)
    if target is None:
        if known[0].kind not in ("time", "place") and not preposition:
            return None
        return f"{asked.rstrip(' ?.')} {given if preposition else f'in {given}'}?"
    start, end = target
    before = _before(words(asked), start)
    if preposition and before is not None and before.tag == "P":
        start = before.start - len("as ") * asked[: before.start].endswith(" as ")
    elif preposition:
        given = given[new[0].end :].strip()
    return asked[:start] + given + asked[end:]


def _target(wanted: Phrase, preposition: str, asked: str) -> tuple[int, int] | None:
    """Return where in the last question that stands whose place a new phrase takes."""
    old = phrases(asked)
    behind = [each for each in old if preposition and _behind(each, asked) == preposition]
    for found in filter(None, (*_alike(wanted, old), behind)):
        if wanted.kind == "time":
            return found[0].start, found[-1].end  # "as of June 2017" goes as a whole
        chosen = next((each for each in found if each in behind), found[-1])
        return _uncounted_start(chosen), chosen.end
    counted = [each for each in old if each.role == "asked" and each.determiner == "many"]
    return (_uncounted_start(counted[0]), counted[0].end) if wanted.plural and counted else None


def _alike(wanted: Phrase, old: Sequence[Phrase]) -> Iterator[list[Phrase]]:
    """Yield what a new phrase can stand for, the likeliest first: by noun, by kind, as names."""
    things = [each for each in old if each.kind not in ("time", "amount")]
    noun = [each for each in old if each.head == wanted.head and not wanted.proper]
    kind = [each for each in old if each.kind == wanted.kind not in ("thing", "amount")]
    names = [each for each in things if each.named and "name" in (wanted.kind, each.kind)]
    alone = [each for each in things if each.role != "asked"]
    yield noun
    yield kind
    yield names if wanted.named else []
    yield alone if wanted.determiner != "" and len(alone) == 1 else []


def _uncounted_start(phrase: Phrase) -> int:
    return phrase.start + len(phrase.text) - len(phrase.text.removeprefix("many "))


def _behind(phrase: Phrase, asked: str) -> str:
    """Return the word before a phrase."""
    before = _before(words(asked), phrase.start)
    return "" if before is None else before.low


def _before(tagged: Sequence[Word], start: int) -> Word | None:
    return next((each for each in reversed(tagged) if each.end <= start), None)


def _uncounted(question: str, turns: Sequence[Turn]) -> Rewrite | None:
    """Say of whom there are many: "How many of the children were boys?"."""
    found = _COUNTS.search(question)
    if found is None or any(each.named for each in phrases(question)):
        return None
    counted = find("they", turns)
    if counted is None:
        return None
    made = f"{question[: found.end()]} of {counted.text}{question[found.end() :]}"
    return Rewrite(made, (Carried(counted.text, "", counted.turn, counted.origin),))
