"""SQuAD's questions, asked of an archive of the file's contexts."""

import json
import signal
import subprocess
import tempfile
import time
from pathlib import Path, PurePath
from typing import Any, TypeAlias

import pytest

from index.errors import BadQuestionSet
from qa.evaluate_squad import documents, measure_archive, read_asked, throw_away_archive
from qa.settings import Settings
from qa.squad import SquadContext
from tests.qa.workshop import QA, RunQA

Asked: TypeAlias = tuple[str, str, list[dict[str, Any]]]

SETTINGS = Settings(embedder="fake", reader="sentences", min_confidence=0)
OFTEN = "The tram to Wimbledon leaves every twelve minutes."
TRAM = f"Trams are long. {OFTEN}"
BUS = "Buses to Purley are green and have two floors."


def asked(name: str, question: str, context: str, *answers: str) -> dict[str, Any]:
    found = [{"text": each, "answer_start": context.index(each)} for each in answers]
    return {"id": name, "question": question, "answers": found, "is_impossible": not answers}


HOW_OFTEN = "How often does the tram to Wimbledon leave?"
SET: list[Asked] = [
    ("Tram", TRAM, [asked("tram", HOW_OFTEN, TRAM, "Trams", OFTEN)]),
    (
        "AC/DC",
        BUS,
        [
            asked("bus", "What colour are the buses to Purley?", BUS, "green"),
            asked("other", HOW_OFTEN, BUS),
        ],
    ),
]


def save(path: Path, contexts: list[Asked]) -> Path:
    data = [
        {"title": title, "paragraphs": [{"context": context, "qas": questions}]}
        for title, context, questions in contexts
    ]
    path.write_text(json.dumps({"data": data}), "utf-8")
    return path


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    return save(tmp_path / "set.json", SET)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def complaint(ended: subprocess.CompletedProcess[str]) -> str:
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("qa: ")
    return line


# Figures


def test_every_question_is_asked_of_all_contexts(squad: Path) -> None:
    found = measure_archive(squad, SETTINGS)
    # "green" is one of the nine words of its sentence: F1 is 2 / (9 + 1).
    assert found["overall"] == {"em": 33.33, "f1": 40.0}
    assert found["answerable"] == {
        "n": 2,
        "sentence_at_1": 1,
        "sentence_at_3": 1,
        "document_at_1": 1,
        "em": 0.5,
        "f1": 0.6,
    }
    # What its own context does not answer has no answer, though another context gives one.
    assert found["unanswerable"] == {"n": 1, "abstained": 0}
    assert found["by_id"]["other"]["confidence"] == found["by_id"]["tram"]["confidence"]
    assert (found["questions"], found["quotes_verbatim"]) == (3, 1)


def test_an_abstention_is_the_empty_prediction(squad: Path) -> None:
    found = measure_archive(squad, SETTINGS.model_copy(update={"min_confidence": 1}))
    assert found["overall"] == {"em": 33.33, "f1": 33.33}
    assert (found["answerable"]["em"], found["answerable"]["f1"]) == (0, 0)
    assert found["unanswerable"] == {"n": 1, "abstained": 1}
    assert found["forced"] == {"n": 2, "em": 0.5, "f1": 0.6}


def test_the_evidence_is_in_the_questions_own_context(tmp_path: Path) -> None:
    """The same words in another article are no evidence."""
    copied = [("Copy/1", OFTEN, []), ("Other/1", BUS, [asked("bus", HOW_OFTEN, BUS, "green")])]
    found = measure_archive(save(tmp_path / "set.json", copied), SETTINGS)["answerable"]
    assert (found["sentence_at_1"], found["document_at_1"]) == (0, 0)


def test_all_contexts_are_asked_though_few_questions_are_drawn(squad: Path) -> None:
    everything = measure_archive(squad, SETTINGS)["by_id"]
    for limit in (1, 2):
        drawn = measure_archive(squad, SETTINGS, limit)["by_id"]
        assert len(drawn) == limit
        assert drawn == {name: everything[name] for name in drawn}


