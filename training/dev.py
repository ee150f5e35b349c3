"""Dev sets: what a run is doing, seen from questions that it is not trained on."""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from qa.evaluate import auroc, exact_match, f1_score
from qa.spans import best_spans
from qa.squad import read_squad
from qa.windows import windows
from training.batches import Row, collate
from training.model import ReaderModel


@dataclass(frozen=True, slots=True)
class DevSet:
    """Questions with their gold passage, as windows."""

    name: str
    rows: list[list[Row]]
    texts: list[str]
    answers: list[tuple[str, ...]]


def read_dev(path: Path, tokenizer: Tokenizer, most: int) -> DevSet:
    """Draw `most` questions from a SQuAD-format set, the same ones each time."""
    asked = [(c, q) for c in read_squad(path) for q in c.questions]
    asked = random.Random(0).sample(asked, min(most, len(asked)))
    rows = [
        [Row(each, ()) for each in windows(tokenizer, q.question, [(c.title, c.text)])]
        for c, q in asked
    ]
    name = path.name.partition(".")[0]
    return DevSet(name, rows, [c.text for c, _ in asked], [q.answers for _, q in asked])


@torch.no_grad()
def figures(model: ReaderModel, dev: DevSet) -> dict[str, float]:
    """Return EM and F1 in percent, over all questions and with an answer wherever there is one."""
    device = next(model.parameters()).device
    odds, forced, plain = [], [], []
    order = sorted(range(len(dev.rows)), key=lambda at: len(dev.rows[at][0].window.ids))
    found: dict[int, tuple[float, str]] = {}
    for first in range(0, len(order), 16):
        held = order[first : first + 16]
        batch = collate([dev.rows[at] for at in held])
        start, end, passage = (
            each.float().cpu().numpy()
            for each in model(
                batch.input_ids.to(device),
                batch.attention_mask.to(device),
                batch.token_type_ids.to(device),
            )
        )
        flat = [(at, row.window) for at in held for row in dev.rows[at]]
        for number, (at, window) in enumerate(flat):
            spans = best_spans(window, start[number], end[number], float(passage[number]), 1)
            best = (float(passage[number]), spans[0].span.cut(dev.texts[at]) if spans else "")
            found[at] = max(found.get(at, best), best)
    for at, answers in enumerate(dev.answers):
        odds.append(found[at][0])
        said = found[at][1]
        if answers:
            forced.append(_scores(said, answers))
        plain.append(_scores(said if odds[-1] > 0 else "", answers or ("",)))
    held_out = np.asarray([bool(each) for each in dev.answers])
    rate = auroc(np.asarray(odds), held_out)
    return {
        "em": round(100 * float(np.mean([em for em, _ in plain])), 1),
        "f1": round(100 * float(np.mean([f1 for _, f1 in plain])), 1),
        "forced_f1": round(100 * float(np.mean([f1 for _, f1 in forced])), 1),
        "auroc": -1.0 if rate is None else round(rate, 3),
    }


def _scores(said: str, answers: tuple[str, ...]) -> tuple[float, float]:
    return (
        max(exact_match(said, each) for each in answers),
        max(f1_score(said, each) for each in answers),
    )
