"""Pronouns in a question: which of them point outside it, and how their referents are put in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from qa import english, nouns
from qa.phrases import Phrase, phrases
from qa.referents import suits
from qa.tags import Word, words

SORTS: Final = {
    "he": "he", "him": "he", "his": "he",
    "she": "she", "her": "she", "hers": "she",
    "it": "it", "its": "it",
    "they": "they", "them": "they", "their": "they", "theirs": "they",
    "there": "there",
}  # fmt: skip
"""The pronouns that are looked up, and what each is a form of."""

_LONG: Final = 4
"""Words of an owner that takes "of": the longest that still takes "'s"."""

_CLEARLY: Final = 1.8
"""How well what a question names must suit its own pronoun."""

_FROM: Final = frozenset("from near around to in at".split())
_WEATHER: Final = frozenset(("raining", "snowing"))
_CLAUSE: Final = frozenset(("that", "who", "if", "whether"))
_TAKES: Final = frozenset(
    "take takes took taken seem seems seemed appear appears mean means".split()
)


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun that points outside its question, at `start:end` of it.

    `sort` is its plain form; of one that owns something, `owned` is where that ends.
    """

    text: str
    start: int
    end: int
    sort: str
    owned: int | None

    def put(self, question: str, referent: str, *, plural: bool) -> tuple[int, int, str]:
        """Return what to write in its stead, and from where to where."""
        if self.sort == "there":
            before = words(question[: self.start])
            placed = bool(before) and before[-1].low in _FROM
            start = before[-1].start if before and before[-1].low == "over" else self.start
            return start, self.end, referent if placed else f"in {referent}"
        if self.owned is None:
            text = referent
            end = self.end
        elif len(referent.split()) <= _LONG and " of " not in referent:
            text = f"{referent}'" if plural and referent.endswith("s") else f"{referent}'s"
            end = self.end
        else:
            text = f"the {question[self.end : self.owned].strip()} of {referent}"
            end = self.owned
        if self.start == 0:
            text = text[:1].upper() + text[1:]
        return self.start, end, text


def pronouns(question: str) -> Iterator[Pronoun]:
    """Yield the pronouns that point outside a question, the first of each sort."""
    tagged = words(question)
    known = phrases(question)
    seen: set[str] = set()
    for at, word in enumerate(tagged):
        sort = SORTS.get(word.low)
        if sort is None or sort in seen:
            continue
        if sort == "it" and _is_empty(tagged, at):
            continue
        if sort == "there" and _exists(tagged, at):
            continue
        owned = _owned(word, known)
        if _meant(sort, word, owned, tagged, at, known):
            continue
        seen.add(sort)
        yield Pronoun(word.text, word.start, word.end, sort, owned)


def _owned(word: Word, known: tuple[Phrase, ...]) -> int | None:
    """Return where the phrase ends that a possessive begins, without what "of" adds to it."""
    within = [each.end for each in known if each.start == word.start]
    return min(within) if within else None


def _is_empty(tagged: tuple[Word, ...], at: int) -> bool:
    """Say whether "it" stands for nothing: "is it true that", "how long does it take to"."""
    rest = [each.low for each in tagged[at + 1 :]]
    before = tagged[at - 1].low if at > 0 else ""
    if rest and rest[0] in _TAKES:
        return "to" in rest
    if before not in english.BE and (not rest or rest[0] not in english.BE | {"'s"}):
        return False
    if not _WEATHER.isdisjoint(rest) or not _CLAUSE.isdisjoint(rest):
        return True
    to = next((n for n, each in enumerate(tagged) if n > at and each.tag == "T"), None)
    # "Is it easier to learn than Spanish?" has no object: there "it" is what is learnt.
    behind = "" if to is None or to + 2 >= len(tagged) else tagged[to + 2].low
    return behind[:1].isalnum() and behind != "than"


def _exists(tagged: tuple[Word, ...], at: int) -> bool:
    """Say whether "there" only says that something exists: "are there any", "there is"."""
    before = tagged[at - 1].low if at > 0 else ""
    following = tagged[at + 1] if at + 1 < len(tagged) else None
    if following is not None and following.tag == "X":
        return True
    if before in english.BE | english.MODALS | english.DO | {"'s"}:
        # "Who was there?" asks for a place, "How many are there?" does not.
        return tagged[0].low != "who" or (following is not None and following.tag != ".")
    return at == 0


def _meant(
    sort: str,
    word: Word,
    owned: int | None,
    tagged: tuple[Word, ...],
    at: int,
    known: tuple[Phrase, ...],
) -> bool:
    """Say whether a pronoun means something that its own question names before it.

    That is the subject of its clause, for a possessive, or of a clause before.
    """
    earlier = [each for each in known if each.end <= word.start and _clearly(sort, each)]
    if not earlier:
        return False
    parted = any(
        each.tag in ("W", "C", ".") for each in tagged[1:at] if each.start >= earlier[-1].end
    )
    return parted or (owned is not None and any(each.tag == "V" for each in tagged[:at]))


def _clearly(sort: str, phrase: Phrase) -> bool:
    suitable = suits(sort, phrase)
    return (
        suitable is not None
        and suitable >= _CLEARLY
        and phrase.role in ("subject", "owner")
        and phrase.head not in nouns.OWNED
    )
