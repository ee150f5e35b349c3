"""The benchmarks run and print their tables; what they measure is nobody's promise."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> list[str]:
    """Run a benchmark and return the lines that it prints."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def question_set(folder: Path) -> Path:
    """Write a small set of the SQuAD format, some of it unanswerable and one context repeated."""
    bridge = "The bridge was opened in 1894. It took eight years to build."
    library = "The library has closed. Its books went to the museum in Leith."
    paragraphs = [
        {
            "context": bridge,
            "qas": [
                {
                    "question": "When was the bridge opened?",
                    "answers": [{"text": "1894", "answer_start": bridge.index("1894")}],
                },
                {"question": "Who paid for the bridge?", "is_impossible": True, "answers": []},
            ],
        },
        {
            "context": library,
            "qas": [
                {
                    "question": "Where did the library's books go?",
                    "answers": [
                        {"text": "the museum", "answer_start": library.index("the museum")}
                    ],
                }
            ],
        },
        {"context": bridge, "qas": []},
    ]
    path = folder / "town.json.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"version": "2.0", "data": [{"title": "A town", "paragraphs": paragraphs}]}, file)
    return path


def test_speed_prints_a_table() -> None:
    lines = run(
        "benchmarks/speed.py",
        *("--documents", "6", "--rounds", "1", "--questions", "2", "--embedder", "fake"),
    )
    rows = [line.split("|") for line in lines if line.startswith("| ")]
    assert [row[1].strip() for row in rows] == [
        "what",
        "question to vector, p50",
        "question to answer, p50",
        "question to answer, p95",
        "adding",
        "process start to answer",
        "resident after an answer",
    ]
    assert all(float(cell.replace(",", "")) >= 0 for row in rows[1:] for cell in row[3:7])


def test_passages_prints_recall_for_every_setting(tmp_path: Path) -> None:
    lines = run(
        "benchmarks/passages.py",
        str(question_set(tmp_path)),
        *("--budgets", "8,64", "--title-weights", "0,1", "--embedder", "fake"),
    )
    header, *rows = [line.split() for line in lines]
    assert header[:3] == ["set", "tokens", "title"]
    assert [(row[1], row[2], row[3]) for row in rows] == [
        (budget, weight, search)
        for budget in ("8", "64")
        for weight in ("0", "1")
        for search in ("dense", "words", "hybrid")
    ]
    # Two questions have an answer, and whoever reads everything has read it.
    assert all(row[-1] == "2" and row[-3] == "100.0" for row in rows if row[3] == "dense")
