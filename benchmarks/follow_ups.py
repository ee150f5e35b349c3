"""How well follow-up questions are made to stand alone, and how often they then find their passage.

    python -m benchmarks.follow_ups --cast TOPICS.json RESOLVED.tsv --cread NEWS.json.gz
    python -m benchmarks.follow_ups --squad SET.json.gz

`--cast` takes the topics of TREC CAsT 2019 and their resolved form, `--cread` a file of CREAD:
people wrote down what each question would be on its own. A question that they changed needs help;
one that they did not is to be left alone. `--squad` takes a set in SQuAD's format, of which
follow-ups are made (see `benchmarks.follow_up_pairs`); its contexts are the archive that they are
asked of. For shifts of topic, each history there is followed by a question of another article,
which is to be left alone.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click

from benchmarks.follow_up_pairs import Pair, pairs
from index.archive import Archive
from qa.evaluate_squad import documents, throw_away_archive
from qa.follow_up import stand_alone
from qa.retrieve import retrieve
from qa.settings import Settings
from qa.squad import read_squad
from qa.types import Turn

CUTS: Final = (1, 10)
"""Recall is given for this many passages."""

_WORD: Final = re.compile(r"\w+|[^\w\s]")
_SPACED: Final = re.compile(r" (?=['’](?:s|re|ve|ll|d|m)\b|n't\b|[?.,!;:)])")


class Written(NamedTuple):
    """A question, the turns before it, and what people made of it; the same if it needs no help."""

    history: tuple[Turn, ...]
    question: str
    whole: str

    @property
    def needs_help(self) -> bool:
        """Whether people changed more of it than its marks."""
        return _key(self.question) != _key(self.whole)


def read_cast(topics: Path, resolved: Path) -> Iterator[Written]:
    """Yield CAsT's questions but the first of each topic, which has no history."""
    lines = resolved.read_text("utf-8").splitlines()
    whole = dict(each.split("\t", 1) for each in lines)
    for topic in json.loads(topics.read_text("utf-8")):
        asked: list[Turn] = []
        for each in topic["turn"]:
            question = each["raw_utterance"].strip()
            if asked:
                key = f"{topic['number']}_{each['number']}"
                yield Written(tuple(asked), question, whole[key].strip())
            asked.append(Turn(question))


