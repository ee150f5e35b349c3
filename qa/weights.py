"""A logistic regression whose weights have names: how the reader ranks, how confidence is made."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by name, and a bias. What is weighed may hold more than the weights name."""

    weights: Mapping[str, float]
    bias: float

    def weigh(self, measures: Mapping[str, float]) -> float:
        """Return the log-odds. Raises KeyError for a measure that is missing."""
        return self.bias + sum(each * measures[name] for name, each in self.weights.items())

    def probability(self, measures: Mapping[str, float]) -> float:
        """Return the log-odds as a probability, between 0 and 1."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.weigh(measures)))))
