"""What little is known of English: enough to see how a question is put together.

Every word is in lower case. Nothing here is about any archive.
"""

from collections.abc import Iterable
from typing import Final

BE: Final = frozenset("am is are was were be been isn't aren't wasn't weren't".split())
DO: Final = frozenset("do does did don't doesn't didn't".split())
HAVE: Final = frozenset("have has had haven't hasn't hadn't having".split())
MODALS: Final = frozenset(
    """
    can could will would shall should may might must can't couldn't won't wouldn't shouldn't
    """.split()
)
AUXILIARIES: Final = BE | DO | HAVE | MODALS
QUESTION_WORDS: Final = frozenset("what which who whom whose when where why how".split())
ARTICLES: Final = frozenset("the a an".split())
DEMONSTRATIVES: Final = frozenset("this that these those".split())
POSSESSIVES: Final = frozenset("my your his her its our their".split())
QUANTITIES: Final = frozenset(
    "some any no every each all both another other such many much more most few several".split()
)
DETERMINERS: Final = ARTICLES | DEMONSTRATIVES | POSSESSIVES | QUANTITIES
PREPOSITIONS: Final = frozenset(
    """
    of in on at by for from to with about against between into through during before after above
    below since until under over near around across per than as like without within along among
    behind beside besides beyond despite off onto toward towards upon via vs versus regarding
    concerning except inside outside
    """.split()
)
CONJUNCTIONS: Final = frozenset("and or but if because while whether so then though nor".split())
PRONOUNS: Final = frozenset(
    """
    i you he she it they we me him us them myself yourself himself herself itself themselves mine
    yours hers ours theirs one ones somebody someone something anybody anyone anything nobody
    nothing everybody everyone everything there here
    """.split()
)
ADVERBS: Final = frozenset(
    """
    not also just still now ever never even already very too long often again always usually
    really actually exactly currently originally so only first please later earlier today
    yesterday tomorrow tonight ago once twice else instead together away back yet maybe perhaps
    nearby recently lately up down out quite rather
    """.split()
)
FUNCTION_WORDS: Final = (
    AUXILIARIES
    | QUESTION_WORDS
    | DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | PRONOUNS
    | ADVERBS
    | frozenset("yes ok okay well oh thanks please".split())
)

_SHARED: Final = frozenset(
    """
    a all am an and as at but by do even for had has have he her his i in is me most no of on once
    or over per so still to under us via was we will
    """.split()
)
"""Words of other languages too."""

ORDERS: Final = frozenset("tell describe explain list show give name discuss find".split())
"""What begins a request that is no question."""

NO_ADVERBS: Final = frozenset("family supply reply elderly fly only".split())
"""They end in -ly all the same."""

VERBS: Final = frozenset(
    """
    accept agree allow appear appoint arrive ask become begin believe belong break bring build buy
    call cause choose come compare consider contain continue create decide describe develop die
    differ eat explain fall feel find follow get give go grow happen hear help hold include keep
    kill know lead learn leave like live lose make mean meet move need occur own pay produce provide
    put reach read receive represent resign run say see seek seem sell send serve speak spend stand
    start stay stop suffer take teach tell think treat try turn use want win write
    """.split()
)
"""The commonest, as they stand behind "did"."""

BASE_VERBS: Final = VERBS | frozenset(
    "act answer attack change control cost name plan play report talk test visit vote work".split()
)
"""With those that are as often nouns."""

_IRREGULAR: Final = frozenset(
    """
    ate became began bore born bought bound broke broken brought built came caught chose chosen
    dealt died drank drew drove eaten fallen fed fell felt flew flown forgot forgotten fought
    found gave given gone got grew grown heard held hid hurt kept knew known laid led left lent
    let lost made meant met paid put ran rang read risen rose said sang sank sat saw sent set shot
    shown shut slept sold sought spent spoke spoken spread stole stolen stood struck swam swore
    taken taught thought threw told took understood went withdrew woke won wore worn written wrote
    """.split()
)
_THIRD: Final = frozenset(
    f"{verb}es" if verb.endswith(("s", "x", "ch", "sh", "o")) else f"{verb}s" for verb in BASE_VERBS
)


def is_past(low: str) -> bool:
    """Say whether a word can be a past or a participle, as far as its ending tells."""
    regular = low.endswith("ed") and len(low) > _SHORTEST and not low.endswith("eed")
    return regular or low in _IRREGULAR


def is_finite(low: str) -> bool:
    """Say whether a word can be a verb with a subject of its own."""
    return is_past(low) or low in _THIRD


_SHORTEST: Final = 4


def is_english(lows: Iterable[str]) -> bool:
    """Say whether words in lower case hold one that English uses, and other languages do not."""
    return any(low in FUNCTION_WORDS and low not in _SHARED for low in lows)
