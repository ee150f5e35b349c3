"""Follow-ups made from a SQuAD set: a name that two questions share becomes a pronoun in the later.

For each question that names something, the nearest earlier question of its article (at most
`REACH` before it) is looked for that names it too, or whose answer it is. In the later one the name
gives way to a pronoun:

- "he" or "she" for a name that answers a "who" question of the set and that stands with such
  pronouns in its article: at least three quarters of those in the sentences with the name, and in
  those right behind them, are of that sex
- "there" for a name that answers a "where" question, behind "in"
- "they" for "the ...s", "it" for any other name that answers no "who" question

Left out are names before a noun ("Norman dukes"), names that a question has twice, and earlier
questions that hold a pronoun themselves. The question as it was is the human form; the paragraph
that it was written for holds its answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qa import english, nouns
from qa.answer_type import asked_for
from qa.pronouns import SORTS
from qa.squad import SquadContext, SquadQuestion
from qa.types import Turn

REACH: Final = 8
"""Questions of the article that are looked back at."""

_NAME: Final = re.compile(
    r"(?<=[a-z,] )(?:the )?[A-Z][\w.-]*"
    r"(?:(?: (?:of|de|van|von|la|al)(?: the)?)? [A-Z][\w.-]*)*(?:['’]s?)?"
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_SURE: Final = 0.75
_NO_NAMES: Final = nouns.TIMES | frozenset("i bc ad bce ce".split())


@dataclass(frozen=True, slots=True)
class Pair:
    """A follow-up: the turn before it, one of another article before that, and its whole form.

    `at` is the place of its paragraph among the contexts; `said` is where its name was said before.
    """

    history: tuple[Turn, ...]
    question: str
    whole: SquadQuestion
    at: int
    pronoun: str
    said: str


def pairs(contexts: Sequence[SquadContext]) -> Iterator[Pair]:
    """Yield the follow-ups that a set's questions make, in order."""
    people = _answers(contexts, "person")
    places = _answers(contexts, "place")
    articles: dict[str, list[int]] = {}
    titles = len({each.title for each in contexts})
    for at, context in enumerate(contexts):
        # With one title for all, nobody knows which paragraphs belong together.
        articles.setdefault(context.title if titles > 1 else str(at), []).append(at)
    other: Turn | None = None
    for places_of_article in articles.values():
        sentences = [
            each for at in places_of_article for each in _SENTENCE_END.split(contexts[at].text)
        ]
        asked = [(at, each) for at in places_of_article for each in contexts[at].questions]
        for number, (at, each) in enumerate(asked):
            if not each.answers or _leans(each.question):
                continue
            for found in _NAME.finditer(each.question):
                if not _earlier(asked[max(0, number - REACH) : number], found.group()):
                    continue
                made = _follow_up(each.question, found, sentences, people, places)
                if made is None:
                    continue
                before = _before(asked[max(0, number - REACH) : number], made[1])
                if before is None:
                    continue
                turn, said = before
                history = (turn,) if other is None else (other, turn)
                yield Pair(history, made[0], each, at, made[2], said)
                break
        told = [_turn(each) for _, each in asked if each.answers and not _leans(each.question)]
        other = told[0] if told else other


