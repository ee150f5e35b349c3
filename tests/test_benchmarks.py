"""The benchmarks run and print their tables; what they measure is nobody's promise."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import readers
from benchmarks.readers import Asked, Said
from tests.qa.tiny_reader import bert_tokenizer, build_reader

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
                    "id": "opened",
                    "question": "When was the bridge opened?",
                    "answers": [{"text": "1894", "answer_start": bridge.index("1894")}],
                },
                {
                    "id": "paid",
                    "question": "Who paid for the bridge?",
                    "is_impossible": True,
                    "answers": [],
                },
            ],
        },
        {
            "context": library,
            "qas": [
                {
                    "id": "books",
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


def conversations(folder: Path) -> list[str]:
    """Write a conversation in the form of CAsT and of CREAD; return the options for them."""
    topics, resolved, cread = (folder / name for name in ("t.json", "r.tsv", "c.json.gz"))
    asked = ["Who built the bridge?", "When did they open it?", "Who paid for the tram?"]
    turns = [{"number": n, "raw_utterance": each} for n, each in enumerate(asked, start=1)]
    topics.write_text(json.dumps([{"number": 1, "turn": turns}]), "utf-8")
    whole = [asked[0], "When did they open the bridge?", asked[2]]
    lines = [f"1_{number}\t{each}" for number, each in enumerate(whole, start=1)]
    resolved.write_text("\n".join(lines), "utf-8")
    said = [
        {"number": 1, "utterance": "Who is the mayor ?", "graded": False},
        {"number": 2, "utterance": "Ann Hall"},
        {"number": 3, "utterance": "Is she ill ?", "graded": True, "rewrite_required": True,
         "rewritten_utterance": "Is Ann Hall ill ?"},
    ]  # fmt: skip
    with gzip.open(cread, "wt", encoding="utf-8") as file:
        json.dump({"dialogs": {"one": {"turns": said}}}, file)
    return ["--cast", str(topics), str(resolved), "--cread", str(cread)]


def test_follow_ups_prints_who_is_helped_and_what_is_found(tmp_path: Path) -> None:
    bridge = "In 1894 Ann Hall opened the Forth Bridge. The Forth Bridge took eight years to build."
    questions = {
        "Who opened the Forth Bridge?": "Ann Hall",
        "How long did they build the Forth Bridge?": "eight years",
        "When was the Forth Bridge opened?": "1894",
    }
    qas = [
        {
            "id": text,
            "question": text,
            "answers": [{"text": answer, "answer_start": bridge.index(answer)}],
        }
        for text, answer in questions.items()
    ]
    path = tmp_path / "town.json"
    paragraphs = [{"context": bridge, "qas": qas}]
    path.write_text(json.dumps({"data": [{"title": "A town", "paragraphs": paragraphs}]}), "utf-8")
    lines = run(
        *("-m", "benchmarks.follow_ups", *conversations(tmp_path), "--squad", str(path)),
    )
    assert lines[0].startswith("t.json: 1 need help: 1.000 get it")
    assert lines[0].endswith("1 need none: 1.000 left alone")
    assert lines[1].startswith("c.json.gz: 1 need help: 1.000 get it, 1.000 as people did")
    assert lines[2].startswith("town.json: ")
    assert "  rewritten: @1 1.000, @10 1.000" in lines


# The reader beside others'

OTHERS = {
    "haystack/__init__.py": """
from types import SimpleNamespace as Document
""",
    "haystack/utils.py": """
class ComponentDevice:
    from_str = str
""",
    "haystack_integrations/components/readers/transformers.py": """
from types import SimpleNamespace as New

class TransformersExtractiveReader:
    def __init__(self, model, device, token):
        self.tokenizer = New(sep_token_id=102)

    def warm_up(self):
        self.model = None

    def run(self, query, documents):
        found = [New(data=each.content.split()[-1], score=0.5) for each in documents]
        return {"answers": [New(data=None, score=0.6), *found]}
""",
    "txtai/pipeline.py": """
class Questions:
    def __init__(self, path, gpu):
        pass

    def __call__(self, questions, contexts):
        (context,) = contexts
        if "museum" not in context:
            raise TypeError
        return ["museum"]
