"""Cuttings beside the plain design, in turns, in one run: only ratios carry over to other machines.

    python benchmarks/speed.py --documents 200

The plain design is what one writes first: sentence-transformers embeds every sentence, and the
sentence nearest to the question is the answer. It neither searches for words nor weighs what it
found, and it always answers.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

import click
import numpy as np

from index.embed import FAKE_MODEL, FakeEmbedder, Vectors
from index.export import check_passages
from index.intake import embedded_texts
from index.models import DEFAULT_MODEL, DEFAULT_PACKAGE
from index.passages import sentences
from index.walk import walk
from qa.opening import open_answerer, open_for_adding
from qa.question_set import Question, read_questions
from qa.settings import Settings, read_settings

ROOT: Final = Path(__file__).parents[1]
ADDED: Final = 20
"""Documents added in each round."""

LEGEND: Final = (
    "The best rounds, their ratio, and the median of all rounds' ratios; above 1, Cuttings leads."
)

Encode: TypeAlias = Callable[[list[str]], Vectors]

ASK: Final = """
import sys
from qa.cli import cli
cli.main(sys.argv[1:], standalone_mode=False)
import psutil
print(psutil.Process().memory_info().rss, file=sys.stderr)
"""
"""A process that does what `qa ask` does, and says how much memory it holds after the answer."""

ASK_PLAIN: Final = """
import json, sys
from pathlib import Path
import numpy as np
folder, model, question = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
if model == "fake":
    from index.embed import FakeEmbedder
    encode = FakeEmbedder().encode
else:
    from sentence_transformers import SentenceTransformer
    encode = SentenceTransformer(model, device="cpu").encode
sentences = json.loads((folder / "sentences.json").read_text("utf-8"))
vectors = np.load(folder / "vectors.npy")
print(sentences[int(np.argmax(vectors @ encode([question])[0]))])
import psutil
print(psutil.Process().memory_info().rss, file=sys.stderr)
"""
"""The same for the plain design."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what each round measured for either side."""

    what: str
    unit: str
    ours: Sequence[float]
    plain: Sequence[float]
    more_is_better: bool = False

    @property
    def best(self) -> tuple[float, float]:
        """Either side's best round: on a machine with other work to do, the least disturbed one."""
        pick = max if self.more_is_better else min
        return pick(self.ours), pick(self.plain)

    @property
    def ratios(self) -> tuple[float, float]:
        """The ratio of the best rounds, and the median of all; above 1, Cuttings leads."""
        best_ours, best_plain = self.best
        found = [best_ours / best_plain, float(np.median(np.divide(self.ours, self.plain)))]
        first, second = found if self.more_is_better else [1 / each for each in found]
        return first, second


class Plain:
    """The plain design: the best cosine is the answer."""

    def __init__(self, encode: Encode, texts: list[str]) -> None:
        """Embed every sentence."""
        self.encode = encode
        self.sentences = texts
        self.vectors = encode(texts)

    def ask(self, question: str) -> str:
        """Return the sentence nearest to `question`."""
        return self.sentences[int(np.argmax(self.vectors @ self.encode([question])[0]))]

    def save(self, folder: Path) -> None:
        """Write what `ASK_PLAIN` reads."""
        folder.mkdir()
        (folder / "sentences.json").write_text(json.dumps(self.sentences), "utf-8")
        np.save(folder / "vectors.npy", self.vectors)


@click.command()
@click.option("--documents", type=click.IntRange(1), default=200, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True)
@click.option("--questions", type=click.IntRange(1), help="Questions in a round.  [default: all]")
@click.option("--embedder", default=DEFAULT_MODEL, show_default=True)
@click.option("--cache", type=click.Path(path_type=Path), help="Folder of prepared models.")
def main(
    documents: int, rounds: int, questions: int | None, embedder: str, cache: Path | None
) -> None:
    """Measure and print the table."""
    asked = read_questions(ROOT / "tests" / "croydon.jsonl")[:questions]
    encode = plain_encoder(embedder)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = read_settings({"home": folder / "archive", "cache": cache, "embedder": embedder})
        texts = write_documents(folder / "articles", documents)
        with closing(open_for_adding(settings)) as archive:
            list(archive.add(list(walk([folder / "articles"], settings.home))))
            passages = archive.status().passages
        plain = Plain(encode, [each.cut(text) for text in texts for each in sentences(text)])
        plain.save(folder / "plain")
        found = [
            *asking(settings, plain, asked, rounds),
            adding(settings, folder, encode, rounds),
            *starting(settings, folder / "plain", asked[0].question, rounds),
        ]
    print(
        f"{documents} documents, {passages:,} passages, {len(plain.sentences):,} sentences; "
        f"{len(asked)} questions; {rounds} rounds\n"
    )
    print(table(found))


def asking(
    settings: Settings, plain: Plain, asked: Sequence[Question], rounds: int
) -> Iterator[Figure]:
    """Ask the same questions of both, in turns of a whole set."""
    answerer = open_answerer(settings)
    embedder = answerer.archive.embedder
    sides: dict[str, Callable[[Question], object]] = {
        "ours": lambda each: answerer.ask(each.question, each.history),
        "plain": lambda each: plain.ask(each.question),
        "our vector": lambda each: embedder.encode_question(each.question),
        "plain vector": lambda each: plain.encode([each.question]),
    }
    times: dict[str, list[list[float]]] = {name: [] for name in sides}
    with closing(answerer.archive):
        for at in range(rounds + 1):
            for name in _in_turns(list(sides), at):
                times[name].append([1000 * _seconds(sides[name], each) for each in asked])

    def part(name: str, share: float) -> list[float]:
        # The first round is for warming up.
        return [float(np.percentile(each, share)) for each in times[name][1:]]

    yield Figure("question to vector, p50", "ms", part("our vector", 50), part("plain vector", 50))
    yield Figure("question to answer, p50", "ms", part("ours", 50), part("plain", 50))
    yield Figure("question to answer, p95", "ms", part("ours", 95), part("plain", 95))


