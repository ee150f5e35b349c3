"""The Scorer seam: windows of tokens in, token scores out. One for our weights, one for others'."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from qa.windows import MOST_TOKENS, Window, prepare

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats: TypeAlias = npt.NDArray[np.float32]

FORMAT: Final = 1
"""Of `reader.json`, and of what the graph takes and gives."""

BATCH_TOKENS: Final = 1024
"""Tokens in one run of the model, padding included. More makes padding, not speed, on few cores."""


class TokenScores(NamedTuple):
    """What a model made of one window of `n` tokens.

    `start` and `end` are float32, shape `(n,)`: how much speaks for an answer that begins, or
    ends, at each token. `answerable` is the log-odds that the window holds an answer, which can be
    compared between windows. Of that each span has its share: see `qa.spans`.
    """

    start: Floats
    end: Floats
    answerable: float


class Scorer(Protocol):
    """A model that reads, with its tokenizer, which `qa.windows.prepare` has set up."""

    name: str
    tokenizer: "Tokenizer"

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """Return the scores of each window, in order."""


class OnnxScorer:
    """The weights that `training.export` writes, on onnxruntime and tokenizers alone."""

    def __init__(self, folder: Path) -> None:
        """Load the reader in a folder.

        Raises:
            ModelError: it is missing, damaged, or of another version.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        check_reader(folder)
        self.name = folder.name
        try:
            self.tokenizer = prepare(Tokenizer.from_file(str(folder / "tokenizer.json")))
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(
                folder / "model.onnx", options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's and tokenizers' errors share no base class
            raise ModelError(f"cannot load the reader in {folder}: {_first_line(error)}") from error

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """See `Scorer.score`."""
        scores: dict[int, TokenScores] = {}
        for rows in batches(windows):
            arrays = pad([windows[row] for row in rows])
            start, end, answerable = self._session.run(["start", "end", "answerable"], arrays)
            for at, row in enumerate(rows):
                length = len(windows[row].ids)
                scores[row] = TokenScores(
                    start[at, :length], end[at, :length], float(answerable[at])
                )
        return [scores[row] for row in range(len(windows))]


class CheckpointScorer:
    """Any Hugging Face extractive QA checkpoint, on torch.

    Such a model knows "no answer" as the span of its first token, so that a window's log-odds are
    those of all its spans against that one (Devlin et al. 2019).
    """

    def __init__(self, name: str) -> None:
        """Load a checkpoint from a folder or, by name, from the hub.

        Raises:
            ModelError: there is none, or it cannot be loaded.
        """
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        self.name = name
        try:
            self._model = AutoModelForQuestionAnswering.from_pretrained(name).eval()
            tokenizer = AutoTokenizer.from_pretrained(name, use_fast=True)
            most = min(tokenizer.model_max_length, MOST_TOKENS * 2)
            self.tokenizer = prepare(tokenizer.backend_tokenizer, most)
        except Exception as error:  # a missing name, a broken file and no network all differ
            raise ModelError(
                f"cannot load the reader {name!r}: {_first_line(error)}; give a folder or a hub "
                "name of an extractive question-answering checkpoint"
            ) from error
        self._torch = torch
        self._takes_types = "token_type_ids" in tokenizer.model_input_names

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """See `Scorer.score`."""
        scores: dict[int, TokenScores] = {}
        for rows in batches(windows):
            arrays = pad([windows[row] for row in rows])
            if not self._takes_types:
                del arrays["token_type_ids"]
            with self._torch.inference_mode():
                given = self._model(**{k: self._torch.from_numpy(v) for k, v in arrays.items()})
            for at, row in enumerate(rows):
                length = len(windows[row].ids)
                start = given.start_logits[at, :length].float().numpy()
                end = given.end_logits[at, :length].float().numpy()
                inside = np.asarray([place is not None for place in windows[row].places])
                held = _log_sum(start[inside]) + _log_sum(end[inside]) if inside.any() else 0.0
                # The first token is where every such model points to for "not here".
                scores[row] = TokenScores(start, end, held - float(start[0] + end[0]))
        return [scores[row] for row in range(len(windows))]


def batches(windows: Sequence[Window]) -> Iterator[list[int]]:
    """Yield the numbers of windows that go into one run: those of like length together."""
    order = sorted(range(len(windows)), key=lambda row: -len(windows[row].ids))
    held: list[int] = []
    for row in order:
        if held and (len(held) + 1) * len(windows[held[0]].ids) > BATCH_TOKENS:
            yield held
            held = []
        held.append(row)
    if held:
        yield held


def pad(windows: Sequence[Window]) -> dict[str, npt.NDArray[np.int64]]:
    """Return what a model takes: three int64 arrays of shape `(windows, longest)`."""
    shape = (len(windows), max(len(each.ids) for each in windows))
    arrays = {
        name: np.zeros(shape, dtype=np.int64)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    }
    for at, window in enumerate(windows):
        length = len(window.ids)
        arrays["input_ids"][at, :length] = window.ids
        arrays["attention_mask"][at, :length] = 1
        arrays["token_type_ids"][at, :length] = window.type_ids
    return arrays


def check_reader(folder: Path) -> dict[str, Any]:
    """Return what `reader.json` in a folder says, once its files are found to be those it names.

    Raises:
        ModelError: a file is missing, has another SHA-256, or the format is another version's.
    """
    try:
        facts: dict[str, Any] = json.loads((folder / "reader.json").read_text("utf-8"))
        made, hashes = facts["format"], dict(facts["sha256"])
    except OSError as error:
        raise ModelError(f"there is no reader in {folder}; reinstall, or name another") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / 'reader.json'} is damaged; reinstall the reader") from error
    if made != FORMAT:
        raise ModelError(
            f"the reader in {folder} has format {made}, this version reads {FORMAT}; "
            "export it again with training.export"
        )
    for name, expected in sorted(hashes.items()):
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"{folder / name} is missing; reinstall the reader") from error
        if found != expected:
            raise ModelError(
                f"{folder / name} has SHA-256 {found[:12]}…, not {str(expected)[:12]}…; "
                "reinstall the reader"
            )
    return facts


def _log_sum(scores: Floats) -> float:
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or repr(error)
