"""The business as it was: big numbers, the trend of a year, and how well the twin would have told the last weeks."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import streamlit as st

from twin.advise import amounts, picture, words
from twin.advise.days import Days
from twin.advise.standing import OBSERVED, YEAR_DAYS, Standing
from twin.clock import spoken
from twin.desk import Twin
from twin.spec.measures import Measure
from twin.ui import charts, doors
from twin.ui.palette import palette
from twin.ui.series import Scale, Series
from twin.ui.tables import Cell, Column, table

if TYPE_CHECKING:
    from twin.desk.fidelity import Fidelity, FidelityRow

COLOURS: dict[str, Literal["normal", "inverse", "off"]] = {"up": "normal", "down": "inverse", "neither": "off"}


def figures(standing: Standing, currency: str) -> None:
    """Four big numbers with their change."""
    with st.container(horizontal=True, gap="small", key="business_figures"):
        for figure in standing.figures:
            st.metric(
                figure.label,
                figure.shown(currency),
                figure.change_shown,
                delta_color="off" if figure.same else COLOURS[figure.good],
                delta_arrow="off" if figure.same else "auto",
                help=figure.help,
                border=True,
            )


def trends(twin: Twin) -> list[Measure]:
    """The two measures whose past is shown: those that are forecast, then what else the records tell."""
    known, measures = doors.days(twin), twin.template.measures
    names = [*twin.template.forecast, *(name for name in OBSERVED if name in measures)]
    return [measures[name] for name in dict.fromkeys(names) if known.hold(measures[name])][:2]


def trend_title(measures: list[Measure]) -> str:
    """What the trend shows: Orders and revenue, week by week."""
    return f"{words.capitalised(words.listing(words.uncapitalised(one.label) for one in measures))}, week by week"


def trend(twin: Twin, measures: list[Measure]) -> None:
    """A year of each measure by week, with the year before."""
    for column, measure in zip(st.columns(2, gap="medium"), measures, strict=False):
        with column:
            one_trend(twin, measure)


def one_trend(twin: Twin, measure: Measure) -> None:
    """One measure by week, this year and the year before on the same days."""
    days, colours, size = doors.days(twin), palette(), picture.WEEK
    series = [Series("this year", by_week(days, measure), colours.what_if, width=2.2)]
    if len(days.day) > YEAR_DAYS + size:
        past = by_week(days.cut(0, len(days.day) - YEAR_DAYS), measure)
        there = min(len(past.day), len(series[0].line.day))
        moved = picture.Line(series[0].line.day[-there:], past.mean[-there:])
        series.insert(0, Series("year before", moved, colours.today, width=1.5, dash="dot"))
    unit = {"currency": amounts.symbol(twin.currency).strip(), "share": "%"}.get(measure.unit, "")
    label = f"{measure.label} a week" if measure.form == "mean" else measure.label
    st.markdown(f"**{label}{f' ({unit})' if unit else ''}**".replace("$", "\\$"))
    scale = Scale(measure.unit, twin.currency, size, height=260)
    charts.show(series, scale, f"trend_{measure.name}", f"{label} over the last year.")


def by_week(days: Days, measure: Measure) -> picture.Line:
    """A measure of the last year by week; what is counted by the day is added up."""
    found = picture.observed(days, measure, picture.WEEK, YEAR_DAYS)
    return replace(found, mean=found.mean * picture.WEEK) if measure.form == "mean" else found


def fidelity(twin: Twin) -> None:
    """What the twin, knowing only what came before, would have said of the last 28 days."""
    found = doors.fidelity(twin)
    if found is None:
        waiting(twin)
        return
    inside = sum(row.inside for row in found.rows)
    st.markdown(
        f"Asked on the morning of {spoken(found.today)}, the twin would have been right within its range for "
        f"**{inside} of {len(found.rows)}** numbers of the 28 days that followed. By day, it would have been "
        f"{amounts.amount(found.wape, 'share', twin.currency)} off."
    )
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        chart(found, twin)
    with right:
        heads = [Column("In 28 days"), Column("Observed", True), Column("The twin (range)", True), Column("")]
        table(
            heads,
            [row(one, twin.currency) for one in found.rows],
            "What happened and what the twin would have said",
            "u-stack",
        )


@st.fragment(run_every=1.0)
def waiting(twin: Twin) -> None:
    """Look every second whether the answer is there."""
    if doors.fidelity(twin) is not None:
        st.rerun()
    st.caption(
        "Asking the twin, as it would have been 28 days ago. "
        "This is done once for new records and takes about half a minute ..."
    )


def chart(found: "Fidelity", twin: Twin) -> None:
    """The 28 days, observed and as the twin would have played them."""
    colours, days = palette(), list(found.day)
    shut = np.asarray(found.observed_days) == 0
    played, low, high, seen = (
        np.where(shut, np.nan, np.asarray(part, float))
        for part in (found.simulated_days, found.low, found.high, found.observed_days)
    )
    series = [
        Series("twin", picture.Line(days, played, low, high), colours.today),
        Series("observed", picture.Line(days, seen), colours.observed, width=1.8),
    ]
    label = f"{words.capitalised(twin.counted)} a day"
    st.markdown(f"**{label}**")
    alt = f"{label}, observed and as the twin would have played them."
    charts.show(series, Scale(twin.template.structure.driven, twin.currency, height=260), "fidelity_chart", alt)


def row(one: "FidelityRow", currency: str) -> list[Cell]:
    """One number, observed and as the twin would have said."""
    unit = one.unit if one.unit in ("currency", "share", "minutes") else ""
    step = max(1.0, amounts.step_of(one.observed, one.simulated, digits=3))
    step = {"currency": step, "share": 0.001, "minutes": 0.1}.get(unit, 1.0)
    seen, said, low, high = (
        amounts.amount(value, unit, currency, step) for value in (one.observed, one.simulated, one.low, one.high)
    )
    verdict = Cell("inside", mark="inside") if one.inside else Cell("outside", mark="outside")
    return [Cell(one.label), Cell(seen), Cell(said, small=amounts.between(low, high)), verdict]
