"""What would happen if ...? The answer first, then the evidence; the levers stand at the side."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from twin.advise.scenarios import horizon_words, scenario_words
from twin.desk import Comparison, Twin
from twin.ui import answer as shown
from twin.ui import doors, levers, moves, sides, visit
from twin.ui.actions import actions, why
from twin.ui.address import Asked


def page(twin: Twin) -> None:
    """The what-if that the address bar holds."""
    asked = visit.asked(twin)
    main, side = st.columns([2.75, 1], gap="large")
    with main:
        title = scenario_words(asked.scenario, twin.levers(), twin.today_values(), twin.currency, twin.today.year)
        st.title(title, anchor=False)
        shown.not_understood(asked.problems)
        shown.jump()
        status, hold = st.empty(), st.empty()
    slots: dict[str, DeltaGenerator] = {}
    with side:
        levers.inspector(twin, asked, slots)
    with main:
        if asked.changes:
            found = rehearsed(twin, asked, status, hold)
            actions(twin, asked, found)
            moves.say_idle(slots, doors.without_effect(twin, found))
            why(twin, found)
        else:
            as_today(twin, asked, status, hold)


def rehearsed(twin: Twin, asked: Asked, status: DeltaGenerator, hold: DeltaGenerator) -> Comparison:
    """The answer as it comes in: first numbers at once, then all of them."""
    status.caption(f"{horizon_words(twin.horizon(asked.days))} · playing on both sides with the same luck ...")
    if st.session_state.get("fresh"):
        hold.skeleton(height=520)
    parts = None
    found = None
    for found in doors.answers(twin, asked.changes, asked.days, asked.replications, asked.seed):
        hold.empty()
        if parts is None:
            sentence, numbers = st.empty(), st.empty()
            measure, view = sides.choices("what_if", twin, asked.days)
            parts = sentence, numbers, st.empty(), st.empty()
        done = found.replications >= asked.replications
        status.caption(shown.circumstances(found, asked.replications))
        for part, draw in zip(parts, (shown.lead, shown.big_numbers), strict=False):
            with part.container():
                draw(found)
        with parts[2].container():
            sides.chart(twin, found, measure, view, f"what_if_chart_{'all' if done else found.replications}")
        with parts[3].container():
            shown.every_measure(found)
    assert found is not None
    return found


def as_today(twin: Twin, asked: Asked, status: DeltaGenerator, hold: DeltaGenerator) -> None:
    """Nothing is changed yet: what is to be expected, and where to begin."""
    status.caption(f"{horizon_words(twin.horizon(asked.days))} · nothing is changed")
    hold.empty()
    st.markdown("Move a lever, and see within a second what would happen. Or begin with a question:")
    shown.questions(twin, here=True)
    run = twin.run(asked.days, asked.replications, asked.seed)
    shown.numbers_as_today(run)
    measure, view = sides.choices("as_today", twin, asked.days, sides.VIEWS[:2])
    sides.chart_as_today(twin, run, measure, view)


page(visit.open_twin())
