"""How is the business doing? A sentence, four numbers, three questions, the trend, and how far to trust the twin."""

import streamlit as st

from twin.advise.words import span
from twin.desk import Twin
from twin.ui import answer as shown
from twin.ui import business, doors, visit


def page(twin: Twin) -> None:
    """The state of the business on its own today."""
    standing = doors.business(twin)
    if standing is None:
        st.title("There are too few days to say how business is", anchor=False)
        st.markdown("This page needs 28 complete days of records. Bring in more, then come back.")
        return
    st.title(standing.sentence, anchor=False)
    beside = standing.against.removeprefix("in ")
    st.caption(f"The last 28 complete days, {span(standing.first, standing.last)}, beside {beside}")
    business.figures(standing, twin.currency)
    st.subheader("Rehearse a decision", anchor=False)
    shown.questions(twin)
    measures = business.trends(twin)
    st.subheader(business.trend_title(measures), anchor=False)
    business.trend(twin, measures)
    st.subheader("How well the twin tells this business", anchor=False)
    business.fidelity(twin)


page(visit.open_twin())
