"""A question or an answer -> its noun phrases, and the kind of thing that each of them means.

There is no parser behind this: function words, capitals, word shapes and the lists of `qa.english`
tell where a phrase begins and ends. They are English; of other languages little is understood.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from qa import english

PhraseKind: TypeAlias = Literal["person", "body", "place", "time", "amount", "thing", "name"]
"""What a phrase means; "name" is a name of nobody knows what."""

Role: TypeAlias = Literal["asked", "subject", "object", "after", "of", "owner"]
"""Where a phrase stands: in what is asked for, before the verb, behind it, behind a preposition,
behind "of", or before "'s"."""

Tag: TypeAlias = Literal["W", "X", "V", "T", "D", "P", "C", "R", "A", "N", "S", "."]
"""Of a word: question word, auxiliary, verb, "to" before one, determiner, preposition, conjunction,
pronoun, adverb, noun or adjective, "'s" of an owner, anything else."""

_WORD: Final = re.compile(
    r"\b(?:Mrs?|Ms|Dr|St|Prof|Rev|[A-Z])\.(?=\s+[A-Z])|[£$€]?\d(?:[\w,.]*\w)?(?:[-–]\w+)*%?|[^\W\d_]\w*?n['’]t\b|\w+(?:[-–&./]\w+)*|['’](?:s|re|ve|ll|d|m)\b|\S"
)
_YEAR: Final = re.compile(r"(?:1[0-9]{3}|20[0-9]{2})s?")
_SPELT: Final = {"'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}
_PLACE_PREPOSITIONS: Final = frozenset("in near around across inside outside".split())
_LONGEST_NAME: Final = 8
"""Words of a name with "of" in it, at most."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, where it stands, and what part it plays."""

    text: str
    low: str
    start: int
    end: int
    tag: Tag

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: `text[start:end]` of the text that it was found in.

    `head` is its main word in lower case and singular, `proper` whether that is a name, and `named`
    whether any of its words is. `plural` and `male` are None where the words do not tell.
    """

    text: str
    start: int
    end: int
    head: str
    kind: PhraseKind
    plural: bool | None
    male: bool | None
    role: Role
    determiner: str
    proper: bool
    named: bool


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, in order, with the part that each plays."""
    found = [(each.group(), each.start(), each.end()) for each in _WORD.finditer(text)]
    shouted = text.isupper() or all(each[0][0].isupper() for each in found if each[0][0].isalpha())
    lows = [each[0].lower().replace("’", "'") for each in found]
    tags = _Tagger(found, lows, capitals=not (shouted and len(found) > _LONGEST_NAME)).tags()
    return tuple(
        Word(each[0], low, each[1], each[2], tag)
        for each, low, tag in zip(found, lows, tags, strict=True)
    )


@lru_cache(maxsize=512)
def phrases(text: str) -> tuple[Phrase, ...]:
    """Return the noun phrases of a text, in order; one with "of" or "'s" before its parts."""
    tagged = words(text)
    found: list[Phrase] = []
    at = 0
    verb_seen = False
    while at < len(tagged):
        tag = tagged[at].tag
        if tag == "V":
            verb_seen = True
        begun = at
        end = _run(tagged, at)
        if end == begun:
            at += 1
            continue
        before = tagged[begun - 1] if begun > 0 else None
        role: Role = "object" if verb_seen else "subject"
        if before is not None and before.tag == "P":
            role = "of" if before.low == "of" else "after"
        if before is not None and before.tag in ("W", "A", "D") and _is_asked(tagged, begun):
            role = "asked"
        whole = _complement(tagged, end) if role != "asked" else end
        if whole > end:
            found.append(_phrase(text, tagged, begun, end, whole, role))
            role = role if role != "of" else "after"
        found += _parts(text, tagged, begun, end, role, alone=whole == end)
        at = end
    return tuple(found)


def singular(noun: str) -> str:
    """Return the singular of a noun in lower case, as far as its ending tells."""
    if noun in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[noun]
    if not is_plural(noun) or not noun.endswith("s"):
        return noun
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if noun.endswith(("sses", "ches", "shes", "xes")):
        return noun[:-2]
    return noun[:-1]


def is_plural(noun: str) -> bool:
    """Say whether a noun in lower case has a plural's ending."""
    if noun in english.PLURALS:
        return True
    return (
        len(noun) > 2
        and noun.endswith("s")
        and not noun.endswith(("ss", "us", "is"))
        and noun not in english.SINGULARS
    )


