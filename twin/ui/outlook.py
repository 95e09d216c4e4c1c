"""The forecast on the screen: what is to be expected, how good such forecasts were, and the closing rules."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from twin.advise import amounts, picture, words
from twin.desk import Twin
from twin.spec import trade
from twin.spec.measures import Measure
from twin.ui import charts, doors
from twin.ui.palette import palette
from twin.ui.series import Scale, Series
from twin.ui.tables import Cell, Column, table

if TYPE_CHECKING:
    from twin.forecast.published import MeasureForecast

METHODS = {
    "prophet": ("Forecast (Prophet)", "Trend, week, year, closing days and holidays"),
    "seasonal_naive_7": ("Last week again", "Each day as a week before"),
    "seasonal_naive_364": ("Last year again", "Each day as 52 weeks before"),
}
BACK = {28: 112, 90: 182, 182: 364, 366: 736}
FAR = 0.15


def choice(twin: Twin, measures: dict[str, Measure]) -> str:
    """Which of several forecasts is shown."""
    usual = next(iter(measures))
    chosen: str | None = st.segmented_control(
        "Measure",
        list(measures),
        default=usual,
        required=True,
        format_func=lambda name: measures[name].label,
        key=f"forecast_measure_{twin.name}",
        label_visibility="collapsed",
    )
    return chosen or usual


def chart(twin: Twin, measure: Measure, days: int, view: str) -> None:
    """History and forecast with its range."""
    found, colours = twin.knowledge.forecast(measure.name), palette()
    size = 1 if view == "By day" else picture.WEEK
    past = picture.observed(doors.days(twin), measure, size, BACK.get(days, 182))
    paths = found.paths[:, :days] if found.paths is not None else None
    ahead = picture.expected(
        found.forecast[:days], found.low[:days], found.high[:days], paths, found.open[:days], found.today, size
    )
    ahead = picture.continued(past, ahead) if size > 1 else ahead
    series = [
        Series("observed", past, colours.observed, width=1.6, labelled=False),
        Series("forecast", ahead, colours.forecast, colours.forecast_label, "dot", 2.4),
    ]
    unit = f" ({amounts.symbol(twin.currency).strip()})" if measure.unit == "currency" else ""
    title = f"{measure.label} a day{'' if size == 1 else ', average of each week'}"
    st.markdown(f"**{title}{unit}**".replace("$", "\\$"))
    scale = Scale(measure.unit, twin.currency, size, height=380)
    charts.show(series, scale, "forecast_chart", f"{title}, observed and forecast.", found.today)


def summary(twin: Twin, measure: Measure) -> str:
    """What is to be expected of the next four weeks, in a sentence."""
    found = twin.knowledge.forecast(measure.name)
    total, money = float(found.forecast[:28].sum()), measure.unit == "currency"
    known = doors.days(twin).fields[measure.top]
    ago = float(known[-364:-336].sum()) if len(known) >= 364 else 0.0
    counted = trade.counted(measure.unit, twin.template.words)
    amount = amounts.amount(total, "currency", twin.currency) if money else f"{amounts.figures(total, 1.0)} {counted}"
    told = f"In the next 28 days, **{amount}** are to be expected if nothing changes"
    if not ago:
        return f"{told}."
    return f"{told}, {words.change_of(total, ago, 'less' if money else 'fewer')} in the same weeks a year ago."


def scores(found: "MeasureForecast", currency: str) -> None:
    """How far the forecast and two naive ones were off, on the same past days."""
    best = min((one["wape"] for one in found.scores.values() if one["wape"] is not None), default=None)
    heads = [
        Column("Method"),
        Column("Off by", True),
        Column("Against repeating a week", True),
        Column("Inside its range", True),
    ]
    rows = [score(name, one, best, currency) for name, one in found.scores.items()]
    table(heads, rows, "How far forecasts were off", "u-stack")


def score(name: str, one: dict[str, float | None], best: float | None, currency: str) -> list[Cell]:
    """One method."""
    label, how = METHODS.get(name, (name.replace("_", " ").capitalize(), ""))
    wape, mase, inside = one["wape"], one["mase"], one["coverage"]
    return [
        Cell(label, small=how, strong=wape == best),
        Cell("" if wape is None else amounts.amount(wape, "share", currency), strong=wape == best),
        Cell("" if mase is None else f"{mase:.2f} times"),
        Cell("" if inside is None else f"{inside:.0%}".replace("%", f"{amounts.THIN}%") + " of days"),
    ]


def origins(found: "MeasureForecast") -> str:
    """What the scores rest on, in words."""
    if not found.origins:
        return found.note
    mornings = words.span(found.origins[0], found.origins[-1])
    level = f"{found.level * 100:.0f}{amounts.THIN}%"
    return (
        f"The scores come from asking {len(found.origins)} times, on mornings from {mornings}, for the 28 days that "
        f"followed, each time with the records of before only. An honest range of {level} holds about that share of "
        f"days. Off by is the sum of all misses over the sum of what really came in. {found.note}"
    )


def closing(found: "MeasureForecast") -> None:
    """On which days the business is closed, as the records show it."""
    st.markdown("\n".join(f"- {rule}" for rule in found.closing_rules) or "No closing days were found.")


def anchoring(twin: Twin, days: int) -> None:
    """How far the customers' own rates had to be scaled to meet the forecast; nothing where nobody is known."""
    if not twin.template.structure.segments:
        return
    who = trade.counted("customers", twin.template.words)
    st.subheader(f"Do {who} and forecast agree?", anchor=False)
    run = doors.baseline(twin, days)
    found = picture.anchor(run.outcome.days, twin.today)
    st.markdown(anchor_words(found.mean, twin.counted, who))
    one = np.ones(len(found.mean))
    series = [
        Series("no scaling", picture.Line(found.day, one), palette().quiet, dash="dot", width=1.2),
        Series("factor", found, palette().today, width=2.2),
    ]
    st.markdown(f"**Factor on the own rates of {who}, by week** (1 is no scaling)")
    charts.show(
        series,
        Scale("ratio", twin.currency, picture.WEEK, height=240),
        "anchor_chart",
        f"Factor by which the own rates of {who} are scaled, by week.",
    )


def anchor_words(factor: np.ndarray, counted: str, who: str = "customers") -> str:
    """The factor in a sentence; it says so when it is far from 1.

    counted : what comes in, such as orders;  who : brings it, such as customers
    """
    low, high, mean = float(np.nanmin(factor)), float(np.nanmax(factor)), float(np.nanmean(factor))
    told = (
        f"The {who} of the model would bring {counted} by themselves; to meet the forecast, their rates are scaled "
        f"by **{mean:.2f}** on average ({low:.2f} to {high:.2f} by week)."
    )
    if max(abs(low - 1), abs(high - 1)) <= FAR:
        return f"{told} {who.capitalize()} and forecast agree."
    drift = (
        f" It drifts, since the forecast knows the season and the rates of {who} do not." if high - low > FAR else ""
    )
    return (
        f"{told} **That is far from 1**: {who} and forecast disagree about how many {counted} come in.{drift} "
        "Both sides of a what-if use the same factors, so a difference between them is not made by it."
    )
