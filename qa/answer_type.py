"""What kind of thing a question asks for, and whether a sentence has such a thing to offer.

English question words only: any other question asks for anything, and every sentence offers that.
"""

import re
from typing import Final, Literal, TypeAlias

AnswerType: TypeAlias = Literal["number", "date", "person", "place", "reason", "anything"]

_ASKED: Final[tuple[tuple[AnswerType, re.Pattern[str]], ...]] = (
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|old|long|far|tall|big|large|often|high|deep|fast|wide|heavy)\b"
            r"|\b(?:what|which|the) (?:number|percentage|per cent|percent|proportion|share|amount|"
            r"age|cost|price|rate|sum|size|total|salary|score)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "date",
        re.compile(
            r"\bwhen\b"
            r"|\b(?:what|which) (?:\w+ )?(?:year|date|dates|day|month|time|century|decade)\b",
            re.IGNORECASE,
        ),
    ),
    ("person", re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)),
    (
        "place",
        re.compile(
            r"\bwhere\b"
            r"|\b(?:what|which) (?:city|country|town|place|state|county|borough|village)\b",
            re.IGNORECASE,
        ),
    ),
    ("reason", re.compile(r"\bwhy\b|\bwhat (?:caused|led to)\b|\bfor what reason\b", re.I)),
)

_NUMBER_WORDS: Final = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
    "hundreds thousand thousands million millions billion billions dozen dozens half quarter third "
    "twice none several one single double first second fourth fifth"
).split()
_ONE: Final = ("one", "zero", "no", "a", "an")
_NUMBER = re.compile(rf"\d[\d,.]*|\b(?:{'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?:1[0-9]{3}|20[0-9]{2})s?\b|\b(?:january|february|march|april|may|june|july|august|"
    r"september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"yesterday|today|tomorrow|tonight|(?:last|next|this) (?:week|month|year|night|autumn|spring|"
    r"summer|winter)|\w+ (?:days|weeks|months|years|decades) (?:ago|later|earlier)|century)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?:\s+(?:(?:of|de|la|van|von|al|bin)\s+)*[A-Z][\w’'-]*)*")
_PLACE = re.compile(r"\b(?:in|at|from|to|near|of|on|into|across|outside)\s+(?:the\s+)?[A-Z]\w+")
_REASON = re.compile(
    r"\b(?:because|due to|owing to|so that|in order to|as a result|led to|leading to|meaning|"
    r"means that|caused|since|after|therefore|thanks to|blamed|to (?:help|ensure|avoid|make|allow|"
    r"protect|prevent|reduce|stop|get|give|keep))\b",
    re.IGNORECASE,
)


def asked_for(question: str) -> AnswerType:
    """Return the kind of thing that a question asks for."""
    found = [
        (match.start(), order, kind)
        for order, (kind, pattern) in enumerate(_ASKED)
        if (match := pattern.search(question))
    ]
    return min(found)[2] if found else "anything"


def offers(sentence: str, kind: AnswerType, question: str) -> bool:
    """Say whether `sentence` has something of this kind that the question does not name itself."""
    if kind == "anything":
        return True
    known = question.lower()
    if kind == "number":
        return any(each.group().lower() not in known for each in _NUMBER.finditer(sentence))
    if kind == "date":
        return any(each.group().lower() not in known for each in _DATE.finditer(sentence))
    if kind == "person":
        return _names_somebody(sentence, known)
    pattern = _PLACE if kind == "place" else _REASON
    return any(each.group().lower() not in known for each in pattern.finditer(sentence))


def fits(answer: str, kind: AnswerType) -> bool:
    """Say whether a short answer can be of this kind: of a clause that says why, any can."""
    if kind == "number":
        return _NUMBER.search(answer) is not None or answer.lower() in _ONE
    if kind == "date":
        return _DATE.search(answer) is not None or _NUMBER.search(answer) is not None
    if kind in ("person", "place"):
        return any(each.isupper() for each in answer)
    return True


def _names_somebody(sentence: str, known: str) -> bool:
    """Say whether there is a capitalised name that the question does not hold already."""
    for match in _NAME.finditer(sentence):
        words = match.group().split()
        fresh = [word for word in words if word.lower().rstrip("'’s") not in known]
        # One capital at the start of a sentence says nothing.
        if fresh and (len(words) > 1 or match.start() > 0):
            return True
    return False
