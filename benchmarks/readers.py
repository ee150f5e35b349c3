"""Our reader beside haystack's and txtai's: the same weights and passages, in turns, in one run.

\b
    python -m benchmarks.readers --reader models/reader --checkpoint FOLDER --squad SET.json.gz

All contexts of the set make one archive. Each of its questions is put to every reader with the
texts of the passages that our retriever finds. README.md says what has to be installed for this.
"""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import click
import numpy as np

from index.export import quietly
from index.models import DEFAULT_MODEL
from index.types import Span
from qa.abstention import auroc
from qa.defaults import TOP_K
from qa.evaluate_squad import documents, read_asked, throw_away_archive
from qa.progress import bar
from qa.retrieve import retrieve
from qa.scorers import CheckpointScorer, OnnxScorer, Scorer
from qa.settings import Settings, read_settings
from qa.span_reader import SpanReader
from qa.squad_measures import scores
from qa.weights import Weights

if TYPE_CHECKING:
    from torch import Tensor

NEEDED: Final = {"haystack_integrations": "transformers-haystack", "txtai": "txtai"}
"""What is imported of others, and the name under which it is installed."""

YARDSTICK: Final = "haystack"
"""The reader whose times all others' are held against."""

JOINED: Final = 3
"""Passages that txtai's own pipeline joins to one text for its reader, unless told otherwise."""


class Said(NamedTuple):
    """What a reader made of a question.

    `text` is its best answer, also where it would rather give none, and empty if it has none.
    `score` grows with how sure it is that there is an answer; None if it does not say.
    """

    text: str
    score: float | None
    withheld: bool


Read: TypeAlias = Callable[[str, Sequence[str]], Said]
"""A question and texts in, what is said out: all that is timed."""

Open: TypeAlias = Callable[[Path, Path], Read]
"""Opens a reader: ours from the first folder, others' from the second, which has a checkpoint."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the texts to read, and its right answers, none where there are none.

    `in_reach` says whether one of the texts holds an answer where the set has it.
    """

    question: str
    texts: tuple[str, ...]
    answers: tuple[str, ...]
    in_reach: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one reader: times in milliseconds, memory in MB, shares in percent.

    Ratios say how many times as fast as `YARDSTICK` it is; `median_ratio` is the median over
    questions. `em` and `f1` are of its best answers to the questions whose answer is in reach; of
    these it withheld `withheld_wrongly`, and of those that have no answer `withheld_rightly`.
    `auroc` is the chance that its score puts one of the first before one of the second.
    """

    p50: float
    p95: float
    p50_ratio: float
    p95_ratio: float
    median_ratio: float
    memory: float
    em: float | None
    f1: float | None
    withheld_wrongly: float | None
    withheld_rightly: float | None
    auroc: float | None


def ours_int8(reader: Path, _: Path) -> Read:
    """Open our reader as it is shipped."""
    return _ours(OnnxScorer(reader))


def ours_float(_: Path, checkpoint: Path) -> Read:
    """Open our reader on the very weights that all others read with."""
    return _ours(CheckpointScorer(str(checkpoint)))


def haystack(_: Path, checkpoint: Path) -> Read:
    """Open haystack's reader as it comes."""
    return _haystacks(_open_haystack(checkpoint))


def haystack_with_types(_: Path, checkpoint: Path) -> Read:
    """Open haystack's reader and tell its model which tokens are the passage's.

    By itself it tells no model so, though BERT is trained to be told.
    """
    reader = _open_haystack(checkpoint)
    model, separator = reader.model, reader.tokenizer.sep_token_id

    def forward(input_ids: "Tensor", attention_mask: "Tensor") -> Any:
        types = token_types(input_ids, separator)
        return model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=types)

    reader.model = forward
    return _haystacks(reader)


def txtai(_: Path, checkpoint: Path) -> Read:
    """Open txtai's reader for all texts, one by one, as it reads them.

    It does not say how good an answer is, so the first that it finds counts, in retrieval's order.
    """
    answer = _open_txtai(checkpoint)

    def read(question: str, texts: Sequence[str]) -> Said:
        found = [answer(question, each) for each in texts]
        said = next((each for each in found if each), "")
        return Said(said, None, withheld=not said)

    return read


def txtai_joined(_: Path, checkpoint: Path) -> Read:
    """Open txtai's reader for what its own pipeline would give it: the first few texts as one."""
    answer = _open_txtai(checkpoint)

    def read(question: str, texts: Sequence[str]) -> Said:
        said = answer(question, " ".join(texts[:JOINED]))
        return Said(said, None, withheld=not said)

    return read


READERS: Final[dict[str, Open]] = {
    "Cuttings, int8": ours_int8,
    "Cuttings, float": ours_float,
    YARDSTICK: haystack,
    "haystack, with token types": haystack_with_types,
    "txtai": txtai,
    f"txtai, {JOINED} passages as one": txtai_joined,
}


