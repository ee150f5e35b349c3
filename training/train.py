"""Train the reader on the examples of `training.prepare`. Goes on where it was stopped.

\b
    python -m training.train --config training/config.toml --in WORK --dev SET.json.gz

Writes WORK/reader.safetensors, WORK/checkpoint.safetensors on the way, and WORK/log.jsonl with a
line for every ten steps and every look at the dev sets. Uses a GPU where there is one.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from index.errors import ModelError
from training.batches import Batch, Row, batches, read_rows
from training.commands import config_option, dev_option, run
from training.config import Training, read_config
from training.dev import DevSet, TorchScorer, figures, read_dev
from training.model import (
    ReaderModel,
    Scores,
    freeze,
    load_model,
    load_tensors,
    load_weights,
    new_model,
    open_tokenizer,
    place_of_encoder,
    save_model,
    weights_of_checkpoint,
)


@click.command(help=__doc__)
@config_option
@click.option(
    "--in",
    "work",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The folder that training.prepare wrote to.",
)
@click.option(
    "--from",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Begin with the weights of an earlier run: its reader.safetensors.",
)
@dev_option
def train(config: Path, work: Path, earlier: Path | None, dev: Sequence[Path]) -> None:
    """Train."""
    wanted = read_config(config)
    encoder = place_of_encoder(wanted.start.encoder)
    tokenizer = open_tokenizer(encoder)
    looked_at = [read_dev(path, tokenizer, wanted.train.dev_questions) for path in dev]
    click.echo("reading the examples")
    groups = read_rows(work / "examples.jsonl.gz", tokenizer)
    torch.manual_seed(wanted.seed)
    model = new_model(encoder) if earlier is None else load_model(encoder, earlier)
    running = Run(model, tokenizer, wanted.train, work)
    click.echo(f"{len(groups)} questions, {sum(map(len, groups))} rows; from step {running.step}")
    try:
        running.go(groups, looked_at, wanted.seed)
    except KeyboardInterrupt:
        saved = running.saved
        click.echo(f"train: stopped; the same command goes on from step {saved}", err=True)
        sys.exit(130)
    save_model(running.model, work / "reader.safetensors")


class Run:
    """A training run: the model, its optimizer, and the step that they have reached."""

    def __init__(self, model: ReaderModel, tokenizer: Tokenizer, how: Training, work: Path) -> None:
        """Take up the checkpoint in `work`, if there is one.

        Raises:
            ModelError: there is one, but it is damaged, or of another encoder.
        """
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = model.to(self.device)
        self.scorer = TorchScorer(self.model, tokenizer)
        self.how = how
        self.work = work
        self.step = self.saved = 0
        heads = [*model.span.parameters(), *model.passage.parameters()]
        body = [each for each in model.encoder.parameters() if each.requires_grad]
        self.optimizer = torch.optim.AdamW(
            [{"params": body, "peak": how.rate}, {"params": heads, "peak": how.head_rate}],
            weight_decay=how.weight_decay,
            fused=True,
        )
        self._resume()

    def go(self, groups: Sequence[list[Row]], dev: Sequence[DevSet], seed: int) -> None:
        """Train up to the last step, with checkpoints on the way."""
        how = self.how
        begun, tokens, losses = time.monotonic(), 0, []
        for batch in _from_step(groups, how.tokens, seed, self.step):
            if self.step >= how.steps:
                break
            if self.step >= how.freeze_after:
                freeze(self.model, how.frozen_layers)
            for group in self.optimizer.param_groups:
                group["lr"] = group["peak"] * self._pace()
            span_loss, passage_loss = _losses(self._score(batch), batch)
            torch.autograd.backward(span_loss + how.passage_weight * passage_loss)
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
            self.step += 1
            tokens += batch.input_ids.numel()
            losses.append((span_loss.item(), passage_loss.item()))
            if self.step % 10 == 0:
                means = [sum(each) / len(losses) for each in zip(*losses, strict=True)]
                self._log(
                    step=self.step,
                    span_loss=round(means[0], 4),
                    passage_loss=round(means[1], 4),
                    tokens_per_second=round(tokens / (time.monotonic() - begun)),
                )
                begun, tokens, losses = time.monotonic(), 0, []
            last = self.step == how.steps
            if self.step % how.checkpoint == 0 or last:
                self._save()
            if self.step % how.evaluate == 0 or last:
                self.model.eval()
                for each in dev:
                    self._log(step=self.step, dev=each.name, **figures(self.scorer, each))
                self.model.train()

    def _score(self, batch: Batch) -> Scores:
        scores: Scores = self.model(
            batch.input_ids.to(self.device),
            batch.attention_mask.to(self.device),
            batch.token_type_ids.to(self.device),
        )
        return scores

    def _pace(self) -> float:
        """Return the share of the peak rate: up at first, level, and down to nothing at the end.

        A level middle (Hägele et al. 2024) lets a run be cut short or made longer on the way.
        """
        steps, decay = self.how.steps, self.how.decay
        left = (steps - self.step) / (steps * decay)
        return float(min(1.0, (self.step + 1) / self.how.warmup, left))

    def _log(self, **facts: Any) -> None:
        with (self.work / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")
        click.echo(" ".join(f"{name} {value}" for name, value in facts.items()))

    def _save(self) -> None:
        """Write a checkpoint, whole or not at all: weights, the optimizer's state, the step."""
        tensors = {f"model.{name}": each for name, each in self.model.state_dict().items()}
        for number, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{number}.{name}": each for name, each in state.items()}
        tensors["step"] = torch.tensor(self.step)
        partial = self.work / "checkpoint.partial"
        save_file({name: each.contiguous() for name, each in tensors.items()}, partial)
        partial.replace(self.work / "checkpoint.safetensors")
        self.saved = self.step

    def _resume(self) -> None:
        path = self.work / "checkpoint.safetensors"
        if not path.exists():
            return
        tensors = load_tensors(path)
        if "step" not in tensors:
            raise ModelError(f"{path} is no checkpoint of a run; move it away to begin anew")
        self.step = self.saved = int(tensors["step"])
        load_weights(self.model, weights_of_checkpoint(tensors), path)
        state: dict[int, dict[str, Tensor]] = {}
        for key, each in tensors.items():
            if key.startswith("optimizer."):
                _, number, name = key.split(".")
                state.setdefault(int(number), {})[name] = each
        whole = self.optimizer.state_dict()
        self.optimizer.load_state_dict({**whole, "state": state})


