"""Learn what a reader's scores are worth, from questions asked of whole archives.

\b
    python -m training.calibrate DATA --config training/config.toml --to models/reader

Builds an archive of each set that the config names under [calibrate.sets], asks its questions of
all of it, a third of them without an answer there, and writes calibration.json into the folder:
how spans are ranked, and how likely the best of them is right. Prints figures for each set, got
with weights that were fitted on the others.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import numpy as np
import numpy.typing as npt
from rich.progress import Progress
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from index.archive import Archive
from index.errors import BadQuestionSet
from index.types import Document
from qa.abstention import figures_of_confidence
from qa.agreement import compare
from qa.calibration import Calibration
from qa.confidence import features
from qa.defaults import TOP_K
from qa.evaluate_squad import throw_away_archive
from qa.read import Reader
from qa.retrieve import retrieve
from qa.scorers import OnnxScorer
from qa.settings import Settings
from qa.span_reader import SpanReader
from qa.squad import SquadQuestion, read_squad
from qa.types import Reading, ScoredSpan
from qa.weights import Weights
from training.commands import config_option, run
from training.config import Calibrating, read_config
from training.near_miss import near_miss
from training.prepare import holds, untitled

RANK: Final = ("span", "passage", "lexical", "dense", "rank", "words")
CONFIDENCE: Final = ("best", "margin")
"""What else `qa.confidence` offers made confidence no better on any set that it was not fitted on,
and worse calibrated: the best score holds retrieval's and the reader's measures already."""
UNRANKED: Final = Weights({"span": 1.0}, 0.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, what was read for it, and which spans are right; none: not in the archive.

    A span that says what the answer says in another document may be right or not: it is `None`.
    """

    set: str
    question: str
    spans: tuple[ScoredSpan, ...]
    right: tuple[bool | None, ...]


@click.command(name="calibrate", help=__doc__)
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@config_option
@click.option(
    "--to",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The reader's folder.",
)
def calibrate(data: Path, config: Path, folder: Path) -> None:
    """Write the calibration."""
    wanted = read_config(config)
    how = wanted.calibrate
    draw = random.Random(wanted.seed)
    asked: list[Asked] = []
    with Progress() as bar:
        task = bar.add_task("asking", total=how.questions * len(how.sets))
        for name in how.sets:
            for each in ask(data / f"{name}.json.gz", folder, how, draw):
                asked.append(each)
                bar.advance(task)
    for name in how.sets:
        others = [each for each in asked if each.set != name]
        own = [each for each in asked if each.set == name]
        click.echo(f"{name}: {report(fit(others), own)}")
    calibration = fit(asked)
    calibration.save(folder)
    click.echo(f"all: {report(calibration, asked)}")


def ask(path: Path, folder: Path, how: Calibrating, draw: random.Random) -> Iterator[Asked]:
    """Ask questions of a set of the archive of its contexts; a share of them in vain."""
    contexts = untitled(read_squad(path))
    draw.shuffle(contexts)
    contexts = contexts[: how.contexts]
    pool = [(at, q) for at, each in enumerate(contexts) for q in each.questions if q.spans]
    pool = draw.sample(pool, min(how.questions, len(pool)))
    others = [q.question for _, q in pool]
    with throw_away_archive(Settings(embedder=how.embedder)) as archive:
        archive.add_documents(
            Document(source=str(at), text=each.text, title=each.title)
            for at, each in enumerate(contexts)
        )
        reader = SpanReader(
            OnnxScorer(folder),
            UNRANKED,
            archive.document_frequencies,
            lambda: archive.passage_count,
        )
        for at, question in pool:
            text, gone = question.question, False
            chance = draw.random() / how.unanswerable
            if chance < 0.5:  # what is asked about has changed
                text_or_none = near_miss(
                    text, contexts[at].text, question.answers, draw.sample(others, 5), draw
                )
                text, gone = (text, True) if text_or_none is None else (text_or_none, False)
            elif chance < 1.0:  # what answers it is not there
                gone = True
            without = question if gone else None
            spans = _read(archive, reader, text, without)
            right = _right(spans, str(at), question) if chance >= 1.0 else (False,) * len(spans)
            if spans:
                yield Asked(path.name.partition(".")[0], text, spans, right)


