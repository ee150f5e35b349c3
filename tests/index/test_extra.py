"""The error that names a missing extra."""

import html.parser
from pathlib import Path

import pytest

from index.errors import LoadError
from index.loaders.extra import needed


def test_a_module_that_is_there() -> None:
    assert needed("html.parser", "html") is html.parser


@pytest.mark.parametrize("module", ["no_such_module", "no_such_package.module"])
def test_a_missing_one_names_its_extra(module: str) -> None:
    with pytest.raises(LoadError, match=r"pip install 'cuttings\[pdf\]'"):
        needed(module, "pdf")


def test_a_broken_one_is_not_a_missing_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_extra.py").write_text("import no_such_module\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError):
        needed("broken_extra", "pdf")