def _from_step(groups: Sequence[list[Row]], tokens: int, seed: int, step: int) -> Iterator[Batch]:
    """Yield batches without end, epoch after epoch, leaving out the first `step`."""
    epoch = 0
    while True:
        for batch in batches(groups, tokens, random.Random(f"{seed} {epoch}")):
            if step > 0:
                step -= 1
            else:
                yield batch
        epoch += 1


def _losses(scores: Scores, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return the mean loss of the spans, and that of saying which passages hold an answer.

    A span competes with all spans of all passages of its question (shared normalisation: Clark
    and Gardner 2018).
    """
    device = scores.start.device
    groups = batch.groups.to(device)
    passage = scores.answerable
    offset = passage - torch.logsumexp(scores.start, -1) - torch.logsumexp(scores.end, -1)
    losses = []
    for number in range(int(groups.max()) + 1):
        rows = (groups == number).nonzero().flatten()
        right = [
            offset[row] + scores.start[row, first] + scores.end[row, last]
            for row in rows
            for first, last in batch.answers[int(row)]
        ]
        if right:
            losses.append(
                torch.logsumexp(passage[rows], 0) - torch.logsumexp(torch.stack(right), 0)
            )
    held = torch.tensor([float(bool(each)) for each in batch.answers], device=device)
    span_loss = torch.stack(losses).mean() if losses else passage.sum() * 0.0
    return span_loss, torch.nn.functional.binary_cross_entropy_with_logits(passage, held)


if __name__ == "__main__":
    run(train)
