"""The axes of a chart: days from left to right, round numbers upwards."""

from collections.abc import Sequence
from math import floor, log10
from typing import Any

import numpy as np

from twin.advise.amounts import symbol
from twin.advise.picture import WEEK
from twin.ui.palette import palette
from twin.ui.series import Scale, Series


def time_axis(series: Sequence[Series], scale: Scale) -> dict[str, Any]:
    """Days from left to right, no grid; the pointer names the day or the week."""
    colours = palette()
    days = [day for one in series for day in one.line.day]
    hover = "Week around %{x|%-d %B %Y}" if scale.size == WEEK else "%{x|%A, %-d %B %Y}"
    return {
        "type": "date",
        "range": [min(days).isoformat(), max(days).isoformat()],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "linecolor": colours.line,
        "showline": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": colours.line,
        "nticks": 6,
        "tickformat": "%-d %b",
        "automargin": True,
        "tickformatstops": [
            {"dtickrange": ["M1", None], "value": "%b\n%Y"},
            {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
        ],
        "unifiedhovertitle": {"text": hover},
        "hoverformat": "%-d %B %Y",
        "showspikes": True,
        "spikemode": "across",
        "spikethickness": 1,
        "spikedash": "solid",
        "spikecolor": colours.line,
        "spikesnap": "data",
    }


def number_axis(scale: Scale, low: float, high: float) -> dict[str, Any]:
    """Four or five faint lines with the unit at each."""
    colours = palette()
    money = scale.unit == "currency"
    return {
        "range": [low, high],
        "showgrid": True,
        "gridcolor": colours.line,
        "gridwidth": 1,
        "zeroline": low < 0 < high,
        "fixedrange": True,
        "zerolinecolor": colours.quiet,
        "zerolinewidth": 1,
        "automargin": True,
        "dtick": grid(low, high),
        "tick0": 0,
        "ticklabelstandoff": 6,
        "tickprefix": symbol(scale.currency) if money else "",
        "separatethousands": True,
        "showline": False,
        "tickformat": (".1%" if high - low < 0.04 else ".0%")
        if scale.unit == "share"
        else "~s"
        if high - low >= 4000
        else ",~g",
    }


def grid(low: float, high: float) -> float:
    """The distance of the grid lines, a round number that gives four or five of them."""
    raw = (high - low) / 4.5 or 1.0
    place = 10.0 ** floor(log10(raw))
    return next(step * place for step in (1, 2, 2.5, 5, 10) if step * place >= raw * 0.95)


def reach(series: Sequence[Series], scale: Scale) -> tuple[float, float]:
    """The lowest and highest number of the axis; from zero where zero is near."""
    parts = [part for one in series for part in (one.line.mean, one.line.low, one.line.high) if part is not None]
    every = np.concatenate([part[~np.isnan(part)] for part in parts])
    if not len(every):
        return 0.0, 1.0
    low, high = float(every.min()), float(every.max())
    if scale.signed:
        room = max(abs(low), abs(high)) * 1.1 or 1.0
        return -room if low < 0 else -room * 0.15, room if high > 0 else room * 0.15
    if low >= 0 and low < 0.6 * high:
        return 0.0, high * 1.06
    room = (high - low) * 0.12 or abs(high) * 0.05 or 1.0
    return low - room, high + room
