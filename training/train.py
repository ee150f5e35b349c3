"""Train the reader on the examples of `training.prepare`. Goes on where it was stopped.

    python -m training.train --config training/config.toml --in WORK

Writes WORK/reader.safetensors, and WORK/log.jsonl with a line for every ten steps and every look
at the dev sets. Uses a GPU where there is one.
"""

import json
import random
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor

from index.models import place_of
from qa.windows import prepare
from training.batches import Batch, Row, batches, read_rows
from training.dev import DevSet, figures, read_dev
from training.model import ReaderModel, Scores, new_model, save_model


@click.command(help=__doc__)
@click.option("--config", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--in", "work", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--dev", type=click.Path(dir_okay=False, path_type=Path), multiple=True)
def train(config: Path, work: Path, dev: Sequence[Path]) -> None:
    """Train."""
    wanted = tomllib.loads(config.read_text("utf-8"))
    encoder = place_of(wanted["start"]["encoder"])
    if encoder is None:
        raise click.ClickException(f"no encoder at {wanted['start']['encoder']}; name its folder")
    tokenizer = prepare(Tokenizer.from_file(str(encoder / "tokenizer.json")))
    click.echo("reading the examples")
    groups = read_rows(work / "examples.jsonl.gz", tokenizer)
    looked_at = [read_dev(path, tokenizer, wanted["train"]["dev_questions"]) for path in dev]
    torch.manual_seed(wanted["seed"])
    run = Run(new_model(encoder), wanted["train"], work)
    click.echo(f"{len(groups)} questions, {sum(map(len, groups))} rows; from step {run.step}")
    run.go(groups, looked_at, wanted["seed"])
    save_model(run.model, work / "reader.safetensors")


class Run:
    """A training run: the model, its optimizer, and the step that they have reached."""

    def __init__(self, model: ReaderModel, how: dict[str, Any], work: Path) -> None:
        """Take up the checkpoint in `work`, if there is one."""
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = model.to(self.device)
        self.how = how
        self.work = work
        self.step = 0
        heads = [*model.span.parameters(), *model.passage.parameters()]
        body = [each for each in model.encoder.parameters() if each.requires_grad]
        self.optimizer = torch.optim.AdamW(
            [{"params": body, "peak": how["rate"]}, {"params": heads, "peak": how["head_rate"]}],
            weight_decay=how["weight_decay"],
            fused=True,
        )
        self._resume()

    def go(self, groups: Sequence[list[Row]], dev: Sequence[DevSet], seed: int) -> None:
        """Train up to the last step, with checkpoints on the way."""
        how = self.how
        begun, tokens, losses = time.monotonic(), 0, []
        for batch in _from_step(groups, how["tokens"], seed, self.step):
            if self.step >= how["steps"]:
                break
            for group in self.optimizer.param_groups:
                group["lr"] = group["peak"] * self._pace()
            span_loss, passage_loss = _losses(self._score(batch), batch)
            (span_loss + how["passage_weight"] * passage_loss).backward()
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
            last = self.step == how["steps"]
            if self.step % how["checkpoint"] == 0 or last:
                self._save()
            if self.step % how["evaluate"] == 0 or last:
                self.model.eval()
                for each in dev:
                    self._log(step=self.step, dev=each.name, **figures(self.model, each))
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
        steps, decay = self.how["steps"], self.how["decay"]
        left = (steps - self.step) / (steps * decay)
        return float(min(1.0, (self.step + 1) / self.how["warmup"], left))

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

    def _resume(self) -> None:
        path = self.work / "checkpoint.safetensors"
        if not path.exists():
            return
        tensors = load_file(path)
        self.step = int(tensors.pop("step"))
        weights = {k.partition(".")[2]: v for k, v in tensors.items() if k.startswith("model.")}
        self.model.load_state_dict(weights)
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
    train()
