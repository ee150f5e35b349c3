"""Make the reader that is shipped out of trained weights: int8 ONNX, a tokenizer, their hashes.

\b
    python -m training.export --config training/config.toml --in WORK --to models/reader

Writes model.onnx, tokenizer.json and reader.json; what else the folder holds stays. With --dev,
says what int8 costs on SQuAD-format sets.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
import onnx
import torch

from index.errors import ModelError
from index.export import quantize, quietly
from qa.scorers import FORMAT, OnnxScorer, Scorer
from training.commands import config_option, dev_option, run
from training.config import read_config
from training.dev import TorchScorer, figures, read_dev
from training.model import ReaderModel, load_model, open_tokenizer, place_of_encoder

MOST_BYTES: Final = 35_000_000
"""Of the whole reader: it is kept in the project, and fetched with it."""

MOST_LOST: Final = 0.5
"""Points of F1 that int8 may cost."""


@click.command(name="export", help=__doc__)
@config_option
@click.option(
    "--in",
    "work",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The folder in which they were trained.",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The reader's folder.",
)
@click.option("--checkpoint", is_flag=True, help="Take the last checkpoint of an unfinished run.")
@click.option("--all-int8", is_flag=True, help="Leave less as floats: smaller, and less exact.")
@dev_option
@click.option(
    "--questions", type=click.IntRange(min=1), default=1000, show_default=True, help="Of each."
)
@click.option(
    "--hugging-face",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the same weights as floats, for other libraries.",
)
def export(
    config: Path,
    work: Path,
    folder: Path,
    *,
    checkpoint: bool,
    all_int8: bool,
    dev: Sequence[Path],
    questions: int,
    hugging_face: Path | None,
) -> None:
    """Export."""
    encoder = place_of_encoder(read_config(config).start.encoder)
    tokenizer = open_tokenizer(encoder)
    looked_at = [read_dev(path, tokenizer, questions) for path in dev]
    name = "checkpoint.safetensors" if checkpoint else "reader.safetensors"
    model = load_model(encoder, work / name).eval()
    write_reader(model, encoder / "tokenizer.json", folder, all_int8=all_int8)
    for path in sorted(folder.iterdir()):
        if path.suffix in {".onnx", ".json"}:
            click.echo(f"{path.name} {path.stat().st_size / 1e6:.1f} MB")
    if hugging_face is not None:
        write_hugging_face(model, encoder, hugging_face)
        click.echo(f"{hugging_face}: the weights as floats")
    int8 = OnnxScorer(folder)
    for each in looked_at:
        click.echo(f"{each.name}, {len(each.answers)} questions")
        measured: dict[str, dict[str, float]] = {}
        scorers: dict[str, Scorer] = {"float": TorchScorer(model, tokenizer), "int8": int8}
        for kind, scorer in scorers.items():
            measured[kind] = figures(scorer, each)
            click.echo(f"  {kind:5} " + " ".join(f"{k} {v}" for k, v in measured[kind].items()))
        lost = max(
            measured["float"][key] - measured["int8"][key]
            for key in ("f1", "forced_f1")
            if key in measured["int8"]
        )
        click.echo(f"  int8 loses {lost:.1f} F1")
        if lost > MOST_LOST:
            click.echo(f"export: warning: that is more than {MOST_LOST}", err=True)


def write_reader(
    model: ReaderModel, tokenizer: Path, folder: Path, *, all_int8: bool = False
) -> None:
    """Write what `qa.scorers.OnnxScorer` reads into `folder`; its other files stay.

    Args:
        model: on the CPU.
        tokenizer: the encoder's `tokenizer.json`.
        folder: made if it is not there.
        all_int8: quantize all of the encoder, not only what bears it well.

    Raises:
        ModelError: the reader would be larger than `MOST_BYTES`. Nothing is written then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        full = made / "full.onnx"
        write_graph(model, full)
        graph = made / "model.onnx"
        with quietly():
            if all_int8:
                # The heads stay: they are small, and what they say is the answer.
                quantize(full, graph, lambda _, outputs: outputs <= 2)
            else:
                quantize(full, graph)
        shutil.copyfile(tokenizer, made / "tokenizer.json")
        written = (graph, made / "tokenizer.json")
        size = sum(each.stat().st_size for each in written)
        if size > MOST_BYTES:
            raise ModelError(
                f"the reader has {size / 1e6:.1f} MB, more than {MOST_BYTES / 1e6:.0f}; "
                "try --all-int8, or a smaller encoder"
            )
        hashes = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in written}
        facts = {"format": FORMAT, "sha256": hashes}
        (made / "reader.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
        # The hashes last: until they are there, what is half moved is found to be damaged.
        for name in (*hashes, "reader.json"):
            (made / name).replace(folder / name)
    finally:
        shutil.rmtree(made)


def write_graph(model: ReaderModel, path: Path) -> None:
    """Write the model as an ONNX graph of floats, of any number of rows and tokens.

    It takes int64 `input_ids`, `attention_mask` and `token_type_ids`, all of shape
    `(rows, tokens)`, and gives what `training.model.Scores` has, under the same names.
    """
    # The fused attention becomes a longer and slower graph than the plain one.
    model.encoder.set_attn_implementation("eager")
    ids, mask, types = (torch.zeros((2, 9), dtype=torch.long) for _ in range(3))
    mask[0], mask[1, :7], types[:, 4:] = 1, 1, 1
    dynamic = torch.export.Dim.DYNAMIC
    with quietly():
        torch.onnx.export(
            model.eval(),
            (ids, mask, types),
            str(path),
            input_names=["input_ids", "attention_mask", "token_type_ids"],
            output_names=["start", "end", "answerable"],
            dynamic_shapes=tuple({0: dynamic, 1: dynamic} for _ in range(3)),
            dynamo=True,
            verbose=False,
        )
        made = onnx.load(str(path))
        # The exporter notes the lines of code that each node came from, with their folders.
        for each in (*made.graph.node, *made.graph.value_info, *made.graph.input):
            del each.metadata_props[:]
        onnx.save(made, str(path))


def write_hugging_face(model: ReaderModel, encoder: Path, folder: Path) -> None:
    """Write the weights, as floats, as a checkpoint that extractive pipelines of others read.

    Such a checkpoint has no seat for the passage's score: "no answer" is not for it to say.
    """
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering  # five seconds

    config = BertConfig.from_dict({**model.encoder.config.to_dict(), "num_labels": 2})
    with quietly():
        other = BertForQuestionAnswering(config)
        other.bert.load_state_dict(model.encoder.state_dict())
        other.qa_outputs.load_state_dict(model.span.state_dict())
        other.save_pretrained(folder)
        tokenizer = AutoTokenizer.from_pretrained(encoder)
        # How sentence encoders are cut short is nothing that a reader should inherit.
        tokenizer.backend_tokenizer.no_truncation()
        tokenizer.backend_tokenizer.no_padding()
        tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    run(export)
