"""`qa chat` keeps its conversation; `qa conversations` and `qa feedback` look after what is kept."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.errors import (
    BadName,
    BadQuestionSet,
    CuttingsError,
    Misuse,
    NoArchive,
    UnknownConversation,
    UnknownDocument,
)
from index.layout import Layout
from index.walk import walk
from qa import conversations, feedback, kept
from qa.cli import cli
from qa.notebook import Notebook
from qa.opening import open_for_adding, open_for_asking
from qa.settings import Settings
from tests.qa.workshop import RunQA, write

ARTICLES = {
    "council/mill.txt": "The mill\n\n2018-05-01\n\nThe mill in Surrey Street burned down in May.\n",
    "council/bridge.txt": "Bridge\n\n2019-05-01\n\nThe bridge in Harbour Street was not built.\n",
    "trams.txt": "Trams\n\nThe tram passes the mill every twelve minutes in Harbour Street.\n",
}
ASKING = ("--reader", "sentences", "--min-confidence", "0")
QUESTION = "What burned down in Surrey Street?"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles and an archive of them, made with the fake embedder."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "council").mkdir()
    write(folder, ARTICLES)
    archive = open_for_adding(Settings(home=folder / ".qa", embedder="fake"))
    paths = [folder / each for each in ARTICLES]
    assert [each.result for each in archive.add(walk(paths, folder / ".qa"))] == ["added"] * 3
    archive.close()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def notebook(folder: Path) -> Iterator[Notebook]:
    with closing(Notebook(Layout(folder / ".qa").conversations)) as opened:
        yield opened


def printed(*arguments: str, said: str = "") -> str:
    """Run a command in this process, which is faster; return what it prints."""
    ended = CliRunner().invoke(cli, arguments, input=said)
    assert (ended.exception, ended.stderr) == (None, ""), ended
    return ended.stdout


def refused(kind: type[CuttingsError], *arguments: str) -> str:
    """Run a command that fails; return why."""
    ended = CliRunner().invoke(cli, arguments)
    assert isinstance(ended.exception, kind)
    assert ended.stdout == ""
    return str(ended.exception)


def chat(*options: str, lines: str) -> str:
    return printed("chat", *ASKING, *options, said=lines)


def test_a_chat_is_kept_and_gone_on_with(notebook: Notebook) -> None:
    chat("--document", "council", lines=f"{QUESTION}\n/since 2018-01-01\nAnd when?\n/new\n")
    (first,) = conversations.newest(notebook)
    assert first.name == QUESTION
    assert [each.question for each in kept.thread(notebook, first.id)] == [QUESTION, "And when?"]
    assert first.scope.as_json() == {"documents": [1, 2], "since": "2018-01-01", "until": None}

    chat(lines="What passes the mill?\n/new\nWhere is the bridge?\n")
    assert [each.name for each in conversations.newest(notebook)] == [
        "Where is the bridge?",
        "What passes the mill?",
        QUESTION,
    ]

    # The earlier questions are leaned on, and the scope holds.
    said = chat("--continue", first.id, lines="Where was it?\n")
    assert f"Read as: {QUESTION} Where was it?" in said
    again = conversations.find(notebook, first.id)
    assert (again.answers, again.scope) == (3, first.scope)
    said = chat("--continue", lines="Why?\n")  # the last one
    assert "Read as" in said
    assert conversations.find(notebook, first.id).answers == 4
    chat("--continue", first.id, "--document", "trams.txt", lines="What passes the mill?\n")
    assert conversations.find(notebook, first.id).scope.documents == (3,)


def test_a_chat_that_is_not_to_be_kept(folder: Path) -> None:
    chat("--no-keep", lines=f"{QUESTION}\nAnd when?\n")
    chat(lines="/help\n")
    assert not Layout(folder / ".qa").conversations.exists()
    assert "leave out --no-keep" in refused(Misuse, "chat", "--no-keep", "--continue")
    assert "is kept here yet" in refused(UnknownConversation, "chat", *ASKING, "--continue")


def test_a_chat_that_cannot_be_kept_goes_on(
    folder: Path, run_qa: RunQA, without_privileges: Callable[[], None]
) -> None:
    for each in [folder / ".qa", *(folder / ".qa").rglob("*")]:
        each.chmod(0o555 if each.is_dir() else 0o444)
    try:
        ended = run_qa(
            *("chat", *ASKING),
            input=f"{QUESTION}\nAnd when?\n",
            preexec_fn=without_privileges,
        )
    finally:
        for each in [folder / ".qa", *(folder / ".qa").rglob("*")]:
            each.chmod(0o755)
    assert ended.returncode == 0
    assert ended.stdout.count("confidence") == 2
    (notice,) = ended.stderr.splitlines()
    assert notice.startswith("notice: this conversation is not kept: cannot write ")


def test_chosen_documents_that_vanish_are_said_once(notebook: Notebook) -> None:
    chat("--document", "council", lines=f"{QUESTION}\n")
    printed("index", "remove", "council/mill.txt")
    said = chat("--continue", lines=f"{QUESTION}\n{QUESTION}\n")
    assert said.count("notice: document 1 is no longer in the archive, and left out") == 1
    assert "Harbour Street" in said


@pytest.mark.usefixtures("folder")
def test_a_question_to_chosen_documents() -> None:
    def sources(*options: str) -> set[str]:
        told = json.loads(printed("ask", QUESTION, *ASKING, "--json", *options))
        return {each["document"]["source"] for each in told["passages"]}

    assert sources() == set(ARTICLES)
    assert sources("--document", "council") == {"council/mill.txt", "council/bridge.txt"}
    assert sources("--document", "1", "--document", "trams.txt") == {
        "council/mill.txt",
        "trams.txt",
    }
    problem = refused(UnknownDocument, "ask", QUESTION, *ASKING, "--document", "pier.txt")
    assert "no document 'pier.txt' here" in problem


def test_conversations_are_listed_shown_renamed_and_deleted(notebook: Notebook) -> None:
    assert printed("conversations", "list") == ""
    assert json.loads(printed("conversations", "list", "--json")) == []
    chat(lines=f"{QUESTION}\nAnd when?\n")
    (known,) = conversations.newest(notebook)
    listed = printed("conversations", "list")
    assert listed == (f"{known.id}  {known.as_json()['updated']}     2 answers  {QUESTION}\n")
    shown = printed("conversations", "show", known.id).splitlines()
    assert shown[:2] == [QUESTION, ""]
    assert shown[2] == f"? {QUESTION}"
    assert "  The mill in Surrey Street burned down in May." in shown
    assert any(each.startswith("  [") and "council/mill.txt, characters" in each for each in shown)
    told = json.loads(printed("conversations", "show", known.id, "--json"))
    assert told["id"] == known.id
    assert [each["answer"]["question"] for each in told["thread"]] == [QUESTION, "And when?"]

    renamed = printed("conversations", "rename", known.id, "Mills\n& fires")
    assert renamed == f"renamed {known.id} to Mills & fires\n"
    assert printed("conversations", "list").endswith("  Mills & fires\n")
    assert "is empty" in refused(BadName, "conversations", "rename", known.id, " ")

    assert printed("conversations", "delete", known.id) == f"deleted {known.id}\n"
    assert conversations.count(notebook) == 0
    for command in ("show", "delete", "export"):
        problem = refused(UnknownConversation, "conversations", command, known.id)
        assert f"no conversation {known.id} here; qa conversations list" in problem


def test_conversations_are_exported(folder: Path, notebook: Notebook) -> None:
    chat(lines=f"{QUESTION}\n")
    (known,) = conversations.newest(notebook)
    text = printed("conversations", "export", known.id)
    assert text.startswith(f"# {QUESTION}\n")
    assert "> The mill in Surrey Street burned down in May.[^1]" in text
    printed("conversations", "export", known.id, "--output", "talk.md")
    assert (folder / "talk.md").read_text("utf-8") == text
    problem = refused(Misuse, "conversations", "export", known.id, "--output", "talk.md")
    assert "talk.md is there already" in problem
    told = json.loads(printed("conversations", "export", known.id, "--format", "json"))
    assert told == json.loads(printed("conversations", "show", known.id, "--json"))


def test_feedback_becomes_a_question_set(notebook: Notebook) -> None:
    chat(lines=f"{QUESTION}\nWhat passes the mill?\n")
    (known,) = conversations.newest(notebook)
    right, wrong = kept.thread(notebook, known.id)
    feedback.give(notebook, right.id, "right", "indeed")
    feedback.give(notebook, wrong.id, "wrong answer")
    lines = [json.loads(line) for line in printed("feedback", "export").splitlines()]
    assert {each["question"]: each["verdict"] for each in lines} == {
        QUESTION: "right",
        "What passes the mill?": "wrong answer",
    }
    listed = printed("feedback", "list")
    assert "judged right: indeed" in listed
    told = json.loads(printed("feedback", "list", "--json"))
    assert sorted(told, key=str) == sorted(lines, key=str)
    printed("feedback", "export", "--verdict", "right", "--output", "set.jsonl")
    measured = json.loads(printed("eval", "set.jsonl", *ASKING, "--json"))
    assert (measured["questions"], measured["answerable"]["sentence_at_1"]) == (1, 1.0)
    printed("feedback", "export", "--output", "all.jsonl")
    problem = refused(BadQuestionSet, "eval", "all.jsonl", *ASKING)
    assert "not a question (answers" in problem


@pytest.mark.parametrize("command", ["conversations", "feedback"])
def test_there_is_an_archive_or_it_is_said(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    problem = refused(NoArchive, command, "list")
    assert problem == "no archive at .qa; make one with: qa index add PATH"


@pytest.mark.usefixtures("folder")
def test_an_id_that_is_no_text_is_not_found(run_qa: RunQA) -> None:
    ended = run_qa("conversations", "show", b"\xff")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "qa: no conversation \\udcff here" in ended.stderr


def test_an_exported_archive_does_not_tell_what_was_asked(folder: Path) -> None:
    chat(lines="Where is the aardvark?\n")
    printed("index", "export", "archive.cuttings")
    printed("index", "import", "archive.cuttings", "--home", "copy")
    assert not Layout(folder / "copy").conversations.exists()
    assert all(b"aardvark" not in each.read_bytes() for each in (folder / "copy").glob("*.*"))
    archive = open_for_asking(Settings(home=folder / "copy"))
    assert archive.store.count()[0] == 3
    archive.close()
