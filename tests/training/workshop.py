"""A small world to train on: towns and their mills, in SQuAD's format, and a tiny encoder."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

TOWNS = "Alton Barley Corby Dunmore Elland Farley Goole Hexham Ilkley Jarrow Kelso Louth".split()
OWNERS = "Ames Booth Carr Drew Eaton Frost Grant Hayes Innes Judd Kemp Lowe".split()

CONFIG = """
seed = 3

[start]
encoder = "ENCODER"

[sets]
mills = { questions = 30, negatives = 1.0, near_misses = 1.0 }
asides = { questions = 12, negatives = 0.5, near_misses = 0.0 }

[prepare]
embedder = "fake"
ranks = 5
titles = 0.5
typos = 0.05
keywords = 0.05
shortest = 10
longest = 40

[train]
steps = 60
decay = 0.3
tokens = 1024
rate = 1e-3
head_rate = 1e-2
warmup = 5
weight_decay = 0.01
passage_weight = 1.0
freeze_after = 50
frozen_layers = 1
checkpoint = 8
evaluate = 40
dev_questions = 10

[calibrate]
sets = ["mills", "asides"]
embedder = "fake"
contexts = 12
questions = 12
unanswerable = 0.33
"""


def text_of(at: int) -> str:
    """What is said of one town: no two towns share a name or a number."""
    town, owner = TOWNS[at], OWNERS[at]
    return (
        f"The mill in {town} burned down in {1901 + at}. Nobody was hurt. "
        f"Its owner, Mr {owner}, rebuilt it with {20 + at} workers after the war. "
        f"It stands on the north side of {town}, and the council of {town} will close it soon."
    )


def mills() -> list[dict[str, Any]]:
    """The questions that the texts answer."""
    paragraphs = []
    for at, town in enumerate(TOWNS):
        text = text_of(at)
        asked = {
            f"When did the mill in {town} burn down?": str(1901 + at),
            f"Who owned the mill in {town} before the war?": f"Mr {OWNERS[at]}",
            f"How many workers rebuilt the mill in {town}?": f"{20 + at} workers",
        }
        qas = [
            {
                "id": f"{at}-{number}",
                "question": question,
                "answers": [{"text": answer, "answer_start": text.index(answer)}],
            }
            for number, (question, answer) in enumerate(asked.items())
        ]
        paragraphs.append({"title": town, "paragraphs": [{"context": text, "qas": qas}]})
    return paragraphs


def asides() -> list[dict[str, Any]]:
    """Questions of the same texts; every second is not answered there."""
    paragraphs = []
    for at, town in enumerate(TOWNS):
        text = text_of(at)
        answers = [{"text": "Nobody", "answer_start": text.index("Nobody")}] if at % 2 else []
        question = f"Who was hurt in {town}?" if at % 2 else f"Who sings in {town}?"
        qas = [{"id": f"aside-{at}", "question": question, "answers": answers}]
        paragraphs.append({"context": text, "qas": qas})
    return [{"title": "asides", "paragraphs": paragraphs}]


def write_set(path: Path, articles: list[dict[str, Any]]) -> None:
    path.write_bytes(gzip.compress(json.dumps({"data": articles}).encode()))


def write_examples(path: Path, examples: list[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for each in examples:
            file.write(json.dumps(each) + "\n")


def read_examples(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_log(work: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (work / "log.jsonl").read_text("utf-8").splitlines()]


def build_encoder(folder: Path) -> Path:
    """Write a BERT with random weights that knows the words of the texts, and letters."""
    import torch
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    said = " ".join([text_of(at) for at in range(len(TOWNS))] + [json.dumps(mills())])
    words = sorted(set(re.findall(r"[a-z]{2,}|\d{2,}", said.lower())))
    letters = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *[f"##{each}" for each in letters]]
    tokens += words
    tokenizer = Tokenizer(
        WordPiece({each: at for at, each in enumerate(tokens)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )
    torch.manual_seed(20170904)
    bert = BertModel(
        BertConfig(
            vocab_size=len(tokens),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=256,
        )
    )
    bert.save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder
