"""A sentence-transformers model exported to int8 ONNX, checked against the original, and cached.

Runs once for each model on a machine, and is the only place besides `TorchEmbedder` that imports
torch. The graph holds the whole model, pooling and normalisation included, so what comes out is
the sentence embedding itself.
"""

import contextlib
import hashlib
import logging
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from importlib.resources import files
from operator import gt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from index.errors import ModelError
from index.models import (
    DEFAULT_MODEL,
    Export,
    checksum_of,
    exports_in,
    folder_of,
    place_of,
    sha256_of,
    stamp_of,
    weights_of,
)

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

LEAST_COSINE = 0.99
"""The mean cosine to the original's vectors below which an export is not used."""

_MOST_TOKENS = 1_000_000
"""What stands for no limit, which is how a model without attention may put it."""


@contextlib.contextmanager
def one_at_a_time(cache: Path) -> Iterator[None]:
    """Wait until no other process exports into `cache`: a minute of all cores is enough once.

    Raises:
        ModelError: a cache that cannot be written.
    """
    folder = exports_in(cache)
    lock = FileLock(folder / "export.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise _unwritable(cache, error) from error
    try:
        yield
    finally:
        lock.release()


def export_model(
    name: str,
    cache: Path,
    notify: Callable[[str], None],
    least_cosine: float = LEAST_COSINE,
    expected_sha256: str | None = None,
) -> Export:
    """Export the model called `name` into `cache` and return where it lies.

    If the export's mean cosine to the original is below `least_cosine`, or the model cannot be
    exported, only that is recorded, and `notify` is told: the original will be used.

    Raises:
        ModelError: no such model, weights of the wrong hash, or a cache that cannot be written.
    """
    model = load_original(name)
    weights = weights_of(name)
    fingerprint = sha256_of(weights) if weights else _state_hash(model)
    expected = DEFAULT_SHA256 if name == DEFAULT_MODEL else expected_sha256
    if expected is not None and fingerprint != expected:
        raise ModelError(
            f"the weights of {name} have SHA-256 {fingerprint[:12]}…, not the published "
            f"{expected[:12]}…; reinstall them"
        )
    folder = folder_of(name, cache)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(cache, error) from error
    try:
        try:
            cosine = _export(model, made)
            # Not "<": a model that gives no numbers has no cosine either.
            shortfall = "" if cosine >= least_cosine else f"mean cosine {cosine:.4f}"
        except OSError:
            raise
        except Exception as error:  # whatever the exporter cannot do, the original still can
            cosine, shortfall = 0.0, str(error).strip().partition("\n")[0] or repr(error)
        if shortfall:
            (made / "model.onnx").unlink(missing_ok=True)
            notify(f"The int8 export of {name} is not used ({shortfall}); the original is slower.")
        prompts = {key: text for key, text in (model.prompts or {}).items() if text}
        size, mtime = stamp_of(weights)
        export = Export(
            folder=folder,
            fingerprint=fingerprint,
            dimension=int(model.get_embedding_dimension() or 0),
            max_tokens=int(min(model.max_seq_length or 512, _MOST_TOKENS)),
            mean_cosine=cosine,
            kept_original=bool(shortfall),
            question_prompt=prompts.get("query", ""),
            document_prompt=prompts.get("document", prompts.get("passage", "")),
            weights_size=size,
            weights_mtime=mtime,
            checksum=checksum_of(made),
        )
        export.save(made)
        made.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)
    except OSError as error:
        raise _unwritable(cache, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return export


def load_original(name: str) -> "SentenceTransformer":
    """Load a sentence-transformers model: the packaged default, a folder, or a hub name.

    Raises:
        ModelError: it is none of these, or cannot be loaded.
    """
    place = place_of(name)
    try:
        with quietly():
            if place is not None:
                return _load(str(place), local=True)
            try:
                return _load(name, local=True)
            except Exception:  # not on this machine, in one of many words
                ask_hub(name if "/" in name else f"sentence-transformers/{name}")
                return _load(name, local=False)
    except Exception as error:  # a missing name, a broken file and no network all differ
        raise ModelError(
            f"cannot load the embedding model {name!r}: "
            f"{str(error).strip().partition(chr(10))[0]}; give a folder or a hub name that exists"
        ) from error


def _load(where: str, local: bool) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        where,
        device="cpu",
        model_kwargs={"attn_implementation": "eager"},
        local_files_only=local,
    )


