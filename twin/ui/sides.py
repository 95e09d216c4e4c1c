"""The chart of an answer: observed, forecast, as today and what if on one, or their difference alone."""

from dataclasses import replace

import streamlit as st

from twin.advise import amounts, differences, picture
from twin.desk import Comparison, Run, Twin
from twin.spec.measures import Measure
from twin.ui import charts, doors
from twin.ui.palette import palette
from twin.ui.series import Scale, Series

VIEWS = ("By week", "By day", "Difference")
SHORT = 35  # days; fewer than this are shown by day at once
HISTORY_DAYS = 56
BIG = 4  # measures that stand above the chart


def choices(key: str, twin: Twin, days: int, views: tuple[str, ...] = VIEWS) -> tuple[str, str]:
    """Which measure the chart shows, and how; the title stands in front of the choice."""
    measures = twin.template.measures
    views = views if days >= SHORT else views[1:]
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", key=f"{key}_choices"
    ):
        chosen: str = st.selectbox(
            "Chart",
            list(measures),
            index=list(measures).index(first_shown(twin)),
            key=f"{key}_measure_{twin.name}",
            format_func=lambda name: measures[name].label,
            label_visibility="collapsed",
            width=230,
        )
        view: str | None = st.segmented_control(
            "View", views, default=views[0], required=True, key=f"{key}_view", label_visibility="collapsed"
        )
    return chosen, view or views[0]


def first_shown(twin: Twin) -> str:
    """What the chart shows at first: the headline where records tell of it, else what is forecast.

    Where that is not among the big numbers either, it is the first of these of which records tell.
    """
    measures, known, forecast = twin.template.measures, doors.days(twin), twin.template.forecast[0]
    big = list(measures)[:BIG]
    told = [name for name in big if known.hold(measures[name])]
    if twin.template.headline in told:
        return twin.template.headline
    return forecast if forecast in big or not told else told[0]


def chart(twin: Twin, answer: Comparison, name: str, view: str, key: str) -> None:
    """As today, what if and forecast on one chart, or their difference alone."""
    measure, days = answer.measured[name], answer.scenario.horizon.days
    size = 1 if view == "By day" or days < SHORT else picture.WEEK
    scale = Scale(measure.unit, answer.scenario.currency, size, signed=view == "Difference")
    title = (measure.chart or differences.heading(measure)) + (", average of each week" if size > 1 else "")
    unit = (
        amounts.symbol(answer.scenario.currency).strip()
        if measure.unit == "currency"
        else "%"
        if measure.unit == "share"
        else ""
    )
    st.markdown(
        f"**{'Difference: ' if scale.signed else ''}{title}{f' ({unit})' if unit else ''}**".replace("$", "\\$")
    )
    found = difference_series(twin, answer, measure, size) if scale.signed else both_series(twin, answer, measure, size)
    charts.show(
        found,
        scale,
        key,
        f"{title}: {', '.join(one.name for one in found)}.",
        None if scale.signed else answer.scenario.horizon.today,
    )
    st.caption(below(found, scale))


def below(found: list[Series], scale: Scale) -> str:
    """What the faint bands mean."""
    if scale.signed:
        return "The band holds the difference in 8 of 10 plays, each with the same luck on both sides."
    forecast = (
        " The forecast is made without the twin, from the records alone."
        if any(one.name == "forecast" for one in found)
        else ""
    )
    if not any(one.name == "what if" for one in found):
        return f"Each band holds 8 of 10 plays.{forecast}"
    overlap = "Two bands may overlap although the difference is clear: look at Difference."
    return f"Each band holds 8 of 10 plays. {overlap}{forecast}"


def difference_series(twin: Twin, answer: Comparison, measure: Measure, size: int) -> list[Series]:
    """The paired difference."""
    sides = answer.baseline.outcome.days, answer.scenario.outcome.days
    found = picture.difference(*sides, measure, answer.scenario.horizon.today, size, twin.template.structure.driven)
    return [Series("what if", found, palette().what_if, width=2.5)]


def both_series(twin: Twin, answer: Comparison, measure: Measure, size: int) -> list[Series]:
    """Observed where there is such, forecast where there is such, as today, what if."""
    colours, today = palette(), answer.scenario.horizon.today
    found: list[Series] = []
    current = answer.scenario.inputs.snapshot == twin.knowledge.snapshot.snapshot
    if current and doors.days(twin).hold(measure):
        past = picture.observed(doors.days(twin), measure, size, HISTORY_DAYS)
        found.append(Series("observed", past, colours.observed, width=1.6, labelled=False))
    if current and measure.name in twin.template.forecast:
        ahead = expected(twin, measure.name, answer.scenario.horizon.days, size)
        found.append(Series("forecast", ahead, colours.forecast, colours.forecast_label, "dot"))
    driven = twin.template.structure.driven
    base = picture.played(answer.baseline.outcome.days, measure, today, size, driven)
    found.append(Series("as today", base, colours.today))
    if answer.baseline is not answer.scenario:
        what_if = picture.played(answer.scenario.outcome.days, measure, today, size, driven)
        found.append(Series("what if", what_if, colours.what_if, width=2.5))
    return joined(found) if size > 1 and found[0].name == "observed" else found


def joined(found: list[Series]) -> list[Series]:
    """Lines that begin where the observed one ends."""
    return [found[0], *(replace(one, line=picture.continued(found[0].line, one.line)) for one in found[1:])]


def expected(twin: Twin, measure: str, days: int, size: int) -> picture.Line:
    """The forecast over the days that are played."""
    known = twin.knowledge.forecast(measure)
    paths = known.paths[:, :days] if known.paths is not None else None
    return picture.expected(
        known.forecast[:days], known.low[:days], known.high[:days], paths, known.open[:days], known.today, size
    )


def chart_as_today(twin: Twin, run: Run, name: str, view: str) -> None:
    """What is to be expected if nothing changes."""
    same = Comparison.of(run, run, twin.template.headline)
    chart(twin, same, name, view, "as_today_chart")
