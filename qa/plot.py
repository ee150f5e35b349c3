"""Figures -> a picture of what confidence is worth, for whoever chooses a threshold."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import BadSetting
from qa.abstention import BINS, Bools, Floats, accuracies, aurc, coverage_at, ece, reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK: Final = "#1f3a5f"
FAINT: Final = "#8a94a6"
BAR: Final = "#b4c9e4"
ACCURACIES: Final = ((0.8, "#d98e04"), (0.9, "#c0392b"))
"""Those that users most often want, each with its colour."""


def check_target(path: Path) -> None:
    """See to it that `draw` will be able to write to `path`, before anything long begins.

    Raises:
        BadSetting: it is no place for a PNG file, or matplotlib is not installed.
    """
    if path.suffix.lower() != ".png":
        raise BadSetting(f"--plot {path}: only PNG is drawn; give a name that ends in .png")
    if not path.parent.is_dir():
        raise BadSetting(f"--plot {path}: there is no folder {path.parent}; make it first")
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise BadSetting(f"--plot {path}: it cannot be written; name another file")
    if find_spec("matplotlib") is None:
        raise BadSetting("--plot needs matplotlib; install it with: pip install 'cuttings[plot]'")


def draw(path: Path, found: dict[str, Any]) -> None:
    """Draw the risk-coverage curve and the reliability diagram as a PNG file.

    Args:
        path: a file that `check_target` has let pass.
        found: figures of `qa.evaluate`; `by_id` counts.

    Raises:
        OSError: the file cannot be written.
    """
    # Not pyplot: it keeps what is drawn, and looks for a screen.
    from matplotlib.figure import Figure

    asked = found["by_id"].values()
    confidence = np.asarray([each["confidence"] for each in asked], dtype=np.float64)
    right = np.asarray([each["found"] for each in asked], dtype=np.bool_)
    figure = Figure(figsize=(11, 5), dpi=150, layout="constrained")
    risk, bins = figure.subplots(1, 2)
    draw_risk(risk, confidence, right)
    draw_reliability(bins, confidence, right)
    figure.savefig(path)


def draw_risk(axes: "Axes", confidence: Floats, right: Bools) -> None:
    """Draw how often answers are wrong if the most confident are given, for every coverage."""
    n = len(confidence)
    coverage = np.arange(1, n + 1) / n
    for accuracy, colour in ACCURACIES:
        reached = coverage_at(accuracy, confidence, right)
        axes.axhline(1 - accuracy, color=colour, linewidth=1, linestyle="--")
        label = f"{accuracy:.0%} right: {reached:.0%} of the questions answered"
        axes.plot([reached], [1 - accuracy], "o", color=colour, label=label, clip_on=False)
    axes.plot(coverage, 1 - accuracies(confidence, right), color=INK, linewidth=2, zorder=1)
    axes.set_xlabel("coverage: share of questions answered, the most confident first")
    axes.set_ylabel("risk: share of those answers that are wrong")
    _finish(axes, f"Risk and coverage (n = {n:,}, AURC = {aurc(confidence, right):.3f})")


def draw_reliability(axes: "Axes", confidence: Floats, right: Bools) -> None:
    """Draw how often answers are right, for each range of confidence."""
    bins = reliability(confidence, right)
    accuracy = [each.accuracy for each in bins]
    axes.bar(
        [each.low + 0.5 / BINS for each in bins], accuracy, width=0.94 / BINS, color=BAR, zorder=1
    )
    axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--", label="as right as it is confident")
    means = [each.confidence for each in bins]
    axes.plot(means, accuracy, "o", color=INK, label="mean confidence of a bar", clip_on=False)
    for each in bins:
        # In a row above the bars, where nothing crosses them.
        middle = each.low + 0.5 / BINS
        axes.text(middle, 1.025, f"{each.n:,}", ha="center", fontsize="small", color=INK)
    axes.set_xlabel("confidence, in tenths; above, the number of questions in each")
    axes.set_ylabel("accuracy: share of answers that are right")
    _finish(axes, f"Reliability (n = {len(confidence):,}, ECE = {ece(bins):.3f})")


def _finish(axes: "Axes", title: str) -> None:
    axes.set_title(title, pad=24)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_aspect("equal")
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", frameon=False)