def ask_hub(repository: str) -> None:
    """Fail at once where the hub does not know the model or cannot be reached.

    Loading would find out too, after a minute and a half of trying again.
    """
    from huggingface_hub import HfApi

    HfApi().model_info(repository, timeout=10)


def quantize(full: Path, to: Path, stays: Callable[[int, int], bool] = gt) -> None:
    """Write the graph in `full` to `to`, its weights in int8.

    A projection stays as it is if `stays` holds for its inputs and outputs. Usually those that
    narrow do (the second half of each feed-forward block): their inputs carry the outliers, and in
    int8 they lose most of what is lost at all.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(str(full)).graph
    shapes = {each.name: list(each.dims) for each in graph.initializer}
    left = [
        node.name
        for node in graph.node
        if node.op_type in ("MatMul", "Gemm")
        and any(len(shapes.get(each, ())) == 2 and stays(*shapes[each]) for each in node.input)
    ]
    quantize_dynamic(
        str(full),
        str(to),
        weight_type=QuantType.QUInt8,
        per_channel=True,
        nodes_to_exclude=left,
    )


def check_passages() -> list[str]:
    """Return the real passages that an export is checked on."""
    text = files("index").joinpath("export_check.txt").read_text("utf-8")
    return [passage.strip() for passage in text.split("\n\n") if passage.strip()]


def _export(model: "SentenceTransformer", folder: Path) -> float:
    """Write the int8 graph and its tokenizer into `folder`; return its mean cosine."""
    import onnxruntime
    import torch

    tokenizer = model.tokenizer
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    example = dict(tokenizer(["two texts", "of unlike length"], padding=True, return_tensors="pt"))
    names = list(example)

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> Any:
            return self.model(dict(zip(names, tensors, strict=True)))["sentence_embedding"]

    full = folder / "full.onnx"
    dynamic = torch.export.Dim.DYNAMIC
    with quietly():
        torch.onnx.export(
            Whole().eval(),
            tuple(example.values()),
            str(full),
            input_names=names,
            output_names=["sentence_embedding"],
            dynamic_shapes=(tuple({0: dynamic, 1: dynamic} for _ in names),),
            dynamo=True,
            verbose=False,
        )
        quantize(full, folder / "model.onnx")
        for each in folder.glob("full.onnx*"):
            each.unlink()
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), providers=["CPUExecutionProvider"]
        )
        passages = check_passages()
        wanted = np.asarray(model.encode(passages, show_progress_bar=False), dtype=np.float32)
        got = np.concatenate(
            [
                session.run(
                    None,
                    {
                        key: value
                        for key, value in tokenizer(
                            passage,
                            truncation=True,
                            max_length=model.max_seq_length,
                            return_tensors="np",
                        ).items()
                        if key in names
                    },
                )[0]
                for passage in passages
            ]
        )
    norms = np.linalg.norm(wanted, axis=1) * np.linalg.norm(got, axis=1)
    return float(np.mean((wanted * got).sum(axis=1) / norms))


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep the exporter's and the loader's chatter away from the user."""
    from transformers.utils import logging as transformers_logging

    names = ("torch.onnx", "torch", "onnx_ir", "onnxscript", "transformers")
    chatty = [logging.getLogger(each) for each in names]
    levels = [each.level for each in chatty] + [logging.root.level]
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    for each in [*chatty, logging.root]:
        each.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(None):
            warnings.simplefilter("ignore")
            yield
    finally:
        for each, level in zip([*chatty, logging.root], levels, strict=True):
            each.setLevel(level)
        if bars:
            transformers_logging.enable_progress_bar()


def _unwritable(cache: Path, error: OSError) -> ModelError:
    return ModelError(
        f"cannot write the model cache {cache}: {error.strerror}; choose another with QA_CACHE"
    )


def _state_hash(model: "SentenceTransformer") -> str:
    """Hash the weights of a model whose file we cannot name."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().numpy().tobytes())
    return digest.hexdigest()
