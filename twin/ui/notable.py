"""Whom it is worth to follow: extremes of a play's work and customers and an ordinary one, each a click away."""

from typing import TYPE_CHECKING

import streamlit as st

from twin.advise.notable import reason_words
from twin.advise.words import capitalised
from twin.desk import Run, Twin
from twin.errors import TwinError
from twin.ui import doors
from twin.ui.life import Followed, followed, names_of, write

if TYPE_CHECKING:
    from twin.experiment.notable import Notable


def worth_following(twin: Twin, run: Run, asked: Followed) -> None:
    """Who stands out in this play; open until somebody is chosen, so that on a phone the life is next to it then."""
    try:
        with st.spinner("Looking for those worth following ..."):
            found = doors.notable(twin, run, asked.play - 1)
    except TwinError:
        return  # why nobody can be followed is told in place of the life
    chosen = "who" in st.query_params
    place = f"worth_{asked.play}_{asked.who if chosen else None}"  # a new one is closed again
    with st.expander("Worth following in this play", expanded=not chosen, key=place):
        plant = [one for one in found if one.who.startswith("machine ")]
        people = [one for one in found if one.day is None and one not in plant]
        heads = capitalised(twin.work[1]), capitalised(twin.people[1]), "Machines"
        groups = [one for one in found if one.day is not None], people, plant
        shown = [(head, group) for head, group in zip(heads, groups, strict=True) if group]
        for column, (head, group) in zip(st.columns(len(shown)) if shown else (), shown, strict=True):
            with column.container(gap="small"):
                st.markdown(f"**{head}**")
                for one in group:
                    row(twin, run, asked.play, one)


def row(twin: Twin, run: Run, play: int, one: "Notable") -> None:
    """Who it is, a click away, and what for."""
    whom = followed(play, one.who)
    with st.container(gap=None):
        st.button(
            whom.words(*names_of(twin), run.horizon.today),
            type="tertiary",
            icon=":material/arrow_forward:",
            icon_position="right",
            key=f"follow_{play}_{one.who}",
            on_click=write,  # not a link to this page: the address bar would keep what it said before
            args=(twin, whom),
        )
        st.caption(capitalised(reason_words(one.reasons, twin.work, twin.template.structure.hours)))