@click.command(help=__doc__)
@click.option("--reader", type=click.Path(exists=True, path_type=Path), required=True)
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The same weights as floats: what training.export --hugging-face writes.",
)
@click.option("--squad", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--questions", type=click.IntRange(1), default=50, show_default=True)
@click.option("--embedder", default=DEFAULT_MODEL, show_default=True)
@click.option("--cache", type=click.Path(path_type=Path), help="Folder of prepared models.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def main(
    reader: Path,
    checkpoint: Path,
    squad: Path,
    questions: int,
    embedder: str,
    cache: Path | None,
    *,
    as_json: bool,
) -> None:
    """Measure and print."""
    if missing := [each for module, each in NEEDED.items() if find_spec(module) is None]:
        raise click.ClickException(
            f"{' and '.join(missing)} missing; install with: pip install {' '.join(missing)}"
        )
    settings = read_settings({"cache": cache, "embedder": embedder})
    asked = retrieved(squad, settings, questions)
    # Before anything is loaded here: what one process holds, another may share.
    memory = {name: held_alone(name, reader, checkpoint, asked[0]) for name in READERS}
    times, said = in_turns(
        {name: opened(reader, checkpoint) for name, opened in READERS.items()}, asked
    )
    found = {
        name: figures(asked, times[name], times[YARDSTICK], said[name], memory[name])
        for name in READERS
    }
    counts = {
        "questions": len(asked),
        "texts": sum(len(each.texts) for each in asked),
        "answer_in_reach": sum(each.in_reach for each in asked),
        "without_answer": sum(not each.answers for each in asked),
        "cores": os.cpu_count(),
    }
    if as_json:
        shown = {name: asdict(each) for name, each in found.items()}
        print(json.dumps({**counts, "readers": shown}, indent=2))
    else:
        print(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items()))
        print(f"\n{speed_table(found)}\n\n{accuracy_table(found)}")


def retrieved(squad: Path, settings: Settings, limit: int) -> list[Asked]:
    """Draw questions from a set, and find the passages for each among all of its contexts.

    Raises:
        BadQuestionSet: see `qa.evaluate_squad.read_asked`.
        ModelError: the embedder cannot be loaded.
    """
    contexts, drawn = read_asked(squad, limit)
    given = documents(contexts)
    made = []
    with throw_away_archive(settings) as archive:
        archive.add_documents(given)
        for at, question in drawn:
            vector = archive.embedder.encode_question(question.question)
            found = retrieve(archive, question.question, vector, TOP_K)
            in_reach = any(
                each.document.source == given[at].source
                and Span(each.passage.start, each.passage.end).holds(span)
                for each in found
                for span in question.spans
            )
            texts = tuple(each.passage.text for each in found)
            made.append(Asked(question.question, texts, question.answers, in_reach))
    return made


def in_turns(
    readers: Mapping[str, Read], asked: Sequence[Asked]
) -> tuple[dict[str, list[float]], dict[str, list[Said]]]:
    """Put each question to all readers; return what each took, in milliseconds, and said."""
    times: dict[str, list[float]] = {name: [] for name in readers}
    said: dict[str, list[Said]] = {name: [] for name in readers}
    names = list(readers)
    for read in readers.values():
        read(asked[0].question, asked[0].texts)  # the first time, memory is found and code loaded
    with bar(len(asked)) as advance:
        for at, each in enumerate(asked):
            first = at % len(names)
            for name in (*names[first:], *names[:first]):
                begun = time.perf_counter()
                found = readers[name](each.question, each.texts)
                times[name].append(1000 * (time.perf_counter() - begun))
                said[name].append(found)
            advance()
    return times, said


def held_alone(name: str, reader: Path, checkpoint: Path, asked: Asked) -> float:
    """Return by how many MB a process grows that opens this reader and no other, and reads once."""
    # A forked process would begin with all that is in this one.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_growth, name, reader, checkpoint, asked).result()


def token_types(ids: "Tensor", separator: int) -> "Tensor":
    """Return 1 for a passage's tokens and the separator after them, else 0.

    Args:
        ids: int64, shape `(rows, tokens)`; a row is `[CLS] question [SEP] passage [SEP]`, padded.
        separator: the number of `[SEP]`.
    """
    ends = (ids == separator).long()
    return (ends.cumsum(1) - ends == 1).long()


