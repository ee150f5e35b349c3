"""The Scorer seam: windows of tokens in, token scores out. One for our weights, one for others'."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.models import place_of, sha256_of
from qa.spans import log_sum
from qa.windows import MOST_TOKENS, Window, prepare

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats: TypeAlias = npt.NDArray[np.float32]
Arrays: TypeAlias = dict[str, npt.NDArray[np.int64]]

FORMAT: Final = 1
"""Of `reader.json`, and of what the graph takes and gives."""

BATCH_TOKENS: Final = 1024
"""Tokens in one run of the model, padding included. More makes padding, not speed, on few cores."""

MOST_CHECKPOINT_TOKENS: Final = MOST_TOKENS * 2
"""Tokens in a window of somebody else's model, which will have seen such long ones in training."""

NO_ANSWER: Final = -30.0
"""The log-odds of an answer where there is nothing to read."""

_FILES: Final = ("model.onnx", "tokenizer.json")
_TAKES: Final = ("input_ids", "attention_mask", "token_type_ids")
_GIVES: Final = ("start", "end", "answerable")

_OUTSIDE: Final = -1e4
"""The score of a token at which no answer can begin or end."""


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
            raise ModelError(
                f"cannot load the reader in {folder}: {_first_line(error)}; reinstall it"
            ) from error
        takes = {each.name for each in self._session.get_inputs()}
        gives = {each.name for each in self._session.get_outputs()}
        if takes != set(_TAKES) or not gives.issuperset(_GIVES):
            raise ModelError(
                f"the model in {folder} is no reader: it does not make {', '.join(_GIVES)} of "
                f"{', '.join(_TAKES)}; export it again with training.export"
            )

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """See `Scorer.score`."""
        return in_batches(windows, lambda arrays: self._session.run(_GIVES, arrays))


class CheckpointScorer:
    """Any Hugging Face extractive QA checkpoint, on torch.

    Such a model knows "no answer" as the span of its first token, so that a window's log-odds are
    those of all its spans against that one (Devlin et al. 2019).
    """

    def __init__(self, name: str) -> None:
        """Load a checkpoint from a folder or, by name, from the hub.

        Raises:
            ModelError: there is none, it cannot be loaded, or it answers no questions.
        """
        from index.export import ask_hub, quietly

        self.name = name
        place = place_of(name, "reader")
        try:
            with quietly():
                if place is not None:
                    loaded = _load_checkpoint(str(place), local=True)
                else:
                    try:
                        loaded = _load_checkpoint(name, local=True)
                    except Exception:  # not on this machine, in one of many words
                        ask_hub(name)
                        loaded = _load_checkpoint(name, local=False)
            self._model, tokenizer, missing = loaded
            self.tokenizer = prepare(
                tokenizer.backend_tokenizer, _window_of(self._model.config, tokenizer)
            )
        except Exception as error:  # a missing name, a broken file and no network all differ
            raise ModelError(
                f"cannot load the reader {name!r}: {_first_line(error)}; give a folder or a hub "
                "name of an extractive question-answering checkpoint"
            ) from error
        if missing:  # transformers has made them up
            raise ModelError(
                f"the checkpoint {name!r} has no question-answering head ({min(missing)} is not in "
                "it); name one that was trained for extractive question answering"
            )
        self._takes = [
            each
            for each in _TAKES
            if each != "token_type_ids" or each in tokenizer.model_input_names
        ]

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """See `Scorer.score`."""
        scores = in_batches(windows, self._run)
        return [
            _against_none(window, *each[:2]) for window, each in zip(windows, scores, strict=True)
        ]

    def _run(self, arrays: Arrays) -> tuple[Floats, Floats, Floats]:
        import torch

        with torch.inference_mode():
            given = self._model(**{name: torch.from_numpy(arrays[name]) for name in self._takes})
        start, end = given.start_logits.numpy(), given.end_logits.numpy()
        return start, end, np.zeros(len(start), dtype=np.float32)


