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
            asks = low in english.QUESTION_WORDS and self._low_at(at + 1) != "."
            return "W" if asks else "N"
        if low in english.DEMONSTRATIVES:
            return self._demonstrative(at)
        known = self._by_place(at, low) or _TAG_OF.get(low)
        if known is not None:
            return known
        if low.endswith("ly") and len(low) > 4 and low not in english.NO_ADVERBS:
            return "A"
        return "V" if self._is_verb(at, low) else "N"

    def _by_place(self, at: int, low: str) -> Tag | None:
        """Return the tag of a function word that its place decides."""
        if low in english.ORDERS and (self._begins(at) or self._low_at(at - 1) == ","):
            return "V"
        if low == "to" and self._low_at(at + 1) in _AFTER_TO:
            return "T"
        if low == "so" and not self._begins(at):
            return "A"
        if self._needs == "base" and self._subject and low in _MAIN:
            return "V"
        if low in ("first", "only", "long") and self._tag_at(at - 1) != "W":
            return "A" if self._closes(at + 1) else "N"
        return None

    def _clitic(self, at: int, low: str) -> Tag:
        owns = low == "'s" and self._tag_at(at - 1) == "N"
        return "S" if owns and self._low_at(at + 1) not in english.FUNCTION_WORDS else "X"

    def _demonstrative(self, at: int) -> Tag:
        before, following = self._tag_at(at - 1), self._low_at(at + 1)
        that = self._lows[at] == "that"
        if following in ("of", "one", "ones"):
            return "A" if following == "of" else "D"
        if following in english.PREPOSITIONS or not following[:1].isalnum():
            return "R"
        if following in english.FUNCTION_WORDS or (that and before in ("N", "V", "S")):
            return "C" if that and before != "X" else "R"
        ends = self._needs == "base" and len(self._lows) - at < 4
        stated = following in english.VERBS or (that and (following in english.ADJECTIVES or ends))
        return "R" if before == "X" and stated else "D"

    def _is_verb(self, at: int, low: str) -> bool:
        before, following = self._tag_at(at - 1), self._low_at(at + 1)
        if before == "T" or (before == "R" and low in english.BASE_VERBS):
            return True
        if low.endswith("ing") and before in ("V", "P"):
            return before == "V" or following in _ARTICLES or self._run_ahead(at) > 1
        if before == "N" and self._lows[at - 1] in english.SUPERLATIVES:
            return False
        if self._needs == "base":
            return self._subject and self._is_base(at, low)
        if self._needs == "past":
            return self._is_participle(at, low)
        if self._needs == "finite":
            return self._is_finite(at, low)
        named = before == "N" and self._capitals[at - 1]
        return named and low in english.PAST_VERBS and self._tag_at(at - 1) == "N"

    def _is_base(self, at: int, low: str) -> bool:
        """Say whether a word is the verb of "did": by name or, at an end, as one is missing."""
        later = not english.VERBS.isdisjoint(self._lows[at + 1 :])
        if low in english.VERBS:
            return True
        if low in english.BASE_VERBS and not later:
            return self._low_at(at + 1) not in english.BASE_VERBS
        alone = self._capitals[at - 1] or not later
        joined = self._low_at(at + 1) in _GO_ON
        return self._tag_at(at - 1) == "N" and self._closes(at + 1) and alone and not joined

    def _is_participle(self, at: int, low: str) -> bool:
        before = self._tag_at(at - 1)
        if before == "X" and low.endswith(("ed", "ing")):
            return True
        if not self._subject or before not in ("N", "R", "A", "X"):
            return False
        if low.endswith("ing"):
            # "What is seafloor spreading?" asks for a thing, "What is Leith doing?" for a deed.
            acts = self._capitals[at - 1] or before != "N" or self._tag_at(at - 2) == "D"
            return not self._apart and (acts or self._low_at(at + 1) != "?")
        return low.endswith("ed") or low in english.PAST_VERBS

    def _is_finite(self, at: int, low: str) -> bool:
        following = self._low_at(at + 1)
        if following in _FINITE:
            return False
        if self._tag_at(at - 1) == "W":
            asked = self._lows[at - 1]
            goes_on = low in english.PAST_VERBS or following[:1].isalnum()
            known = low in english.FINITE_VERBS and goes_on
            return asked == "who" or (asked in ("what", "which") and known)
        ends = low not in english.VERBS and not following[:1].isalnum()
        return self._subject and low in _ANY_VERB and not ends

    def _begins(self, at: int) -> bool:
        return at == 0 or self._lows[at - 1] in (".", "?", "!", ":")

    def _closes(self, at: int) -> bool:
        """Say whether a run of nouns ends before a word: at a function word, a mark or the end."""
        low = self._low_at(at)
        return low in english.FUNCTION_WORDS or not low[:1].isalnum()

    def _run_ahead(self, at: int) -> int:
        """Return how many of the three words behind this one come before the run of nouns ends."""
        return next((n for n in range(3) if self._closes(at + 1 + n)), 3)

    def _low_at(self, at: int) -> str:
        return self._lows[at] if 0 <= at < len(self._lows) else ""

    def _tag_at(self, at: int) -> Tag | Literal[""]:
        return self._tags[at] if 0 <= at < len(self._tags) else ""


_NEED_BASE: Final = english.DO | english.MODALS
_MAIN: Final = english.HAVE | english.DO
_GO_ON: Final = _MAIN | {"of", "and", "or", "'s"}
_AFTER_TO: Final = english.BASE_VERBS | english.AUXILIARIES
_FINITE: Final = english.FINITE_VERBS | english.AUXILIARIES
_ANY_VERB: Final = english.FINITE_VERBS | english.BASE_VERBS
_ARTICLES: Final = frozenset(("a", "an", "the"))
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
