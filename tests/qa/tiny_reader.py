"""Tokenizers of several kinds, and readers small enough for a test to say what they will find."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import (
    Regex,
    Tokenizer,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from index.models import DEFAULT_MODEL, place_of
from qa.windows import MOST_TOKENS, prepare

ARTICLE = "The mill at Harland burned down in the night of 3 May, and nobody was hurt."


def bert_tokenizer() -> Tokenizer:
    """The default model's: word pieces, without accents or control characters."""
    folder = place_of(DEFAULT_MODEL)
    assert folder is not None
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def byte_tokenizer(trim_offsets: bool = True) -> Tokenizer:
    """One like RoBERTa's: bytes, white space before a word in its token, two separators."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=340,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([ARTICLE] * 9, trainer)
    made.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=trim_offsets, add_prefix_space=False
    )
    return made


def metaspace_tokenizer() -> Tokenizer:
    """One like XLM-RoBERTa's: a word's token begins with the space before it, drawn as a sign."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *{f"▁{each}" for each in ARTICLE.split()}]
    letters = sorted({each for each in ARTICLE if each.isalnum()} | set("完é,.\n"))
    made = Tokenizer(models.Unigram([(each, -2.0) for each in [*pieces, *letters]], unk_id=3))
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return made


def dropping_tokenizer() -> Tokenizer:
    """One that leaves out a lot: accents, all control characters, line ends among them, stops."""
    made = bert_tokenizer()
    made.normalizer = normalizers.Sequence(
        [
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Replace(Regex(r"[\p{Cc}\p{Cf}]"), ""),
            normalizers.Lowercase(),
            normalizers.Strip(),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"[\p{P}]+"), behavior="removed"),
        ]
    )
    return made


TOKENIZERS = {
    "bert": bert_tokenizer,
    "bytes": byte_tokenizer,
    "bytes with spaces": lambda: byte_tokenizer(trim_offsets=False),
    "metaspace": metaspace_tokenizer,
    "dropping": dropping_tokenizer,
}


def open_tokenizer(kind: str, most_tokens: int = MOST_TOKENS) -> Tokenizer:
    return prepare(TOKENIZERS[kind](), most_tokens)


def build_reader(folder: Path, starts: Mapping[str, float], ends: Mapping[str, float]) -> Path:
    """Write a reader whose scores depend on a token alone: those given, and 0 for all others.

    A window's log-odds are what its tokens' evidence comes to, less 9, as in `training.model`.
    """
    tokenizer = bert_tokenizer()
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    tables = [
        numpy_helper.from_array(_table(tokenizer, scores), name)
        for name, scores in (("start_of", starts), ("end_of", ends))
    ]
    graph = helper.make_graph(
        [
            helper.make_node("Mul", ["token_type_ids", "attention_mask"], ["passage"]),
            helper.make_node("Equal", ["passage", "zero"], ["outside"]),
            *(
                node
                for name in ("start", "end")
                for node in (
                    helper.make_node("Gather", [f"{name}_of", "input_ids"], [f"all_{name}"]),
                    helper.make_node("Where", ["outside", "least", f"all_{name}"], [name]),
                    helper.make_node("ReduceLogSumExp", [name, "last"], [f"of_{name}"], keepdims=0),
                )
            ),
            helper.make_node("Sum", ["of_start", "of_end", "bias"], ["answerable"]),
        ],
        "reader",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["rows", "tokens"])
            for name in ("input_ids", "attention_mask", "token_type_ids")
        ],
        [
            helper.make_tensor_value_info("start", TensorProto.FLOAT, ["rows", "tokens"]),
            helper.make_tensor_value_info("end", TensorProto.FLOAT, ["rows", "tokens"]),
            helper.make_tensor_value_info("answerable", TensorProto.FLOAT, ["rows"]),
        ],
        [
            *tables,
            numpy_helper.from_array(np.asarray(0, dtype=np.int64), "zero"),
            numpy_helper.from_array(np.asarray(-1e4, dtype=np.float32), "least"),
            numpy_helper.from_array(np.asarray([-1], dtype=np.int64), "last"),
            numpy_helper.from_array(np.asarray([-9], dtype=np.float32), "bias"),
        ],
    )
    save_graph(graph, folder / "model.onnx")
    seal(folder)
    return folder


def save_graph(graph: onnx.GraphProto, path: Path) -> None:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def seal(folder: Path, made: object = 1) -> None:
    """Write the `reader.json` that belongs to a folder's files."""
    hashes = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("model.onnx", "tokenizer.json")
    }
    (folder / "reader.json").write_text(json.dumps({"format": made, "sha256": hashes}), "utf-8")


def _table(tokenizer: Tokenizer, scores: Mapping[str, float]) -> np.ndarray:
    table = np.zeros(tokenizer.get_vocab_size(), dtype=np.float32)
    for word, score in scores.items():
        number = tokenizer.token_to_id(word)
        assert number is not None, word
        table[number] = score
    return table
