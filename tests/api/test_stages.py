"""What the stages of a question took."""

from pathlib import Path

import pytest

from api.stages import stages
from qa.opening import open_answerer
from tests.api.workshop import settings_for


def test_they_follow_each_other_and_add_up(fake_home: Path) -> None:
    answerer = open_answerer(settings_for(fake_home))
    answer = answerer.ask("Who edits Inside Croydon?")
    answerer.archive.close()
    found = stages(answer)
    assert list(found) == ["embed", "search", "read", "quote"]
    assert all(each >= 0 for each in found.values())
    assert sum(found.values()) == pytest.approx(answer.timings_ms["total"] / 1000)
    assert found["read"] == pytest.approx(answer.timings_ms["read"] / 1000)