def _answers(contexts: Sequence[SquadContext], kind: str) -> frozenset[str]:
    """Return what answers questions of a kind, and of no other; of persons the surnames too."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for context in contexts:
        for each in context.questions:
            given = {answer.removeprefix("the ") for answer in each.answers}
            if kind == "person":
                given |= {answer.split()[-1] for answer in given if " " in answer}
            found[asked_for(each.question) == kind] |= given
    return frozenset(found[True] - found[False])


def _earlier(asked: Sequence[tuple[int, SquadQuestion]], written: str) -> bool:
    """Say whether a name may have been said before: a quick look, as most have not."""
    name = re.sub(r"['’]s?$", "", written).removeprefix("the ").rstrip(".")
    return any(name in each.question or name in each.answers[:1] for _, each in asked)


def _leans(question: str) -> bool:
    return any(each in SORTS for each in re.findall(r"[a-z]+", question.lower()))


def _turn(asked: SquadQuestion) -> Turn:
    return Turn(asked.question, asked.question, asked.answers[0])


def _before(asked: Sequence[tuple[int, SquadQuestion]], name: str) -> tuple[Turn, str] | None:
    """Return the last turn that has a name in it, and whether its question or its answer does."""
    inside = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for _, each in reversed(asked):
        if not each.answers or _leans(each.question):
            continue
        if inside.search(each.question):
            return _turn(each), "question"
        if each.answers[0].removeprefix("the ") == name:
            return _turn(each), "answer"
    return None


def _follow_up(
    question: str,
    found: re.Match[str],
    sentences: Sequence[str],
    people: frozenset[str],
    places: frozenset[str],
) -> tuple[str, str, str] | None:
    """Return the question with a pronoun for the name, the name, and the pronoun."""
    written = found.group()
    name = re.sub(r"['’]s?$", "", written).removeprefix("the ").rstrip(".")
    owner = written.rstrip("'’s") != written and re.search(r"['’]s?$", written) is not None
    following = re.match(r"\W*(\w*)", question[found.end() :])
    after = "" if following is None else following.group(1).lower()
    if question.count(name) > 1 or name.lower() in _NO_NAMES or not name:
        return None
    if not owner and after and after not in english.FUNCTION_WORDS and not _is_verb(after):
        return None
    before = question[: found.start()].rsplit(maxsplit=1)[-1].lower()
    stands = before in english.AUXILIARIES | english.PREPOSITIONS or _is_verb(before)
    if not stands or (before in english.BE and not after) or after in ("and", "or"):
        return None
    if name.lower() in english.FUNCTION_WORDS:
        return None
    sort = _sort(name, written, sentences, people)
    if sort is None:
        return None
    start = found.start()
    if sort == "it" and name in places and before == "in" and not owner:
        start -= len("in ")
        pronoun = "there"
    else:
        case = 2 if owner else 0 if before in english.AUXILIARIES else 1
        pronoun = _FORMS[sort][case]
    return f"{question[:start]}{pronoun}{question[found.end() :]}", name, pronoun


_FORMS: Final[Mapping[str, tuple[str, str, str]]] = {
    "he": ("he", "him", "his"),
    "she": ("she", "her", "her"),
    "it": ("it", "it", "its"),
    "they": ("they", "them", "their"),
}


def _is_verb(low: str) -> bool:
    return low in english.BASE_VERBS or english.is_finite(low)


def _is_a_thing(name: str, sentences: Sequence[str]) -> bool:
    men, women, things = _near(name.rsplit(maxsplit=1)[-1], sentences)
    return men + women <= things


def _near(name: str, sentences: Sequence[str]) -> list[int]:
    """Count the pronouns of men, women and things in the sentences with a name and behind them."""
    near = " ".join(
        sentence
        for at, sentence in enumerate(sentences)
        if name in sentence or (at > 0 and name in sentences[at - 1])
    ).lower()
    patterns = (r"\b(?:he|him|his)\b", r"\b(?:she|her|hers)\b", r"\b(?:it|its|they|their)\b")
    return [len(re.findall(each, near)) for each in patterns]


def _sort(name: str, written: str, sentences: Sequence[str], people: frozenset[str]) -> str | None:
    if name not in people:
        if not _is_a_thing(name, sentences):
            return None
        many = written.startswith("the ") and re.search(r"[a-rt-z]s['’]?$", written) is not None
        return "they" if many else "it"
    men, women, _ = _near(name.rsplit(maxsplit=1)[-1], sentences)
    if men + women < 2:
        return None
    if men >= _SURE * (men + women):
        return "he"
    return "she" if women >= _SURE * (men + women) else None
