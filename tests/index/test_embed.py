"""The three embedders, and that asking never waits for torch."""

from pathlib import Path

import numpy as np
import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import Embedder, FakeEmbedder, OnnxEmbedder, TorchEmbedder, open_embedder
from index.errors import ModelError
from index.export import DEFAULT_MODEL, LEAST_COSINE, Export, check_passages
from tests.index.workshop import python

CACHE = platformdirs.user_cache_path("cuttings")


@pytest.fixture(scope="module")
def default() -> Embedder:
    return open_embedder(DEFAULT_MODEL, CACHE)


def test_the_export_agrees_with_the_original(default: Embedder, seeds: Path) -> None:
    export = Export.find(DEFAULT_MODEL, CACHE)
    assert export is not None
    assert not export.kept_original
    # Paragraphs that it was not checked on when it was made.
    seen = set(check_passages())
    fresh = [
        paragraph
        for path in sorted(seeds.glob("*.txt"))
        for paragraph in path.read_text("utf-8").split("\n\n")
        if len(paragraph) > 80 and " ".join(paragraph.split()) not in seen
    ]
    assert len(fresh) > 20
    original = TorchEmbedder(DEFAULT_MODEL, export)
    cosines = np.sum(original.encode(fresh) * default.encode(fresh), axis=1)
    assert cosines.mean() >= LEAST_COSINE
    assert original.count_tokens(fresh) == default.count_tokens(fresh)
    question = "Who wrote the report?"
    assert float(original.encode_question(question) @ default.encode_question(question)) > 0.98


def test_vectors_are_of_unit_length_and_in_order(default: Embedder) -> None:
    texts = ["short", "a text of some more words than the first one has", "", "short"]
    vectors = default.encode(texts)
    assert vectors.shape == (4, default.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert np.allclose(vectors[0], vectors[3], atol=0.05)
    assert vectors[0] @ vectors[3] > vectors[0] @ vectors[1]
    assert default.encode([]).shape == (0, default.dimension)


def test_a_text_longer_than_the_window_is_cut_not_refused(default: Embedder) -> None:
    assert default.encode(["word " * 5000]).shape == (1, default.dimension)
    assert default.count_tokens(["word " * 5000, ""]) == [5000, 0]


def test_near_in_meaning_is_near_in_vectors(default: Embedder) -> None:
    question = default.encode_question("How many children are looked after?")
    near, far = default.encode(["760 children were in care.", "The bread rose for two hours."])
    assert question @ near > question @ far + 0.3


def test_embedding_imports_neither_torch_nor_sentence_transformers() -> None:
    code = (
        "import sys; from pathlib import Path; from index.embed import open_embedder\n"
        "embedder = open_embedder(sys.argv[1], Path(sys.argv[2]))\n"
        "embedder.encode(['a text']); embedder.encode_question('a question')\n"
        "print({'torch', 'transformers', 'sentence_transformers', 'sklearn'} & set(sys.modules))"
    )
    ran = python(code, DEFAULT_MODEL, CACHE)
    assert ran.stdout == "set()\n", ran.stderr


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_the_fake_is_deterministic_and_of_unit_length(texts: list[str]) -> None:
    vectors = FakeEmbedder().encode(texts)
    assert vectors.shape == (len(texts), FakeEmbedder.dimension)
    norms = np.linalg.norm(vectors, axis=1)
    assert all(norm == 0 or abs(norm - 1) < 1e-5 for norm in norms)
    assert np.array_equal(vectors, FakeEmbedder().encode(texts))
    assert len(FakeEmbedder().count_tokens(texts)) == len(texts)


@pytest.mark.parametrize("name", ["./nothing/here", "/nothing/here", "~/nothing/here"])
def test_a_folder_that_is_not_there(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no embedding model at .*; give a folder"):
        open_embedder(name, tmp_path)


def test_the_default_is_an_onnx_embedder(default: Embedder) -> None:
    assert isinstance(default, OnnxEmbedder)
    assert default.name == DEFAULT_MODEL
