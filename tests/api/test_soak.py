"""The soak finds a service, asks it, and tells good from bad."""

import subprocess
import sys
from pathlib import Path

from api.app import create_app
from tests.api.workshop import run, settings_for

SOAK = Path(__file__).parents[2] / "benchmarks" / "soak.py"


def _soak(port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SOAK, f"http://127.0.0.1:{port}", "--clients", "4", "--seconds", "1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_service_that_holds_out(fake_home: Path) -> None:
    with run(create_app(settings_for(fake_home, queue=1))) as running:
        running.wait()
        done = _soak(running.port)
    assert (done.returncode, done.stderr) == (0, "")
    memory, lines = done.stdout.splitlines()[:3], done.stdout.splitlines()[3:]
    assert [each.split(":")[0] for each in memory] == [
        "memory, start",
        "memory, middle",
        "memory, end",
    ]
    first, rate, waits, answered, errors = lines
    assert first.startswith("4 clients, ")
    assert rate.endswith(" requests a second")
    assert waits.startswith("told to wait: 0 with 429, ")
    assert not waits.endswith(" 0 with 503")
    assert all(f"p{each} " in answered for each in (50, 95, 99))
    assert errors == "errors: 0"


def test_a_service_that_does_not(fake_home: Path) -> None:
    app = create_app(settings_for(fake_home))

    @app.middleware("http")
    async def fail(*_: object) -> None:
        raise ValueError

    with run(app) as running:
        done = _soak(running.port)
    assert done.returncode == 1
    assert "status 500 to POST /ask" in done.stdout


def test_no_service_at_all() -> None:
    done = _soak(1)
    assert done.returncode == 1
    assert done.stderr.startswith("no process of yours listens at http://127.0.0.1:1; start one")
