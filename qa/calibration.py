"""What a reader's scores are worth: the file beside its weights that ranks and gives confidence."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from index.errors import ModelError
from qa.weights import Weights

FILE: Final = "calibration.json"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two logistic regressions that anyone can read.

    `rank` turns a span's evidence into the log-odds that it is the answer; `confidence` turns what
    all the spans look like into the probability that the best of them is.
    """

    rank: Weights
    confidence: Weights

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the calibration in a folder.

        Raises:
            ModelError: it is missing, damaged, or of another version.
        """
        path = folder / FILE
        try:
            facts = json.loads(path.read_text("utf-8"))
            made = facts["format"]
            if made != FORMAT:
                raise ModelError(
                    f"{path} has format {made}, this version reads {FORMAT}; "
                    "make it again with training.calibrate"
                )
            return cls(_weights(facts["rank"]), _weights(facts["confidence"]))
        except OSError as error:
            raise ModelError(f"{path} is missing; reinstall the reader") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} is damaged; reinstall the reader") from error

    def save(self, folder: Path) -> None:
        """Write `calibration.json` into `folder`."""
        facts = {
            "format": FORMAT,
            "rank": {"bias": self.rank.bias, "weights": dict(self.rank.weights)},
            "confidence": {
                "bias": self.confidence.bias,
                "weights": dict(self.confidence.weights),
            },
        }
        (folder / FILE).write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


def _weights(facts: Any) -> Weights:
    return Weights(
        {str(name): float(each) for name, each in facts["weights"].items()}, float(facts["bias"])
    )
