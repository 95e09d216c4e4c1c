"""What is written into a chart: the lines' names at their ends, and the word at today."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from twin.advise.picture import Line
from twin.ui.palette import palette
from twin.ui.series import Series, pieces

LABEL_GAP = 0.075


def dashed(today: date) -> dict[str, Any]:
    """The line between what was and what may be."""
    line_style = {"color": palette().quiet, "width": 1, "dash": "dot"}
    return {
        "type": "line",
        "x0": today.isoformat(),
        "x1": today.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": line_style,
    }


def said_at(today: date) -> dict[str, Any]:
    """The word at that line."""
    text = {"text": "today", "font": {"size": 12, "color": palette().quiet}, "showarrow": False}
    return text | {"x": today.isoformat(), "yref": "paper", "y": 1, "yanchor": "bottom", "xanchor": "center"}


def labels(series: Sequence[Series], low: float, high: float) -> list[dict[str, Any]]:
    """The lines' names at their ends, moved apart where they would lie over each other."""
    named = [(one, *last_point(one.line)) for one in series if one.labelled and pieces(one.line.mean)]
    places = apart([value for _, _, value in named], (high - low) * LABEL_GAP)
    return [
        {
            "text": f"<b>{one.name}</b>",
            "x": day.isoformat(),
            "y": place,
            "xanchor": "left",
            "xshift": 6,
            "showarrow": False,
            "font": {"size": 12, "color": one.label_colour or one.colour},
        }
        for (one, day, _), place in zip(named, places, strict=True)
    ]


def last_point(one: Line) -> tuple[date, float]:
    """Where a line ends."""
    n = int(np.flatnonzero(~np.isnan(one.mean))[-1])
    return one.day[n], float(one.mean[n])


def apart(places: list[float], gap: float) -> list[float]:
    """Places moved up or down until each is `gap` from its neighbours, around where they were.

    >>> apart([1.0, 1.0, 5.0], 1.0)
    [0.5, 1.5, 5.0]
    """
    order = sorted(range(len(places)), key=lambda n: places[n])
    found = list(places)
    for _ in range(20):
        for below, above in pairwise(order):
            short = gap - (found[above] - found[below])
            if short > 1e-12:
                found[below], found[above] = found[below] - short / 2, found[above] + short / 2
    return found
