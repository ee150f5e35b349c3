"""The reader's network: an encoder, two scores a token, and one for the passage."""

from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel


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

    def __init__(self, encoder: BertModel) -> None:
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
        return Scores(start, end, evidence + self.passage(states[:, 0]).squeeze(-1))


def new_model(encoder: Path) -> ReaderModel:
    """Return a model whose encoder is the one in a folder, without dropout: one epoch is short."""
    config = BertConfig.from_pretrained(encoder)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    bert = BertModel.from_pretrained(
        encoder, config=config, add_pooling_layer=False, attn_implementation="sdpa"
    )
    for each in bert.embeddings.parameters():
        each.requires_grad = False
    return ReaderModel(bert)


def save_model(model: ReaderModel, path: Path) -> None:
    """Write the weights, whole or not at all."""
    partial = path.with_suffix(".partial")
    save_file({name: each.contiguous() for name, each in model.state_dict().items()}, partial)
    partial.replace(path)


def load_model(encoder: Path, path: Path) -> ReaderModel:
    """Return the model whose weights `save_model` wrote."""
    model = new_model(encoder)
    model.load_state_dict(load_file(path))
    return model
