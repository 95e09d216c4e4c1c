"""What is to be expected if nothing changes, and how good such forecasts were."""

import streamlit as st

from twin.desk import Twin
from twin.ui import outlook, visit
from twin.ui.answer import said
from twin.ui.plays import AHEAD


def page(twin: Twin) -> None:
    """The forecast of what comes in, or of another measure that has one."""
    measures = {name: twin.template.measures[name] for name in twin.template.forecast}
    usual = twin.template.forecast[0]
    st.title("What to expect if nothing changes", anchor=False)
    head = st.empty()
    with st.container(horizontal=True, vertical_alignment="center", key="forecast_choices"):
        chosen = outlook.choice(twin, measures) if len(measures) > 1 else usual
        view = st.segmented_control(
            "View",
            ("By week", "By day"),
            default="By week",
            required=True,
            key="forecast_view",
            label_visibility="collapsed",
        )
        days = st.selectbox(
            "Look ahead",
            list(AHEAD),
            index=1,
            format_func=AHEAD.__getitem__,
            key="forecast_days",
            label_visibility="collapsed",
            width=150,
        )
    measure, view = measures[chosen], view or "By week"
    head.markdown(said(outlook.summary(twin, measure)))
    outlook.chart(twin, measure, days, view)
    found = twin.knowledge.forecast(measure.name)
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        st.subheader("How good such forecasts were", anchor=False)
        outlook.scores(found, twin.currency)
        st.caption(outlook.origins(found))
    with right:
        st.subheader("Closed days", anchor=False)
        outlook.closing(found)
        st.caption("Read from the records. A closed day is expected to bring nothing, in the past and in the future.")
    outlook.anchoring(twin, 90)


page(visit.open_twin())
