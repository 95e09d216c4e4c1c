"""What happened to one of them? A customer, a piece of work or a machine through one play of the coming weeks."""

import streamlit as st

from twin.desk import Twin
from twin.ui import life, notable, visit


def page(twin: Twin) -> None:
    """The life that the address names, or that of whatever comes first."""
    st.title("One life, event by event", anchor=False)
    st.markdown(
        "The numbers of the other pages are sums over thousands of lives like this one. It is not a forecast of "
        "anybody: each play has other luck."
    )
    parts = twin.template.structure
    if parts.items and not parts.segments and not parts.stations:
        st.caption(
            "Nobody is known by name here and no work is done on orders, so what can be followed is any one order of a "
            "day: at which outlet, what it asks for, what is there, and when what was missing is on the shelf again."
        )
    run = life.run_of(twin)
    asked = life.read(twin, run)
    life.choice(twin, run, asked)
    notable.worth_following(twin, run, asked)
    life.told(twin, run, asked)


page(visit.open_twin())
