"""What stands below a lever that is moved: what it was, from when to when, and whether it does anything."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from twin.advise.amounts import amount
from twin.advise.scenarios import change_words
from twin.advise.words import span
from twin.clock import spoken_short
from twin.desk import Twin
from twin.spec.parameter import Declaration
from twin.spec.scenario import Change
from twin.ui import visit
from twin.ui.address import Asked
from twin.ui.controls import pattern, widget_of


def moved(twin: Twin, asked: Asked, lever: Declaration, change: Change, slots: dict[str, Any]) -> None:
    """Below a lever that is moved: what it was, from when to when, and whether it does anything."""
    slots[str(change)] = st.empty()
    key = widget_of(twin, change.key)
    start = 1.0 if change.target else twin.today_values()[lever.name]
    shown = amount(start, "share", twin.currency, 0.01) if lever.unit == "share" else pattern(start) % start
    was = "" if lever.unit == "ratio" else f" ({lever.way(start) if lever.ways else shown})"
    with st.container(
        horizontal=True, gap="small", vertical_alignment="center", key=f"moved_{lever.name}_{change.target or 'all'}"
    ):
        st.button(
            f"As today{was}", type="tertiary", key=f"{key}:reset", on_click=visit.as_today, args=(twin, change.key)
        )
        with st.popover(when_words(change), type="tertiary", key=f"{key}:when"):
            dates(twin, asked, change, key)


def when_words(change: Change) -> str:
    """From when to when, where room is short."""
    first, last = (spoken_short(day, year=False) if day else "" for day in (change.first, change.last))
    if first and last:
        return f"{first} to {last}"
    return f"From {first}" if first else f"Until {last}" if last else "All the time"


def dates(twin: Twin, asked: Asked, change: Change, key: str) -> None:
    """From when to when a change holds."""
    horizon = twin.horizon(asked.days)
    st.caption(f"Within the days that are played, {span(horizon.today, horizon.last)}; both days count.")
    for end, label in (("first", "From"), ("last", "To")):
        widget = f"{key}:{end}"
        st.date_input(
            label,
            st.session_state[widget],
            min_value=horizon.today,
            max_value=horizon.last,
            format="DD/MM/YYYY",
            key=widget,
            on_change=visit.redate,
            args=(twin, change.key, widget, end),
        )


def several(twin: Twin, lever: Declaration, changes: Sequence[Change]) -> None:
    """A lever that the address moves more than once: told in words, since one control cannot show it."""
    today = twin.today_values()[lever.name]
    st.markdown(
        f"{lever.label}  \n" + "  \n".join(change_words(change, lever, today, twin.currency) for change in changes)
    )
    st.button(
        "As today",
        type="tertiary",
        key=f"{widget_of(twin, lever.name)}:reset",
        on_click=visit.as_today,
        args=(twin, lever.name),
    )


def say_idle(slots: dict[str, Any], idle: Sequence[str]) -> None:
    """Say below a lever that it changes nothing in this what-if."""
    for text in idle:
        if text in slots:
            slots[text].caption("No effect in this what-if: every play is the same without it.")
