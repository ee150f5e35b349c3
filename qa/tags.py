"""A text -> its words, each with the part that it plays: question word, verb, noun and so on.

There is no parser behind this. Function words are listed in `qa.english`; what is none is a verb
where the words around it need one, and otherwise a noun or an adjective, which are told apart
no further. It is right about most questions, and about the names in most sentences.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from qa import english

Tag: TypeAlias = Literal["W", "X", "V", "T", "D", "P", "C", "R", "A", "N", "S", "."]
"""Question word, auxiliary, verb, "to" before one, determiner, preposition, conjunction, pronoun,
adverb, noun or adjective, "'s" of an owner, anything else."""

_WORD: Final = re.compile(
    r"\b(?:Mrs?|Ms|Dr|St|Prof|Rev|[A-Z])\.(?=\s+[A-Z])"  # an initial and its full stop
    r"|[£$€]?\d(?:[\w,.]*\w)?(?:[-–]\w+)*%?"
    r"|[^\W\d_]\w*?n['’]t\b"
    r"|\w+(?:[-–&./]\w+)*"
    r"|['’](?:s|re|ve|ll|d|m)\b"
    r"|\S"
)
_CLITICS: Final = frozenset("'s 're 've 'll 'd 'm".split())
_LONGEST: Final = 512
"""Words that are looked at: a question has far fewer, and so has a sentence that is no list."""

_SHOUTED: Final = 4
"""Words that have to be all in capitals before capitals say nothing any more."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, where it stands, and what part it plays. `low` is in lower case."""

    text: str
    low: str
    start: int
    end: int
    tag: Tag

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[Word, ...]:
    """Return the words and marks of a text, in order; of a very long one, the first."""
    found = [match for match, _ in zip(_WORD.finditer(text), range(_LONGEST), strict=False)]
    texts = [each.group() for each in found]
    lows = [each.lower().replace("’", "'") for each in texts]
    letters = [each for each in texts if each[0].isalpha()]
    tell = len(letters) < _SHOUTED or not all(each[0].isupper() for each in letters)
    tags = _Tagger(lows, [tell and each[0].isupper() for each in texts]).tags()
    return tuple(
        Word(each.group(), low, each.start(), each.end(), tag)
        for each, low, tag in zip(found, lows, tags, strict=True)
    )


