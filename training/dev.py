"""Dev sets: how well a model reads, seen from questions that it is not trained on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from qa.abstention import auroc
from qa.scorers import Arrays, Floats, Scorer, TokenScores, in_batches
from qa.spans import best_spans
from qa.squad import read_squad
from qa.squad_measures import scores
from qa.windows import Window, windows
from training.model import ReaderModel


@dataclass(frozen=True, slots=True)
class DevSet:
    """Questions, each with the windows of its own passage, that passage, and its answers."""

    name: str
    windows: list[list[Window]]
    texts: list[str]
    answers: list[tuple[str, ...]]


def read_dev(path: Path, tokenizer: Tokenizer, most: int) -> DevSet:
    """Draw `most` questions from a SQuAD-format set, the same ones each time.

    Raises:
        BadQuestionSet: it cannot be read as one.
    """
    asked = [(c, q) for c in read_squad(path) for q in c.questions]
    asked = random.Random(0).sample(asked, min(most, len(asked)))
    return DevSet(
        name=path.name.partition(".")[0],
        windows=[windows(tokenizer, q.question, [(c.title, c.text)]) for c, q in asked],
        texts=[c.text for c, _ in asked],
        answers=[q.answers for _, q in asked],
    )


class TorchScorer:
    """A model as it is trained, seen as a `qa.scorers.Scorer`."""

    name = "float"

    def __init__(self, model: ReaderModel, tokenizer: Tokenizer) -> None:
        """Score with `model`, where it is: on the CPU or a GPU."""
        self.tokenizer = tokenizer
        self._model = model

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """See `Scorer.score`."""
        return in_batches(windows, self._run)

    def _run(self, arrays: Arrays) -> Sequence[Floats]:
        device = next(self._model.parameters()).device
        with torch.inference_mode():
            given = self._model(**{k: torch.from_numpy(v).to(device) for k, v in arrays.items()})
        return [each.float().cpu().numpy() for each in given]


def figures(scorer: Scorer, dev: DevSet) -> dict[str, float]:
    """Return how well a model reads the passages that the questions were asked of.

    - em, f1: in percent, over all questions; nothing is said where the passage's log-odds are
      below zero, which is right where there is no answer
    - forced_f1: in percent, over the questions that have an answer, saying the best span always
    - auroc: of telling by the log-odds which have one

    What cannot be said of a set, as all its questions have an answer or none has, is left out.
    """
    given = iter(scorer.score([each for held in dev.windows for each in held]))
    odds, forced, plain = [], [], []
    for held, text, answers in zip(dev.windows, dev.texts, dev.answers, strict=True):
        best = (-np.inf, "")
        for window in held:
            start, end, answerable = next(given)
            spans = best_spans(window, start, end, answerable, 1)
            best = max(best, (answerable, spans[0].span.cut(text) if spans else ""))
        odds.append(best[0])
        if answers:
            forced.append(scores(best[1], answers))
        plain.append(scores(best[1] if best[0] > 0 else "", answers))
    made = {
        "em": round(100 * float(np.mean([each.em for each in plain])), 1),
        "f1": round(100 * float(np.mean([each.f1 for each in plain])), 1),
    }
    if forced:
        made["forced_f1"] = round(100 * float(np.mean([each.f1 for each in forced])), 1)
    rate = auroc(np.asarray(odds), np.asarray([bool(each) for each in dev.answers]))
    if rate is not None:
        made["auroc"] = round(rate, 3)
    return made
