"""Pictures of what confidence is worth."""

import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from index.errors import BadSetting
from qa.abstention import Floats
from qa.plot import check_target, draw, draw_reliability, draw_risk

CONFIDENCE = np.asarray([0.95, 0.91, 0.75, 0.55, 0.05])
RIGHT = np.asarray([True, True, True, False, False])


def complaint(path: Path) -> str:
    with pytest.raises(BadSetting) as caught:
        check_target(path)
    (line,) = str(caught.value).splitlines()
    return line


def drawn(panel: Callable[..., None]) -> Axes:
    axes = Figure().subplots()
    panel(axes, CONFIDENCE, RIGHT)
    assert axes.get_xlabel()
    assert axes.get_ylabel()
    return axes


def points(line: Line2D) -> Floats:
    return np.asarray(line.get_xydata(), dtype=np.float64)


def by_id(*pairs: tuple[float, bool]) -> dict[str, Any]:
    asked = enumerate(pairs)
    return {"by_id": {str(at): {"confidence": c, "found": found} for at, (c, found) in asked}}


def test_risk_is_drawn_for_every_coverage() -> None:
    axes = drawn(draw_risk)
    assert axes.get_title() == "Risk and coverage (n = 5, AURC = 0.130)"
    *lines, curve = axes.get_lines()
    assert points(curve) == pytest.approx(
        np.asarray([(0.2, 0), (0.4, 0), (0.6, 0), (0.8, 1 / 4), (1, 2 / 5)])
    )
    assert [points(line)[0, 1] for line in lines] == pytest.approx([0.2, 0.2, 0.1, 0.1])
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "80% right: 60% of the questions answered",
        "90% right: 60% of the questions answered",
    ]


def test_accuracy_is_drawn_for_every_tenth_of_confidence() -> None:
    axes = drawn(draw_reliability)
    assert axes.get_title() == "Reliability (n = 5, ECE = 0.198)"
    bars = [each for each in axes.patches if isinstance(each, Rectangle)]
    middles = [each.get_x() + each.get_width() / 2 for each in bars]
    assert middles == pytest.approx([0.05, 0.55, 0.75, 0.95])
    assert [each.get_height() for each in bars] == [0, 0, 1, 1]
    assert [text.get_text() for text in axes.texts] == ["1", "1", "1", "2"]
    assert points(axes.get_lines()[1]) == pytest.approx(
        np.asarray([(0.05, 0), (0.55, 0), (0.75, 1), (0.93, 1)])
    )


@pytest.mark.parametrize(
    "found",
    [
        by_id((0.9, True), (0.5, False), (0.2, True)),
        by_id((0.0, False)),
        by_id((1.0, True)),
        by_id(*[(each / 1500, each % 3 == 0) for each in range(1500)]),
    ],
    ids=["few", "wrong", "right", "many"],
)
def test_a_picture_is_written(found: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    check_target(path)
    draw(path, found)
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">II", content[16:24]) == (1650, 750)
    assert "matplotlib.pyplot" not in sys.modules
    check_target(path)  # it may be drawn again


def test_a_place_where_no_picture_can_be_written(tmp_path: Path) -> None:
    assert "no folder" in complaint(tmp_path / "missing" / "picture.png")
    assert "ends in .png" in complaint(tmp_path / "picture.pdf")
    assert "ends in .png" in complaint(tmp_path / "picture")
    (tmp_path / "folder.png").mkdir()
    assert "cannot be written" in complaint(tmp_path / "folder.png")
    (tmp_path / "file").touch()
    assert "no folder" in complaint(tmp_path / "file" / "picture.png")
    check_target(tmp_path / "PICTURE.PNG")


def test_the_extra_is_named_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "pip install 'cuttings[plot]'" in complaint(tmp_path / "picture.png")
