"""A shared comparison: its title, the check that it can be played again, and the way on."""

import streamlit as st

from twin.advise.scenarios import scenario_words
from twin.desk import Comparison, Twin
from twin.ui.address import Asked
from twin.ui.answer import literal
from twin.ui.frame import page_file


def no_name() -> None:
    """A link that names no run."""
    st.title("This link names no run", anchor=False)
    st.markdown(
        "A shared link ends with a run, such as *shared?run=ab12cd34ef56*. "
        "The link may have been cut off when it was copied."
    )
    onward()


def onward() -> None:
    """The way on from a page that shows nothing."""
    with st.container(horizontal=True):
        st.page_link(page_file("today/overview.py"), label="Go to the overview", icon=":material/arrow_back:")
        st.page_link(page_file("explore/what_if.py"), label="Ask a what-if", icon=":material/tune:")


def title(twin: Twin, answer: Comparison) -> str:
    """The scenario in words."""
    return scenario_words(
        answer.scenario.scenario,
        twin.levers(),
        twin.today_values(),
        answer.scenario.currency,
        answer.scenario.horizon.today.year,
    )


def actions(twin: Twin, answer: Comparison) -> None:
    """Verify it, or go on from it."""
    inputs = answer.scenario.inputs
    asked = Asked(answer.scenario.scenario, inputs.days, inputs.replications, inputs.seed)
    told = f"verified:{answer.name}"
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="shared_actions"):
        if st.button(
            "Verify",
            icon=":material/verified:",
            key="verify",
            help="Plays both sides again from their own inputs and compares every number.",
        ):
            with st.spinner("Playing both sides again ..."):
                st.session_state[told] = verified(twin, answer)
        st.page_link(
            page_file("explore/what_if.py"),
            label="Open as my own what-if",
            icon=":material/tune:",
            query_params=asked.address(twin.name),
        )
    if told in st.session_state:
        same, sentence = st.session_state[told]
        (st.success if same else st.info if same is None else st.error)(literal(sentence))


def verified(twin: Twin, answer: Comparison) -> tuple[bool | None, str]:
    """Whether both sides come out the same again, in a sentence."""
    found = [twin.verify(run) for run in (answer.baseline, answer.scenario)]
    for same, reason in found:
        if same is None:
            return None, f"It cannot be said whether these numbers would come out again. {reason}"
    if all(same for same, _ in found):
        return True, "Identical: played again from its own inputs, every number of every play is the same."
    return False, "Not identical: played again from its own inputs, some numbers differ. Do not rely on this result."