class _Tagger:
    """Goes through a text once, from left to right.

    What tells a verb is what the clause needs: "did" needs a "base" form, "was" or "has" a
    participle ("past"), and a clause without either a "finite" verb.
    """

    def __init__(self, lows: list[str], capitals: list[bool]) -> None:
        self._lows = lows
        self._capitals = capitals
        self._tags: list[Tag] = []
        self._needs: Literal["", "base", "past", "finite"] = "finite"
        self._subject = False
        """Whether a subject was seen since the last question word or auxiliary."""
        self._apart = False
        """Whether a preposition was, other than "of"."""

    def tags(self) -> list[Tag]:
        for at, low in enumerate(self._lows):
            before = self._tag_at(at - 1)
            tag = self._tag(at, low)
            self._tags.append(tag)
            if tag == "X":
                self._needs = "base" if low in _NEED_BASE else "past"
                self._subject, self._apart = before in ("N", "R", "C"), False
            elif tag in ("N", "R"):
                self._subject = True
            elif tag == "V":
                self._needs = ""
            elif tag == "P":
                self._apart = low != "of"
            elif tag in ("W", "C", "."):
                self._needs, self._subject, self._apart = "finite", False, False
        return self._tags

    def _tag(self, at: int, low: str) -> Tag:
        if low in _CLITICS:
            return self._clitic(at, low)
        if not any(each.isalnum() for each in low):
            return "."
        if self._capitals[at] and not self._begins(at) and low != "i":
            return "N"
        known = self._by_place(at, low) or _TAG_OF.get(low)
        if known is not None:
            return known
        adverb = low.endswith("ly") and low not in english.NO_ADVERBS
        return "A" if adverb else "V" if self._is_verb(at, low) else "N"

    def _by_place(self, at: int, low: str) -> Tag | None:
        """Return the tag of a function word that its place decides."""
        if low in english.DEMONSTRATIVES:
            return self._demonstrative(at)
        if low in english.ORDERS and self._begins(at):
            return "V"
        if low == "to" and self._low_at(at + 1) in _AFTER_TO:
            return "T"
        if self._needs == "base" and self._subject and low in _MAIN:
            return "V"
        if low in ("first", "only", "long") and self._tag_at(at - 1) != "W":
            return "A" if self._closes(at + 1) else "N"
        return None

    def _clitic(self, at: int, low: str) -> Tag:
        owns = low == "'s" and self._tag_at(at - 1) == "N"
        return "S" if owns and self._low_at(at + 1) not in english.FUNCTION_WORDS else "X"

    def _demonstrative(self, at: int) -> Tag:
        """Tell "that report" from "did that" and from "said that"."""
        before, following = self._tag_at(at - 1), self._low_at(at + 1)
        if following in english.PREPOSITIONS or not following[:1].isalnum():
            return "R"
        if self._lows[at] == "that" and before in ("N", "V"):
            return "C" if any(map(_has_a_subject, self._lows[at + 1 :])) else "D"
        ends = at == 1 and not self._low_at(at + 2)[:1].isalnum()
        stated = before == "X" and (ends or following in english.VERBS)
        return "R" if stated or following in english.FUNCTION_WORDS else "D"

    def _is_verb(self, at: int, low: str) -> bool:
        before = self._tag_at(at - 1)
        if before == "T" or (before == "R" and low in english.BASE_VERBS):
            return True
        if self._needs == "base":
            return self._subject and self._is_base(at, low)
        if self._needs == "past":
            return self._is_participle(at, low)
        if self._needs == "finite":
            return self._is_finite(at, low)
        return before == "N" and self._capitals[at - 1] and english.is_past(low)

    def _is_base(self, at: int, low: str) -> bool:
        """Say whether a word is the verb of "did": a known one, or a run's last."""
        if low in english.VERBS:
            return True
        if not english.VERBS.isdisjoint(self._lows[at + 1 :]):
            return False
        return low in english.BASE_VERBS or (self._tag_at(at - 1) == "N" and self._closes(at + 1))

    def _is_participle(self, at: int, low: str) -> bool:
        before = self._tag_at(at - 1)
        if before == "X":
            return low.endswith("ing") or english.is_past(low)
        if not self._subject or before not in ("N", "R", "A"):
            return False
        return english.is_past(low) or (low.endswith("ing") and not self._apart)

    def _is_finite(self, at: int, low: str) -> bool:
        following = self._low_at(at + 1)
        if english.is_finite(following) or following in english.AUXILIARIES:
            return False
        if self._tag_at(at - 1) == "W":
            asked = self._lows[at - 1]
            return asked == "who" or (asked in ("what", "which") and english.is_finite(low))
        return self._subject and (english.is_finite(low) or low in english.VERBS)

    def _begins(self, at: int) -> bool:
        return at == 0 or self._lows[at - 1] in (".", "?", "!", ":")

    def _closes(self, at: int) -> bool:
        """Say whether a run of nouns ends before a word: at a function word, a mark or the end."""
        low = self._low_at(at)
        return low in english.FUNCTION_WORDS or not low[:1].isalnum()

    def _low_at(self, at: int) -> str:
        return self._lows[at] if 0 <= at < len(self._lows) else ""

    def _tag_at(self, at: int) -> Tag | Literal[""]:
        return self._tags[at] if 0 <= at < len(self._tags) else ""


def _has_a_subject(low: str) -> bool:
    return low in english.AUXILIARIES or english.is_finite(low)


_NEED_BASE: Final = english.DO | english.MODALS
_MAIN: Final = english.HAVE | english.DO
_AFTER_TO: Final = english.BASE_VERBS | english.AUXILIARIES
_LISTS: Final[tuple[tuple[Tag, frozenset[str]], ...]] = (
    ("A", english.FUNCTION_WORDS),
    ("R", english.PRONOUNS),
    ("C", english.CONJUNCTIONS),
    ("P", english.PREPOSITIONS),
    ("D", english.DETERMINERS),
    ("X", english.AUXILIARIES),
    ("W", english.QUESTION_WORDS),
)
_TAG_OF: Final[dict[str, Tag]] = {low: tag for tag, listed in _LISTS for low in listed}
