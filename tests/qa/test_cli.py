"""The `qa` command as its own process: what it prints, where, and what it exits with."""

import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest

from index.doctor import examine
from index.layout import Layout
from index.walk import walk
from qa.cli import cli
from qa.opening import open_for_adding, open_for_asking
from qa.settings import Settings
from tests.qa.workshop import QA, RunQA, write

ROOT = Path(__file__).parents[2]
DOCUMENT = (
    "id title source published author publisher modified language url version content_hash"
).split()
ASK = ("ask", "How many pages long was the report?", "--min-confidence", "0")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """A folder with the seeds and an archive of them, made with the fake embedder."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(seeds, folder / "seeds")
    archive = open_for_adding(Settings(home=folder / ".qa", embedder="fake"))
    for outcome in archive.add(list(walk([folder / "seeds"], folder / ".qa"))):
        assert outcome.result == "added"
    archive.close()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of that folder, where this test's `qa` runs."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def complaint(ended: subprocess.CompletedProcess[str], status: int) -> str:
    """Return the line in which a failed command said why: its last, after notices if there are."""
    assert ended.returncode == status, ended
    assert ended.stdout == ""
    *notices, line = ended.stderr.splitlines()
    assert all(each.startswith("notice: ") for each in notices), ended.stderr
    assert line.isprintable()
    assert line.startswith("qa: ")
    return line


def count(home: Path) -> int:
    """Return how many documents the store of an archive holds, without opening the archive."""
    try:
        with closing(sqlite3.connect(f"file:{Layout(home).store}?mode=ro", uri=True)) as store:
            (found,) = store.execute("SELECT count(*) FROM documents").fetchone()
            return int(found)
    except sqlite3.OperationalError:
        return 0


def sources(home: Path) -> list[str]:
    """Return what an archive holds, having looked it over and asked it for a passage of each."""
    archive = open_for_asking(Settings(home=home))
    documents = archive.store.documents()
    for each in documents:
        passage = archive.store.passages_of(each.id)[0]
        found = archive.search(passage.text, archive.passage_count)
        assert passage.id in dict(found.dense)
    archive.close()
    assert list(examine(home)) == []
    return [each.source for each in documents]


# Help


def commands(
    command: click.Command = cli, names: tuple[str, ...] = ("qa",)
) -> Iterator[tuple[str, str]]:
    """Yield each command that does something, with its help."""
    context = click.Context(command, info_name=" ".join(names))
    if not isinstance(command, click.Group):
        yield " ".join(names), command.get_help(context)
        return
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from commands(inner, (*names, name))


def test_the_help_of_every_command_has_an_example_on_a_line_of_its_own() -> None:
    helps = dict(commands())
    assert set(helps) >= {
        "qa ask",
        "qa chat",
        "qa doctor",
        "qa eval",
        "qa index add",
        "qa index list",
        "qa index remove",
        "qa index status",
        "qa serve",
    }
    for name, text in helps.items():
        examples = [line.strip() for line in text.splitlines() if line.strip().startswith(name)]
        assert examples, f"{name} has no example"
        assert f"Usage: {name} " in text


def test_help_and_version(run_qa: RunQA) -> None:
    helped = run_qa("--help")
    assert (helped.returncode, helped.stderr) == (0, "")
    assert 'qa ask "' in helped.stdout
    bare = run_qa()
    assert bare.returncode == 2
    assert "Usage: qa" in bare.stderr


def test_a_command_line_that_makes_no_sense(run_qa: RunQA) -> None:
    for arguments in (
        ("index", "remove"),
        ("ask", "Who?", "--colour", "red"),
        ("answer", "Who?"),
    ):
        ended = run_qa(*arguments)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr.splitlines()[-1].startswith("Error: ")
        assert "Traceback" not in ended.stderr


def test_a_folder_without_files(tmp_path: Path, run_qa: RunQA) -> None:
    (tmp_path / "empty").mkdir()
    assert complaint(run_qa("index", "add", "empty"), 1) == "qa: no files in empty; name others"
    assert not (tmp_path / ".qa").exists()


# Questions


def lone_surrogate() -> bytes:
    return b"Who wrote \xff\xfe?"


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ("", "the question is empty"),
        (" \n ", "the question is empty"),
        ("x" * 1001, "1,001 characters"),
        ("Who\x1b[31m?", "control character (U+001B)"),
        (lone_surrogate(), "not valid text"),
    ],
    ids=["empty", "blank", "1,001 characters", "control character", "undecodable"],
)
def test_a_bad_question(question: str | bytes, problem: str, run_qa: RunQA) -> None:
    assert problem in complaint(run_qa("ask", question), 2)


def test_the_longest_question_is_answered(folder: Path, run_qa: RunQA) -> None:
    ended = run_qa("ask", "x" * 1000)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout != ""


# Settings


def test_unknown_settings_are_named(folder: Path, run_qa: RunQA) -> None:
    line = complaint(run_qa("index", "list", env={"QA_TOPK": "3"}), 2)
    assert line == "qa: unknown setting QA_TOPK in the environment; did you mean QA_TOP_K?"
    (folder / "qa.toml").write_text("hoem = 'archive'\n")
    line = complaint(run_qa("ask", "Who?", "--top-k", "0"), 2)
    assert line == "qa: unknown setting hoem in qa.toml; did you mean home?"


# Asking


def test_asking_at_all(folder: Path, run_qa: RunQA) -> None:
    plain = run_qa(*ASK, "--reader", ROOT / "models" / "reader")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert "\x1b" not in plain.stdout
    sentence, reference, confidence = plain.stdout.rstrip("\n").split("\n")[-3:]
    assert reference.startswith("  [")
    assert confidence.startswith("  confidence ")
    texts = [each.read_bytes().decode() for each in (folder / "seeds").iterdir()]
    assert sum(sentence in text for text in texts) >= 1


def test_json_has_the_shape_of_the_design(folder: Path, run_qa: RunQA) -> None:
    ended = run_qa(*ASK, "--json", "--since", "2001-01-01", "--until", "2030-12-31")
    found = json.loads(ended.stdout)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (
        list(found)
        == (
            "question standalone_question carried answered answer sentence confidence citation also differs "
            "passages timings_ms"
        ).split()
    )
    assert found["answered"] is True
    cited = found["citation"]
    assert list(cited) == "document kind start end sentence_start sentence_end original".split()
    assert list(cited["document"]) == DOCUMENT
    assert cited["document"]["published"] == "2017-09-05"
    text = (folder / cited["document"]["source"]).read_bytes().decode()
    assert text[cited["start"] : cited["end"]] == found["answer"]
    assert text[cited["sentence_start"] : cited["sentence_end"]] == found["sentence"]
    for each in found["passages"]:
        assert list(each) == "document kind start end text score".split()
        assert text[each["start"] : each["end"]] == each["text"]
    assert set(found["timings_ms"]) == {"embed", "search", "read", "total"}


def test_what_the_archive_does_not_say_is_no_failure(folder: Path, run_qa: RunQA) -> None:
    ended = run_qa("ask", "Who won the cup?", "--min-confidence", "1", "--json")
    found = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert found["answered"] is False
    assert (found["answer"], found["sentence"], found["citation"]) == (None, None, None)
    assert len(found["passages"]) == 10


def test_asking_waits_for_no_torch(seed_settings: Settings, environment: dict[str, str]) -> None:
    program = (
        "import sys; from qa.cli import main; sys.argv = sys.argv[:1] + sys.argv[2:]\n"
        "try: main()\n"
        "finally: print(sorted({'torch', 'sentence_transformers', 'transformers', 'onnxruntime'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, "qa", *ASK, "--home", seed_settings.home],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stderr == "['onnxruntime']\n"


def test_whoever_reads_the_output_may_leave(folder: Path, environment: dict[str, str]) -> None:
    for command in ("ask 'Who wrote it?' --json", "index list"):
        ended = subprocess.run(
            ["bash", "-c", f"'{QA}' {command} | head -n 1; exit ${{PIPESTATUS[1]}}"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert len(ended.stdout.splitlines()) == 1
        assert ended.stderr == ""


def test_a_full_disk_behind_the_output_is_told(folder: Path, run_qa: RunQA) -> None:
    with Path("/dev/full").open("w") as full:
        ended = run_qa("index", "list", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 1
    assert ended.stderr == "qa: No space left on device: the output\n"


def test_a_terminal_that_cannot_show_a_character(folder: Path, run_qa: RunQA) -> None:
    ended = run_qa(*ASK, env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.isascii()


# Documents


def test_from_files_to_an_answer_and_back(tmp_path: Path, seeds: Path, run_qa: RunQA) -> None:
    shutil.copytree(seeds, tmp_path / "seeds")
    added = run_qa("index", "add", "seeds", "--embedder", "fake")
    assert (added.returncode, added.stderr) == (0, "")
    assert added.stdout == "5 added, 0 replaced, 0 unchanged, 0 skipped\n"

    with (tmp_path / "seeds" / "002_7955e8ef0b2562b0.txt").open("a") as file:
        file.write("\nOne more line.\n")
    again = run_qa("index", "add", "seeds")
    assert again.stdout == "0 added, 1 replaced, 4 unchanged, 0 skipped\n"

    listed = run_qa("index", "list", "--json")
    documents = json.loads(listed.stdout)
    assert [list(each) for each in documents] == [DOCUMENT] * 5
    third = documents[2]
    assert third["source"] == "seeds/002_7955e8ef0b2562b0.txt"
    assert (third["published"], third["author"]) == ("2017-09-05", "Tess de la Mare")

    removed = run_qa("index", "remove", str(third["id"]), "seeds/000_cfa59a9de0188679.txt")
    assert removed.returncode == 0
    assert [each.split(" ", 1)[0] for each in removed.stdout.splitlines()] == ["removed"] * 2
    plain = run_qa("index", "list")
    assert len(plain.stdout.splitlines()) == 3
    assert "Tess de la Mare" not in plain.stdout

    status = json.loads(run_qa("index", "status", "--json").stdout)
    assert status["documents"] == 3
    assert status["embedder"] == "fake"
    assert status["passages"] > 0
    assert status["bytes"] > 0
    assert status["home"] == ".qa"

    gone = run_qa("index", "remove", "seeds", "3")
    assert "no document '3'" in gone.stderr
    assert gone.returncode == 1
    assert run_qa("index", "list").stdout == ""
    empty = run_qa("ask", "How many pages long was the report?")
    assert empty.returncode == 0
    assert empty.stdout.startswith("The archive does not say.\nThere was nothing to search")


def test_a_file_that_cannot_be_added_is_named_and_the_others_are_added(
    tmp_path: Path, run_qa: RunQA, without_privileges: Callable[[], None]
) -> None:
    write(
        tmp_path / "in",
        {
            "binary.txt": bytes(range(256)) * 9,
            "empty.txt": b"",
            "good.txt": "The tram to Wimbledon leaves every twelve minutes.\n",
            "large.txt": b"word " * 300_000,
            "latin.txt": ("Ein Café in der Straße. Überall Käse für dreißig Gäste. " * 9).encode(
                "latin-1"
            ),
            "picture.png": b"\x89PNG\r\n",
            "secret.txt": b"Nobody may read this.\n",
            "bad\x1b[31mname.txt": b"",
            "undecodable-\udcff.txt": b"A name that is no UTF-8.\n",
        },
    )
    (tmp_path / "in" / "secret.txt").chmod(0)
    (tmp_path / "outside.txt").write_text("Outside.\n")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "outside.txt")
    (tmp_path / "in" / "dangling.txt").symlink_to("nowhere.txt")
    (tmp_path / "in" / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "in" / "socket.txt"))
        ended = run_qa(
            *("index", "add", "in", "missing.txt", "y" * 300, "--embedder", "fake"),
            *("--max-file-mb", "1"),
            preexec_fn=without_privileges,
        )
    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr
    assert ended.stdout == "2 added, 0 replaced, 0 unchanged, 14 skipped\n"
    notes = {}
    for line in ended.stderr.splitlines():
        assert line.isprintable()
        told, path, note = line.split(": ", 1)[0].split(" ")[0], *line.split(": ")[:2]
        notes[path.rpartition("/")[2].removeprefix("skipped ")] = (told, note)
    expected = {
        "binary.txt": "a binary file",
        "empty.txt": "empty",
        "large.txt": "1.5 MB, and the limit is 1 MB",
        "picture.png": "no loader for .png files",
        "secret.txt": "cannot be read",
        r"bad\x1b[31mname.txt": "empty",
        r"undecodable-\udcff.txt": "its name is not valid text",
        "link.txt": "a symbolic link out of the folder",
        "dangling.txt": "a symbolic link to nothing",
        "loop.txt": "a symbolic link to nothing",
        "pipe.txt": "not a regular file",
        "socket.txt": "not a regular file",
        "missing.txt": "no such file or folder",
    }
    for name, note in expected.items():
        assert note in notes[name][1], name


def test_nothing_could_be_added(tmp_path: Path, run_qa: RunQA) -> None:
    ended = run_qa("index", "add", "missing.txt", "--embedder", "fake")
    assert ended.returncode == 1
    assert ended.stderr == "skipped missing.txt: no such file or folder\n"
    assert ended.stdout == "0 added, 0 replaced, 0 unchanged, 1 skipped\n"


def test_a_name_on_the_command_line_that_is_no_text(folder: Path, run_qa: RunQA) -> None:
    assert "no document 'x" in complaint(run_qa("index", "remove", b"x\xff"), 1)
    number = "9" * 25
    assert f"no document '{number}'" in complaint(run_qa("index", "remove", number), 1)


# Archives


def test_there_is_no_archive(tmp_path: Path, run_qa: RunQA) -> None:
    line = complaint(run_qa(*ASK), 1)
    assert line == "qa: no archive at .qa; make one with: qa index add PATH"


def test_something_else_is_there(folder: Path, run_qa: RunQA) -> None:
    line = complaint(run_qa(*ASK, "--home", "seeds"), 1)
    assert line == "qa: seeds is not an archive; name another folder with --home"
    line = complaint(run_qa("index", "add", "seeds", "--home", "seeds"), 1)
    assert "name an" in line
    (folder / "other").mkdir()
    Layout(folder / "other").store.write_bytes(b"no database" * 99)
    assert "other is not an archive" in complaint(run_qa(*ASK, "--home", "other"), 1)


def test_a_newer_version_made_it(folder: Path, run_qa: RunQA) -> None:
    with closing(sqlite3.connect(Layout(folder / ".qa").store)) as store, store:
        store.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    assert "newer version" in complaint(run_qa(*ASK), 1)


def test_a_read_only_archive_can_be_asked_but_not_added_to(
    folder: Path, run_qa: RunQA, without_privileges: Callable[[], None]
) -> None:
    (folder / "more.txt").write_text("One more article.\n")
    for each in [folder / ".qa", *(folder / ".qa").rglob("*")]:
        each.chmod(0o555 if each.is_dir() else 0o444)
    asked = run_qa(*ASK, preexec_fn=without_privileges)
    assert asked.returncode == 0
    assert "Traceback" not in asked.stderr
    assert "confidence" in asked.stdout
    line = complaint(run_qa("index", "add", "more.txt", preexec_fn=without_privileges), 1)
    assert "cannot write .qa" in line
    for each in [folder / ".qa", *(folder / ".qa").rglob("*")]:
        each.chmod(0o755 if each.is_dir() else 0o644)
    assert len(sources(folder / ".qa")) == 5


def test_another_process_is_writing(folder: Path, run_qa: RunQA) -> None:
    program = (
        "import sys; from pathlib import Path; from index.layout import Layout\n"
        "from index.lock import write_lock\n"
        "with write_lock(Layout(Path('.qa'))): print('held', flush=True); sys.stdin.read()"
    )
    (folder / "more.txt").write_text("One more article.\n")
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "held\n"
        line = complaint(run_qa("index", "add", "more.txt"), 1)
        asked = run_qa(*ASK)
        writer.communicate()
    assert f".qa is being written by process {writer.pid}" in line
    assert line.endswith("try again when it is done")
    assert (asked.returncode, asked.stderr) == (0, "")


def test_a_damaged_view_is_mended_and_the_answer_given(folder: Path, run_qa: RunQA) -> None:
    before = run_qa(*ASK).stdout
    vectors = Layout(folder / ".qa").vectors
    vectors.write_bytes(vectors.read_bytes()[:-40])
    doctor = run_qa("doctor")
    assert doctor.returncode == 1
    assert "mend with: qa doctor --mend --home .qa" in doctor.stdout
    asked = run_qa(*ASK)
    assert asked.returncode == 0
    assert asked.stderr.startswith("notice: ")
    assert "made again from the store" in asked.stderr
    assert asked.stdout == before


def test_the_doctor_mends_what_it_finds(folder: Path, run_qa: RunQA) -> None:
    assert run_qa("doctor").stdout == "nothing is wrong\n"
    layout = Layout(folder / ".qa")
    shutil.rmtree(layout.words)
    with closing(sqlite3.connect(layout.store)) as store, store:
        [passage] = store.execute("SELECT max(id) FROM passages").fetchone()
        store.execute("UPDATE passages SET start = start + 1 WHERE id = ?", [passage])
    found = run_qa("doctor")
    assert found.returncode == 1
    problems = found.stdout.splitlines()
    assert any("words" in each for each in problems)
    assert any(each.startswith(f"passage {passage}: ") for each in problems)
    mended = run_qa("doctor", "--mend")
    assert mended.returncode == 0
    assert f"mended {len(problems) - 1} of {len(problems) - 1}" in mended.stdout
    assert "nothing is wrong" in run_qa("doctor").stdout
    assert len(sources(folder / ".qa")) == 5


# Stopped half-way


def small_files(folder: Path, number: int) -> None:
    sentences = " ".join(f"Item {each} of the minutes was read and agreed." for each in range(99))
    write(folder, {f"{at:04}.txt": f"Minutes {at}\n\n{sentences}\n" for at in range(number)})


def test_a_full_disk_while_adding_loses_nothing(folder: Path, run_qa: RunQA) -> None:
    small_files(folder / "more", 150)
    before = count(folder / ".qa")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))

    ended = run_qa("index", "add", "more", preexec_fn=limit)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("qa: cannot write .qa")
    assert len(ended.stderr.splitlines()) == 1
    told = int(ended.stdout.split(" ")[0])
    kept = sources(folder / ".qa")
    assert before + told <= len(kept) < before + 150
    assert {f"seeds/{each.name}" for each in (folder / "seeds").iterdir()} <= set(kept)
    assert run_qa("index", "add", "more").returncode == 0
    assert len(sources(folder / ".qa")) == before + 150


def test_ctrl_c_while_adding_keeps_what_was_told(folder: Path, environment: dict[str, str]) -> None:
    small_files(folder / "more", 800)
    before = count(folder / ".qa")
    with subprocess.Popen(
        [QA, "index", "add", "more"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as adding:
        while count(folder / ".qa") < before + 60 and adding.poll() is None:
            time.sleep(0.01)
        adding.send_signal(signal.SIGINT)
        out, error = adding.communicate(timeout=60)
    assert adding.returncode == 130
    assert error.strip() == "qa: stopped"
    told = int(out.split(" ")[0])
    kept = sources(folder / ".qa")
    assert 60 <= told <= len(kept) - before < 800


# Question sets


def test_a_question_set_is_asked(folder: Path, run_qa: RunQA) -> None:
    lines = (ROOT / "tests" / "croydon.jsonl").read_text("utf-8").splitlines()
    (folder / "few.jsonl").write_text("\n".join([*lines[:3], *lines[40:42], *lines[-1:]]))
    ended = run_qa("eval", "few.jsonl", "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    found: dict[str, Any] = json.loads(ended.stdout)
    assert (found["questions"], found["quotes_verbatim"]) == (6, 1.0)
    assert set(found) >= set(
        "questions overall answerable follow_up unanswerable abstention quotes_verbatim "
        "latency_ms by_type".split()
    )
    plain = run_qa("eval", "few.jsonl")
    assert plain.returncode == 0
    assert plain.stdout.startswith("questions        6\n")
    (folder / "few.jsonl").write_text(f"{lines[0]}\nnonsense\n")
    assert "few.jsonl, line 2: " in complaint(run_qa("eval", "few.jsonl"), 2)
