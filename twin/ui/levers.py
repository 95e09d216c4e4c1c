"""The levers by group, each with its control; what they say goes into the address, and is read from there."""

from typing import Any

import streamlit as st

from twin.advise.words import capitalised
from twin.desk import Twin
from twin.spec.parameter import Declaration
from twin.spec.scenario import Change
from twin.ui import visit
from twin.ui.address import Asked, read
from twin.ui.controls import counter, fitting, select, settle, slider, widget_of
from twin.ui.moves import moved, several
from twin.ui.plays import playing
from twin.ui.shocks import befalling

OFFERED = 500  # items to pick from


def inspector(twin: Twin, asked: Asked, slots: dict[str, Any]) -> None:
    """All levers by group, each with its way back to as today."""
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        wrap=False,
        key="inspector_head",
    ):
        st.subheader("What if", anchor="levers", width="content")
        st.button(
            "All as today",
            type="tertiary",
            key="all_as_today",
            disabled=not asked.changes,
            on_click=visit.start_anew,
            args=(twin,),
        )
    take_over(twin, asked)
    groups = grouped(twin)
    first = next(iter(groups), "")
    for group, levers in groups.items():
        moved = sum(change.lever in {lever.name for lever in levers} for change in asked.scenario.changes)
        label = twin.template.groups.get(group, capitalised(group)) + (f" · {moved} changed" if moved else "")
        with st.expander(label, expanded=group == first or bool(moved), key=f"group_{group}"):
            for lever in levers:
                control(twin, asked, lever, slots)
                if lever.by and twin.template.structure.items:
                    single(twin, asked, lever, slots)
    befalling(twin, asked)
    with st.expander("How it is played", key="group_play"):
        playing(twin, asked)


def grouped(twin: Twin) -> dict[str, list[Declaration]]:
    """The levers by group, in the order in which the template lists its groups."""
    found: dict[str, list[Declaration]] = {group: [] for group in twin.template.groups}
    for lever in twin.levers().values():
        found[lever.group].append(lever)
    return {group: levers for group, levers in found.items() if levers}


def take_over(twin: Twin, asked: Asked) -> None:
    """Set the controls to what the address says, where they say something else."""
    values, horizon = twin.today_values(), twin.horizon(asked.days)
    for lever in twin.levers().values():
        number = values[lever.name]
        for change in asked.scenario.on(lever.name):
            number = change.applied(number)
        settle(widget_of(twin, lever.name), fitting(lever, visit.shown_value(lever, number)))
    for change in asked.scenario.changes:
        key = widget_of(twin, change.key)
        if change.target:
            lever = twin.levers()[change.lever]
            settle(key, fitting(lever, visit.shown_value(lever, change.applied(1.0))))
        settle(f"{key}:first", change.first or horizon.today)
        settle(f"{key}:last", change.last or horizon.last)


def control(twin: Twin, asked: Asked, lever: Declaration, slots: dict[str, Any]) -> None:
    """One lever: its control, and, once it is moved, its dates and the way back."""
    changes = [change for change in asked.scenario.changes if change.key == lever.name]
    if len(changes) > 1:
        several(twin, lever, changes)
        return
    key = widget_of(twin, lever.name)
    if lever.ways:
        select(lever, twin, key)
    elif lever.unit in ("ratio", "share"):
        slider(twin, lever, None, lever.label, key)
    else:
        counter(twin, lever, key)
    if changes:
        moved(twin, asked, lever, changes[0], slots)


def single(twin: Twin, asked: Asked, lever: Declaration, slots: dict[str, Any]) -> None:
    """A lever for one item alone: pick the item, then move it."""
    items = twin.knowledge.items
    chosen = [change for change in asked.scenario.changes if change.lever == lever.name and change.target]
    for change in chosen:
        target = change.target or ""
        name = items.get(target, "") or ""
        slider(twin, lever, target, f"{name.capitalize() or 'Item'} ({target})", widget_of(twin, change.key))
        moved(twin, asked, lever, change, slots)
    pick = f"pick:{twin.name}:{lever.name}"
    st.selectbox(
        "The price of one item" if not chosen else "And of another item",
        list(items)[:OFFERED],
        index=None,
        key=pick,
        filter_mode="contains",
        format_func=lambda code: f"{(items.get(code) or '').capitalize()} ({code})",
        placeholder="Name or code",
        help=f"The {OFFERED} items that bring most; any other by its code in the address, as price[CODE]=+5%.",
        on_change=picked,
        args=(twin, lever, pick),
    )


@visit.told_by_page
def picked(twin: Twin, lever: Declaration, pick: str) -> None:
    """Begin with five per cent more for the item that was picked."""
    item = st.session_state.get(pick)
    if item:
        st.session_state[pick] = None
        before = read(twin, visit.pairs())
        visit.write(twin, before.with_change(Change(lever.name, "scale", 1.05, item)))
