"""The table of found copies is printed, from a folder and from a question set."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from benchmarks import copies


def texts(count: int) -> list[str]:
    """Texts of twelve sentences, no two of them with three words in a row in common."""
    chance = random.Random(1)
    return [
        " ".join(
            " ".join(f"Word{chance.randrange(10**6)}" for _ in range(10)) + f" in {number}."
            for number in range(12)
        )
        for _ in range(count)
    ]


def rows(path: Path) -> tuple[dict[str, list[str]], str]:
    """Run the benchmark; return its rows by name, and the line below them."""
    done = CliRunner().invoke(copies.main, [str(path)], catch_exceptions=False)
    lines = done.stdout.splitlines()
    assert lines[0] == f"{path.name}, 6 texts"
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[4:-3]]
    return {name: values for name, *values in cells}, lines[-2]


def test_copies_prints_what_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    folder.mkdir()
    for number, text in enumerate([*texts(6), "Too short to count."]):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    found, total = rows(folder)
    assert found["as it was"] == ["yes", "6", "100.00", "100.00"]
    assert found["a word in 50 mistyped"][-1] == "100.00"
    assert found["merged with another"][0] == "either"
    assert found["any others"] == ["no", "15", "0.00", "0.00"]
    assert found["every second word replaced"][-1] == found["the same footer"][-1] == "0.00"
    light = sum(int(values[1]) for values in found.values() if values[0] == "yes")
    assert f"of {light:,}; precision 1.0000, 0 of " in total


def test_texts_under_one_title_are_on_the_same_subject(tmp_path: Path) -> None:
    given: list[dict[str, Any]] = [{"context": text, "qas": []} for text in texts(6)]
    given[0]["qas"] = [{"id": "1", "question": "Which?", "answers": [], "is_impossible": True}]
    data = [
        {"title": "Trams", "paragraphs": given[:3]},
        {"title": "Bread", "paragraphs": given[3:]},
    ]
    path = tmp_path / "town.json.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"version": "2.0", "data": data}, file)
    found, _ = rows(path)
    assert found["on the same subject"][:2] == ["no", "6"]
    assert found["any others"][:2] == ["no", "9"]
