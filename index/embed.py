"""Texts to vectors: the Embedder seam, the fast embedder that asking uses, and two others.

`OnnxEmbedder` runs an export made by `index.export` on onnxruntime and tokenizers alone, so asking
never waits for torch. `TorchEmbedder` runs any sentence-transformers model as it is, for those
that cannot be exported faithfully. `FakeEmbedder` hashes words: it needs no model and finds texts
that share words with the question, which is all that a test of the plumbing wants.
"""

import re
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from index.export import export_model, one_at_a_time
from index.models import Export, full_name

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors: TypeAlias = npt.NDArray[np.float32]
Notify: TypeAlias = Callable[[str], None]

FAKE_MODEL = "fake"
BATCH_TOKENS = 512
"""Tokens in one run of the model, padding included. More makes padding, not speed, on few cores."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose inner product says how near in meaning they are."""

    @property
    def name(self) -> str:
        """What the user calls the model."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the weights: vectors of different fingerprints cannot be compared."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 vectors of unit length, shape `(len(texts), dimension)`."""

    def encode_question(self, text: str) -> Vectors:
        """Return the float32 unit vector of one question, shape `(dimension,)`."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens in each text, without the special ones."""


def silent(_message: str) -> None:
    """Swallow a notice: the default for callers that have nowhere to show one."""


def open_embedder(name: str, cache: Path, notify: Notify = silent) -> Embedder:
    """Open the embedder called `name`, exporting its model into `cache` on first use.

    `name` is the default model's, `fake`, a folder that holds a sentence-transformers model, or a
    hub name. `notify` is told, in one line each, of what takes long or falls short.

    Raises:
        ModelError: no such model, or damaged weights.
    """
    if name == FAKE_MODEL:
        return FakeEmbedder()
    name = full_name(name)
    export = Export.find(name, cache)
    if export is None:
        with one_at_a_time(cache):
            export = Export.find(name, cache)  # another process may just have made it
            if export is None:
                notify(f"Preparing {name} for this machine: once, and for about a minute.")
                export = export_model(name, cache, notify)
    if export.kept_original:
        return TorchEmbedder(name, export)
    try:
        return OnnxEmbedder(name, export)
    except Exception as damage:  # onnxruntime's and tokenizers' errors share no base class
        notify(f"The prepared copy of {name} is damaged ({_first_line(damage)}); making it again.")
        return OnnxEmbedder(name, export_model(name, cache, notify))


class OnnxEmbedder:
    """A sentence-transformers model, pooling included, as one ONNX graph."""

    def __init__(self, name: str, export: Export) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        export.check()
        self.name = name
        self.fingerprint = export.fingerprint
        self.dimension = export.dimension
        self._question_prompt = export.question_prompt
        self._document_prompt = export.document_prompt
        self._tokenizer = Tokenizer.from_file(str(export.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(export.max_tokens)
        self._counter = _counter(self._tokenizer)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Threads that spin while they wait cost others a third more processor time than the work.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            export.model, options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [each.name for each in self._session.get_inputs()]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        return self._run([self._document_prompt + text for text in texts])

    def encode_question(self, text: str) -> Vectors:
        """See `Embedder.encode_question`."""
        vector: Vectors = self._run([self._question_prompt + text])[0]
        return vector

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_tokens`."""
        return [
            len(encoding.ids)
            for encoding in self._counter.encode_batch(list(texts), add_special_tokens=False)
        ]

    def _run(self, texts: list[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(texts)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length run together, so that little of a batch is padding.
        order = sorted(range(len(texts)), key=lambda at: -len(encodings[at].ids))
        while order:
            width = max(1, len(encodings[order[0]].ids))
            rows = max(1, BATCH_TOKENS // width)
            batch, order = order[:rows], order[rows:]
            feed = {
                "input_ids": np.zeros((len(batch), width), dtype=np.int64),
                "attention_mask": np.zeros((len(batch), width), dtype=np.int64),
                "token_type_ids": np.zeros((len(batch), width), dtype=np.int64),
            }
            for row, at in enumerate(batch):
                ids = encodings[at].ids
                feed["input_ids"][row, : len(ids)] = ids
                feed["attention_mask"][row, : len(ids)] = 1
            vectors[batch] = self._session.run(None, {key: feed[key] for key in self._inputs})[0]
        return vectors


class TorchEmbedder:
    """A sentence-transformers model run by sentence-transformers itself."""

    def __init__(self, name: str, export: Export) -> None:
        from tokenizers import Tokenizer

        from index.export import load_original

        self.name = name
        self.fingerprint = export.fingerprint
        self.dimension = export.dimension
        self._model: SentenceTransformer = load_original(name)
        tokenizer = self._model.tokenizer
        fast = getattr(tokenizer, "backend_tokenizer", tokenizer)
        if isinstance(fast, Tokenizer):
            self._counter: Tokenizer | None = _counter(fast)
        else:
            self._counter = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return _unit(
            self._model.encode_document(list(texts), batch_size=32, show_progress_bar=False)
        )

    def encode_question(self, text: str) -> Vectors:
        """See `Embedder.encode_question`."""
        vector: Vectors = _unit(self._model.encode_query([text], show_progress_bar=False))[0]
        return vector

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_tokens`."""
        if not texts:
            return []
        if self._counter is not None:
            encodings = self._counter.encode_batch(list(texts), add_special_tokens=False)
            return [len(each.ids) for each in encodings]
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


class FakeEmbedder:
    """Adds up a fixed pseudo-random direction for each word of a text. For tests; no model."""

    name = FAKE_MODEL
    fingerprint = FAKE_MODEL
    dimension = 64

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row] += _direction(word)
        return _unit(vectors)

    def encode_question(self, text: str) -> Vectors:
        """See `Embedder.encode_question`."""
        vector: Vectors = self.encode([text])[0]
        return vector

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder.count_tokens`."""
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]


@lru_cache(maxsize=65536)
def _direction(word: str) -> Vectors:
    draw = np.random.default_rng(zlib.crc32(word.encode()))
    return draw.standard_normal(FakeEmbedder.dimension).astype(np.float32)


def _unit(vectors: Any) -> Vectors:
    """Scale rows to unit length; a row of zeros stays one."""
    rows = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = (rows / np.where(norms == 0, 1, norms)).astype(np.float32, copy=False)
    return scaled


def _counter(tokenizer: "Tokenizer") -> "Tokenizer":
    """Return a copy of a tokenizer that counts a text's tokens to its end."""
    copy = tokenizer.__class__.from_str(tokenizer.to_str())
    copy.no_padding()
    copy.no_truncation()
    return copy


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