def plural(phrase: str) -> str:
    """Return a phrase with its last word in the plural, as far as its ending tells."""
    if phrase.endswith("y") and phrase[-2:-1] not in ("a", "e", "o", "u", ""):
        return f"{phrase[:-1]}ies"
    return f"{phrase}es" if phrase.endswith(("s", "x", "ch", "sh")) else f"{phrase}s"


_IRREGULAR_PLURALS: Final = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "feet": "foot",
    "teeth": "tooth", "mice": "mouse", "lives": "life", "wives": "wife", "criteria": "criterion",
    "phenomena": "phenomenon", "movies": "movie", "cookies": "cookie", "ties": "tie",
    "businesses": "business", "wolves": "wolf", "leaves": "leaf", "analyses": "analysis",
}  # fmt: skip


class _Tagger:
    """Goes through a text once, from left to right, and tells verbs from nouns by what it needs."""

    def __init__(self, found: list[tuple[str, int, int]], lows: list[str], *, capitals: bool):
        self._texts = [each[0] for each in found]
        self._lows = lows
        self._capitals = capitals
        self._tags: list[Tag] = []
        self._needs: Literal["", "base", "past", "finite"] = "finite"
        self._seen = False  # a subject, since the last question word or auxiliary
        self._apart = False  # a preposition since then

    def tags(self) -> list[Tag]:
        for at, low in enumerate(self._lows):
            tag = self._tag(at, low)
            before: str = self._tags[at - 1] if at > 0 else ""
            self._tags.append(tag)
            if tag == "X":
                self._needs = "base" if low in english.DO | english.MODALS else "past"
                self._seen = before in _SUBJECTS
                self._apart = False
            elif tag in ("N", "R"):
                self._seen = True
            elif tag == "V":
                self._needs = ""
            elif tag == "P":
                self._apart = low != "of"
            elif tag in ("W", "C", "."):
                self._needs, self._seen, self._apart = "finite", False, False
        return self._tags

    def _tag(self, at: int, low: str) -> Tag:
        before: str = self._tags[at - 1] if at > 0 else ""
        begins = at == 0 or self._texts[at - 1] in (".", "?", "!", ":")
        if low in _SPELT:
            return self._clitic(at, low)
        if not any(each.isalnum() for each in low):
            return "."
        if self._capitals and not begins and self._texts[at][0].isupper() and low != "i":
            return "W" if low in english.QUESTION_WORDS and self._next(at) != "." else "N"
        if (begins or self._texts[at - 1] == ",") and low in english.ORDERS:
            return "V"
        if low == "to" and self._next(at) in english.BASE_VERBS | english.AUXILIARIES:
            return "T"
        if low in english.DEMONSTRATIVES:
            return self._demonstrative(at, before)
        if low == "so" and not begins:
            return "A"
        if self._needs == "base" and self._seen and low in english.HAVE | english.DO:
            return "V"
        if low in ("first", "only", "long") and before != "W":
            return "A" if self._next(at) in english.FUNCTION_WORDS | {"?", ""} else "N"
        for tag, listed in _CLOSED:
            if low in listed:
                return tag
        if low.endswith("ly") and len(low) > 4 and low not in english.NO_ADVERBS:
            return "A"
        return "V" if self._is_verb(at, low, before) else "N"

    def _clitic(self, at: int, low: str) -> Tag:
        if low == "'s" and at > 0 and self._tags[at - 1] == "N":
            return "S" if self._next(at) not in english.FUNCTION_WORDS else "X"
        return "X"

    def _demonstrative(self, at: int, before: str) -> Tag:
        following = self._next(at)
        that = self._lows[at] == "that"
        if following == "of":
            return "A"
        if following in ("one", "ones"):
            return "D"
        if not following[:1].isalnum() or following in english.PREPOSITIONS:
            return "R"
        if following in english.FUNCTION_WORDS or (that and before in ("N", "V", "S")):
            return "C" if that and before != "X" else "R"
        lone = self._needs == "base" and len(self._lows) - at < 4
        stated = following in english.VERBS or (that and (following in english.ADJECTIVES or lone))
        return "R" if before == "X" and stated else "D"

    def _is_verb(self, at: int, low: str, before: str) -> bool:
        following = self._next(at)
        if before == "T" or (before == "R" and low in english.BASE_VERBS):
            return True
        if before == "N" and self._lows[at - 1] in english.SUPERLATIVES:
            return False
        if low.endswith("ing") and before in ("V", "P"):
            return before == "V" or following in ("a", "an", "the") or self._run_ahead(at) > 1
        later = english.VERBS.intersection(self._lows[at + 1 :])
        if self._needs == "base":
            noun = later or following in english.BASE_VERBS
            known = low in english.VERBS or (low in english.BASE_VERBS and not noun)
            closes = following not in _GO_ON and (
                following in english.FUNCTION_WORDS or not following[:1].isalnum()
            )
            lowers = self._texts[at - 1][0].isupper() or not later
            return self._seen and (known or (closes and before == "N" and lowers))
        if self._needs == "past":
            if before == "X" and low.endswith(("ed", "ing")):
                return True
            past = low in english.PAST_VERBS or low.endswith("ed")
            named = self._texts[at - 1][0].isupper() or before != "N" or self._tags[at - 2] == "D"
            # "What is seafloor spreading?" asks for a thing, "What is Leith doing?" for a deed.
            doing = low.endswith("ing") and not self._apart and (following != "?" or named)
            return self._seen and before in ("N", "R", "A", "X") and (past or doing)
        if self._needs == "finite":
            if following in english.AUXILIARIES | english.FINITE_VERBS:
                return False
            if before == "W":
                asked = self._lows[at - 1]
                past = low in english.PAST_VERBS or following[:1].isalnum()
                return asked == "who" or (
                    asked in ("what", "which") and low in english.FINITE_VERBS and past
                )
            ends = low not in english.VERBS and not following[:1].isalnum()
            return self._seen and low in english.FINITE_VERBS | english.BASE_VERBS and not ends
        named = before == "N" and self._texts[at - 1][0].isupper()
        return named and low in english.PAST_VERBS and not self._next(at)[:1].isupper()

    def _run_ahead(self, at: int) -> int:
        """Return how many words after this one are no function words."""
        ahead = self._lows[at + 1 : at + 4]
        return next(
            (n for n, low in enumerate(ahead) if low in english.FUNCTION_WORDS or not low.isalpha()),
            len(ahead),
        )

    def _next(self, at: int) -> str:
        return self._lows[at + 1] if at + 1 < len(self._lows) else ""


_GO_ON: Final = english.HAVE | english.DO | {"of", "and", "or", "'s"}
_SUBJECTS: Final = ("N", "R", "C")
_CLOSED: Final[tuple[tuple[Tag, frozenset[str]], ...]] = (
    ("W", english.QUESTION_WORDS),
    ("X", english.AUXILIARIES),
    ("D", english.DETERMINERS),
    ("P", english.PREPOSITIONS),
    ("C", english.CONJUNCTIONS),
    ("R", english.PRONOUNS),
    ("A", english.FUNCTION_WORDS),
)


def _run(tagged: tuple[Word, ...], at: int) -> int:
    """Return where the determiners, adjectives and nouns that begin at `at` end."""
    end = at
    while end < len(tagged) and tagged[end].tag == "D":
        end += 1
    nouns = end
    while end < len(tagged) and (
        (tagged[end].tag == "N" and not _is_number(tagged, end, nouns))
        or (tagged[end].tag == "S" and end > nouns)
    ):
        end += 1
    if all(_is_state(each) for each in tagged[nouns:end]):
        return at
    # What follows the subject of "is" says what it is like: "Is the disease treatable?"
    asserted = at > 0 and tagged[at - 1].low in english.BE
    while end > nouns and (
        tagged[end - 1].tag == "S"
        or (end - nouns > 1 and _is_state(tagged[end - 1], guess=asserted))
    ):
        end -= 1
    return end if end > nouns else at


def _is_number(tagged: tuple[Word, ...], at: int, begun: int) -> bool:
    """Say whether a number and a name stand side by side, and are not one thing."""
    if at == begun:
        return False
    first, second = tagged[at - 1], tagged[at]
    return (second.text.isdigit() and first.capital) or (
        _YEAR.fullmatch(first.text) is not None and second.capital
    )


