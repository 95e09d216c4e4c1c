"""The control of one lever, built from its own declaration; it shows what the address says."""

from math import floor, log10

import streamlit as st

from twin.advise.amounts import symbol
from twin.advise.words import capitalised
from twin.desk import Twin
from twin.spec.parameter import Declaration
from twin.ui import visit

WINDOW = 50  # per cent either side that a slider offers, within what is allowed
LABELLED = {"days": "days", "hours": "hours", "minutes": "minutes", "months": "months"}


def settle(widget: str, value: object) -> None:
    """Give a control its value, unless it has it.

    Each control is also drawn with that value as its default: where a second run of the page overtakes the first, the
    browser never hears of the value set here, and would show the lowest instead.
    """
    if widget not in st.session_state or st.session_state[widget] != value:
        st.session_state[widget] = value


def settle_kind(widget: str, value: int | float) -> None:
    """Give a control its value in the type of number that it works with."""
    if type(st.session_state.get(widget)) is not type(value):
        st.session_state[widget] = value


def widget_of(twin: Twin, key: str) -> str:
    """The name under which a control keeps its value."""
    return f"lever:{twin.name}:{key}"


def fitting(lever: Declaration, shown: float) -> int | float:
    """The value in the type that its control works with."""
    return round(shown) if whole(lever) and shown == round(shown) else float(shown)


def whole(lever: Declaration) -> bool:
    """Whether a control goes in whole steps."""
    step = step_of(lever)
    return step == int(step)


def step_of(lever: Declaration) -> float:
    """The step of a lever's control, in what it shows."""
    step = lever.step or 10.0 ** floor(log10(max(abs(lever.value), 1.0)) - 1)
    return round(step * 100.0, 6) if lever.unit in ("ratio", "share") else step


def slider(twin: Twin, lever: Declaration, target: str | None, label: str, key: str) -> None:
    """A lever in per cent."""
    low, high = (visit.shown_value(lever, end) for end in lever.allowed)
    now = float(st.session_state.get(key, 0))
    today = visit.shown_value(lever, 1.0 if target else twin.today_values()[lever.name])
    low, high = max(low, min(today - WINDOW, now)), min(high, max(today + WINDOW, now))
    step = step_of(lever)
    kind = int if step == int(step) and now == round(now) else float
    settle_kind(key, kind(now))
    pattern = (
        ("%+d %%" if kind is int else "%+.3g %%") if lever.unit == "ratio" else ("%d %%" if kind is int else "%.3g %%")
    )
    st.slider(
        label,
        kind(low),
        kind(high),
        kind(now),
        step=kind(step) if now == round(now) else kind(min(step, 0.1)),
        format=pattern,
        key=key,
        help=lever.help,
        on_change=visit.move,
        args=(twin, lever, target, key),
    )


def counter(twin: Twin, lever: Declaration, key: str) -> None:
    """A lever that is counted or typed."""
    now, step, (low, high) = st.session_state.get(key, lever.value), step_of(lever), lever.allowed
    kind = int if whole(lever) and float(now) == round(float(now)) else float
    settle_kind(key, kind(now))
    st.number_input(
        labelled(lever, twin),
        kind(low),
        kind(high),
        kind(now),
        step=kind(step),
        format="%d" if kind is int else pattern(float(now)),
        key=key,
        help=lever.help,
        on_change=visit.move,
        args=(twin, lever, None, key),
    )


def select(lever: Declaration, twin: Twin, key: str) -> None:
    """A lever that is one of several ways."""
    now = round(st.session_state.get(key, lever.value))
    settle_kind(key, now)
    st.selectbox(
        lever.label,
        range(len(lever.ways)),
        now,
        format_func=lambda number: capitalised(lever.way(number)),
        key=key,
        help=lever.help,
        on_change=visit.move,
        args=(twin, lever, None, key),
    )


def pattern(now: float) -> str:
    """How a number is shown: as it was typed, or, where it was estimated, to four figures.

    >>> pattern(2.5) % 2.5, pattern(115.3289384) % 115.3289384, pattern(5908.277889) % 5908.277889
    ('2.5', '115.3', '5908')
    """
    if now == float(f"{now:.6g}"):
        return "%.10g"
    return f"%.{max(0, 3 - floor(log10(abs(now))))}f"


def labelled(lever: Declaration, twin: Twin) -> str:
    """A lever's label with its unit, where the label does not say it."""
    unit = symbol(twin.currency).strip() if lever.unit.startswith("currency") else LABELLED.get(lever.unit, "")
    return f"{lever.label}, {unit}" if unit and unit not in lever.label.lower() else lever.label
