"""What is known: the records, what was found in them, and every number that the model takes from them."""

import streamlit as st

from twin.advise.words import listing, uncapitalised
from twin.clock import spoken
from twin.desk import Twin
from twin.ui import records, visit
from twin.ui.answer import said
from twin.ui.frame import today_of


def page(twin: Twin) -> None:
    """The data of the open twin."""
    snapshot = twin.knowledge.snapshot
    first, last = snapshot.first_day, snapshot.last_day
    st.title("What this twin knows, and how surely", anchor=False)
    if first and last:
        told = f"The records hold every day from **{spoken(first)} to {spoken(last)}**, the last complete one."
        st.markdown(said(f"{told} So {uncapitalised(today_of(twin))} is {spoken(twin.today)}."))
    brought = f"brought in on {spoken(snapshot.created.date())}"
    st.caption(f"Data {snapshot.snapshot[:12]}, from {listing(snapshot.files)}, {brought}")
    records.loaded(twin)
    st.subheader("What was found in the records", anchor=False)
    records.checks(twin)
    st.subheader("The numbers of the model", anchor=False)
    st.markdown(
        "A number comes from the **data** with its 90 % interval, or is an **assumption** of the template with its "
        "plausible range; each play draws from these ranges. A **plan** is what the business itself decides."
    )
    choices = ("All", "From data", "Assumptions", "Plans")
    chosen = st.segmented_control(
        "Show", choices, default="From data", required=True, key="numbers", label_visibility="collapsed"
    )
    records.parameters(twin, chosen or "All")
    records.price(twin)


page(visit.open_twin())
