"""The reader's network: an encoder, two scores a token, and one for the passage."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from index.errors import ModelError
from index.export import quietly
from index.models import place_of
from qa.windows import MOST_TOKENS, prepare

if TYPE_CHECKING:
    from transformers import BertModel


class Scores(NamedTuple):
    """`start` and `end` float32, shape `(rows, tokens)`; `answerable` float32, shape `(rows,)`.

    `answerable` is the log-odds that the passage holds an answer. A span's share in it is
    `answerable + log_softmax(start)[i] + log_softmax(end)[j]`, which can be compared between
    passages.
    """

    start: Tensor
    end: Tensor
    answerable: Tensor


class ReaderModel(nn.Module):
    """A BERT encoder with the heads of an extractive reader.

    The passage's log-odds grow with the evidence that its tokens sum up to, less what the first
    token, which has seen everything, asks for: so span and passage scores are learnt on one scale.
    """

    def __init__(self, encoder: "BertModel") -> None:
        """Put untrained heads on `encoder`."""
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.span = nn.Linear(width, 2)
        self.passage = nn.Linear(width, 1)
        nn.init.normal_(self.span.weight, std=0.02)
        nn.init.normal_(self.passage.weight, std=0.02)
        nn.init.zeros_(self.span.bias)
        nn.init.constant_(self.passage.bias, -9.0)  # log-odds of even, over a hundred tokens

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Scores:
        """Score int64 tokens of shape `(rows, tokens)`; what is padding gets the least score."""
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        outside = (token_type_ids * attention_mask) == 0
        start, end = self.span(states).masked_fill(outside.unsqueeze(-1), -1e4).unbind(-1)
        evidence = torch.logsumexp(start, -1) + torch.logsumexp(end, -1)
        return Scores(start, end, evidence + self.passage(states[:, :1]).flatten())


def place_of_encoder(name: str) -> Path:
    """Return the folder of the encoder that a config names.

    Raises:
        ModelError: there is none on this machine, or it is not a BERT that reads whole windows.
    """
    place = place_of(name, "encoder")
    if place is None:
        raise ModelError(f"there is no encoder {name!r} on this machine; name its folder")
    try:
        facts = json.loads((place / "config.json").read_text("utf-8"))
        kind, room = facts["model_type"], int(facts["max_position_embeddings"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{place / 'config.json'} describes no encoder; name another") from error
    if kind != "bert" or room < MOST_TOKENS:
        raise ModelError(
            f"the encoder in {place} is a {kind} of {room} tokens; "
            f"name a bert of {MOST_TOKENS} or more"
        )
    return place


def open_tokenizer(encoder: Path) -> Tokenizer:
    """Return the tokenizer in an encoder's folder, set up for `qa.windows`.

    Raises:
        ModelError: there is none, or it cannot be read.
    """
    path = encoder / "tokenizer.json"
    try:
        return prepare(Tokenizer.from_file(str(path)))
    except Exception as error:  # tokenizers raises no class of its own
        raise ModelError(f"cannot read {path}: {error}; name another encoder") from error


def new_model(encoder: Path) -> ReaderModel:
    """Return a model whose encoder is the one in a folder, without dropout: one epoch is short.

    Raises:
        ModelError: its weights cannot be loaded.
    """
    from transformers import BertConfig, BertModel  # five seconds

    try:
        with quietly():
            config = BertConfig.from_pretrained(encoder)
            config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
            bert = BertModel.from_pretrained(
                encoder, config=config, add_pooling_layer=False, attn_implementation="sdpa"
            )
    except Exception as error:  # a missing file and a broken one differ, in many words
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(f"cannot load the encoder in {encoder}: {reason}") from error
    for each in bert.embeddings.parameters():
        each.requires_grad = False
    return ReaderModel(bert)


def freeze(model: ReaderModel, layers: int) -> None:
    """Leave the lowest layers as they are from now on."""
    for layer in model.encoder.encoder.layer[:layers]:
        for each in layer.parameters():
            each.requires_grad = False


def save_model(model: ReaderModel, path: Path) -> None:
    """Write the weights, whole or not at all."""
    partial = path.with_suffix(".partial")
    save_file({name: each.contiguous() for name, each in model.state_dict().items()}, partial)
    partial.replace(path)


def load_model(encoder: Path, path: Path) -> ReaderModel:
    """Return the model whose weights `save_model` wrote, or a checkpoint of the run has.

    Raises:
        ModelError: they are missing, damaged, or of another encoder.
    """
    model = new_model(encoder)
    weights = load_tensors(path)
    load_weights(model, weights if "step" not in weights else weights_of_checkpoint(weights), path)
    return model


def load_tensors(path: Path) -> dict[str, Tensor]:
    """Return what a safetensors file holds.

    Raises:
        ModelError: it is missing or damaged.
    """
    try:
        return load_file(path)
    except FileNotFoundError as error:
        raise ModelError(f"there is no {path}; make it with training.train") from error
    except SafetensorError as error:
        raise ModelError(f"{path} is damaged ({error}); delete it and train again") from error


def weights_of_checkpoint(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the model's weights out of a checkpoint, which has the optimizer's state too."""
    return {name.partition(".")[2]: v for name, v in tensors.items() if name.startswith("model.")}


def load_weights(model: ReaderModel, weights: dict[str, Tensor], path: Path) -> None:
    """Put weights that came from `path` into a model.

    Raises:
        ModelError: they are of another encoder.
    """
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:  # names or shapes that differ, a line each
        raise ModelError(
            f"{path} was made from another encoder; name that one, or train again elsewhere"
        ) from error
