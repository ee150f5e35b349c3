"""How often the passage with the answer is found, for each size of passage and title weight.

    python benchmarks/passages.py SET.json.gz --budgets 96,128,192 --title-weights 0,0.3,1

Takes question sets of the SQuAD format (1.1 or 2.0, plain or gzipped). All contexts of a file make
one archive, each context a document, and a sample of the answerable questions is asked of it.
"""

import gzip
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import numpy as np
import platformdirs

from index import words
from index.embed import Embedder, Vectors, open_embedder
from index.intake import embedded_texts
from index.masthead import read_masthead
from index.models import DEFAULT_MODEL
from index.passages import split
from index.store import Store
from index.types import Document
from index.vectors import VectorView
from index.views import Found
from index.words import WordView
from qa.retrieve import DEPTH, fuse

CUTS: Final = (1, 5, 10, 20)
"""Recall is given for this many passages read."""

_STORED_AT_A_TIME: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the context that answers it, and where its answers begin there."""

    question: str
    source: str
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Searchable:
    """One archive's store and views."""

    store: Store
    dense: VectorView
    lexical: WordView


class Numbers(click.ParamType[list[float]]):
    """Numbers with commas between them."""

    name = "N,N,..."

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[float]:
        """Read the numbers."""
        try:
            return [float(each) for each in value.split(",")]
        except ValueError:
            self.fail(f"{value!r} is no list of numbers", param, ctx)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--budgets", type=Numbers(), default="64,96,128,192,240", show_default=True)
@click.option("--title-weights", type=Numbers(), default=f"{words.TITLE_WEIGHT}", show_default=True)
@click.option("--questions", default=300, show_default=True, help="Questions asked of each file.")
@click.option("--seed", default=0, show_default=True, help="Draws the questions.")
@click.option("--embedder", default=DEFAULT_MODEL, show_default=True)
@click.option("--cache", type=click.Path(path_type=Path), help="Folder of prepared models.")
def main(
    files: Sequence[Path],
    budgets: Sequence[float],
    title_weights: Sequence[float],
    questions: int,
    seed: int,
    embedder: str,
    cache: Path | None,
) -> None:
    """Print recall of the passage with the answer, in percent, for every setting."""
    if cache is None:
        cache = platformdirs.user_cache_path("cuttings")
    model = open_embedder(embedder, cache)
    print(_row("set", "tokens", "title", "found by", *(f"@{cut}" for cut in CUTS), "read@10", "n"))
    for path in files:
        documents, asked = read(path)
        sample = random.Random(seed).sample(asked, min(questions, len(asked)))
        vectors = [model.encode_question(each.question) for each in sample]
        for budget in budgets:
            with tempfile.TemporaryDirectory() as folder:
                archive = build(Path(folder), documents, model, int(budget))
                for weight in title_weights:
                    rows = recall(archive, sample, vectors, weight)
                    for name, (shares, read_characters) in rows.items():
                        shown = [f"{100 * share:.1f}" for share in shares]
                        print(
                            _row(
                                path.name.partition(".")[0],
                                f"{budget:g}",
                                f"{weight:g}",
                                name,
                                *shown,
                                f"{read_characters:,.0f}",
                                f"{len(sample)}",
                            ),
                            flush=True,
                        )
                archive.store.close()


def read(path: Path) -> tuple[list[Document], list[Asked]]:
    """Return a file's contexts, each once, and its answerable questions."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    documents: dict[str, Document] = {}
    asked = []
    for article in articles:
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            if text not in documents:
                title = _title(article.get("title", ""), text)
                documents[text] = Document(source=f"{len(documents)}", text=text, title=title)
            for each in paragraph["qas"]:
                starts = tuple(answer["answer_start"] for answer in each.get("answers", ()))
                if starts:
                    asked.append(Asked(each["question"], documents[text].source, starts))
    return list(documents.values()), asked


def build(folder: Path, documents: Sequence[Document], model: Embedder, budget: int) -> Searchable:
    """Make an archive of `documents`, in passages of up to `budget` tokens."""
    store = Store.create(folder / "store.sqlite3", model)
    for at in range(0, len(documents), _STORED_AT_A_TIME):
        entries = []
        for document in documents[at : at + _STORED_AT_A_TIME]:
            passages = split(document, model.count_tokens, budget)
            texts = embedded_texts(document, passages)
            entries.append((document, passages, model.encode(texts)))
        store.put(entries)
    identity = store.identity
    dense = VectorView(folder / "vectors", identity.archive, identity.dimension)
    lexical = WordView.in_memory(identity.archive)
    for view in (dense, lexical):
        for removed, added in store.changes_between(0, store.change):
            view.apply(removed, added)
        view.reach(store.change)
        view.save()
    return Searchable(store, dense, lexical)


def recall(
    archive: Searchable, asked: Sequence[Asked], vectors: Sequence[Vectors], title_weight: float
) -> dict[str, tuple[list[float], float]]:
    """Return, for each way to search, recall at `CUTS` and the mean characters of ten passages."""
    words.TITLE_WEIGHT = title_weight
    ranks: dict[str, list[int]] = {}
    lengths: dict[str, list[int]] = {}
    for question, vector in zip(asked, vectors, strict=True):
        for name, ranking in _rankings(archive, question.question, vector):
            places = archive.store.passages(ranking)
            good = (
                rank
                for rank, (passage, document) in enumerate(places[each] for each in ranking)
                if document.source == question.source
                and any(passage.start <= start < passage.end for start in question.starts)
            )
            ranks.setdefault(name, []).append(next(good, max(CUTS)))
            first = [places[each][0] for each in ranking[:10]]
            lengths.setdefault(name, []).append(sum(len(each.text) for each in first))
    return {
        name: (
            [float(np.mean(np.asarray(found) < cut)) for cut in CUTS],
            float(np.mean(lengths[name])),
        )
        for name, found in ranks.items()
    }


def _rankings(
    archive: Searchable, question: str, vector: Vectors
) -> Iterator[tuple[str, list[int]]]:
    """Yield each way to search with the ids of the passages it ranks first, best first."""
    dense = archive.dense.search(vector, DEPTH)
    lexical = archive.lexical.search(question, DEPTH)
    fused = fuse(Found(dense, lexical))
    yield "dense", [each.passage_id for each in dense][: max(CUTS)]
    yield "words", [each.passage_id for each in lexical][: max(CUTS)]
    yield "hybrid", sorted(fused, key=lambda each: (-fused[each], each))[: max(CUTS)]


def _title(given: str, text: str) -> str:
    """Return a context's title; some sets give its first characters for one, which is none."""
    return read_masthead(text).title if not given or text.startswith(given) else given


def _row(*cells: str) -> str:
    """Return a line of a table."""
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, _WIDTHS, strict=True))


_WIDTHS: Final = (12, 6, 5, 8, *(6 for _ in CUTS), 7, 5)

if __name__ == "__main__":
    main()