def fit(asked: Sequence[Asked]) -> Calibration:
    """Fit both regressions; every set counts alike."""
    rows = [
        (dict(span.evidence), right, each.set)
        for each in asked
        for span, right in zip(each.spans, each.right, strict=True)
        if right is not None
    ]
    rank = _regression(RANK, rows)
    ranked = [_ranked(rank, each) for each in asked]
    found = [
        (_features(each, reading), bool(right[0]), each.set)
        for each, (reading, right) in zip(asked, ranked, strict=True)
        if right[0] is not None
    ]
    return Calibration(rank, _regression(CONFIDENCE, found))


def report(calibration: Calibration, asked: Sequence[Asked]) -> str:
    """Return figures for questions, as one line."""
    right, answerable, confidence, could = [], [], [], []
    for each in asked:
        reading, labels = _ranked(calibration.rank, each)
        right.append(bool(labels[0]))
        answerable.append(any(each.right))
        could.append(any(each.right))
        confidence.append(calibration.confidence.probability(_features(each, reading)))
    found = figures_of_confidence(np.asarray(confidence), np.asarray(right), np.asarray(answerable))
    shown = "  ".join(f"{name} {value}" for name, value in found.items())
    first = float(np.mean([r for r, a in zip(right, answerable, strict=True) if a]))
    return f"n {len(asked)}  right first {first:.3f}  {shown}"


def _read(
    archive: Archive, reader: Reader, text: str, without: SquadQuestion | None
) -> tuple[ScoredSpan, ...]:
    vector = archive.embedder.encode_question(text)
    found = retrieve(archive, text, vector, TOP_K if without is None else 3 * TOP_K)
    if without is not None:
        found = tuple(each for each in found if not holds(each.passage, without.answers))
    return reader.read(text, found[:TOP_K]).spans


def _right(
    spans: Sequence[ScoredSpan], source: str, question: SquadQuestion
) -> tuple[bool | None, ...]:
    said = [each.casefold() for each in question.answers]

    def judge(scored: ScoredSpan) -> bool | None:
        if scored.candidate.document.source == source:
            return any(
                scored.span.start < each.end and each.start < scored.span.end
                for each in question.spans
            )
        return None if scored.span.cut(scored.candidate.document.text).casefold() in said else False

    return tuple(judge(each) for each in spans)


def _ranked(rank: Weights, asked: Asked) -> tuple[Reading, list[bool | None]]:
    scored = [
        (ScoredSpan(each.candidate, each.span, rank.weigh(dict(each.evidence)), each.evidence), ok)
        for each, ok in zip(asked.spans, asked.right, strict=True)
    ]
    scored.sort(key=lambda pair: -pair[0].score)
    return Reading(tuple(each for each, _ in scored), 0.0), [ok for _, ok in scored]


def _features(asked: Asked, reading: Reading) -> dict[str, float]:
    agreeing, rivals = compare(reading.spans)
    next_score = max((each.score for each in rivals), default=None)
    return features(asked.question, reading, next_score, agreeing)


def _regression(
    names: Sequence[str], rows: Sequence[tuple[dict[str, float], bool, str]]
) -> Weights:
    """Fit on standardised measures, and return the weights of the measures as they are."""
    table = np.asarray([[row[name] for name in names] for row, _, _ in rows])
    labels = np.asarray([right for _, right, _ in rows])
    if len(set(labels.tolist())) < 2:
        raise BadQuestionSet(
            "all that was read is right, or all of it wrong; name other sets under [calibrate]"
        )
    sets = [name for _, _, name in rows]
    share: npt.NDArray[np.float64] = np.asarray([1 / sets.count(name) for name in sets])
    scaler = StandardScaler().fit(table)
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(scaler.transform(table), labels, sample_weight=share * len(rows) / len(set(sets)))
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - weights @ scaler.mean_)
    return Weights(
        {name: round(float(each), 4) for name, each in zip(names, weights, strict=True)},
        round(bias, 4),
    )


if __name__ == "__main__":
    run(calibrate)
