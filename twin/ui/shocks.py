"""Shocks to switch on: what may befall the business, one click each."""

from dataclasses import replace

import streamlit as st

from twin.advise.shocks import Befalling, shocks
from twin.clock import spoken
from twin.desk import Twin
from twin.ui import visit
from twin.ui.address import Asked, read


def befalling(twin: Twin, asked: Asked) -> None:
    """Every shock of this kind of business, with a switch; its dates can be moved at the levers that it moves."""
    found = shocks(twin.template, twin.horizon(asked.days))
    if not found:
        return
    held = sum(one.holds(asked.scenario) for one in found)
    with st.expander("Shocks" + (f" · {held} on" if held else ""), expanded=bool(held), key="group_shocks"):
        st.caption(
            f"They begin on {spoken(found[0].first, year=False)}. Once one is on, its lever above takes other dates."
        )
        for number, one in enumerate(found):
            switch(twin, asked, number, one)


def switch(twin: Twin, asked: Asked, number: int, one: Befalling) -> None:
    """One shock with its dates."""
    widget, held = f"shock:{twin.name}:{number}", one.holds(asked.scenario)
    if st.session_state.get(widget) != held:
        st.session_state[widget] = held
    st.toggle(one.words, held, key=widget, help=f"{one.why} {one.when}.", on_change=turn, args=(twin, number, widget))


@visit.told_by_page
def turn(twin: Twin, number: int, widget: str) -> None:
    """Take a shock into the address, or out of it."""
    before = read(twin, visit.pairs())
    one = shocks(twin.template, twin.horizon(before.days))[number]
    wanted = (one.added if st.session_state[widget] else one.removed)(before.scenario)
    visit.write(twin, replace(before, scenario=wanted))
