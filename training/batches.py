"""Training examples -> batches of token arrays, bucketed by length."""

import gzip
import json
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from index.errors import BadQuestionSet
from index.types import Span
from qa.windows import Window, windows


@dataclass(frozen=True, slots=True)
class Row:
    """A window and the answers in it, as first and last token; none where it holds no answer."""

    window: Window
    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Token arrays of shape `(rows, tokens)`, int64; `groups` says which rows share a question."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    groups: Tensor
    answers: list[tuple[tuple[int, int], ...]]


def read_rows(path: Path, tokenizer: Tokenizer) -> list[list[Row]]:
    """Return the examples, each the rows of one question. An answer that no token fits is left.

    Raises:
        BadQuestionSet: the file is missing, damaged, or holds none.
    """
    groups = []
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                example = json.loads(line)
                rows = _rows(tokenizer, example)
                if example["kind"] != "answerable" or any(row.answers for row in rows):
                    groups.append(rows)
    except FileNotFoundError as error:
        raise BadQuestionSet(f"there is no {path}; make it with training.prepare") from error
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise BadQuestionSet(f"{path} is damaged; make it again with training.prepare") from error
    if not groups:
        raise BadQuestionSet(f"{path} holds no examples; ask training.prepare for more")
    return groups


def batches(groups: Sequence[list[Row]], most_tokens: int, draw: random.Random) -> Iterator[Batch]:
    """Yield every group once, those of like length together, in an order of chance."""
    by_length = sorted(groups, key=lambda rows: (_longest(rows), draw.random()))
    packed: list[list[list[Row]]] = [[]]
    for rows in by_length:
        held = sum(len(each) for each in packed[-1]) + len(rows)
        if packed[-1] and held * _longest(rows) > most_tokens:
            packed.append([])
        packed[-1].append(rows)
    draw.shuffle(packed)
    return (collate(each) for each in packed)


def collate(groups: Sequence[Sequence[Row]]) -> Batch:
    """Pad rows to the longest of them."""
    rows = [row for group in groups for row in group]
    shape = (len(rows), max(len(row.window.ids) for row in rows))
    ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for at, row in enumerate(rows):
        length = len(row.window.ids)
        ids[at, :length] = torch.tensor(row.window.ids)
        mask[at, :length] = 1
        types[at, :length] = torch.tensor(row.window.type_ids)
    numbers = [number for number, group in enumerate(groups) for _ in group]
    return Batch(ids, mask, types, torch.tensor(numbers), [row.answers for row in rows])


def _rows(tokenizer: Tokenizer, example: dict[str, Any]) -> list[Row]:
    passages = example["passages"]
    made = windows(
        tokenizer, example["question"], [(each["title"], each["text"]) for each in passages]
    )
    return [
        Row(each, _answers(each, [Span(*place) for place in passages[each.row]["answers"]]))
        for each in made
    ]


def _answers(window: Window, spans: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    found = []
    for span in spans:
        held = [
            at
            for at, place in enumerate(window.places)
            if place is not None and place.start < span.end and span.start < place.end
        ]
        whole = held and window.places[held[0]].start <= span.start  # type: ignore[union-attr]
        if whole and window.places[held[-1]].end >= span.end:  # type: ignore[union-attr]
            found.append((held[0], held[-1]))
    return tuple(found)


def _longest(rows: Sequence[Row]) -> int:
    return max(len(row.window.ids) for row in rows)
