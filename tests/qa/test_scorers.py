"""`qa.scorers`: our own reader, others' checkpoints, and what is said of those that are none."""

import json
import shutil
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from index.errors import ModelError
from qa.scorers import (
    BATCH_TOKENS,
    MOST_CHECKPOINT_TOKENS,
    NO_ANSWER,
    CheckpointScorer,
    OnnxScorer,
    Scorer,
    batches,
    pad,
)
from qa.spans import best_spans
from qa.windows import MOST_TOKENS, Window, room_of, windows
from tests.index.workshop import flip
from tests.qa.tiny_reader import (
    ARTICLE,
    bert_tokenizer,
    build_reader,
    byte_tokenizer,
    save_graph,
    seal,
)

if TYPE_CHECKING:
    from transformers import PreTrainedModel

QUESTION = "When did the mill burn?"
PASSAGES = [
    ("Fire at Harland Mill", ARTICLE),
    ("", "Nobody was hurt."),
    ("A fair", "Otters 👍🏽 met at the cafe\u0301. " * 60),
    ("Nothing", ""),
    ("", "1987"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader that finds "1987" and, less sure of it, "mill"."""
    scores = {"1987": 12.0, "mill": 8.0, "river": 1.0}
    return build_reader(tmp_path_factory.mktemp("readers") / "tiny", scores, scores)


@pytest.fixture(scope="module")
def onnx(folder: Path) -> OnnxScorer:
    return OnnxScorer(folder)


# Windows into runs


def blank(length: int, row: int = 0) -> Window:
    return Window(row, [7] * length, [1] * length, [None] * length)


@given(st.lists(st.integers(1, 600), max_size=40))
def test_every_window_is_in_one_run_and_none_is_too_large(lengths: list[int]) -> None:
    made = list(batches([blank(each) for each in lengths]))
    assert sorted(row for rows in made for row in rows) == list(range(len(lengths)))
    for rows in made:
        tokens = len(rows) * max(lengths[row] for row in rows)
        assert len(rows) == 1 or tokens <= BATCH_TOKENS


def test_windows_of_like_length_run_together() -> None:
    lengths = [200, 10, 200, 10, 200, 10, 200, 200, 200, 10]
    made = list(batches([blank(each) for each in lengths]))
    assert [sorted({lengths[row] for row in rows}) for rows in made] == [[200], [10, 200]]


def test_what_is_padding_is_neither_read_nor_of_the_passage() -> None:
    arrays = pad([blank(2), Window(1, [5, 6, 8], [0, 0, 1], [None] * 3)])
    assert {name: each.tolist() for name, each in arrays.items()} == {
        "input_ids": [[7, 7, 0], [5, 6, 8]],
        "attention_mask": [[1, 1, 0], [1, 1, 1]],
        "token_type_ids": [[1, 1, 0], [0, 0, 1]],
    }
    assert {each.dtype for each in arrays.values()} == {np.dtype(np.int64)}


# What every scorer promises


@pytest.fixture(scope="module", params=["onnx", "bert", "roberta", "distilbert"])
def scorer(request: pytest.FixtureRequest) -> Scorer:
    if request.param == "onnx":
        made: Scorer = request.getfixturevalue("onnx")
        return made
    checkpoints: dict[str, Path] = request.getfixturevalue("checkpoints")
    return CheckpointScorer(str(checkpoints[request.param]))


def test_scores_are_those_of_each_window_alone_in_order(scorer: Scorer) -> None:
    made = windows(scorer.tokenizer, QUESTION, PASSAGES)
    assert len({len(each.ids) for each in made}) > 3
    together = scorer.score(made)
    for window, scores in zip(made, together, strict=True):
        assert scores.start.shape == scores.end.shape == (len(window.ids),)
        assert scores.start.dtype == scores.end.dtype == np.float32
        (alone,) = scorer.score([window])
        np.testing.assert_allclose(scores.start, alone.start, atol=1e-4)
        np.testing.assert_allclose(scores.end, alone.end, atol=1e-4)
        assert scores.answerable == pytest.approx(alone.answerable, abs=1e-4)
    backwards = scorer.score(made[::-1])[::-1]
    assert [each.answerable for each in backwards] == pytest.approx(
        [each.answerable for each in together], abs=1e-4
    )


def test_no_windows_have_no_scores(scorer: Scorer) -> None:
    assert scorer.score([]) == []


def test_the_longest_windows_can_be_read(scorer: Scorer) -> None:
    made = windows(scorer.tokenizer, "who? " * 300, [("完" * 200, ARTICLE * 30)])
    assert len(made) > 1
    assert all(np.isfinite(each.answerable) for each in scorer.score(made))


# Our own


def test_the_reader_finds_what_it_was_made_to_find(onnx: OnnxScorer) -> None:
    text = "The mill at Harland burned down in 1987, in May."
    for question in ("When?", "Mill? 1987?"):
        (window,) = windows(onnx.tokenizer, question, [("1987", text)])
        (scores,) = onnx.score([window])
        found = best_spans(window, *scores, 9)
        assert [each.span.cut(text) for each in found[:2]] == ["1987", "mill"]
        assert scores.answerable > 10


def test_nothing_is_found_where_there_is_nothing(onnx: OnnxScorer) -> None:
    made = windows(onnx.tokenizer, "1987?", [("", "Nobody was hurt."), ("", "It was in 1987.")])
    without, with_it = onnx.score(made)
    assert without.answerable < 0 < with_it.answerable


def test_a_reader_is_called_what_its_folder_is_called(onnx: OnnxScorer) -> None:
    assert onnx.name == "tiny"
    assert room_of(onnx.tokenizer) == MOST_TOKENS


def _without(*names: str) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return harm


def _facts(text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "reader.json").write_text(text)  # type: ignore[return-value]


def _truncated(folder: Path) -> None:
    path = folder / "reader.json"
    path.write_text(path.read_text()[:-20])


def _flipped(name: str) -> Callable[[Path], None]:
    return lambda folder: flip(folder / name, 5000)


def _replaced(name: str, content: bytes) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        (folder / name).write_bytes(content)
        seal(folder)

    return harm


def _other_graph(folder: Path) -> None:
    shape = ["rows", "tokens"]
    graph = helper.make_graph(
        [helper.make_node("Cast", ["input_ids"], ["start"], to=TensorProto.FLOAT)],
        "other",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape)],
        [helper.make_tensor_value_info("start", TensorProto.FLOAT, shape)],
    )
    save_graph(graph, folder / "model.onnx")
    seal(folder)


DAMAGED = "reader.json is damaged; reinstall the reader"


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (shutil.rmtree, "there is no reader in FOLDER; reinstall, or name another"),
        (_without("reader.json"), "there is no reader in FOLDER; reinstall, or name another"),
        (_without("model.onnx"), "cannot read FOLDER/model.onnx: No such file or directory; "),
        (_without("tokenizer.json"), "cannot read FOLDER/tokenizer.json: No such file or "),
        (_flipped("model.onnx"), "FOLDER/model.onnx has SHA-256 "),
        (_flipped("tokenizer.json"), "FOLDER/tokenizer.json has SHA-256 "),
        (_truncated, DAMAGED),
        (_facts(""), DAMAGED),
        (_facts("[1]"), DAMAGED),
        (_facts("null"), DAMAGED),
        (_facts("\0"), DAMAGED),
        (_facts('{"sha256": {}}'), DAMAGED),
        (_facts('{"format": 1}'), DAMAGED),
        (_facts('{"format": 1, "sha256": {}}'), DAMAGED),
        (_facts('{"format": 1, "sha256": "model.onnx"}'), DAMAGED),
        (_facts('{"format": 1, "sha256": {"model.onnx": ""}}'), DAMAGED),
        (lambda folder: seal(folder, 2), "has format 2, this version reads 1; export it again"),
        (_facts('{"format": 0}'), "has format 0, this version reads 1; export it again"),
        (_replaced("model.onnx", b"no graph"), "cannot load the reader in FOLDER: "),
        (_replaced("model.onnx", b""), "cannot load the reader in FOLDER: "),
        (_replaced("tokenizer.json", b"{}"), "cannot load the reader in FOLDER: "),
        (_other_graph, "the model in FOLDER is no reader: "),
    ],
)
def test_what_is_no_reader_of_ours(
    folder: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    harm: Callable[[Path], None],
    said: str,
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    harm(copy)
    with pytest.raises(ModelError) as raised:
        OnnxScorer(copy)
    assert said.replace("FOLDER", str(copy)) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "; " in str(raised.value)
    assert capfd.readouterr() == ("", "")


def test_other_files_in_the_folder_are_nobodys_business(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / "calibration.json").write_text("{}")
    assert OnnxScorer(tmp_path / "copy").name == "copy"


# Others' checkpoints


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Checkpoints with random weights, 32 wide, by the name of their kind."""
    import torch
    import transformers
    from transformers import PreTrainedTokenizerFast

    torch.manual_seed(20180410)
    made: dict[str, Path] = {}

    def save(kind: str, model: "PreTrainedModel", **options: Any) -> None:
        made[kind] = tmp_path_factory.mktemp("checkpoints") / kind
        model.save_pretrained(made[kind])
        byte = "roberta" in kind
        fast = PreTrainedTokenizerFast(
            tokenizer_object=byte_tokenizer() if byte else bert_tokenizer(), **options
        )
        fast.save_pretrained(made[kind])

    types = {"model_input_names": ["input_ids", "token_type_ids", "attention_mask"]}
    no_types = {"model_input_names": ["input_ids", "attention_mask"]}
    bert = transformers.BertConfig(
        vocab_size=30522,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    save("bert", transformers.BertForQuestionAnswering(bert), **types)
    save("headless", transformers.BertModel(bert), **types)
    roberta = transformers.RobertaConfig(
        vocab_size=340,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=66,
        type_vocab_size=1,
        pad_token_id=1,
    )
    save("roberta", transformers.RobertaForQuestionAnswering(roberta), **no_types)
    distilbert = transformers.DistilBertConfig(
        vocab_size=30522, dim=32, n_heads=2, n_layers=1, hidden_dim=64
    )
    save("distilbert", transformers.DistilBertForQuestionAnswering(distilbert), **no_types)
    return made


def test_a_checkpoints_odds_are_those_of_its_spans_against_none(
    checkpoints: dict[str, Path],
) -> None:
    import torch
    from transformers import AutoModelForQuestionAnswering

    original = AutoModelForQuestionAnswering.from_pretrained(checkpoints["bert"]).eval()
    original.qa_outputs.weight.data *= 50  # random weights find everything equally good
    original.save_pretrained(checkpoints["bert"])
    scorer = CheckpointScorer(str(checkpoints["bert"]))
    (window,) = windows(scorer.tokenizer, QUESTION, PASSAGES[:1])
    with torch.inference_mode():
        given = original(
            input_ids=torch.tensor([window.ids]), token_type_ids=torch.tensor([window.type_ids])
        )
    start, end = given.start_logits[0].double().numpy(), given.end_logits[0].double().numpy()
    none = start[0] + end[0]
    inside = [at for at, place in enumerate(window.places) if place is not None]
    every = np.logaddexp.reduce([start[i] + end[j] for i, j in product(inside, inside)])
    (scores,) = scorer.score([window])
    assert scores.answerable == pytest.approx(every - none, abs=1e-3)
    best = max(start[i] + end[j] for i, j in product(inside, inside) if i <= j) - none
    assert best_spans(window, *scores, 1)[0].score == pytest.approx(best, abs=1e-3)


def test_a_window_without_a_place_has_no_answer(checkpoints: dict[str, Path]) -> None:
    scorer = CheckpointScorer(str(checkpoints["bert"]))
    (window,) = windows(scorer.tokenizer, QUESTION, [("A title", "\u200b")])
    assert scorer.score([window])[0].answerable == NO_ANSWER


def test_windows_are_as_long_as_the_checkpoint_can_read(checkpoints: dict[str, Path]) -> None:
    rooms = {
        kind: room_of(CheckpointScorer(str(checkpoints[kind])).tokenizer)
        for kind in ("bert", "roberta", "distilbert")
    }
    assert rooms == {
        "bert": MOST_CHECKPOINT_TOKENS - 1,
        "roberta": 64,
        "distilbert": MOST_CHECKPOINT_TOKENS - 1,
    }


def test_a_folder_may_be_named_in_short(
    checkpoints: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(checkpoints["bert"].parent))
    monkeypatch.chdir(checkpoints["bert"].parent)
    for name in ("bert", "./bert", "~/bert"):
        assert CheckpointScorer(name).name == name


def complaint(name: Path | str) -> str:
    with pytest.raises(ModelError) as raised:
        CheckpointScorer(str(name))
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_a_checkpoint_without_a_head(
    checkpoints: dict[str, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    assert complaint(checkpoints["headless"]) == (
        f"the checkpoint '{checkpoints['headless']}' has no question-answering head "
        "(qa_outputs.bias is not in it); name one that was trained for extractive question "
        "answering"
    )
    assert "has no question-answering head" in complaint("all-MiniLM-L6-v2")
    assert capfd.readouterr() == ("", "")


def test_a_path_at_which_there_is_none(tmp_path: Path) -> None:
    for name in (tmp_path / "gone", "./gone", "~/gone"):
        assert complaint(name) == f"there is no reader at {name}; give a folder or a hub name"


def _config(content: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "config.json").write_text(content)  # type: ignore[return-value]


def _of_kind(**facts: Any) -> Callable[[Path], None]:
    return _config(json.dumps(facts))


def _cut(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-500])  # type: ignore[return-value]


def _pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


@pytest.mark.parametrize(
    "harm",
    [
        _config("{"),
        _of_kind(model_type="vit"),
        _of_kind(model_type="nothing like it"),
        _of_kind(model_type="theirs", auto_map={"AutoConfig": "code.Config"}),
        _without("config.json"),
        _without("model.safetensors"),
        _without("tokenizer.json", "tokenizer_config.json"),
        _cut("model.safetensors"),
        _cut("tokenizer.json"),
        _pickled,
    ],
)
def test_what_is_no_checkpoint(
    checkpoints: dict[str, Path],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    harm: Callable[[Path], None],
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(checkpoints["bert"], copy)
    harm(copy)
    assert complaint(copy).startswith(f"cannot load the reader '{copy}': ")
    assert capfd.readouterr() == ("", "")


def test_a_name_that_the_hub_cannot_give_is_reported_at_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")  # nobody there
    for name in ("nobody/has-this", "nobody", "a b", "a/b/c"):
        begun = time.monotonic()
        assert complaint(name).startswith(f"cannot load the reader {name!r}: ")
        assert time.monotonic() - begun < 10
    assert capfd.readouterr() == ("", "")
