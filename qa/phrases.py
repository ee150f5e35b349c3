"""A question or an answer -> its noun phrases, and the kind of thing that each of them means.

There is no parser behind this: function words, capitals, word shapes and the lists of `qa.english`
tell where a phrase begins and ends. They are English; of other languages little is understood.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from qa import english, nouns
from qa.first_names import MEN, WOMEN
from qa.nouns import is_plural, singular
from qa.tags import Word, words

PhraseKind: TypeAlias = Literal["person", "body", "place", "time", "amount", "thing", "name"]
"""What a phrase means; "name" is a name of nobody knows what."""

Role: TypeAlias = Literal["asked", "subject", "object", "after", "of", "owner"]
"""Where a phrase stands: in what is asked for, before the verb, behind it, behind a preposition,
behind "of", or before "'s"."""

_YEAR: Final = re.compile(r"(?:1[0-9]{3}|20[0-9]{2})s?")
_PLACE_PREPOSITIONS: Final = frozenset("in near around across inside outside".split())


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
        end = stop = _run(tagged, at)
        if begun == 1 and end - begun > 1 and tagged[0].low in english.BE and _ends(tagged, end):
            end -= 1  # "Is the bridge open?"
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
        at = stop
    return tuple(found)


def goes_on(question: str, phrase: Phrase) -> bool:
    """Say whether a phrase has a complement, or is the subject of a verb right behind it."""
    following = next((each for each in words(question) if each.start >= phrase.end), None)
    if following is None:
        return False
    asked = phrase.role == "asked" and following.tag == "V"
    return asked or following.tag in ("P", "C", "W")


def _ends(tagged: tuple[Word, ...], at: int) -> bool:
    return all(each.tag == "." for each in tagged[at:])


def _run(tagged: tuple[Word, ...], at: int) -> int:
    """Return where the determiners, adjectives and nouns that begin at `at` end."""
    end = at
    while end < len(tagged) and tagged[end].tag == "D":
        end += 1
    begun = end
    while end < len(tagged) and (
        tagged[end].tag == "N" or (tagged[end].tag == "S" and end > begun)
    ):
        end += 1
    while end > begun and tagged[end - 1].tag == "S":
        end -= 1
    return end if end > begun else at


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
        male=_male(own) if kind in ("person", "name") else None,
        role=role,
        determiner="" if first is None else first.low,
        proper=proper,
        named=any(each.capital for each in tagged[begun:whole] if each.tag == "N"),
    )


def _kind(own: list[Word], before: str) -> PhraseKind:
    lows = [each.low for each in own]
    head = lows[-1]
    bare = singular(head)
    if _YEAR.fullmatch(head) or bare in nouns.TIMES:
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
    if nouns.BODIES.intersection(lows):
        return "body"
    if lows[0] in nouns.MALE | nouns.FEMALE or lows[-1] in nouns.PERSONS:
        return "person"
    if lows[-1] in nouns.PLACES:
        return "name" if lows[0] in MEN | WOMEN else "place"  # Ann Hall, Victoria Park
    if before in _PLACE_PREPOSITIONS:
        return "place"
    capitals = [each.low for each in own if each.capital]
    if capitals[0] in MEN | WOMEN:
        return "person"
    return "name"


def _male(own: list[Word]) -> bool | None:
    lows = [each.low for each in own]
    first = next((each.low for each in own if each.capital), "")
    for listed, male in ((nouns.MALE, True), (nouns.FEMALE, False)):
        if listed.intersection(lows) or singular(lows[-1]) in listed:
            return male
    man, woman = first in MEN, first in WOMEN
    return man if man != woman else None


_KINDS: Final[tuple[tuple[PhraseKind, frozenset[str]], ...]] = (
    ("person", nouns.PERSONS),
    ("body", nouns.BODIES),
    ("place", nouns.PLACES),
    ("amount", nouns.AMOUNTS),
)
