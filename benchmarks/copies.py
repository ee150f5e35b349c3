"""How many copies of real articles are found, by kind of edit, and what else is taken for one.

    python benchmarks/copies.py SET.json.gz --texts 300

Takes question sets of the SQuAD format, for their contexts, or folders of text files. Every text is
paired with itself as edited in many ways, with others that share something with it, and with all
the others as they are. `keys`: the two meet in the table of keys; `found`: they are alike as well.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

import click

from index import copies
from index.passages import sentences
from qa.squad import read_squad

FEWEST_WORDS: Final = 60
"""Shorter texts are left out: a third of one would be too short to tell."""

HEADLINE: Final = "What we know so far, and what happens next\n\n"
LEAD: Final = (
    "More has become known about it today, as our own reporters were told on the telephone."
)
FOOTER: Final = (
    "Got a story for us? Ring the newsdesk or write to us at any time. All our articles are held "
    "to the editors' code; if you see a mistake, tell us and we will put it right. Copyright of "
    "this newspaper and its owners. Not to be copied without leave."
)

Sentences: TypeAlias = list[str]
Edit: TypeAlias = Callable[[Sentences, Sentences, random.Random], Sentences]
"""A text, another one to take from, and chance -> the text, edited."""

Ought: TypeAlias = Literal["yes", "either", "no"]
"""Whether two texts ought to pass for copies; `either` is counted neither for nor against."""


class Text(NamedTuple):
    """A text and its subject: texts of one title are about the same."""

    title: str
    text: str


class Pair(NamedTuple):
    """Two texts, and what they have to do with each other."""

    kind: str
    ought: Ought
    one: str
    two: str


def each_word(share: float, change: Callable[[str, random.Random], str]) -> Edit:
    """Return the edit that changes this share of the words."""

    def edit(own: Sentences, _other: Sentences, chance: random.Random) -> Sentences:
        def maybe(word: re.Match[str]) -> str:
            return change(word.group(), chance) if chance.random() < share else word.group()

        return [re.sub(r"\w+", maybe, sentence) for sentence in own]

    return edit


def mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + chance.choice("aeinrst") + word[at:]


def renumbered(word: str, chance: random.Random) -> str:
    return str(int(word) + chance.randint(1, 9)) if word.isdecimal() else word


def replaced(word: str, chance: random.Random) -> str:
    return f"{word}{chance.choice('aeinrst')}x"  # like a synonym: a word that stands nowhere else


def less_one(own: Sentences, _other: Sentences, chance: random.Random) -> Sentences:
    at = chance.randrange(len(own))
    return own[:at] + own[at + 1 :]


def plus_one(own: Sentences, other: Sentences, chance: random.Random) -> Sentences:
    at = chance.randrange(len(own) + 1)
    return [*own[:at], chance.choice(other), *own[at:]]


def cut(share: float) -> Edit:
    """Return the edit that keeps this share of the sentences, from the first on."""
    return lambda own, _other, _chance: own[: max(1, round(len(own) * share))]


def half_replaced(own: Sentences, other: Sentences, chance: random.Random) -> Sentences:
    half = len(own) // 2
    return own[:half] + each_word(0.5, replaced)(own[half:], other, chance)


EDITS: Final[dict[str, tuple[Ought, Edit]]] = {
    # What an editor does to agency copy in a minute.
    "as it was": ("yes", lambda own, _other, _chance: own),
    "a word in 50 mistyped": ("yes", each_word(0.02, mistyped)),
    "all numbers changed": ("yes", each_word(1, renumbered)),
    "a sentence less": ("yes", less_one),
    "a sentence more": ("yes", plus_one),
    "another headline": ("yes", lambda own, _other, _chance: [HEADLINE, *own]),
    "another lead": ("yes", lambda own, _other, _chance: [LEAD, *own[1:]]),
    "the last fifth cut off": ("yes", cut(0.8)),
    "a word in 20 replaced": ("yes", each_word(0.05, replaced)),
    # Heavier, but still the same words.
    "sentences shuffled": ("yes", lambda own, _other, chance: chance.sample(own, len(own))),
    "cut to a half": ("yes", cut(0.5)),
    # A matter of taste.
    "a word in 10 replaced": ("either", each_word(0.1, replaced)),
    "a word in 5 replaced": ("either", each_word(0.2, replaced)),
    "half of it rewritten": ("either", half_replaced),
    "cut to a third": ("either", cut(1 / 3)),
    "merged with another": ("either", lambda own, other, _chance: own + other),
    # No copies any more.
    "every second word replaced": ("no", each_word(0.5, replaced)),
    "a sentence quoted in another": ("no", lambda own, other, _chance: [own[0], *other]),
}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--texts", default=300, show_default=True, help="Texts drawn from each path.")
@click.option("--seed", default=0, show_default=True, help="Draws them, and what is edited.")
def main(paths: Sequence[Path], texts: int, seed: int) -> None:
    """Print how many pairs of each kind are found, in percent."""
    for path in paths:
        chance = random.Random(seed)
        long = [each for each in read(path) if len(each.text.split()) >= FEWEST_WORDS]
        drawn = chance.sample(long, min(texts, len(long)))
        print(f"{path.name}, {len(drawn)} texts\n")
        for line in table(made_pairs(drawn, chance)):
            print(line)
        print()


def read(path: Path) -> list[Text]:
    """Return the texts of a question set or a folder."""
    if path.is_dir():
        files = sorted(path.rglob("*.txt"))
        return [Text(each.name, each.read_text("utf-8")) for each in files]
    return [Text(each.title, each.text) for each in read_squad(path)]


def made_pairs(texts: Sequence[Text], chance: random.Random) -> Iterator[Pair]:
    """Yield every text with its edited selves, and with others."""
    split = [[span.cut(text) for span in sentences(text)] for _, text in texts]
    for at, own in enumerate(split):
        other = split[at - 1]
        for kind, (ought, edit) in EDITS.items():
            yield Pair(kind, ought, texts[at].text, " ".join(edit(own, other, chance)))
        yield Pair("the same footer", "no", *(" ".join([*each, FOOTER]) for each in (own, other)))
    for one, two in combinations(texts, 2):
        kind = "on the same subject" if one.title == two.title else "any others"
        yield Pair(kind, "no", one.text, two.text)


def table(pairs: Iterator[Pair]) -> Iterator[str]:
    """Yield the lines of a table: each kind of pair, then precision and recall over all."""
    counted: dict[tuple[str, Ought], list[tuple[bool, bool]]] = {}
    keys: dict[str, frozenset[int]] = {}
    for kind, ought, one, two in pairs:
        for text in (one, two):
            if text not in keys:
                keys[text] = frozenset(copies.bands(copies.signature(text)))
        meet = not keys[one].isdisjoint(keys[two])
        counted.setdefault((kind, ought), []).append((meet, meet and copies.alike(one, two)))
    yield "| pair | copies? | n | keys | found |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for (kind, ought), seen in counted.items():
        met, found = (100 * sum(each) / len(seen) for each in zip(*seen, strict=True))
        yield f"| {kind} | {ought} | {len(seen):,} | {met:.2f} | {found:.2f} |"
    of = {
        ought: [found for key, seen in counted.items() if key[1] == ought for _, found in seen]
        for ought in ("yes", "no")
    }
    right, wrong = sum(of["yes"]), sum(of["no"])
    yield (
        f"\nrecall {right / len(of['yes']):.4f} of {len(of['yes']):,}; "
        f"precision {right / (right + wrong):.4f}, {wrong} of {len(of['no']):,} others found"
    )


if __name__ == "__main__":
    main()
