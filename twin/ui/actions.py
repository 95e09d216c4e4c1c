"""What can be done with an answer: send its link, play more, and see what it hangs on."""

import streamlit as st

from twin.desk import Comparison, Twin
from twin.ui import answer as shown
from twin.ui import doors, visit
from twin.ui.address import Asked
from twin.ui.link import copy_link

MORE = (64, 128, 256)


def actions(twin: Twin, asked: Asked, found: Comparison) -> None:
    """Copy link and Play more."""
    with st.container(horizontal=True, gap="small", vertical_alignment="top", key="actions"):
        copy_link(f"shared?run={found.name}", "copy_link", lambda: keep(twin, found))
        more = next((size for size in MORE if size > found.replications), None)
        if more:
            st.button(
                f"Play {more} times",
                icon=":material/replay:",
                key="play_more",
                on_click=visit.resize,
                args=(twin,),
                kwargs={"replications": more},
                help="More plays sharpen the answer; the first ones stay as they are.",
            )


def keep(twin: Twin, found: Comparison) -> None:
    """Keep the comparison, since somebody has its link now."""
    twin.keep(found)


def why(twin: Twin, found: Comparison) -> None:
    """The numbers that move the answer most; worked out in the background while the page can be used."""
    st.subheader("What this answer hangs on", anchor=False)
    known = doors.reasons(twin, found, visit.visitor())
    if known is not None:
        shown.reasons(known, found)
    elif found.name in doors.jobs().failed:
        st.caption("This could not be worked out; the server's log says why.")
    else:
        waiting(twin, found)


@st.fragment(run_every=1.0)
def waiting(twin: Twin, found: Comparison) -> None:
    """Look every second whether the reasons are there."""
    if twin.known_reasons(found) is not None or found.name in doors.jobs().failed:
        st.rerun()
    st.caption("Trying each estimate and assumption at both ends of its range ...")
