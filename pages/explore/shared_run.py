"""What a link opens: a stored comparison, read-only, with the numbers that its author saw."""

import streamlit as st

from twin.desk import Comparison, Twin
from twin.ui import answer as shown
from twin.ui import doors, shared, sides


def page() -> None:
    """The comparison that the address names."""
    name = st.query_params.get("run", "").strip()
    if not name:
        shared.no_name()
        return
    answer = doors.stored(name)
    twin = doors.the_desk().twin(answer.scenario.inputs.twin)
    comparison(twin, answer)


def comparison(twin: Twin, answer: Comparison) -> None:
    """The answer as it was made."""
    st.title(shared.title(twin, answer), anchor=False)
    st.caption(shown.circumstances(answer, answer.replications))
    st.caption(shown.made(answer))
    shown.lead(answer)
    shown.big_numbers(answer)
    measure, view = sides.choices("shared", twin, answer.scenario.horizon.days)
    sides.chart(twin, answer, measure, view, "shared_chart")
    shown.every_measure(answer)
    shared.actions(twin, answer)
    known = twin.known_reasons(answer)
    if known is not None:
        st.subheader("What this answer hangs on", anchor=False)
        shown.reasons(known, answer)


page()
