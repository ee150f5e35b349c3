"""Ctrl-C falls between any two lines, in a callback that cannot be stopped too."""

import subprocess
import sys

SWALLOWED = """
import time, weakref
from qa.interrupt import hear_everywhere

class Thing:
    pass

def swallow(_):
    raise {error}

hear_everywhere()
thing = Thing()
reference = weakref.ref(thing, swallow)
del thing
try:
    time.sleep(30)
except KeyboardInterrupt:
    print("stopped")
else:
    print("never heard")
"""


def run(error: str, timeout: float) -> subprocess.CompletedProcess[str]:
    code = SWALLOWED.format(error=error).replace("30", str(timeout))
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)


def test_what_was_swallowed_is_raised_again() -> None:
    ended = run("KeyboardInterrupt", timeout=30)
    assert (ended.stdout, ended.stderr) == ("stopped\n", "")


def test_other_errors_are_reported_as_ever() -> None:
    ended = run("ValueError('lost')", timeout=0.2)
    assert ended.stdout == "never heard\n"
    assert "ValueError: lost" in ended.stderr