def figures(
    asked: Sequence[Asked],
    times: Sequence[float],
    yardstick: Sequence[float],
    said: Sequence[Said],
    memory: float,
) -> Figures:
    """Return one reader's figures; all sequences have an item for each question."""
    pairs = list(zip(asked, said, strict=True))
    in_reach = [(each, found) for each, found in pairs if each.in_reach]
    without = [found for each, found in pairs if not each.answers]
    right = [scores(found.text, each.answers) for each, found in in_reach]
    # A reader gives a score to each question or to none.
    odds = [found.score for _, found in in_reach] + [found.score for found in without]
    ratings = np.asarray([each for each in odds if each is not None], dtype=np.float64)
    answerable = np.arange(len(ratings)) < len(in_reach)
    p50, p95 = np.percentile(times, [50, 95])
    slow50, slow95 = np.percentile(yardstick, [50, 95])
    return Figures(
        p50=float(p50),
        p95=float(p95),
        p50_ratio=float(slow50 / p50),
        p95_ratio=float(slow95 / p95),
        median_ratio=float(np.median(np.divide(yardstick, times))),
        memory=memory,
        em=_percent([each.em for each in right]),
        f1=_percent([each.f1 for each in right]),
        withheld_wrongly=_percent([found.withheld for _, found in in_reach]),
        withheld_rightly=_percent([found.withheld for found in without]),
        auroc=auroc(ratings, answerable) if ratings.size else None,
    )


def speed_table(found: Mapping[str, Figures]) -> str:
    """Return times and memory as a table in Markdown."""
    return _table(
        ["p50, ms", "p95, ms", "p50 ratio", "p95 ratio", "median ratio", "MB"],
        {
            name: [
                f"{each.p50:.0f}",
                f"{each.p95:.0f}",
                f"{each.p50_ratio:.2f}",
                f"{each.p95_ratio:.2f}",
                f"{each.median_ratio:.2f}",
                f"{each.memory:.0f}",
            ]
            for name, each in found.items()
        },
    )


def accuracy_table(found: Mapping[str, Figures]) -> str:
    """Return what was said as a table in Markdown."""
    return _table(
        ["EM", "F1", "withheld wrongly", "withheld rightly", "AUROC"],
        {
            name: [
                _shown(each.em, ".1f"),
                _shown(each.f1, ".1f"),
                _shown(each.withheld_wrongly, ".1f"),
                _shown(each.withheld_rightly, ".1f"),
                _shown(each.auroc, ".3f"),
            ]
            for name, each in found.items()
        },
    )


def _ours(scorer: Scorer) -> Read:
    # Ranking by the archive's words is the archive's business: here, all readers get texts alone.
    reader = SpanReader(scorer, Weights({}, 0.0), lambda terms: [0] * len(terms), lambda: 1)

    def read(question: str, texts: Sequence[str]) -> Said:
        readings = reader.read_texts(question, [("", each) for each in texts])
        _, best = max(
            (
                (span.score, span.span.cut(text))
                for text, reading in zip(texts, readings, strict=True)
                for span in reading.spans
            ),
            default=(0.0, ""),
        )
        odds = max(each.answerable for each in readings)
        return Said(best, odds, withheld=odds < 0)

    return read


def _open_haystack(checkpoint: Path) -> Any:
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # read when it is imported
    from haystack.utils import ComponentDevice
    from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

    with quietly():
        reader = TransformersExtractiveReader(
            str(checkpoint), device=ComponentDevice.from_str("cpu"), token=None
        )
        reader.warm_up()
    return reader


def _haystacks(reader: Any) -> Read:
    from haystack import Document

    def read(question: str, texts: Sequence[str]) -> Said:
        given = [Document(content=each) for each in texts]
        answers = reader.run(query=question, documents=given)["answers"]
        # "No answer" is among them, with a score of its own.
        best = next(each for each in answers if each.data is not None)
        return Said(best.data, best.score, withheld=answers[0].data is None)

    return read


def _open_txtai(checkpoint: Path) -> Callable[[str, str], str]:
    from txtai.pipeline import Questions

    with quietly():
        questions = Questions(str(checkpoint), gpu=False)

    def answer(question: str, text: str) -> str:
        try:
            return questions([question], [text])[0] or ""
        except TypeError:
            # It fails where the model points at a token that is not the passage's, which is how
            # models say that there is no answer.
            return ""

    return answer


def _growth(name: str, reader: Path, checkpoint: Path, asked: Asked) -> float:
    import psutil

    process = psutil.Process()
    before = process.memory_info().rss
    READERS[name](reader, checkpoint)(asked.question, asked.texts)
    return float(process.memory_info().rss - before) / 1e6


def _percent(shares: Sequence[float]) -> float | None:
    return 100 * float(np.mean(shares)) if shares else None


def _shown(value: float | None, form: str) -> str:
    return "—" if value is None else f"{value:{form}}"


def _table(columns: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    lines = [["reader", *columns], ["---", *("---:" for _ in columns)]]
    lines += [[name, *cells] for name, cells in rows.items()]
    return "\n".join(f"| {' | '.join(each)} |" for each in lines)


if __name__ == "__main__":
    main()
