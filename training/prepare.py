"""SQuAD-format sets -> training examples, with unanswerable ones made by the project's retriever.

\b
    python -m training.prepare DATA --config training/config.toml --to WORK

DATA holds NAME.json.gz for every set in the config. Writes WORK/examples.jsonl.gz: a line is a
question with the passages that it is asked of, each with the answer's places, none where there is
no answer.
"""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from index.archive import Archive
from index.errors import BadQuestionSet
from index.terms import terms
from index.types import Document, Passage, Span
from qa.evaluate_squad import throw_away_archive
from qa.retrieve import retrieve
from qa.settings import Settings
from qa.squad import SquadContext, SquadQuestion, read_squad
from training.commands import config_option, run
from training.config import Preparing, SetShare, read_config
from training.near_miss import names, near_miss


@click.command(help=__doc__)
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@config_option
@click.option(
    "--to",
    "work",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="A folder for the examples, and for all that is made of them.",
)
def prepare(data: Path, config: Path, work: Path) -> None:
    """Write the examples."""
    wanted = read_config(config)
    paths = {name: data / f"{name}.json.gz" for name in wanted.sets}
    for name, path in paths.items():
        if not path.is_file():
            raise BadQuestionSet(f"there is no {path}; add it, or take {name} out of {config}")
    work.mkdir(parents=True, exist_ok=True)
    draw = random.Random(wanted.seed)
    made: list[dict[str, Any]] = []
    with Progress() as bar:
        task = bar.add_task("preparing", total=len(paths))
        for name, path in paths.items():
            contexts = untitled(read_squad(path))
            made += _examples(name, contexts, wanted.sets[name], wanted.prepare, draw)
            bar.advance(task)
    draw.shuffle(made)
    partial = work / "examples.partial"
    with gzip.open(partial, "wt", encoding="utf-8") as file:
        for each in made:
            file.write(json.dumps(each, ensure_ascii=False) + "\n")
    partial.replace(work / "examples.jsonl.gz")
    for name in paths:
        kinds = Counter(each["kind"] for each in made if each["set"] == name)
        click.echo(f"{name}: " + ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())))


def _examples(
    name: str,
    contexts: Sequence[SquadContext],
    share: SetShare,
    how: Preparing,
    draw: random.Random,
) -> Iterator[dict[str, Any]]:
    asked = [(at, each) for at, context in enumerate(contexts) for each in context.questions]
    draw.shuffle(asked)
    asked = asked[: share.questions]
    others = [each.question for _, each in asked]
    with throw_away_archive(Settings(embedder=how.embedder)) as archive:
        stored = archive.add_documents(
            Document(source=str(at), text=each.text, title=_title(each, how.titles, draw))
            for at, each in enumerate(contexts)
        )
        documents = {int(each.source): each for each in stored}
        passages = _passages(archive, documents)
        for at, question in asked:
            document = documents[at]
            here = _cut(document, passages[document.id], question.spans, how, draw)
            if here is None:
                continue  # the answer crosses a break between passages
            typed = _typed(question.question, how, draw)
            example = {"set": name, "question": typed, "passages": [here]}
            if not question.spans:
                yield {**example, "kind": "unanswerable"}
                continue
            if draw.random() < share.negatives:
                rival = _rival(archive, document, question, how, draw)
                if rival is not None:
                    example["passages"] = [here, rival]
            yield {**example, "kind": "answerable"}
            if draw.random() < share.near_misses:
                text = here["text"]
                missed = near_miss(
                    question.question, text, question.answers, _some(others, draw), draw
                )
                if missed is not None:
                    without = {**here, "answers": []}
                    yield {
                        "set": name,
                        "kind": "near miss",
                        "question": _typed(missed, how, draw),
                        "passages": [without],
                    }


def untitled(contexts: list[SquadContext]) -> list[SquadContext]:
    """Take away a title that all contexts have: it is the set's own."""
    shared = len({each.title for each in contexts}) == 1
    return [replace(each, title="") for each in contexts] if shared else contexts


