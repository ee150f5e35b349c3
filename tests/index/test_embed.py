"""`index.embed`: three embedders behind one seam, and what opening one may cost and say."""

import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed import (
    Embedder,
    FakeEmbedder,
    OnnxEmbedder,
    TorchEmbedder,
    open_embedder,
)
from index.errors import ModelError
from index.export import check_passages, export_model, load_original
from index.intake import embedded_texts
from index.models import DEFAULT_MODEL, Export, folder_of
from index.opening import create_archive, open_archive
from index.passages import split
from index.types import Document
from tests.index.tiny_model import build_static_model
from tests.index.workshop import add, flip, python, replace_bytes, write

TEXTS = ["The mill burned down.", "", "x", "The council met again. " * 40, "Ünï 完 😀 \u0301", "\n"]


@pytest.fixture(scope="module")
def cache(tiny_export: Export) -> Path:
    return tiny_export.folder.parents[1]


@pytest.fixture(scope="module")
def onnx(tiny: Path, cache: Path) -> Embedder:
    return open_embedder(str(tiny), cache)


@pytest.fixture(scope="module")
def kept(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the export of the tiny model fell short, as any does of a cosine of 2."""
    folder = tmp_path_factory.mktemp("kept")
    said: list[str] = []
    export = export_model(str(tiny), folder, said.append, least_cosine=2.0)
    assert export.kept_original
    assert not export.model.exists()
    (line,) = said
    assert line == (
        f"The int8 export of {tiny} is not used (mean cosine {export.mean_cosine:.4f}); the original "
        "is slower."
    )
    return folder


@pytest.fixture(scope="module")
def torch(tiny: Path, kept: Path) -> Embedder:
    said: list[str] = []
    embedder = open_embedder(str(tiny), kept, said.append)
    assert said == []
    return embedder


@pytest.fixture(params=["onnx", "torch", "fake"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "fake":
        return FakeEmbedder()
    made: Embedder = request.getfixturevalue(request.param)
    return made


# What every embedder promises


def test_vectors_are_unit_float32_rows(embedder: Embedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-3) | (lengths == 0))


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.encode([]).shape == (0, embedder.dimension)
    assert embedder.count_tokens([]) == []


def test_a_texts_vector_does_not_depend_on_its_company(embedder: Embedder) -> None:
    together = embedder.encode(TEXTS)
    alone = np.concatenate([embedder.encode([each]) for each in TEXTS])
    assert np.sum(together * alone, axis=1)[[0, 2, 3, 4]] == pytest.approx(1, abs=5e-3)


def test_longer_texts_have_more_tokens(embedder: Embedder) -> None:
    counts = embedder.count_tokens(TEXTS)
    assert counts[1] == 0
    assert counts[3] == 40 * embedder.count_tokens(["The council met again."])[0] > 150


def test_a_question_is_one_vector(embedder: Embedder) -> None:
    assert embedder.encode_question("Who met?").shape == (embedder.dimension,)


# Each of the three


@settings(max_examples=30)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_the_fake_is_the_same_every_time(texts: list[str]) -> None:
    first = FakeEmbedder().encode(texts)
    assert np.array_equal(first, FakeEmbedder().encode(texts))
    assert first.shape == (len(texts), 64)


def test_the_fake_finds_shared_words() -> None:
    fake = FakeEmbedder()
    near, far = fake.encode(["the mill burned", "a fair with otters"]) @ fake.encode_question(
        "What burned? The mill!"
    )
    assert near > 0.7 > 0.4 > far


def test_the_export_says_what_the_original_says(onnx: Embedder, torch: Embedder) -> None:
    assert isinstance(onnx, OnnxEmbedder)
    assert isinstance(torch, TorchEmbedder)
    assert (onnx.fingerprint, onnx.dimension) == (torch.fingerprint, torch.dimension)
    cosines = np.sum(onnx.encode(TEXTS) * torch.encode(TEXTS), axis=1)
    assert cosines == pytest.approx(1, abs=1e-2)
    assert onnx.encode_question("Who?") @ torch.encode_question("Who?") == pytest.approx(
        1, abs=1e-2
    )
    assert onnx.count_tokens(TEXTS) == torch.count_tokens(TEXTS)


def test_a_question_gets_the_models_prompt(onnx: Embedder) -> None:
    assert np.allclose(onnx.encode_question("Who?"), onnx.encode(["question: Who?"])[0])
    assert not np.allclose(onnx.encode_question("Who?"), onnx.encode(["Who?"])[0])


def test_an_archive_made_with_a_models_folder(
    tiny: Path, cache: Path, papers: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> Embedder:
        return open_embedder(name, cache)

    write(papers, {"mill.txt": "Fire at Harland Mill\n\nThe mill burned down. Nobody was hurt.\n"})
    monkeypatch.chdir(tiny.parent)
    archive = create_archive(home, load, "./tiny")
    add(archive, papers)
    archive.close()
    monkeypatch.chdir(papers)  # the name that is kept means the same from anywhere
    again = open_archive(home, load, wanted=str(tiny))
    assert again.store.identity.dimension == 32
    assert len(again.search("Which mill?", 9).dense) == again.passage_count == 2
    again.close()


def test_a_model_that_cannot_be_exported_serves_as_it_is(tmp_path: Path) -> None:
    folder = build_static_model(tmp_path / "static")
    said, embedder = said_by_opening(folder, tmp_path / "cache")
    assert isinstance(embedder, TorchEmbedder)
    assert said[0].startswith(f"Preparing {folder}")
    assert said[1].startswith(f"The int8 export of {folder} is not used (")
    assert len(said) == 2
    assert embedder.encode(TEXTS).shape == (len(TEXTS), 16)
    assert embedder.count_tokens(["the mill burned", "", "it " * 900]) == [3, 0, 900]
    assert said_by_opening(folder, tmp_path / "cache")[0] == []


# Opening one


def said_by_opening(name: Path, cache: Path) -> tuple[list[str], Embedder]:
    said: list[str] = []
    return said, open_embedder(str(name), cache, said.append)


def test_an_export_is_found_the_second_time(tiny: Path, cache: Path, onnx: Embedder) -> None:
    before = [each.stat().st_mtime_ns for each in sorted(cache.rglob("*"))]
    said, again = said_by_opening(tiny, cache)
    assert said == []
    assert np.array_equal(again.encode(TEXTS), onnx.encode(TEXTS))
    assert [each.stat().st_mtime_ns for each in sorted(cache.rglob("*"))] == before


def test_one_process_makes_it_and_others_wait(
    tiny: Path, tiny_export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def slowly(name: str, cache: Path, *_: object) -> Export:
        time.sleep(0.2)
        shutil.copytree(tiny_export.folder, folder_of(name, cache))
        return replace(tiny_export, folder=folder_of(name, cache))

    monkeypatch.setattr("index.embed.export_model", slowly)
    with ThreadPoolExecutor() as threads:
        opened = [threads.submit(open_embedder, str(tiny), tmp_path, said.append) for _ in range(3)]
    assert {each.result().fingerprint for each in opened} == {tiny_export.fingerprint}
    assert len(said) == 1


def test_a_damaged_export_is_made_again_with_a_notice(
    tiny: Path, cache: Path, onnx: Embedder, tmp_path: Path
) -> None:
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    (model,) = copy.rglob("model.onnx")
    replace_bytes(model, model.read_bytes()[:-1000])
    (model.parent / "left over").touch()
    said, again = said_by_opening(tiny, copy)
    assert said == [
        f"The prepared copy of {tiny} is damaged (its checksum is wrong); making it again."
    ]
    assert np.allclose(again.encode(TEXTS), onnx.encode(TEXTS), atol=1e-5)
    assert said_by_opening(tiny, copy)[0] == []
    assert not (model.parent / "left over").exists()
    assert [each.name for each in (copy / "embedders").iterdir()] == [model.parent.name]


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_flipped_bit_is_noticed(tiny_export: Export, tmp_path: Path, name: str) -> None:
    shutil.copytree(tiny_export.folder, tmp_path / "copy")
    copy = replace(tiny_export, folder=tmp_path / "copy")
    copy.check()
    flip(tmp_path / "copy" / name, (tmp_path / "copy" / name).stat().st_size // 2)
    with pytest.raises(ValueError, match="checksum"):
        OnnxEmbedder("tiny", copy)


@pytest.mark.parametrize("harm", ["gone", "empty", "format", "fields"])
def test_an_export_without_its_facts_is_none(
    tiny: Path, cache: Path, onnx: Embedder, tmp_path: Path, harm: str
) -> None:
    assert onnx.dimension == 32
    shutil.copytree(cache, tmp_path / "cache")
    (facts,) = (tmp_path / "cache").rglob("export.json")
    if harm == "gone":
        facts.with_name("model.onnx").unlink()
    else:
        facts.write_text({"empty": "", "format": '{"format": 0}', "fields": '{"format": 2}'}[harm])
    assert Export.find(str(tiny), cache) is not None
    assert Export.find(str(tiny), tmp_path / "cache") is None


def test_the_same_weights_with_another_time_stamp_are_the_same(
    tiny: Path, cache: Path, onnx: Embedder
) -> None:
    assert onnx.dimension == 32
    (tiny / "model.safetensors").touch()
    assert Export.find(str(tiny), cache) is not None


def test_other_weights_in_the_same_place_are_noticed(
    tiny: Path, cache: Path, onnx: Embedder
) -> None:
    weights = tiny / "model.safetensors"
    content = weights.read_bytes()
    try:
        weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) + b" ")
        assert Export.find(str(tiny), cache) is None
    finally:
        weights.write_bytes(content)
    assert onnx.fingerprint == getattr(Export.find(str(tiny), cache), "fingerprint", None)


# Models that are none


def complaint(name: str, cache: Path) -> str:
    with pytest.raises(ModelError) as raised:
        open_embedder(name, cache)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    name = str(tmp_path / "gone")
    assert complaint(name, tmp_path) == (
        f"there is no embedding model at {name}; give a folder or a hub name"
    )
    assert complaint("./gone", tmp_path).startswith("there is no embedding model at ./gone")


def test_a_folder_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{")
    assert complaint(str(tmp_path / "model"), tmp_path).startswith(
        "cannot load the embedding model"
    )


def test_a_name_that_nobody_has(tmp_path: Path) -> None:
    assert complaint("nobody/has-this", tmp_path).startswith(
        "cannot load the embedding model 'nobody/has-this': "
    )


def test_a_model_cut_short(tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny, tmp_path / "cut")
    weights = tmp_path / "cut" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-500])
    assert complaint(str(tmp_path / "cut"), tmp_path).startswith("cannot load the embedding model")


def test_weights_of_the_wrong_hash(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"have SHA-256 \w{12}…, not the published 0123456789ab…"):
        export_model(str(tiny), tmp_path, print, expected_sha256="0123456789abcdef")
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert complaint(str(tiny), tmp_path / "file") == (
        f"cannot write the model cache {tmp_path / 'file'}: Not a directory; choose another with "
        "QA_CACHE"
    )


# The default model: one export in the user's cache, made by whoever comes first

CACHE = platformdirs.user_cache_path("cuttings")


def seed_passages(seeds: Path, count: Sequence[int] = range(24)) -> list[str]:
    """Passages that the export was not checked on."""
    texts = []
    for path in sorted(seeds.glob("*.txt")):
        document = Document(path.name, path.read_text("utf-8"), path.stem)
        texts += embedded_texts(document, split(document, FakeEmbedder().count_tokens))
    chosen = [texts[at * len(texts) // len(count)] for at in count]
    assert not set(chosen) & set(check_passages())
    return chosen


def test_the_default_export_is_faithful_on_other_passages(seeds: Path) -> None:
    embedder = open_embedder(DEFAULT_MODEL, CACHE)
    assert isinstance(embedder, OnnxEmbedder)
    assert embedder.dimension == 384
    passages = seed_passages(seeds)
    wanted = load_original(DEFAULT_MODEL).encode(
        passages, show_progress_bar=False, normalize_embeddings=True
    )
    cosines = np.sum(embedder.encode(passages) * np.asarray(wanted), axis=1)
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.97


def test_asking_imports_neither_torch_nor_sentence_transformers(papers: Path, home: Path) -> None:
    open_embedder(DEFAULT_MODEL, CACHE)
    write(papers, {"mill.txt": "Fire at Harland Mill\n\nThe mill burned down. Nobody was hurt.\n"})
    done = python(
        "import sys; from functools import partial; from pathlib import Path\n"
        "from index.embed import open_embedder; from index.opening import create_archive\n"
        "from tests.index.workshop import add\n"
        "load = partial(open_embedder, cache=Path(sys.argv[2]))\n"
        f"archive = create_archive(Path(sys.argv[1]), load, {DEFAULT_MODEL!r})\n"
        "add(archive, Path(sys.argv[1]).parent)\n"
        "found = archive.search('Did anybody die?', 1)\n"
        "print(archive.store.passages([found.dense[0].passage_id]).popitem()[1][0].text)\n"
        "heavy = ('torch', 'sentence_transformers', 'transformers', 'onnx', 'onnxscript', 'scipy')\n"
        "print([each for each in heavy if each in sys.modules])\n",
        home,
        CACHE,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["The mill burned down. Nobody was hurt.", "[]"]
