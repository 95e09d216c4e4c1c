"""Charts as plain dicts for Plotly: labels at the ends of lines, a dashed line at today, ranges as faint bands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import floor, log10
from typing import Any

import numpy as np
import streamlit as st

from twin.advise.picture import WEEK, Line
from twin.advise.words import COUNTED, amount, symbol
from twin.ui.palette import faint, palette

FONT = "Inter, -apple-system, 'Segoe UI', sans-serif"
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False, "responsive": True}
LABEL_GAP = 0.075


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


def show(series: Sequence[Series], scale: Scale, key: str, alt: str, today: date | None = None) -> None:
    """Draw lines over days; `alt` tells the chart to those who cannot see it."""
    figure = {"data": traces(series, scale), "layout": layout(series, scale, today)}
    st.plotly_chart(figure, theme=None, config=CONFIG, key=key, alt=alt)


def traces(series: Sequence[Series], scale: Scale) -> list[dict[str, Any]]:
    """Bands first, so that no band lies over a line."""
    bands = [trace for one in series if one.line.low is not None for trace in band(one)]
    return bands + [trace for one in series for trace in line(one, scale)]


def band(one: Series) -> list[dict[str, Any]]:
    """The range of a line, broken where the line is."""
    found = []
    assert one.line.low is not None
    assert one.line.high is not None
    for part in pieces(one.line.mean):
        there = [n for n in range(part.start, part.stop) if not np.isnan(one.line.mean[n])]
        days = [one.line.day[n].isoformat() for n in there]
        edge = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        found.append(edge | {"x": days, "y": one.line.low[there].tolist()})
        found.append(
            edge
            | {"x": days, "y": one.line.high[there].tolist(), "fill": "tonexty", "fillcolor": faint(one.colour, 0.11)}
        )
    return found


def pieces(values: np.ndarray, most: int = 3) -> list[slice]:
    """The stretches of a line: longer gaps than `most` days break it, closed Saturdays do not."""
    there = np.flatnonzero(~np.isnan(values))
    if not len(there):
        return []
    breaks = np.flatnonzero(np.diff(there) > most)
    firsts, lasts = [there[0], *there[breaks + 1]], [*there[breaks], there[-1]]
    return [slice(int(first), int(last) + 1) for first, last in zip(firsts, lasts, strict=True)]


def line(one: Series, scale: Scale) -> list[dict[str, Any]]:
    """A line with what the pointer shows; one trace for each unbroken stretch."""
    style = {"color": one.colour, "width": one.width, "dash": one.dash, "shape": "linear"}
    shown = {
        "type": "scatter",
        "mode": "lines",
        "name": one.name,
        "line": style,
        "connectgaps": True,
        "showlegend": False,
    }
    return [
        shown
        | {
            "x": [day.isoformat() for day in one.line.day[part]],
            "y": nothing_for_nan(one.line.mean[part]),
            "customdata": told(one.line, part, scale),
            "hovertemplate": "%{customdata}<extra>" + one.name + "</extra>",
        }
        for part in pieces(one.line.mean)
    ]


def nothing_for_nan(values: np.ndarray) -> list[float | None]:
    """The numbers with None where there is none."""
    return [None if np.isnan(value) else float(value) for value in values]


def told(one: Line, part: slice, scale: Scale) -> list[str]:
    """What the pointer shows at each point."""
    means = one.mean[part]
    if one.low is None or one.high is None:
        return [spoken_number(value, scale) for value in means]
    ranges = zip(means, one.low[part], one.high[part], strict=True)
    return [
        f"{spoken_number(mean, scale)} ({spoken_number(low, scale)} to {spoken_number(high, scale)})"
        for mean, low, high in ranges
    ]


def spoken_number(value: float, scale: Scale) -> str:
    """A number of the chart in words."""
    if np.isnan(value):
        return ""
    unit = "" if scale.unit in COUNTED else scale.unit
    return amount(float(value), unit, scale.currency, plus=scale.signed)


# ------------------------------------------------------------------ frame of a chart


def layout(series: Sequence[Series], scale: Scale, today: date | None) -> dict[str, Any]:
    """Axes, the line at today, and the labels at the ends of the lines."""
    colours, low, high = palette(), *reach(series, scale)
    return {
        "height": scale.height,
        "margin": {"l": 8, "r": 78 if any(one.labelled for one in series) else 12, "t": 22, "b": 8, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": colours.quiet},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": colours.ground,
            "bordercolor": colours.line,
            "font": {"family": FONT, "size": 12, "color": colours.observed},
        },
        "xaxis": time_axis(series, scale),
        "yaxis": number_axis(scale, low, high),
        "shapes": [dashed(today)] if today else [],
        "annotations": ([said_at(today)] if today else []) + labels(series, low, high),
        "uirevision": "same",
    }


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