def test_documents_are_named_after_their_article() -> None:
    titles = ["Normans", "Normans", "AC/DC", "DC", "", "x/"]
    made = documents([SquadContext(each, f"Context of {each}.", ()) for each in titles])
    assert [each.source for each in made] == [
        "Normans 1",
        "Normans 2",
        "AC/DC 3",
        "DC 4",
        "5",
        "x/ 6",
    ]
    assert [each.title for each in made] == titles
    assert len({PurePath(each.source).name for each in made}) == len(made)


def test_odd_contexts_do_no_harm(tmp_path: Path) -> None:
    odd: list[Asked] = [("", "", []), ("\0", "\0", []), ("Long", "word " * 5000, []), *SET]
    path = save(tmp_path / "set.json", odd)
    assert measure_archive(path, SETTINGS)["answerable"]["sentence_at_1"] == 1


# Files


@pytest.mark.parametrize(
    ("questions", "problem"),
    [
        ([asked("a", "Who?", BUS), asked("a", "Why?", BUS)], "two questions have the id 'a'"),
        ([asked("a", " ", BUS)], "question a: the question is empty"),
        ([asked("a", "x" * 1001, BUS)], "question a: the question has 1,001 characters"),
    ],
)
def test_questions_that_cannot_be_asked(
    questions: list[dict[str, Any]], problem: str, tmp_path: Path
) -> None:
    path = save(tmp_path / "set.json", [("Bus", BUS, questions)])
    with pytest.raises(BadQuestionSet) as caught:
        read_asked(path)
    assert f"{path}" in str(caught.value)
    assert problem in str(caught.value)


def test_the_archive_is_thrown_away(squad: Path, temporary: Path, tmp_path: Path) -> None:
    home = tmp_path / ".qa"
    settings = SETTINGS.model_copy(update={"home": home})
    measure_archive(squad, settings)
    assert list(temporary.iterdir()) == []
    with pytest.raises(KeyboardInterrupt), throw_away_archive(settings) as archive:
        archive.add_documents(documents([SquadContext("Tram", TRAM, ())]))
        assert len(list(temporary.iterdir())) == 1
        raise KeyboardInterrupt
    assert list(temporary.iterdir()) == []
    assert not home.exists()


# The command


COMMON = ("--embedder", "fake", "--reader", "sentences")


def test_the_command_prints_and_draws(squad: Path, tmp_path: Path, run_qa: RunQA) -> None:
    ended = run_qa("eval", "--squad", squad, *COMMON, "--json", "--plot", "picture.png")
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(ended.stdout)
    assert set(found["overall"]) == {"em", "f1"}
    assert found["questions"] == 3
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
    plain = run_qa("eval", "--squad", squad, *COMMON, "--limit", "2")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert plain.stdout.startswith("questions        2\noverall ")


def test_a_command_that_makes_no_sense(squad: Path, run_qa: RunQA) -> None:
    for arguments, problem in (
        ((), "give one set of questions"),
        (("set.jsonl", "--squad", squad), "give one set of questions"),
        (("set.jsonl", "--given-passage"), "--given-passage is for --squad"),
        (("--squad", squad, "--given-passage", "--plot", "a.png"), "--plot is for answers"),
        (("--squad", "missing.json", "--plot", "a.pdf"), "ends in .png"),
        (("--squad", "missing.json", "--plot", "missing/a.png"), "there is no folder missing"),
        (("--squad", "missing.json"), "cannot read missing.json: No such file"),
    ):
        assert problem in complaint(run_qa("eval", *arguments, *COMMON))
    ended = run_qa("eval", "--squad", squad, "--limit", "0")
    assert (ended.returncode, ended.stdout) == (2, "")


def test_ctrl_c_leaves_nothing_behind(
    temporary: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    many: list[Asked] = [
        (
            "Minutes",
            " ".join(f"Item {each} of meeting {at} was agreed." for each in range(99)),
            [asked(str(at), f"What of item 9 of meeting {at}?", "")],
        )
        for at in range(1000)
    ]
    path = save(tmp_path / "set.json", many)
    with subprocess.Popen(
        [QA, "eval", "--squad", path, *COMMON],
        env={**environment, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as evaluating:
        while not list(temporary.glob("*/archive/*")) and evaluating.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        evaluating.send_signal(signal.SIGINT)
        out, error = evaluating.communicate(timeout=60)
    assert (evaluating.returncode, out, error.strip()) == (130, "", "qa: stopped")
    assert list(temporary.iterdir()) == []
