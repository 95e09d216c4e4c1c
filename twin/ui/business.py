"""The business as it was: big numbers, the trend of a year, and how well the twin would have told the last weeks."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from twin.advise import picture, words
from twin.advise.standing import YEAR_DAYS, Standing
from twin.clock import spoken
from twin.desk import Twin
from twin.ui import charts, doors
from twin.ui.charts import Scale, Series
from twin.ui.palette import palette
from twin.ui.tables import Cell, Column, table

if TYPE_CHECKING:
    from twin.desk.fidelity import Fidelity, FidelityRow


def figures(standing: Standing, currency: str) -> None:
    """Four big numbers with their change."""
    with st.container(horizontal=True, gap="small", key="business_figures"):
        for figure in standing.figures:
            st.metric(figure.label, figure.shown(currency), figure.change_shown, help=figure.help, border=True)


def trend(twin: Twin) -> None:
    """A year of orders and revenue by week, with the year before."""
    for column, name, label in zip(
        st.columns(2, gap="medium"), ("orders", "revenue"), ("Orders a week", "Revenue a week"), strict=True
    ):
        with column:
            one_trend(twin, name, label)


def one_trend(twin: Twin, name: str, label: str) -> None:
    """One measure by week, this year and the year before on the same days."""
    days, colours, size = doors.days(twin), palette(), picture.WEEK
    values = getattr(days, name) * size
    series = [
        Series(
            "this year",
            picture.observed(days.day, values, np.ones(len(values), bool), size, YEAR_DAYS),
            colours.what_if,
            width=2.2,
        )
    ]
    if len(values) > YEAR_DAYS + size:
        past = picture.observed(days.day[:-YEAR_DAYS], values[:-YEAR_DAYS], np.ones(len(values), bool), size, YEAR_DAYS)
        there = min(len(past.day), len(series[0].line.day))
        moved = picture.Line(series[0].line.day[-there:], past.mean[-there:])
        series.insert(0, Series("year before", moved, colours.today, width=1.5, dash="dot"))
    unit = f" ({words.symbol(twin.currency).strip()})" if name == "revenue" else ""
    st.markdown(f"**{label}{unit}**".replace("$", "\\$"))
    charts.show(
        series,
        Scale("currency" if name == "revenue" else "orders", twin.currency, size, height=260),
        f"trend_{name}",
        f"{label} over the last year.",
    )


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
        f"{words.amount(found.wape, 'share', twin.currency)} off."
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
    shut = np.asarray(found.observed_orders) == 0
    played, low, high, seen = (
        np.where(shut, np.nan, np.asarray(part, float))
        for part in (found.simulated_orders, found.low, found.high, found.observed_orders)
    )
    series = [
        Series("twin", picture.Line(days, played, low, high), colours.today),
        Series("observed", picture.Line(days, seen), colours.observed, width=1.8),
    ]
    st.markdown("**Orders a day**")
    charts.show(
        series,
        Scale("orders", twin.currency, height=260),
        "fidelity_chart",
        "Orders a day, observed and as the twin would have played them.",
    )


def row(one: "FidelityRow", currency: str) -> list[Cell]:
    """One number, observed and as the twin would have said."""
    unit = "currency" if one.unit == "currency" else ""
    step = max(1.0, words.step_of(one.observed, one.simulated, digits=3)) if unit else 1.0
    seen, said, low, high = (
        words.amount(value, unit, currency, step) for value in (one.observed, one.simulated, one.low, one.high)
    )
    verdict = Cell("inside", mark="inside") if one.inside else Cell("outside", mark="outside")
    return [Cell(one.label), Cell(seen), Cell(said, small=f"{low} to {high}"), verdict]