def in_batches(
    windows: Sequence[Window], run: Callable[[Arrays], Sequence[Floats]]
) -> list[TokenScores]:
    """Return the scores of each window, in order, however they are put together for a run.

    Args:
        windows: any number of them.
        run: takes what `pad` gives, and returns float32 start and end scores, both of shape
            `(windows, longest)`, and each window's log-odds, of shape `(windows,)`.
    """
    scores: dict[int, TokenScores] = {}
    for rows in batches(windows):
        start, end, answerable = run(pad([windows[row] for row in rows]))
        for at, row in enumerate(rows):
            length = len(windows[row].ids)
            scores[row] = TokenScores(start[at, :length], end[at, :length], float(answerable[at]))
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


def pad(windows: Sequence[Window]) -> Arrays:
    """Return what a model takes: three int64 arrays of shape `(windows, longest)`."""
    shape = (len(windows), max(len(each.ids) for each in windows))
    arrays = {name: np.zeros(shape, dtype=np.int64) for name in _TAKES}
    for at, window in enumerate(windows):
        length = len(window.ids)
        arrays["input_ids"][at, :length] = window.ids
        arrays["attention_mask"][at, :length] = 1
        arrays["token_type_ids"][at, :length] = window.type_ids
    return arrays


def check_reader(folder: Path) -> None:
    """Compare a reader's files with the format and the hashes in its `reader.json`.

    Raises:
        ModelError: a file is missing, has another SHA-256, or the format is another version's.
    """
    facts = folder / "reader.json"
    try:
        said: Mapping[str, Any] = json.loads(facts.read_text("utf-8"))
        made = said["format"]
        hashes = {name: str(said["sha256"][name]) for name in _FILES} if made == FORMAT else {}
    except OSError as error:
        raise ModelError(f"there is no reader in {folder}; reinstall, or name another") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{facts} is damaged; reinstall the reader") from error
    if made != FORMAT:
        raise ModelError(
            f"the reader in {folder} has format {made}, this version reads {FORMAT}; "
            "export it again with training.export"
        )
    for name, expected in hashes.items():
        path = folder / name
        try:
            found = sha256_of([path])
        except OSError as error:
            raise ModelError(
                f"cannot read {path}: {error.strerror}; reinstall the reader"
            ) from error
        if found != expected:
            raise ModelError(
                f"{path} has SHA-256 {found[:12]}…, not {expected[:12]}…; reinstall the reader"
            )


def _load_checkpoint(where: str, local: bool) -> tuple[Any, Any, set[str]]:
    """Return a model, its tokenizer, and which of its weights the checkpoint does not hold."""
    import torch
    from transformers import AutoConfig, AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.models.auto.modeling_auto import MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES

    # No pickled weights, and no code that comes with a checkpoint.
    safely = {"local_files_only": local, "trust_remote_code": False}
    config = AutoConfig.from_pretrained(where, **safely)
    if config.model_type not in MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES:
        raise ValueError(f"a model of the kind {config.model_type!r} cannot read a text")
    tokenizer = AutoTokenizer.from_pretrained(where, **safely)
    if len(tokenizer) <= len(tokenizer.all_special_tokens):  # what is made where there is none
        raise ValueError("it has no tokenizer")
    model, found = AutoModelForQuestionAnswering.from_pretrained(
        where,
        config=config,
        use_safetensors=True,
        dtype=torch.float32,
        output_loading_info=True,
        **safely,
    )
    return model.eval(), tokenizer, set(found["missing_keys"])


def _window_of(config: Any, tokenizer: Any) -> int:
    """Return how many tokens a window of a checkpoint may have."""
    most = min(tokenizer.model_max_length, MOST_CHECKPOINT_TOKENS)
    positions = getattr(config, "max_position_embeddings", None)
    if positions is None or positions < 1:  # it reckons with distances instead
        return int(most)
    # RoBERTa and its kin count from the number after that of the padding token.
    return int(min(most, positions - 1 - (getattr(config, "pad_token_id", None) or 0)))


def _against_none(window: Window, start: Floats, end: Floats) -> TokenScores:
    """Return a window's scores with its log-odds: all its spans against that of the first token."""
    inside = np.asarray([place is not None for place in window.places])
    if not inside.any():
        return TokenScores(start, end, NO_ANSWER)
    none = float(start[0]) + float(end[0])
    start, end = (
        np.where(inside, each, _OUTSIDE).astype(np.float32, copy=False) for each in (start, end)
    )
    return TokenScores(start, end, log_sum(start) + log_sum(end) - none)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or repr(error)
