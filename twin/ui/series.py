"""The lines of a chart, and the stretches in which each is drawn."""

from dataclasses import dataclass

import numpy as np

from twin.advise.picture import Line


@dataclass(frozen=True)
class Series:
    """One line of a chart with its name, colours and how it is drawn."""

    name: str
    line: Line
    colour: str
    label_colour: str = ""
    dash: str = "solid"
    width: float = 2.0
    labelled: bool = True


@dataclass(frozen=True)
class Scale:
    """The unit of a chart's numbers, and the days that each point spans."""

    unit: str
    currency: str
    size: int = 1
    signed: bool = False
    height: int = 340


def pieces(values: np.ndarray, most: int = 3) -> list[slice]:
    """The stretches of a line: longer gaps than `most` days break it, closed Saturdays do not."""
    there = np.flatnonzero(~np.isnan(values))
    if not len(there):
        return []
    breaks = np.flatnonzero(np.diff(there) > most)
    firsts, lasts = [there[0], *there[breaks + 1]], [*there[breaks], there[-1]]
    return [slice(int(first), int(last) + 1) for first, last in zip(firsts, lasts, strict=True)]


def nothing_for_nan(values: np.ndarray) -> list[float | None]:
    """The numbers with None where there is none."""
    return [None if np.isnan(value) else float(value) for value in values]