def _title(context: SquadContext, share: float, draw: random.Random) -> str:
    """Return the title, or for a share of texts without one the name that they hold most often."""
    if context.title or draw.random() > share:
        return context.title
    answers = {each.casefold() for q in context.questions for each in q.answers}
    held = Counter(each for each in names(context.text) if each.casefold() not in answers)
    return held.most_common(1)[0][0] if held else ""


def _passages(archive: Archive, documents: dict[int, Document]) -> dict[int, list[Passage]]:
    found: dict[int, list[Passage]] = {each.id: [] for each in documents.values()}
    loaded = archive.store.passages(archive.store.passage_ids())
    for _, (passage, document) in sorted(loaded.items()):
        found[document.id].append(passage)
    return found


def _cut(
    document: Document,
    passages: Sequence[Passage],
    answers: Sequence[Span],
    how: Preparing,
    draw: random.Random,
) -> dict[str, Any] | None:
    """Return a run of sentences of one passage, with the answers in it, or None if it has none."""
    if answers:
        passages = [
            each
            for each in passages
            if any(Span(each.start, each.end).holds(span) for span in answers)
        ]
    if not passages:
        return None
    passage = draw.choice(list(passages))
    own = [each for each in answers if Span(passage.start, passage.end).holds(each)]
    kept = (
        min((each.start for each in own), default=passage.start),
        max((each.end for each in own), default=passage.start + 1),
    )
    sentences = passage.sentences
    touched = [n for n, s in enumerate(sentences) if s.start < kept[1] and kept[0] < s.end]
    if not touched:
        return None
    first, last = touched[0], touched[-1]
    room = draw.randint(how.shortest, how.longest)
    lengths = [len(each.cut(document.text)) / 4.5 for each in sentences]
    while sum(lengths[first : last + 1]) < room and (first > 0 or last + 1 < len(sentences)):
        if first > 0 and (last + 1 == len(sentences) or draw.random() < 0.5):
            first -= 1
        else:
            last += 1
    # An answer may begin or end with the space between two sentences.
    start, end = min(kept[0], sentences[first].start), max(kept[1], sentences[last].end)
    return {
        "title": document.title,
        "text": document.text[start:end],
        "answers": sorted({(each.start - start, each.end - start) for each in own}),
    }


def _rival(
    archive: Archive,
    document: Document,
    question: SquadQuestion,
    how: Preparing,
    draw: random.Random,
) -> dict[str, Any] | None:
    """Return one of the passages that the retriever ranks best, of those without the answer."""
    vector = archive.embedder.encode_question(question.question)
    wrong = [
        each
        for each in retrieve(archive, question.question, vector, how.ranks)
        if not holds(each.passage, question.answers)
    ]
    if not wrong:
        return None
    chosen = draw.choice(wrong)
    found = _cut(chosen.document, [chosen.passage], (), how, draw)
    if found is not None and document.title == "":
        found["title"] = draw.choice(["", found["title"]])
    return found


def holds(passage: Passage, answers: Sequence[str]) -> bool:
    """Say whether a passage has an answer in it, letter for letter or by its content words."""
    said = [set(terms(each)) for each in answers]
    text = passage.text.casefold()
    words = set(terms(passage.text))
    return any(each.casefold() in text for each in answers) or any(
        each and each <= words for each in said
    )


def _typed(question: str, how: Preparing, draw: random.Random) -> str:
    """Return the question as somebody in a hurry might type it, now and then."""
    chance = draw.random()
    if chance < how.typos and len(question) > 12:
        at = draw.randrange(3, len(question) - 2)
        swapped = question[:at] + question[at + 1] + question[at] + question[at + 2 :]
        return draw.choice([swapped, question[:at] + question[at + 1 :]])
    if chance < how.typos + how.keywords:
        small = r"\b(?:the|an?|of|in|on|to|did|does|do|was|were|is|are|for|by|at|with)\b"
        return " ".join(re.sub(small, " ", question.rstrip("?"), flags=re.I).split())
    return question.rstrip("?") if chance > 0.95 else question


def _some(others: Sequence[str], draw: random.Random) -> list[str]:
    return [draw.choice(others) for _ in range(5)]


if __name__ == "__main__":
    run(prepare)