""",
}
"""As much of the other libraries as we use, with readers that find the same in every text."""


@pytest.fixture
def _others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Packages that pass for the other libraries, whether or not these are installed."""
    for name, source in OTHERS.items():
        path = tmp_path / "packages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    monkeypatch.setenv("HAYSTACK_TELEMETRY_ENABLED", "")  # the benchmark sets it
    yield
    for name in [each for each in sys.modules if each.startswith(("haystack", "txtai"))]:
        del sys.modules[name]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A Hugging Face checkpoint with random weights, 32 wide."""
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    config = BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    BertForQuestionAnswering(config).save_pretrained(tmp_path / "checkpoint")
    PreTrainedTokenizerFast(
        tokenizer_object=bert_tokenizer(),
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    ).save_pretrained(tmp_path / "checkpoint")
    return tmp_path / "checkpoint"


@pytest.mark.usefixtures("_others")
def test_readers_are_measured_on_the_same_questions(
    tmp_path: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "held_alone", lambda *_: 7.0)
    finds = {"1894": 12.0, "museum": 12.0}
    given = ["--json", "--embedder", "fake", "--checkpoint", str(checkpoint)]
    given += ["--reader", str(build_reader(tmp_path / "reader", finds, finds))]
    given += ["--squad", str(question_set(tmp_path))]
    found = json.loads(CliRunner().invoke(readers.main, given, catch_exceptions=False).stdout)
    assert (found["questions"], found["answer_in_reach"], found["without_answer"]) == (3, 2, 1)
    figures = found["readers"]
    assert list(figures) == list(readers.READERS)
    for each in figures.values():
        assert min(each["p50"], each["p95"], each["median_ratio"]) > 0
        assert each["memory"] == 7
    assert figures["haystack"]["p50_ratio"] == figures["haystack"]["median_ratio"] == 1
    # Ours finds one of its two words in every text; haystack's would rather say nothing.
    assert figures["Cuttings, int8"]["em"] >= 50
    assert figures["Cuttings, int8"]["withheld_wrongly"] == 0
    assert figures["haystack"]["withheld_rightly"] == figures["haystack"]["withheld_wrongly"] == 100
    assert figures["haystack"]["auroc"] == 0.5
    assert figures["txtai"]["em"] == 50
    assert figures["txtai"]["auroc"] is None


def test_memory_is_that_of_a_process_with_one_reader(tmp_path: Path) -> None:
    reader = build_reader(tmp_path / "reader", {}, {})
    asked = Asked("Who?", ("Nobody was hurt.",), (), in_reach=False)
    assert readers.held_alone("Cuttings, int8", reader, tmp_path, asked) > 0


@pytest.mark.parametrize("module", readers.NEEDED)
@pytest.mark.usefixtures("_others")
def test_what_is_not_installed_is_named_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not there
    squad = str(question_set(tmp_path))
    given = ["--reader", str(tmp_path), "--checkpoint", str(tmp_path), "--squad", squad]
    done = CliRunner().invoke(readers.main, given)
    package = readers.NEEDED[module]
    assert (done.exit_code, done.output) == (
        1,
        f"Error: {package} missing; install with: pip install {package}\n",
    )


def test_figures_of_what_a_reader_said() -> None:
    def asked(answers: tuple[str, ...], in_reach: bool) -> Asked:
        return Asked("?", ("A text.",), answers, in_reach)

    found = readers.figures(
        [
            asked(("1894",), True),
            asked(("May", "a May"), True),
            asked(("x",), False),
            asked((), False),
        ],
        [10.0, 10.0, 10.0, 10.0],
        [20.0, 40.0, 30.0, 40.0],
        [
            Said("in 1894", 3.0, withheld=False),
            Said("May", 1.0, withheld=True),
            Said("y", 9.0, withheld=False),
            Said("z", 2.0, withheld=True),
        ],
        7.0,
    )
    assert (found.p50, found.p50_ratio, found.median_ratio, found.memory) == (10, 3.5, 3.5, 7)
    assert found.em == 50
    assert found.f1 == pytest.approx(100 * (2 / 3 + 1) / 2)
    assert (found.withheld_wrongly, found.withheld_rightly, found.auroc) == (50, 100, 0.5)
    said_little = readers.figures([asked((), False)], [1.0], [1.0], [Said("", None, True)], 0.0)
    assert readers.accuracy_table({"txtai": said_little}).splitlines() == [
        "| reader | EM | F1 | withheld wrongly | withheld rightly | AUROC |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| txtai | — | — | — | 100.0 | — |",
    ]
    assert readers.speed_table({"ours": found}).splitlines()[-1] == (
        "| ours | 10 | 10 | 3.50 | 4.00 | 3.50 | 7 |"
    )


def test_token_types_tell_the_passage_from_the_question() -> None:
    import torch

    ids = torch.tensor([[101, 7, 8, 102, 9, 102, 0], [101, 7, 102, 9, 9, 9, 102]])
    assert readers.token_types(ids, 102).tolist() == [[0, 0, 0, 0, 1, 1, 0], [0, 0, 0, 1, 1, 1, 1]]
