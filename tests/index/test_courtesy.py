"""`index.courtesy`: long work waits while a question is answered, and for nobody else."""

import fcntl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from index import courtesy
from index.courtesy import Courtesy
from index.layout import Layout
from tests.index.workshop import python

ASK = """
import sys
from pathlib import Path
from index.courtesy import Courtesy
from index.layout import Layout
with Courtesy(Layout(Path(sys.argv[1]))).asking():
    print("asking", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


def waited(layout: Layout) -> float:
    """Seconds for which work gives way."""
    begin = time.monotonic()
    Courtesy(layout).give_way()
    return time.monotonic() - begin


def test_work_waits_for_nobody_in_vain(layout: Layout) -> None:
    assert waited(layout) < courtesy.LONGEST / 2


def test_work_waits_until_the_question_is_answered(layout: Layout) -> None:
    answered = []
    asking = Courtesy(layout).asking()
    asking.__enter__()

    def answer() -> None:
        time.sleep(0.2)
        answered.append(time.monotonic())
        asking.__exit__(None, None, None)

    thread = threading.Thread(target=answer)
    thread.start()
    Courtesy(layout).give_way()
    assert answered
    thread.join()


def test_work_waits_for_another_process_but_not_for_a_dead_one(layout: Layout) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASK, str(layout.home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "asking\n"
        assert waited(layout) >= courtesy.LONGEST
        other.kill()
    assert waited(layout) < courtesy.LONGEST / 2


def test_questions_do_not_wait_for_each_other(layout: Layout) -> None:
    with Courtesy(layout).asking(), Courtesy(layout).asking():
        assert waited(layout) >= courtesy.LONGEST
    assert waited(layout) < courtesy.LONGEST / 2


def test_a_question_that_fails_holds_nobody_up(layout: Layout) -> None:
    with pytest.raises(OSError, match="its own"), Courtesy(layout).asking():
        raise OSError("its own")
    assert waited(layout) < courtesy.LONGEST / 2


NOT_WRITABLE = """
import sys
from pathlib import Path
from index.courtesy import Courtesy
from index.layout import Layout
from tests.index.workshop import drop_rights
drop_rights()
courtesy = Courtesy(Layout(Path(sys.argv[1])))
with courtesy.asking():
    courtesy.give_way()
    print("asked")
"""


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_cannot_be_written(layout: Layout, there: bool) -> None:
    if there:
        layout.questions.touch(mode=0o444)
    layout.home.chmod(0o555)
    done = python(NOT_WRITABLE, layout.home)
    layout.home.chmod(0o755)
    assert (done.stderr, done.stdout) == ("", "asked\n")


def test_a_disk_that_knows_no_locks(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: int, _how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with Courtesy(layout).asking():
        assert waited(layout) < courtesy.LONGEST / 2
