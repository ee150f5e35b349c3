"""Questions with a part left out, which the question before them still has: "Why?", "And in 2016?"."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from qa import english, nouns
from qa.phrases import Phrase, phrases
from qa.tags import Word, words
from qa.referents import find, standing
from qa.types import Carried, Rewrite, Turn

_LEAD: Final = re.compile(
    r"(?:(?:and|but|so|or|then|also|ok|okay|yes|no|oh|well|really|right|thanks|thank you)\b[\s,.!–-]*)+",
    re.I,
)
_ABOUT: Final = re.compile(r"(?:what|how) about\s+", re.I)
_FIGURE: Final = re.compile(
    r"(?:what|how (?:many|much))"
    r"(?: (?:is|are|was|were)(?: (?:it|that|this|they|there|the (?:figure|number|total)))?)?"
    r"\s+(?=(?:in|for|at|on|by|during|before|after|last|the (?:year|previous|following|same|next))\b)",
    re.I,
)
_HAPPENED: Final = re.compile(
    r"(?:\s+(?:is|are|was|were|do|does|did|has|had|have|will|would|can|could)"
    r"(?:\s+(?:this|that|it|they|he|she))?"
    r"(?:\s+(?:happen|happening|happened|occur|occurred|so|do (?:this|that|it|so)))?)?\s*\?*",
    re.I,
)
_CIRCUMSTANCE: Final = re.compile(
    r"(?:(?:in|at|on|since|until|by|from|to|for|with) )?"
    r"(?:why|when|where|how|whom|(?:what|which) (?:year|month|day|date|time|place|city|town|country"
    r"|reason))(?: (?:not|exactly|precisely|so|come))?",
    re.I,
)
_FEW: Final = 4
"""Words of a part that stands for a question without "and" or "what about" before it."""

_WHOLE: Final = re.compile(r"(?:any|anything|something|some) ", re.I)
"""What begins a question of which only "is there" is left out."""

_LONGEST: Final = 8
"""Words of an answer that is still put into a question."""


class Frame(NamedTuple):
    """How a question is put together: what is asked for, the auxiliary behind it, the rest.

    `asked` is "" where the answer is yes or no. `subject` says whether what is asked for is the
    subject; otherwise the verb ends at `verb` of the rest, or is 0, the auxiliary being the verb.
    """

    asked: str
    noun: Phrase | None
    aux: str
    rest: str
    subject: bool
    verb: int


def circumstance(question: str, turns: Sequence[Turn]) -> Rewrite | None:
    """Make a question of "Why?", "Since when?" or "When did that happen?"; None of any other."""
    body = _body(question)
    found = _CIRCUMSTANCE.match(body)
    if found is None or not _HAPPENED.fullmatch(body, found.end()):
        return None
    turn = turns[-1]
    made = _circumstance(_upper(found.group()), standing(turn), turn.answer)
    return in_a_row(question, turns) if made is None else _whole(made, turns)


def complete(question: str, turns: Sequence[Turn]) -> Rewrite | None:
    """Put in what a question leaves out; None if it leaves out nothing of this sort.

    "And in 2016?", "What about Leith?", "Who else?", "How many were boys?"
    """
    body = _body(question)
    asked = standing(turns[-1])
    about = _ABOUT.match(body) or _FIGURE.match(body)
    rest = body[about.end() :] if about is not None else body
    tagged = words(body)
    most = _LONGEST if body != question else _FEW
    if about is None and (len(tagged) > most or any(each.tag in ("X", "V") for each in tagged)):
        return _uncounted(question, turns)
    given = rest.strip(" ?.!")
    if _WHOLE.match(given):
        return None
    made = None
    if given:
        asks = any(each.tag == "W" for each in words(given))
        made = _which(given, asked) if asks else _instead(given, asked)
    return in_a_row(question, turns) if made is None else _whole(made, turns)


def in_a_row(question: str, turns: Sequence[Turn]) -> Rewrite:
    """Ask the last question and then this one: it reads badly, but finds the right passages."""
    asked = standing(turns[-1])
    return Rewrite(f"{asked} {question}", (Carried(asked, "", len(turns) - 1, "question"),))


def _body(question: str) -> str:
    lead = _LEAD.match(question)
    return question[lead.end() :] if lead is not None else question


def _whole(made: str, turns: Sequence[Turn]) -> Rewrite:
    """Return what was made of the last question, perhaps with its answer in it."""
    asked, answer, at = standing(turns[-1]), turns[-1].answer, len(turns) - 1
    carried = [Carried(asked, "", at, "question")]
    if answer is not None and answer in made and answer not in asked:
        carried.append(Carried(answer, "", at, "answer"))
    return Rewrite(made, tuple(carried))


def _circumstance(asks: str, asked: str, answer: str | None) -> str | None:
    """ "Why" and "Who did they appoint?", answered "Ann": "Why did they appoint Ann?"."""
    frame = _frame(asked)
    if frame is None or frame.asked.lower() == asks.lower():
        return None
    if frame.noun is None and frame.asked.lower() not in ("who", "what", "which", "whom"):
        return f"{asks} {frame.aux} {frame.rest}" if frame.aux else None
    said = _said(frame, answer)
    if said is None:
        return None
    if not frame.aux or frame.subject:
        link = "is it that" if asks.lower() in ("why", "how") else "was it that"
        return f"{asks} {link} {' '.join(each for each in (said, frame.aux, frame.rest) if each)}"
    is_be = frame.aux.lower() in english.BE
    if frame.verb and not is_be:
        return f"{asks} {frame.aux} {frame.rest[: frame.verb]} {said}{frame.rest[frame.verb :]}"
    # In "What were they asked about?" the answer's place is not clear.
    return f"{asks} {frame.aux} {said} {frame.rest}" if is_be and not frame.verb else None


def _said(frame: Frame, answer: str | None) -> str | None:
    """Return the answer as a part of the question that it answers."""
    if answer is not None and len(answer.split()) <= _LONGEST:
        text = answer.strip(" .,;:")
        counted = frame.noun is not None and frame.noun.determiner in ("many", "much")
        noun = "" if frame.noun is None else frame.noun.text.partition(" ")[2]
        return f"{text} {noun}" if counted and noun and noun not in text else text
    if frame.noun is not None:
        many = frame.noun.determiner in ("many", "much")
        return f"so {frame.noun.text}" if many else f"the {frame.noun.text}"
    return None


def _frame(asked: str) -> Frame | None:
    tagged = words(asked)
    at = next((n for n, each in enumerate(tagged) if each.tag in ("W", "X")), None)
    if at is None or any(each.text in (".", "?", "!") for each in tagged[at:-1]):
        return None
    if tagged[at].tag == "X":
        rest = asked[tagged[at].end :].strip()
        return Frame("", None, _lower(tagged[at].text), rest, subject=False, verb=0)
    end = at + 1
    while end < len(tagged) and tagged[end].tag not in ("X", "V", "."):
        end += 1
    if end == len(tagged) or tagged[end].tag == ".":
        return None
    begun = tagged[at].start
    known = (each for each in phrases(asked) if each.role == "asked" and each.start >= begun)
    noun = next(known, None)
    inside = asked[begun : tagged[end - 1].end]
    if tagged[end].tag == "V":
        return Frame(inside, noun, "", asked[tagged[end].start :].strip(), subject=True, verb=0)
    aux, behind = tagged[end], tagged[end + 1 :]
    subject = not behind or behind[0].tag in ("V", "X", "P", ".")
    verb = next((each.end for each in behind if each.tag == "V"), 0)
    rest = asked[aux.end :].lstrip()
    offset = len(asked) - len(rest)
    return Frame(inside, noun, aux.text, rest.rstrip(), subject=subject, verb=max(0, verb - offset))


def _which(given: str, asked: str) -> str | None:
    """ "Who else" and "Who wrote it?": "Who else wrote it?"."""
    frame = _frame(asked)
    if frame is None or not frame.asked:
        return None
    low = given.lower()
    if low == f"{frame.asked.lower()} else":
        return f"{_upper(given)} {' '.join(each for each in (frame.aux, frame.rest) if each)}"
    if low in ("how many", "which", "whose") and frame.noun is not None:
        noun = frame.noun.text.removeprefix("many ")
        return (
            f"{_upper(given)} {noun} {' '.join(each for each in (frame.aux, frame.rest) if each)}"
        )
    return None


def _instead(given: str, asked: str) -> str | None:
    """ "in 2016" and "How many left in 2015?": "How many left in 2016?"."""
    new = words(given)
    preposition = new[0].low if new[0].tag == "P" else ""
    known = [each for each in phrases(given) if each.role != "owner"]
    if not known or len(new) > _LONGEST:
        return None
    wanted = known[0]
    target = _target(wanted, preposition, asked)
    if target is not None:
        start, end = target
        text = given if not preposition else given[new[0].end :].strip()
        before = words(asked[:start])
        if preposition and before and before[-1].tag == "P":
            start, text = before[-1].start, given
        return asked[:start] + text + asked[end:]
    if wanted.kind not in ("time", "place") and not preposition:
        return None
    given = given if preposition else f"in {given}"
    return f"{asked.rstrip(' ?.')} {given}?"


def _target(wanted: Phrase, preposition: str, asked: str) -> tuple[int, int] | None:
    """Return what in the last question a new phrase takes the place of."""
    old = phrases(asked)
    tagged = words(asked)
    alike = [each for each in old if each.head == wanted.head and not wanted.proper]
    same = [
        each for each in old if each.kind == wanted.kind and each.kind not in ("thing", "amount")
    ]
    named = [
        each
        for each in old
        if wanted.named
        and each.named
        and "name" in (wanted.kind, each.kind)
        and each.kind != "time"
    ]
    for found in (alike, same, named):
        if wanted.kind == "time" and found:
            # "as of June 2017" goes as a whole.
            return found[0].start, found[-1].end
        behind = [
            each for each in found if _before(tagged, each.start) == preposition and preposition
        ]
        for each in (*behind, *reversed(found)):
            if each.role == "asked":
                start = each.start + len(each.text) - len(each.text.removeprefix("many "))
                return start, each.end
            return each.start, each.end
    if wanted.head in nouns.OWNED:
        owned = [each for each in old if each.head in nouns.OWNED]
        for each in owned:
            last = next(w for w in tagged if w.start >= each.start and _is_head(w, each))
            return last.start, last.end
    if wanted.plural:
        asked_for = [each for each in old if each.role == "asked" and each.determiner == "many"]
        for each in asked_for:
            return each.start + len("many "), each.end
    return None


def _is_head(word: Word, phrase: Phrase) -> bool:
    return word.low.startswith(phrase.head[:-1]) and word.tag == "N"


def _before(tagged: Sequence[Word], start: int) -> str:
    return next((each.low for each in reversed(tagged) if each.end <= start), "")


def _uncounted(question: str, turns: Sequence[Turn]) -> Rewrite | None:
    """ "How many were boys?" -> "How many of the children were boys?"."""
    found = re.search(r"\bhow many(?= (?:are|were|had|have|was|is)\b(?! there))", question, re.I)
    counted = find("they", turns) if found is not None else None
    if found is None or counted is None:
        return None
    made = f"{question[: found.end()]} of {counted.text}{question[found.end() :]}"
    return Rewrite(made, (Carried(counted.text, "", counted.turn, counted.origin),))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
