"""First names in common use: a sign that a name is a person's, and of whom "he" or "she" means."""

from typing import Final

MEN: Final = frozenset(
    """
    aaron abdul adam adrian ahmed alan albert alex alexander alfred ali allan allen amir andrew
    andy anthony antonio arthur barry ben benjamin bernard bill bob boris brad brian bruce carl
    carlos charles charlie chris christopher clive colin craig cyril damian daniel darren dave
    david dean dennis derek desmond dominic don donald douglas duncan dwayne edgar edmund eduardo
    edward elliot eric ernest eugene felix fernando francis frank franklin fred frederick gareth
    gary gavin geoff geoffrey george gerald gilbert glen glenn gordon graham greg gregory guy
    hamish harold harry harvey hassan henry herbert howard hugh hugo hussein ian ibrahim isaac
    ivan jack jacob jake james jason jay jeff jeffrey jeremy jerry jim jimmy joe joel john johnny
    jon jonathan jose joseph joshua juan julian justin karl keith ken kenneth kevin kieran kurt
    lance larry lawrence lee leo leon leonard leonardo leslie lewis liam louis lucas luis luke
    malcolm marc marcus mario mark martin matt matthew maurice max michael miguel mike mohamed
    mohammad mohammed muhammad nathan neil nelson nicholas nick nigel noel norman oliver oscar
    owen patrick paul pedro percy peter phil philip phillip pierre quentin ralph ray raymond
    richard rob robert robin rodney roger roland ron ronald rory ross roy rupert russell ryan
    salman sam samuel scott sean sebastian shane sidney simon spencer stan stanley stephen steve
    steven stuart ted terence terry theodore thomas tim timothy toby todd tom tommy tony trevor
    victor vincent vladimir walter warren wayne wilfred will william winston yusuf zachary
    """.split()
)
WOMEN: Final = frozenset(
    """
    abigail ada adele agatha agnes aisha alexandra alice alicia alison amanda amber amelia amy
    andrea angela angelina anita ann anna anne annie audrey barbara beatrice becky bella bernice
    beth betty beyonce beyoncé bonnie brenda bridget camilla carol caroline carolyn catherine
    cathy cecilia celia charlotte chelsea cheryl chloe christina christine cindy claire clara
    claudia cynthia dawn deborah debra denise diana diane dolores donna dora doris dorothy edith
    eileen elaine eleanor elena elisabeth elizabeth ella ellen elsie emily emma erica erin esther
    eva eve evelyn faith fatima felicity fiona florence frances freya gail gemma georgina
    geraldine gillian gina gladys gloria grace greta hannah harriet hayley hazel heather heidi
    helen helena hilary hillary holly ida imogen indira irene iris isabel isabella isobel ivy
    jacqueline jane janet janice jasmine jean jenna jennifer jenny jessica jill joan joanna joanne
    jodie josephine joy joyce judith judy julia julie karen kate katherine kathleen kathryn katie
    kay kelly kerry kim kirsty kylie laura lauren leah lena lillian lily linda lisa liz lois
    lorraine louise lucy lydia lynn madeleine mandy margaret maria marie marilyn marion marjorie
    martha mary matilda maureen maxine megan melanie melissa mercedes mia michelle mildred miriam
    moira molly monica nadia nancy naomi natalie natasha nicola nicole nina nora norma olga olive
    olivia pamela patricia paula pauline peggy penelope penny phoebe phyllis polly priti priya
    rachel rebecca rhoda rita rosa rosalind rose rosemary rosie ruby ruth sadie sally samantha
    sandra sara sarah serena sharon sheila shirley silvia sonia sophia sophie stella stephanie sue
    susan susanna suzanne sylvia tamara tanya teresa tess tessa theresa tina tracey tracy ursula
    valerie vanessa vera veronica victoria violet virginia vivian vivien wendy wilma winifred
    yasmin yvonne zara zoe
    """.split()
)
