"""What little is known of English words: enough to see how a question is put together.

Every word is in lower case. Nothing here is about any archive.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BE: Final = _words("am is are was were be been isn't aren't wasn't weren't")
DO: Final = _words("do does did don't doesn't didn't")
HAVE: Final = _words("have has had haven't hasn't hadn't having")
MODALS: Final = _words(
    "can could will would shall should may might must can't couldn't won't wouldn't shouldn't"
)
AUXILIARIES: Final = BE | DO | HAVE | MODALS
QUESTION_WORDS: Final = _words("what which who whom whose when where why how")
DETERMINERS: Final = _words(
    "the a an this that these those my your his her its our their some any no every each all both "
    "another other such many much more most few several"
)
DEMONSTRATIVES: Final = _words("this that these those")
PREPOSITIONS: Final = _words(
    "of in on at by for from to with about against between into through during before after above "
    "below since until under over near around across per than as like without within along among "
    "behind beside besides beyond despite off onto toward towards upon via vs versus regarding "
    "concerning except inside outside"
)
CONJUNCTIONS: Final = _words("and or but if because while whether so then though although nor")
PRONOUNS: Final = _words(
    "i you he she it they we me him us them myself yourself himself herself itself themselves "
    "mine yours hers ours theirs one ones somebody someone something anybody anyone anything "
    "nobody nothing everybody everyone everything there here"
)
ADVERBS: Final = _words(
    "not also just still now ever never even already very too long often again always usually "
    "really actually exactly currently originally so only first please later earlier today "
    "yesterday tomorrow tonight ago once twice else instead together away back else yet maybe "
    "perhaps nearby recently lately up down out quite rather"
)
FUNCTION_WORDS: Final = (
    AUXILIARIES
    | QUESTION_WORDS
    | DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | PRONOUNS
    | ADVERBS
    | _words("yes ok okay well oh thanks please")
)

# The verbs that questions use most, in the form that follows "did", without those that are nouns
# just as often ("work", "study"): those are listed apart, as they count only where a verb must be.
_VERBS: Final = (
    "abandon abolish accomplish accuse adapt advise advocate annex assist attempt attract beat borrow "
    "break celebrate characterise communicate conquer consist convert cooperate decrease demonstrate "
    "derive dissolve donate embrace enforce ensure escape evaluate exchange expand favour favor gain "
    "graduate handle hire hunt indicate intervene invest murder negotiate observe owe participate "
    "pick portray possess predict preserve promote propel prosecute pursue push qualify realise "
    "realize recover recruit regain regulate restore retain revise shoot solve suppress tackle talk "
    "translate transmit transport undergo upgrade violate climb combine command convince "
    "accept achieve acquire add adopt affect agree allow announce appear apply appoint approve "
    "argue arrive ask assume attend avoid bear become begin believe belong blame bring build buy "
    "call carry catch cause choose claim close collect come commit compare complain complete "
    "conclude conduct consider contain continue contribute convict create criticise criticize "
    "decide declare defeat defend define deliver deny depend describe design destroy determine "
    "develop die differ disappear discover divide earn eat elect emerge employ enable encourage "
    "end enjoy enter establish evolve exist expect explain explore express face fail fall feed "
    "feel fight file fill find finish fire fly follow force forget form found get give go govern "
    "grow happen hear help hit hold hope identify ignore imply import improve include increase "
    "influence inform inherit insist inspire intend introduce invade invent investigate invite "
    "involve join keep kill know lack last launch lead learn leave let lie like live lose love "
    "maintain make manage marry mean measure meet mention merge move need obtain occupy occur "
    "offer open operate oppose organise organize originate outlaw own pass pay perform persuade "
    "play prefer prepare prevent produce promise propose protect prove provide publish purchase "
    "put raise reach read receive recognise recognize recommend record reduce refer refuse regard "
    "reject relate release rely remain remember remove repay replace reply report represent "
    "require resign resolve respond retire return reveal rise rule run save say see seek seem sell "
    "send separate serve settle show shut sign sing sink sit speak spend split spread stand start "
    "stay steal stop strike struggle succeed suffer suggest supply support surrender survive take "
    "teach tell tend think threaten throw treat try turn understand use visit vote wait walk want "
    "warn wear win wish withdraw write"
)
_ALSO_NOUNS: Final = (
    "act answer attack award benefit bid change charge contact control cost cover damage deal "
    "debate demand drink drive drop estimate experience export fund hate host impact impose issue "
    "land look mark market match mine name note object order plan plant play point pose present "
    "process profit project promise protest rank rate report request rest result review score "
    "sentence share sound stress study target test tour trade train transfer travel trial trust "
    "view wage weigh work"
)
_IRREGULAR: Final = (
    "became began bore born bought bound broke broken brought built came caught chose chosen dealt "
    "did died drank drew drove eaten ate fallen fed fell felt flew flown forgot fought forgotten "
    "found gave given gone went got grew grown heard held hid hurt kept knew known laid led left "
    "lent let lost made meant met paid put ran rang read risen rose said sang sank sat saw sent "
    "set shot shown shut slept sold sought spent spoke spoken spread stolen stole stood struck "
    "swam swore taken taught thought threw told took understood withdrew woke won wore worn "
    "written wrote"
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


VERBS: Final = _words(_VERBS)
BASE_VERBS: Final = _words(f"{_VERBS} {_ALSO_NOUNS}")
FINITE_VERBS: Final = frozenset(
    form for verb in f"{_VERBS} {_ALSO_NOUNS}".split() for form in _inflected(verb)
) | _words(_IRREGULAR)
"""Third persons and pasts. Many are plural nouns as well, or stand before a noun."""

PAST_VERBS: Final = frozenset(each for each in FINITE_VERBS if each.endswith("ed")) | _words(
    _IRREGULAR
)

ORDERS: Final = _words("tell describe explain list show give name compare discuss summarise find")
"""What a request begins with that is no question."""

NO_ADVERBS: Final = _words(
    "family supply reply ally july italy bully assembly anomaly fly jelly belly butterfly ugly "
    "elderly friendly likely early daily weekly monthly yearly lively lonely lovely holy monopoly"
)
"""They end in -ly all the same."""

PLURALS: Final = _words(
    "people children men women police parents staff those mice feet teeth geese data media "
    "criteria phenomena bacteria them they these youth cattle"
)
"""Nouns that are plural without an s."""

SINGULARS: Final = _words(
    "news series species politics economics mathematics physics athletics gas bus bias lens "
    "its this is was has does always sometimes perhaps us cancer"
)
"""Nouns that are singular in spite of theirs."""

MALE: Final = _words(
    "he him his himself mr sir lord king prince duke father dad husband son brother uncle nephew "
    "grandfather grandson man boy gentleman actor chairman businessman spokesman policeman fireman "
    "widower bishop pope monk emperor baron"
)
FEMALE: Final = _words(
    "she her hers herself mrs ms miss dame lady queen princess duchess mother mum mom wife "
    "daughter sister aunt niece grandmother granddaughter woman girl actress chairwoman "
    "businesswoman spokeswoman policewoman widow nun empress baroness"
)
_PERSONS: Final = _words(
    "person adult child kid baby teenager pupil student teacher headteacher professor lecturer "
    "scientist researcher inventor author writer poet novelist journalist reporter editor "
    "publisher director manager chair chairperson chief boss executive commissioner inspector "
    "inspector officer official councillor councilor mayor leader deputy minister secretary "
    "president politician senator governor candidate mp ambassador diplomat judge lawyer solicitor "
    "barrister magistrate prosecutor victim suspect witness defendant killer murderer attacker "
    "thief prisoner driver passenger pilot captain soldier general colonel sergeant commander "
    "detective constable policeman doctor nurse surgeon patient dentist therapist carer worker "
    "employee employer founder owner landlord tenant resident citizen neighbour neighbor farmer "
    "builder engineer architect artist painter sculptor composer musician singer songwriter "
    "guitarist drummer dancer actor comedian performer presenter producer star celebrity player "
    "footballer striker goalkeeper defender midfielder coach trainer referee athlete swimmer "
    "runner cyclist boxer winner champion loser hero villain character chef cook waiter priest "
    "vicar rabbi imam saint philosopher historian economist spokesperson parent grandparent "
    "sibling cousin friend partner colleague successor predecessor creator designer explorer "
    "astronaut emperor heir guest host visitor tourist customer client volunteer activist "
    "campaigner protester lecturer consultant adviser advisor expert analyst head who somebody "
    "someone anybody anyone nobody everyone children people men women parents police"
)
PERSONS: Final = MALE | FEMALE | _PERSONS
BODIES: Final = _words(
    "council government authority department ministry office agency commission committee board "
    "parliament senate congress court police force army navy service services company corporation "
    "firm business bank group association society union federation league club team band "
    "orchestra party university college school academy institute hospital trust charity "
    "foundation church museum newspaper network channel station studio ltd limited plc inc llc co "
    "corp cabinet administration organisation organization watchdog ofsted nhs bbc un eu nato"
)
PLACES: Final = _words(
    "place city town village country county borough district region state province capital area "
    "neighbourhood neighborhood island continent street road square park river lake sea ocean "
    "mountain valley hill forest desert coast beach airport station building house home castle "
    "palace bridge centre center stadium venue hall site world earth"
)
TIMES: Final = _words(
    "year month week day decade century hour minute time date season term january february march "
    "april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday spring summer autumn winter morning afternoon evening night "
    "today yesterday tomorrow period era moment"
)
AMOUNTS: Final = _words(
    "number figure total amount percentage proportion share rate sum count level score"
)

OWNED: Final = _words(
    "address advantage age aim ambition appearance argument aspect author background basis "
    "beginning benefit budget capital career cast cause challenge chance characteristic child "
    "childhood climate color colour component composition con conclusion condition consequence "
    "construction content cost creation creator criticism culture cure currency death definition "
    "degree density depth design destination development diameter difference disadvantage "
    "discovery downside drawback duration duty economy education effect end ending environment "
    "evidence explanation factor feature finding flag formation founder frequency function future "
    "goal habitat height history idea impact implication importance inhabitant intention inventor "
    "language layer leader legacy length lifespan limitation location lyric meaning member message "
    "method mission motivation motive motto name nature nickname objective opponent origin outcome "
    "owner part plot population price pro process property purpose quality rate reaction reason "
    "recommendation religion requirement response responsibility result reward risk role root rule "
    "salary score sequel setting shape side significance similarity size solution source speed "
    "stage step strength structure style subject subtype successor symptom target temperature term "
    "test theme title topic treatment trigger type use value version victim weakness weight width "
    "winner work address mascot slogan anthem"
)
"""Nouns that are somebody's or something's: "the main themes" are the themes of something."""

SUPERLATIVES: Final = _words(
    "first second third last next best worst most least biggest largest smallest oldest youngest "
    "newest latest longest shortest tallest highest lowest fastest slowest deepest earliest "
    "richest poorest strongest weakest heaviest greatest nearest closest cheapest"
)

_MEN: Final = (
    "aaron abdul adam adrian ahmed alan albert alex alexander alfred ali allan allen amir andrew "
    "andy anthony antonio arthur barry ben benjamin bernard bill bob boris brad brian bruce carl "
    "carlos charles charlie chris christopher clive colin craig cyril damian daniel darren dave "
    "david dean dennis derek desmond dominic don donald douglas duncan dwayne edgar edmund eduardo "
    "edward elliot eric ernest eugene felix fernando francis frank franklin fred frederick gareth "
    "gary gavin geoff geoffrey george gerald gilbert glen glenn gordon graham greg gregory guy "
    "hamish harold harry harvey hassan henry herbert howard hugh hugo hussein ian ibrahim isaac "
    "ivan jack jacob jake james jason jay jeff jeffrey jeremy jerry jim jimmy joe joel john johnny "
    "jon jonathan jose joseph joshua juan julian justin karl keith ken kenneth kevin kieran kurt "
    "lance larry lawrence lee leo leon leonard leonardo leslie lewis liam louis lucas luis luke "
    "malcolm marc marcus mario mark martin matt matthew maurice max michael miguel mike mohamed "
    "mohammad mohammed muhammad nathan neil nelson nicholas nick nigel noel norman oliver oscar "
    "owen patrick paul pedro percy peter phil philip phillip pierre quentin ralph ray raymond "
    "richard rob robert robin rodney roger roland ron ronald rory ross roy rupert russell ryan "
    "salman sam samuel scott sean sebastian shane sidney simon spencer stan stanley stephen steve "
    "steven stuart ted terence terry theodore thomas tim timothy toby todd tom tommy tony trevor "
    "victor vincent vladimir walter warren wayne wilfred will william winston yusuf zachary"
)
_WOMEN: Final = (
    "abigail ada adele agatha agnes aisha alexandra alice alicia alison amanda amber amelia amy "
    "andrea angela angelina anita ann anna anne annie audrey barbara beatrice becky bella bernice "
    "beth betty beyonce beyoncé bonnie brenda bridget camilla carol caroline carolyn catherine "
    "cathy cecilia celia charlotte chelsea cheryl chloe christina christine cindy claire clara "
    "claudia cynthia dawn deborah debra denise diana diane dolores donna dora doris dorothy "
    "edith eileen elaine eleanor elena elisabeth elizabeth ella ellen elsie emily emma erica erin "
    "esther eva eve evelyn faith fatima felicity fiona florence frances freya gail gemma georgina "
    "geraldine gillian gina gladys gloria grace greta hannah harriet hayley hazel heather heidi "
    "helen helena hilary hillary holly ida imogen indira irene iris isabel isabella isobel ivy "
    "jacqueline jane janet janice jasmine jean jenna jennifer jenny jessica jill joan joanna joanne "
    "jodie josephine joy joyce judith judy julia julie june karen kate katherine kathleen kathryn "
    "katie kay kelly kerry kim kirsty kylie laura lauren leah lena lillian lily linda lisa liz "
    "lois lorraine louise lucy lydia lynn madeleine mandy margaret maria marie marilyn marion "
    "marjorie martha mary matilda maureen maxine megan melanie melissa mercedes mia michelle "
    "mildred miriam moira molly monica nadia nancy naomi natalie natasha nicola nicole nina nora "
    "norma olga olive olivia pamela patricia paula pauline peggy penelope penny phoebe phyllis "
    "polly priti priya rachel rebecca rhoda rita rosa rosalind rose rosemary rosie ruby ruth sadie "
    "sally samantha sandra sara sarah serena sharon sheila shirley silvia sonia sophia sophie "
    "stella stephanie sue susan susanna suzanne sylvia tamara tanya teresa tess tessa theresa tina "
    "tracey tracy ursula valerie vanessa vera veronica victoria violet virginia vivian vivien "
    "wendy wilma winifred yasmin yvonne zara zoe"
)
ADJECTIVES: Final = _words(
    "able afraid alive allowed angry available aware bad better big bigger broad busy careful cheap "
    "clean clear close closed cold common complex correct current dangerous dark dead deep "
    "different difficult dirty dry early easier easy effective empty endangered equal essential "
    "ethical expensive famous fast few fine foreign free fresh full good great guilty happy hard "
    "harder harmful healthy heavy high hot huge ill illegal important independent inferior innocent "
    "known large larger late legal less likely local long longer low main major minor modern more "
    "narrow necessary new nice normal obvious old older open poor popular possible present pregnant "
    "prepared public quick rare ready real recent related reliable responsible rich right sad safe "
    "safer same serious short sick significant similar simple slow small smaller special strange "
    "strict strong successful such sure tall toxic treatable true typical unique unknown unusual "
    "useful usual valid vulnerable warm weak wealthy well wet white wide wild worth wrong young "
    "younger black blue brown green red yellow"
)
"""Those that often end a question: "Is the disease treatable?"."""

MEN: Final = _words(_MEN)
WOMEN: Final = _words(_WOMEN)
"""First names in common use, as evidence that a name is a person's, and whom a pronoun can mean."""
