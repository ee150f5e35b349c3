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

NO_ADVERBS: Final = frozenset(
    """
    family supply reply ally july italy bully assembly anomaly fly jelly belly butterfly ugly
    elderly friendly likely early daily weekly monthly yearly lively lonely lovely holy monopoly
    """.split()
)
"""They end in -ly all the same."""

VERBS: Final = frozenset(
    """
    abandon abolish accept accomplish accuse achieve acquire adapt add adopt advise advocate
    affect agree allow annex announce appear apply appoint approve argue arrive ask assist assume
    attend attract avoid bear beat become begin believe belong blame borrow break bring build buy
    call carry catch cause celebrate characterise choose claim close collect combine come commit
    communicate compare complain complete conclude conduct conquer consider consist contain
    continue contribute convert convict convince cooperate create criticise criticize decide
    declare decrease defeat defend define deliver demonstrate deny depend derive describe design
    destroy determine develop die differ disappear discover dissolve divide donate earn eat elect
    embrace emerge employ enable encourage end enforce enjoy ensure enter escape establish
    evaluate evolve exist expand expect explain explore express face fail fall favor favour feed
    feel fight file fill find finish fly follow force forget form found gain get give go govern
    graduate grow handle happen hear help hire hit hold hope identify ignore imply import improve
    include increase indicate influence inform inherit insist inspire intend intervene introduce
    invade invent invest investigate invite involve join keep kill know last launch lead learn
    leave let lie like live lose love maintain make manage marry mean measure meet mention merge
    move need negotiate observe obtain occupy occur offer open operate oppose organise organize
    originate outlaw owe own participate pass pay perform persuade pick portray possess predict
    prefer prepare preserve prevent produce promote propel propose prosecute protect prove provide
    publish purchase pursue push put qualify raise reach read realise realize receive recognise
    recognize recommend record recover recruit reduce refer refuse regain regard regulate reject
    relate release rely remain remember remove repay replace reply represent require resign
    resolve respond restore retain retire return reveal revise rise rule run save say see seek
    seem sell send separate serve settle shoot show shut sign sing sit solve speak spend split
    spread stand start stay steal stop strike struggle succeed suffer suggest supply support
    suppress surrender survive tackle take teach tell tend think threaten throw translate transmit
    treat try turn undergo understand upgrade use violate visit vote wait walk want warn wear win
    wish withdraw write
    """.split()
)
"""Those that questions use most, in the form behind "did", but those that are as often nouns."""

BASE_VERBS: Final = VERBS | frozenset(
    """
    act answer attack attempt award benefit bid change charge climb command contact control cost
    cover damage deal debate demand drink drive drop estimate exchange experience export fire fund
    hate host hunt impact impose issue lack land look mark market match mine murder name note
    object order plan plant play point pose present process profit project promise protest rank
    rate report request rest result review score sentence share sink sound stress study talk
    target test tour trade train transfer transport travel trial trust view wage weigh work
    """.split()
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


def _inflected(verb: str) -> list[str]:
    """Return the third person and the past of a regular verb."""
    if verb.endswith("e"):
        return [f"{verb}s", f"{verb}d"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [f"{verb[:-1]}ies", f"{verb[:-1]}ied"]
    third = f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s"
    doubled = verb[-1] in "bdgmnprt" and verb[-2] in "aeiou" and verb[-3:-2] not in "aeiou"
    return [third, f"{verb}ed", *([f"{verb}{verb[-1]}ed"] if doubled else [])]


FINITE_VERBS: Final = (
    frozenset(form for verb in BASE_VERBS for form in _inflected(verb)) | _IRREGULAR
)
"""Third persons and pasts. Many are plural nouns as well, or stand before a noun."""

PAST_VERBS: Final = _IRREGULAR | {each for each in FINITE_VERBS if each.endswith("ed")}

ADJECTIVES: Final = frozenset(
    """
    able afraid alive allowed angry available aware bad better big bigger broad busy careful cheap
    clean clear close closed cold common complex correct current dangerous dark dead deep
    different difficult dirty dry early easier easy effective empty endangered equal essential
    ethical expensive famous fast few fine foreign free fresh full good great guilty happy hard
    harder harmful healthy heavy high hot huge ill illegal important independent inferior innocent
    known large larger late legal less likely local long longer low main major minor modern more
    narrow necessary new nice normal obvious old older open poor popular possible present pregnant
    prepared public quick rare ready real recent related reliable responsible rich right sad safe
    safer same serious short sick significant similar simple slow small smaller special strange
    strict strong successful such sure tall toxic treatable true typical unique unknown unusual
    useful usual valid vulnerable warm weak wealthy well wet white wide wild worth wrong young
    younger black blue brown green red yellow
    """.split()
)
"""Those that often end a question: "Is the disease treatable?"."""

SUPERLATIVES: Final = frozenset(
    """
    first second third last next best worst most least biggest largest smallest oldest youngest
    newest latest longest shortest tallest highest lowest fastest slowest deepest earliest richest
    poorest strongest weakest heaviest greatest nearest closest cheapest
    """.split()
)


def is_english(lows: Iterable[str]) -> bool:
    """Say whether words in lower case hold one that English uses, and other languages do not."""
    return any(low in FUNCTION_WORDS and low not in _SHARED for low in lows)
