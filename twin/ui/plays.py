"""How far ahead and how often the coming weeks are played, and with which luck."""

import streamlit as st

from twin.desk import Twin
from twin.ui import visit
from twin.ui.address import Asked
from twin.ui.controls import settle

PLAYS = (32, 64, 128, 256)
AHEAD = {28: "4 weeks", 90: "90 days", 182: "half a year", 366: "a year"}


def playing(twin: Twin, asked: Asked) -> None:
    """How far ahead and how often the coming weeks are played, and with which luck."""
    ahead, plays = sorted({*AHEAD, asked.days}), sorted({*PLAYS, asked.replications})
    size = {"days": "play:days", "replications": "play:replications", "seed": "play:seed"}
    for name, widget in size.items():
        settle(widget, getattr(asked, name))
    st.selectbox(
        "Look ahead",
        ahead,
        ahead.index(asked.days),
        key=size["days"],
        format_func=lambda days: AHEAD.get(days, f"{days} days"),
        on_change=resized,
        args=(twin, "days", size["days"]),
        help="How many days are played, from this business's today.",
    )
    st.selectbox(
        "Plays",
        plays,
        plays.index(asked.replications),
        key=size["replications"],
        on_change=resized,
        args=(twin, "replications", size["replications"]),
        help="How often the coming weeks are played, each time with other luck. More plays sharpen the answer.",
    )
    st.number_input(
        "Seed",
        0,
        2**53 - 1,
        asked.seed,
        key=size["seed"],
        on_change=resized,
        args=(twin, "seed", size["seed"]),
        help="Which luck is drawn. Another seed answers the same question with other luck.",
    ) if asked.seed <= 2**53 - 1 else st.caption(f"Seed {asked.seed}")


def resized(twin: Twin, name: str, widget: str) -> None:
    """Take the days, plays or seed that were chosen into the address."""
    visit.resize(twin, **{name: int(st.session_state[widget])})
