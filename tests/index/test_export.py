"""Export, cache and check, on a tiny model that the tests make."""

import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest

from index.embed import OnnxEmbedder, TorchEmbedder, open_embedder
from index.errors import ModelError
from index.export import Export, export_model, load_original
from tests.index.workshop import python

WORDS = "the council report children of and in a to is was said by who how many when where".split()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of random weights, saved as a folder."""
    folder = tmp_path_factory.mktemp("tiny")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries' own making
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.models import Normalize, Pooling, Transformer
        from transformers import BertConfig, BertModel, BertTokenizer

        letters = [chr(each) for each in range(ord("a"), ord("z") + 1)]
        pieces = [*letters, *(f"##{each}" for each in letters), *WORDS]
        vocabulary = folder / "vocab.txt"
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        vocabulary.write_text("\n".join([*special, *pieces]) + "\n")
        bert = folder / "bert"
        BertTokenizer(str(vocabulary)).save_pretrained(bert)
        config = BertConfig(
            vocab_size=len(pieces) + 5,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=128,
        )
        BertModel(config).save_pretrained(bert)
        transformer = Transformer(str(bert), max_seq_length=64)
        model = SentenceTransformer(
            modules=[transformer, Pooling(32), Normalize()],
            device="cpu",
            prompts={"query": "who ", "document": ""},
        )
        model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def exported(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Export, Path]:
    cache = tmp_path_factory.mktemp("cache")
    return export_model(str(tiny), cache, pytest.fail), cache


def test_a_model_in_a_folder_is_exported(tiny: Path, exported: tuple[Export, Path]) -> None:
    export, cache = exported
    assert not export.kept_original
    assert export.mean_cosine >= 0.99
    assert (export.dimension, export.max_tokens) == (32, 64)
    embedder = open_embedder(str(tiny), cache, pytest.fail)
    assert isinstance(embedder, OnnxEmbedder)
    original = TorchEmbedder(str(tiny), export)
    texts = ["the council said", "how many children", "a report by the council " * 30]
    assert np.sum(original.encode(texts) * embedder.encode(texts), axis=1).min() > 0.97


def test_a_models_own_prompt_for_questions_is_used(
    tiny: Path, exported: tuple[Export, Path]
) -> None:
    embedder = open_embedder(str(tiny), exported[1])
    asked = embedder.encode_question("is the report")
    assert np.allclose(asked, embedder.encode(["who is the report"])[0], atol=1e-4)


def test_the_second_time_nothing_is_exported(tiny: Path, exported: tuple[Export, Path]) -> None:
    code = (
        "import sys; from pathlib import Path; from index.embed import open_embedder\n"
        "open_embedder(sys.argv[1], Path(sys.argv[2]), print).encode(['a text'])\n"
        "print('torch' in sys.modules)"
    )
    ran = python(code, tiny, exported[1])
    assert ran.stdout == "False\n", ran.stderr


def test_a_damaged_copy_is_made_again(
    tiny: Path, exported: tuple[Export, Path], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(exported[1], cache)
    (model,) = cache.rglob("model.onnx")
    model.write_bytes(model.read_bytes()[:1000])
    notices: list[str] = []
    embedder = open_embedder(str(tiny), cache, notices.append)
    assert "damaged" in notices[0]
    assert embedder.encode(["the report"]).shape == (1, 32)


@pytest.mark.parametrize("damage", ["{", "[]", '{"format": 99}', '{"format": 1}'])
def test_a_record_that_makes_no_sense_is_no_record(
    tiny: Path, exported: tuple[Export, Path], tmp_path: Path, damage: str
) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(exported[1], cache)
    (record,) = cache.rglob("export.json")
    record.write_text(damage)
    assert Export.find(str(tiny), cache) is None


@pytest.fixture(scope="module")
def kept(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A copy of the model, and a cache that says its export fell short."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copytree(tiny, folder / "model")
    notices: list[str] = []
    export = export_model(str(folder / "model"), folder / "cache", notices.append, least_cosine=1.1)
    assert export.kept_original
    assert "not used (mean cosine" in notices[0]
    assert not list(folder.rglob("*.onnx"))
    return folder / "model", folder / "cache"


def test_the_original_is_kept_where_the_export_falls_short(
    kept: tuple[Path, Path], exported: tuple[Export, Path]
) -> None:
    model, cache = kept
    embedder = open_embedder(str(model), cache, pytest.fail)
    assert isinstance(embedder, TorchEmbedder)
    assert embedder.fingerprint == exported[0].fingerprint
    assert embedder.encode(["the report"]).shape == (1, 32)
    assert embedder.encode([]).shape == (0, 32)
    assert embedder.count_tokens(["the report", ""]) == [2, 0]


def test_the_same_weights_are_known_again_and_others_are_not(kept: tuple[Path, Path]) -> None:
    model, cache = kept
    first = Export.find(str(model), cache)
    assert first is not None
    (weights,) = model.rglob("*.safetensors")
    weights.touch()
    assert Export.find(str(model), cache) == first  # only newer
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    assert Export.find(str(model), cache) is None


def test_weights_of_the_wrong_hash_are_refused(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"not the published .*; reinstall") as caught:
        export_model(str(tiny), tmp_path, pytest.fail, expected_sha256="0" * 64)
    assert "\n" not in str(caught.value)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "nonsense"}))
    with pytest.raises(ModelError, match="cannot load the embedding model") as caught:
        load_original(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_cache_that_cannot_be_written_is_named(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match=r"cannot write the model cache .*QA_CACHE"):
        export_model(str(tiny), tmp_path / "file", pytest.fail)