def _is_state(word: Word, *, guess: bool = True) -> bool:
    """Say whether a word is an adjective or a participle; by its ending, if one may guess."""
    low = word.low
    if word.capital or low in english.SUPERLATIVES:
        return False
    if low in english.ADJECTIVES:
        return True
    ends = low.endswith(("able", "ible", "ous", "ful", "less"))
    return guess and (ends or (low.endswith("ed") and not low.endswith("eed")))


def _is_asked(tagged: tuple[Word, ...], begun: int) -> bool:
    """Say whether a run belongs to "which ...", "how many ..." and the like."""
    at = begun - 1
    if tagged[at].low in ("much", "often", "long") and at > 0:
        at -= 1
    return tagged[at].tag == "W" and tagged[at].low in ("what", "which", "whose", "how")


def _complement(tagged: tuple[Word, ...], end: int) -> int:
    """Return where "of ..." after a run ends, or `end`."""
    while end + 1 < len(tagged) and tagged[end].low == "of":
        further = _run(tagged, end + 1)
        if further == end + 1:
            break
        end = further
    return end


def _parts(
    text: str, tagged: tuple[Word, ...], begun: int, end: int, role: Role, *, alone: bool
) -> list[Phrase]:
    """Return a run, and the owner in it: "the town's mayor", "the town"."""
    marks = [at for at in range(begun, end) if tagged[at].tag == "S"]
    found = [_phrase(text, tagged, begun, end, end, role)] if alone else []
    if marks and marks[-1] > begun:
        found.append(_phrase(text, tagged, begun, marks[-1], marks[-1], "owner"))
    return found


def _phrase(
    text: str, tagged: tuple[Word, ...], begun: int, end: int, whole: int, role: Role
) -> Phrase:
    """Make a phrase of the run `begun:end`, whose complement goes on to `whole`."""
    start, stop = tagged[begun].start, tagged[whole - 1].end
    last = max((at for at in range(begun, end) if tagged[at].tag == "S"), default=begun - 1)
    own = [each for each in tagged[last + 1 : end] if each.tag == "N"]
    kind = _kind(own, tagged[begun - 1].low if begun > 0 else "")
    head = own[-1].low
    proper = own[-1].capital
    plural: bool | None = is_plural(head)
    if proper and plural:
        plural = True if tagged[begun].low == "the" else None
    first = next((each for each in tagged[begun:end] if each.tag == "D"), None)
    return Phrase(
        text=text[start:stop],
        start=start,
        end=stop,
        head=head if proper else singular(head),
        kind=kind,
        plural=plural,
        male=_male(own) if kind == "person" else None,
        role=role,
        determiner="" if first is None else first.low,
        proper=proper,
        named=any(each.capital for each in tagged[begun:whole] if each.tag == "N"),
    )


def _kind(own: list[Word], before: str) -> PhraseKind:
    lows = [each.low for each in own]
    head = lows[-1]
    bare = singular(head)
    if _YEAR.fullmatch(head) or bare in english.TIMES:
        return "time"
    if own[-1].text[0].isdigit() or own[-1].text[0] in "£$€":
        return "amount"
    if own[-1].capital:
        return _kind_of_name(own, lows, before)
    for kind, listed in _KINDS:
        if bare in listed or head in listed:
            return kind
    return "thing"


def _kind_of_name(own: list[Word], lows: list[str], before: str) -> PhraseKind:
    if english.BODIES.intersection(lows):
        return "body"
    if lows[0] in english.MALE | english.FEMALE or lows[-1] in english.PERSONS:
        return "person"
    if lows[-1] in english.PLACES:
        return "place"
    if before in _PLACE_PREPOSITIONS:
        return "place"
    capitals = [each.low for each in own if each.capital]
    if capitals[0] in english.MEN | english.WOMEN:
        return "person"
    return "name"


def _male(own: list[Word]) -> bool | None:
    lows = [each.low for each in own]
    first = next((each.low for each in own if each.capital), "")
    for listed, male in ((english.MALE, True), (english.FEMALE, False)):
        if listed.intersection(lows) or singular(lows[-1]) in listed:
            return male
    man, woman = first in english.MEN, first in english.WOMEN
    return man if man != woman else None


_KINDS: Final[tuple[tuple[PhraseKind, frozenset[str]], ...]] = (
    ("person", english.PERSONS),
    ("body", english.BODIES),
    ("place", english.PLACES),
    ("amount", english.AMOUNTS),
)