def adding(settings: Settings, folder: Path, encode: Encode, rounds: int) -> Figure:
    """Add files, reading, splitting and storing included, and only encode what was stored."""
    found = list(walk([folder / "articles"], settings.home))[:ADDED]
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    texts: list[str] = []

    def ours(at: int) -> None:
        home = folder / f"round-{at}"
        with closing(open_for_adding(settings.model_copy(update={"home": home}))) as archive:
            archive.embedder.encode(["The model is loaded now."])
            times["ours"].append(_seconds(lambda _: list(archive.add(found)), None))
            texts[:] = [
                text
                for document in archive.store.documents()
                for text in embedded_texts(document, archive.store.passages_of(document.id))
            ]

    def plain(_: int) -> None:
        times["plain"].append(_seconds(encode, texts))

    sides = {"ours": ours, "plain": plain}
    for at in range(rounds):
        # Round 0 has to begin with ours: it makes the texts.
        for name in _in_turns(list(sides), at):
            sides[name](at)
    return Figure(
        "adding",
        "passages/s",
        [len(texts) / each for each in times["ours"]],
        [len(texts) / each for each in times["plain"]],
        more_is_better=True,
    )


def starting(
    settings: Settings, plain_folder: Path, question: str, rounds: int
) -> Iterator[Figure]:
    """Start a process that answers one question and ends."""
    ours = [ASK, "ask", question, "--home", str(settings.home), "--cache", str(settings.cache)]
    plain = [ASK_PLAIN, str(plain_folder), plain_model(settings.embedder_name), question]
    sides = {"ours": ours, "plain": plain}
    spent: dict[str, list[float]] = {name: [] for name in sides}
    held: dict[str, list[float]] = {name: [] for name in sides}
    for at in range(rounds + 1):
        for name in _in_turns(list(sides), at):
            begun = time.perf_counter()
            ended = subprocess.run(
                [sys.executable, "-c", *sides[name]],
                capture_output=True,
                text=True,
                check=True,
                cwd=ROOT,
            )
            if at > 0:  # the first reads the files from the disk
                spent[name].append(time.perf_counter() - begun)
                held[name].append(int(ended.stderr.split()[-1]) / 1e6)
    yield Figure("process start to answer", "s", spent["ours"], spent["plain"])
    yield Figure("resident after an answer", "MB", held["ours"], held["plain"])


def table(found: Sequence[Figure]) -> str:
    """Return the figures as a table in Markdown."""
    lines = [
        "| what | unit | Cuttings | plain design | ratio | median ratio |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for each in found:
        shown = [f"{value:,.1f}" for value in each.best] + [f"{value:.2f}" for value in each.ratios]
        lines.append(f"| {' | '.join([each.what, each.unit, *shown])} |")
    return "\n".join([*lines, "", LEGEND])


def plain_model(name: str) -> str:
    """Return what sentence-transformers calls the model."""
    return str(files(DEFAULT_PACKAGE).joinpath("model")) if name == DEFAULT_MODEL else name


def plain_encoder(name: str) -> Encode:
    """Return what embeds texts for the plain design."""
    if name == FAKE_MODEL:
        return FakeEmbedder().encode
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(plain_model(name), device="cpu")

    def encode(texts: list[str]) -> Vectors:
        vectors: Vectors = model.encode(texts, show_progress_bar=False)
        return vectors

    return encode


def write_documents(folder: Path, number: int) -> list[str]:
    """Write that many documents: the seeds, then made-up ones; return their texts."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    draw = _made_up([*texts, *check_passages()])
    texts += [next(draw) for _ in range(number - len(texts))]
    folder.mkdir()
    for at, text in enumerate(texts[:number]):
        (folder / f"{at:06}.txt").write_text(text, "utf-8")
    return texts[:number]


def _made_up(real: Sequence[str]) -> Iterator[str]:
    """Yield articles drawn word by word from the pairs of words in real ones: never the same twice.

    Repeating real sentences would not do: a question would have its answer in every document.
    """
    draw = random.Random(0)
    after: dict[str, list[str]] = {}
    openings = []
    for text in real:
        for span in sentences(text):
            line = span.cut(text).split()
            openings.append(line[0])
            for word, following in pairwise(line):
                after.setdefault(word, []).append(following)
    while True:
        paragraphs = []
        for _ in range(7):
            made = []
            for _ in range(3):
                line = [draw.choice(openings)]
                while line[-1] in after and len(line) < 40 and not line[-1].endswith("."):
                    line.append(draw.choice(after[line[-1]]))
                made.append(" ".join(line).rstrip(".,;:") + ".")
            paragraphs.append(" ".join(made))
        yield "\n\n".join(paragraphs) + "\n"


def _in_turns(names: list[str], at: int) -> list[str]:
    """Let either side go first in turn."""
    return names if at % 2 == 0 else names[::-1]


def _seconds(work: Callable[[Any], object], on: Any) -> float:
    begun = time.perf_counter()
    work(on)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
