"""First names: a sign that a name is a person's, and of whom "he" or "she" means.

A short list, written for this project: the commonest in the English-language press. A name that is
not on it may be anybody's, and suits "he" and "she" alike.
"""

from typing import Final

MEN: Final = frozenset(
    """
    adam alan alex andrew anthony ben bill bob brian charles chris christopher colin daniel dave
    david dennis donald edward eric frank gary george graham harry henry ian jack jacob james jason
    jeremy jim joe john jonathan joseph keith kenneth kevin lee mark martin matthew michael mike
    mohammed neil nick nigel oliver patrick paul peter philip richard robert roger ronald ryan sam
    scott sean simon stephen steve steven stuart terry thomas tim tom tony trevor william
    """.split()
)
WOMEN: Final = frozenset(
    """
    alice alison amanda amy andrea angela ann anna anne barbara betty carol caroline catherine
    charlotte christine claire deborah diana donna dorothy eleanor elizabeth emily emma fiona
    frances gillian hannah heather helen jane janet jean jennifer jessica joan julia julie karen
    kate katherine kim laura linda lisa louise lucy margaret maria mary michelle nicola olivia
    pamela patricia rachel rebecca ruth sally samantha sandra sarah sharon sophie susan tracy
    valerie victoria wendy yvonne zoe
    """.split()
)