def read_cread(path: Path) -> Iterator[Written]:
    """Yield CREAD's questions that were judged; what the assistant said is the turn's answer."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        dialogs = json.load(file)["dialogs"]
    for dialog in dialogs.values():
        turns: list[Turn] = []
        for each in dialog["turns"]:
            said = _SPACED.sub("", each["utterance"]).strip()
            if each["number"] % 2 == 0:
                turns[-1:] = [Turn(last.question, None, said) for last in turns[-1:]]
                continue
            if turns and each["graded"] and "?" in said:
                changed = _SPACED.sub("", each["rewritten_utterance"]).strip()
                yield Written(tuple(turns), said, changed if each["rewrite_required"] else said)
            turns.append(Turn(said))


def measure_written(name: str, asked: Sequence[Written]) -> str:
    """Return the figures for questions that people rewrote, as a line."""
    needy = [each for each in asked if each.needs_help]
    whole = [each for each in asked if not each.needs_help]
    made = [stand_alone(each.question, each.history) for each in needy]
    same = [_key(got.question) == _key(each.whole) for got, each in zip(made, needy, strict=True)]
    overlap = [_f1(got.question, each.whole) for got, each in zip(made, needy, strict=True)]
    raw = [_f1(each.question, each.whole) for each in needy]
    alone = [not stand_alone(each.question, each.history).rewritten for each in whole]
    return (
        f"{name}: {len(needy)} need help: {_share(each.rewritten for each in made)} get it, "
        f"{_share(same)} as people did; F1 {_share(overlap)}, unchanged {_share(raw)}; "
        f"{len(whole)} need none: {_share(alone)} left alone"
    )


def measure_squad(path: Path, limit: int, settings: Settings) -> list[str]:
    """Return the figures for follow-ups made of a SQuAD set, as lines."""
    contexts = read_squad(path)
    asked = list(pairs(contexts))[:limit]
    others = [asked[(at + len(asked) // 2) % len(asked)] for at in range(len(asked))]
    kept = [
        (each, other)
        for each, other in zip(asked, others, strict=True)
        if contexts[each.at].title != contexts[other.at].title
    ]
    made = [stand_alone(each.question, each.history).question for each in asked]
    shifted = [stand_alone(other.whole.question, each.history) for each, other in kept]
    same = [_key(text) == _key(each.whole.question) for text, each in zip(made, asked, strict=True)]
    alone = [not stand_alone(each.whole.question, each.history).rewritten for each in asked]
    lines = [
        f"{path.name}: {len(asked)} follow-ups, {_share(same)} as they were written; "
        f"{len(asked)} whole ones: {_share(alone)} left alone; "
        f"{len(kept)} after another topic: "
        f"{_share(not each.rewritten for each in shifted)} left alone"
    ]
    forms: dict[str, list[tuple[Pair, str]]] = {
        "raw": [(each, each.question) for each in asked],
        "last question and raw": [
            (each, f"{each.history[-1].question} {each.question}") for each in asked
        ],
        "rewritten": list(zip(asked, made, strict=True)),
        "as written": [(each, each.whole.question) for each in asked],
        "after another topic, as written": [(other, other.whole.question) for _, other in kept],
        "after another topic, rewritten": [
            (other, each.question) for (_, other), each in zip(kept, shifted, strict=True)
        ],
    }
    sources = [each.source for each in documents(contexts)]
    with throw_away_archive(settings, click.echo) as archive:
        archive.add_documents(documents(contexts))
        for name, questions in forms.items():
            ranks = [_rank(archive, sources[each.at], each, text) for each, text in questions]
            found = ", ".join(f"@{cut} {_share(rank < cut for rank in ranks)}" for cut in CUTS)
            lines.append(f"  {name}: {found}")
    return lines


def _rank(archive: Archive, source: str, asked: Pair, text: str) -> int:
    """Return how many passages come before the one of a document that holds the answer."""
    found = retrieve(archive, text, archive.embedder.encode_question(text), max(CUTS))
    for rank, candidate in enumerate(found):
        for each in (candidate, *candidate.twins):
            inside = (each.passage.start <= at.start < each.passage.end for at in asked.whole.spans)
            if each.document.source == source and any(inside):
                return rank
    return max(CUTS)


def _key(text: str) -> list[str]:
    """Return a question without its marks, articles and capitals."""
    return [each for each in re.findall(r"\w+", text.lower()) if each != "the"]


def _f1(first: str, second: str) -> float:
    one, other = (Counter(_WORD.findall(each.lower())) for each in (first, second))
    return 2 * (one & other).total() / (one.total() + other.total())


def _share(values: Iterable[float]) -> str:
    kept = [float(each) for each in values]
    return f"{sum(kept) / len(kept):.3f}" if kept else "-"


FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--cast", nargs=2, type=FILE, help="Topics and their resolved questions.")
@click.option("--cread", type=FILE, help="Dialogues of CREAD.")
@click.option("--squad", multiple=True, type=FILE, help="Sets in SQuAD's format.")
@click.option("--limit", default=400, show_default=True, help="Follow-ups made of each set.")
def main(
    cast: tuple[Path, Path] | None, cread: Path | None, squad: Sequence[Path], limit: int
) -> None:
    """Measure follow-ups on files that are not part of the project."""
    if cast is not None:
        click.echo(measure_written(cast[0].name, list(read_cast(*cast))))
    if cread is not None:
        click.echo(measure_written(cread.name, list(read_cread(cread))))
    for path in squad:
        for line in measure_squad(path, limit, Settings()):
            click.echo(line)


if __name__ == "__main__":
    main()
