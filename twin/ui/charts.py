"""Charts as plain dicts for Plotly: labels at the ends of lines, a dashed line at today, ranges as faint bands."""

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import streamlit as st

from twin.advise.amounts import amount
from twin.advise.differences import COUNTED
from twin.advise.picture import Line
from twin.ui.axes import number_axis, reach, time_axis
from twin.ui.labels import dashed, labels, said_at
from twin.ui.palette import faint, palette
from twin.ui.series import Scale, Series, nothing_for_nan, pieces

FONT = "Inter, -apple-system, 'Segoe UI', sans-serif"
HEAD_START_SECONDS = 0.25
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False, "responsive": True}


def show(series: Sequence[Series], scale: Scale, key: str, alt: str, today: date | None = None) -> None:
    """Draw lines over days; `alt` tells the chart to those who cannot see it."""
    figure = {"data": traces(series, scale), "layout": layout(series, scale, today)}
    let_numbers_go_first()
    st.plotly_chart(figure, theme=None, config=CONFIG, key=key, alt=alt)


def let_numbers_go_first() -> None:
    """Before the first chart of a visit, wait a moment: while a browser reads Plotly it draws nothing else."""
    if "has_charts" not in st.session_state:
        st.session_state["has_charts"] = True
        time.sleep(HEAD_START_SECONDS)


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
