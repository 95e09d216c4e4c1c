"""A study: something a textbook knows the answer to, simulated many times over by the app's own model."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.model.chance import entity

Floats = NDArray[np.float64]

SEEDS = (1, 2, 3)  # named before anything was simulated; never exchanged for others
LARGEST_ERROR_SHARE = 0.005  # of the theory's value: the standard error must be this small
LARGEST_ERRORS = 3.0  # standard errors between simulation and theory


@dataclass(frozen=True)
class Size:
    """How often a study is repeated, and how long each replication is (visits, days or customers: the study says)."""

    replications: int
    length: int


@dataclass(frozen=True)
class Study:
    """What is simulated, what theory says of it, and where that stands.

    theory    figure -> its value by the formula
    simulate  (seed, replication, length) -> the same figures, of one replication
    full      size in make proof; small: size in make test
    floor     its stations, where it has some
    """

    name: str
    about: str
    formula: str
    source: str
    theory: Mapping[str, float]
    simulate: Callable[[int, int, int], Mapping[str, float]]
    full: Size
    small: Size
    floor: Any = None

    def replicated(self, seed: int, size: Size) -> "list[Figure]":
        """Each figure over independent replications of one seed."""
        first = entity(self.name) >> 32  # replications of its own, so that no two studies share their luck
        rows = [self.simulate(seed, first + n, size.length) for n in range(size.replications)]
        return [
            Figure.of(self.name, name, seed, value, np.array([row[name] for row in rows]))
            for name, value in self.theory.items()
        ]


@dataclass(frozen=True)
class Figure:
    """One figure of one study and seed: theory, simulated mean, and the mean's standard error."""

    study: str
    name: str
    seed: int
    theory: float
    simulated: float
    standard_error: float
    replications: int

    @classmethod
    def of(cls, study: str, name: str, seed: int, theory: float, values: Floats) -> "Figure":
        """From the values of independent replications."""
        error = float(values.std(ddof=1)) / math.sqrt(len(values))
        return cls(study, name, seed, theory, float(values.mean()), error, len(values))

    @property
    def error_share(self) -> float:
        """The standard error as a share of the theory's value."""
        return self.standard_error / abs(self.theory)

    @property
    def errors(self) -> float:
        """By how many standard errors simulation and theory differ; positive means simulated too high."""
        return (self.simulated - self.theory) / self.standard_error

    @property
    def holds(self) -> bool:
        """Whether the standard error is small enough to tell, and theory lies within three of them."""
        return self.error_share <= LARGEST_ERROR_SHARE and abs(self.errors) <= LARGEST_ERRORS
