"""English nouns: what kind of thing they mean, and whether they are one or many of them."""

from typing import Final

PLURALS: Final = frozenset(
    """
    people children men women police parents staff mice feet teeth geese data media criteria
    phenomena bacteria youth cattle
    """.split()
)
"""Plural without an s."""

SINGULARS: Final = frozenset(
    """
    news series species politics economics mathematics physics athletics gas bus bias lens
    """.split()
)
"""Singular in spite of theirs."""

_IRREGULAR: Final = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "feet": "foot",
    "teeth": "tooth", "mice": "mouse", "lives": "life", "wives": "wife", "criteria": "criterion",
    "phenomena": "phenomenon", "movies": "movie", "ties": "tie", "businesses": "business",
    "wolves": "wolf", "leaves": "leaf", "analyses": "analysis", "crises": "crisis",
}  # fmt: skip

MALE: Final = frozenset(
    """
    he him his himself mr sir lord king prince duke father dad husband son brother uncle nephew
    grandfather grandson man boy gentleman chairman businessman spokesman policeman fireman
    widower bishop pope monk emperor baron
    """.split()
)
FEMALE: Final = frozenset(
    """
    she her hers herself mrs ms miss dame lady queen princess duchess mother mum mom wife daughter
    sister aunt niece grandmother granddaughter woman girl actress chairwoman businesswoman
    spokeswoman policewoman widow nun empress baroness
    """.split()
)
PERSONS: Final = (
    MALE
    | FEMALE
    | frozenset(
        """
    activist actor adult adviser advisor ambassador analyst anybody anyone architect artist
    astronaut athlete attacker author baby barrister boss boxer builder campaigner candidate
    captain carer celebrity chair chairperson character chef chief child citizen claimant client
    coach colleague colonel comedian commander commissioner composer constable consultant cook
    councillor councilor cousin creator customer cyclist dancer defendant defender dentist deputy
    designer detective diplomat director doctor driver drummer economist editor employee employer
    engineer everyone executive expert explorer farmer footballer founder friend general
    goalkeeper governor grandparent guest guitarist head headteacher heir hero historian holder
    host imam inspector inventor journalist judge kid killer landlord lawyer leader lecturer loser
    magistrate manager mayor midfielder migrant minister mp murderer musician neighbor neighbour
    nobody novelist nurse offender officer official owner painter parent partner passenger patient
    peer performer person philosopher pilot player poet police politician predecessor presenter
    president priest prisoner producer professor prosecutor protester publisher pupil rabbi reader
    referee refugee reporter researcher resident runner saint scientist sculptor secretary seeker
    senator sergeant sibling singer soldier solicitor somebody someone songwriter spokesperson
    star striker student successor surgeon survivor suspect swimmer teacher teenager tenant
    therapist thief tourist trainer vicar victim villain visitor volunteer waiter winner witness
    worker writer
    """.split()
    )
)
BODIES: Final = frozenset(
    """
    council government authority department ministry office agency commission committee board
    parliament senate congress court police force army navy service services company corporation
    firm business bank group association society union federation league club team band orchestra
    party university college school academy institute hospital trust charity foundation church
    museum newspaper network channel station studio ltd limited plc inc llc co corp cabinet
    administration organisation organization watchdog ofsted nhs bbc un eu nato
    """.split()
)
PLACES: Final = frozenset(
    """
    place city town village country county borough district region state province capital area
    neighbourhood neighborhood island continent street road square park river lake sea ocean
    mountain valley hill forest desert coast beach airport station building house home castle
    palace bridge centre center stadium venue hall site world earth
    """.split()
)
TIMES: Final = frozenset(
    """
    year month week day decade century hour minute time date season term january february march
    april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday spring summer autumn winter morning afternoon evening night
    today yesterday tomorrow period era moment
    """.split()
)
AMOUNTS: Final = frozenset(
    "number figure total amount percentage proportion share rate sum".split()
)

OWNED: Final = frozenset(
    """
    advantage author background beginning benefit budget capital cause characteristic conclusion
    consequence cost creator cure definition difference disadvantage effect end finding founder
    function goal history impact importance inventor leader limitation location meaning member name
    nature origin outcome owner part plot population price purpose reaction reason recommendation
    response result risk role size source strength structure symptom target theme title topic type
    value victim weakness winner
    """.split()
)
"""What is somebody's or something's: "the main themes" are the themes of something."""


def is_plural(noun: str) -> bool:
    """Say whether a noun in lower case is plural, as far as its ending tells."""
    if noun in PLURALS:
        return True
    ends = noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
    return ends and len(noun) > 2 and noun not in SINGULARS


def singular(noun: str) -> str:
    """Return the singular of a noun in lower case, as far as its ending tells."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if not is_plural(noun) or not noun.endswith("s"):
        return noun
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    return noun[:-2] if noun.endswith(("sses", "ches", "shes", "xes")) else noun[:-1]


def plural(phrase: str) -> str:
    """Return a phrase with its last word in the plural, as far as its ending tells."""
    if phrase.endswith("y") and phrase[-2:-1] not in ("a", "e", "o", "u", ""):
        return f"{phrase[:-1]}ies"
    return f"{phrase}es" if phrase.endswith(("s", "x", "ch", "sh")) else f"{phrase}s"
