"""Answerable questions -> questions that the same passage only seems to answer.

The kinds are those that people made for SQuAD 2.0 (Rajpurkar, Jia and Liang 2018, table 2):
another name, year or number put in, a negation, an antonym, another thing asked about.
"""

import random
import re
from collections.abc import Callable, Sequence

ANTONYMS = [
    tuple(pair.split("/"))
    for pair in (
        "first/last before/after largest/smallest biggest/smallest highest/lowest most/least "
        "more/less more/fewer oldest/youngest older/younger longest/shortest best/worst "
        "better/worse increase/decrease increased/decreased rise/fall rose/fell early/late "
        "earlier/later earliest/latest north/south east/west northern/southern eastern/western "
        "male/female men/women boys/girls mother/father son/daughter brother/sister "
        "husband/wife king/queen above/below over/under inside/outside begin/end began/ended "
        "start/finish started/stopped open/close opened/closed win/lose won/lost buy/sell "
        "bought/sold support/oppose supported/opposed accept/reject accepted/rejected "
        "agree/disagree agreed/disagreed allow/forbid allowed/forbidden include/exclude "
        "included/excluded positive/negative public/private strong/weak hot/cold war/peace "
        "major/minor majority/minority maximum/minimum rich/poor new/old young/old long/short "
        "high/low good/bad right/wrong true/false easy/difficult common/rare same/different "
        "arrive/leave arrived/left born/killed friend/enemy teacher/student love/hate "
        "liked/disliked like/dislike success/failure external/internal upper/lower "
        "modern/ancient rural/urban domestic/foreign advantage/disadvantage"
    ).split()
]

_NUMBER = re.compile(r"\b\d[\d,]*(?:\.\d+)?\b")
_NAME = re.compile(r"\b[A-Z][\w'’-]*(?:\s+(?:(?:of|the|de|von|van)\s+)?[A-Z][\w'’-]*)*")
_AUXILIARY = re.compile(r"\b(did|does|do|was|were|is|are|could|would|has|have|had)\b", re.I)
_NOT = re.compile(r"\bnot\b|n['’]t\b", re.I)
_WORD = re.compile(r"(?<![\w-])[a-z]{5,}(?![\w-])")
_ASKING = frozenset(
    "where which there their about after before these those whose would could should what's being "
    "other another first during many called known named happen happened did does".split()
)


def near_miss(
    question: str, passage: str, answers: Sequence[str], others: Sequence[str], draw: random.Random
) -> str | None:
    """Return `question` changed so that `passage` no longer answers it, or None.

    Args:
        question: which the passage answers.
        passage: what is read.
        answers: its answers there, which must not come into the question.
        others: other questions, of the same kind of text, to take names and words from.
        draw: the source of chance.
    """
    # Names first: half of what people wrote was of that kind.
    makers: list[Callable[[], str | None]] = [
        lambda: _other_name(question, passage, answers, others, draw),
        lambda: _other_number(question, passage, answers, draw),
        lambda: _antonym(question, draw),
        lambda: _other_word(question, passage, others, draw),
        lambda: _negation(question),
    ]
    weights = [5.0, 4.0, 4.0, 2.5, 1.0]
    while makers:
        at = draw.choices(range(len(makers)), weights)[0]
        made = makers.pop(at)()
        weights.pop(at)
        if (
            made is not None
            and made.casefold() != question.casefold()
            and not any(_says(made, each) and not _says(question, each) for each in answers)
        ):
            return made
    return None


def names(text: str) -> list[str]:
    """Return the capitalised names in a text, its first word not being one."""
    return [each.group() for each in _names(text)]


def _names(text: str) -> list[re.Match[str]]:
    return [each for each in _NAME.finditer(text) if each.start() > 0]


def _says(text: str, answer: str) -> bool:
    """Say whether an answer stands in a text as words of their own."""
    return bool(re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.I))


def _put(question: str, old: re.Match[str], new: str) -> str:
    return question[: old.start()] + new + question[old.end() :]


def _other_name(
    question: str, passage: str, answers: Sequence[str], others: Sequence[str], draw: random.Random
) -> str | None:
    held = _names(question)
    if not held:
        return None
    old = draw.choice(held)
    pool = names(passage if draw.random() < 0.5 or not others else draw.choice(others))
    said = " ".join([question, *answers]).casefold()
    pool = [each for each in pool if each.casefold() not in said and len(each) > 2]
    same = [each for each in pool if len(each.split()) == len(old.group().split())]
    pool = same or pool
    return _put(question, old, draw.choice(pool)) if pool else None


def _other_number(
    question: str, passage: str, answers: Sequence[str], draw: random.Random
) -> str | None:
    held = list(_NUMBER.finditer(question))
    if not held:
        return None
    old = draw.choice(held)
    said = " ".join([question, *answers])
    pool = [each.group() for each in _NUMBER.finditer(passage)]
    pool = [each for each in pool if len(each) == len(old.group()) and each not in said]
    plain = old.group().replace(",", "")
    if plain.isdecimal() and len(plain) < 10:
        shift = draw.choice([-30, -12, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10, 12, 30])
        moved = str(max(1, int(plain) + shift))
        pool += [moved] if moved not in passage and moved != plain else []
    return _put(question, old, draw.choice(pool)) if pool else None


def _antonym(question: str, draw: random.Random) -> str | None:
    words = set(re.findall(r"[a-z]+", question.casefold()))
    pairs = [(a, b) for pair in ANTONYMS for a, b in (pair, pair[::-1]) if a in words]
    if not pairs:
        return None
    old, new = draw.choice(pairs)
    return re.sub(rf"\b{old}\b", new, question, count=1, flags=re.I)


def _other_word(
    question: str, passage: str, others: Sequence[str], draw: random.Random
) -> str | None:
    held = [
        each
        for each in _WORD.finditer(question)
        if each.group() in passage and each.group() not in _ASKING
    ]
    if not held or not others:
        return None
    pool = [
        each
        for each in _WORD.findall(draw.choice(others))
        if each not in _ASKING and each not in passage.casefold() and each not in question
    ]
    return _put(question, draw.choice(held), draw.choice(pool)) if pool else None


def _negation(question: str) -> str | None:
    if _NOT.search(question):
        return None  # denied twice, it would be answered again
    return _AUXILIARY.sub(r"\1n't", question, count=1) if _AUXILIARY.search(question) else None
