"""Controls built from the levers' own declarations; what they say goes into the address, and is read from there."""

from collections.abc import Sequence
from math import floor, log10
from typing import Any

import streamlit as st

from twin.advise.scenarios import change_words
from twin.advise.words import amount, capitalised, span, symbol
from twin.clock import spoken_short
from twin.desk import Twin
from twin.spec.parameter import Declaration
from twin.spec.scenario import Change
from twin.ui import visit
from twin.ui.address import Asked, read
from twin.ui.shocks import befalling

WINDOW = 50  # per cent either side that a slider offers, within what is allowed
OFFERED = 500  # items to pick from
PLAYS = (32, 64, 128, 256)
LABELLED = {"days": "days", "hours": "hours", "minutes": "minutes"}
AHEAD = {28: "4 weeks", 90: "90 days", 182: "half a year", 366: "a year"}


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


def settle(widget: str, value: object) -> None:
    """Give a control its value, unless it has it.

    Each control is also drawn with that value as its default: where a second run of the page overtakes the first, the
    browser never hears of the value set here, and would show the lowest instead.
    """
    if widget not in st.session_state or st.session_state[widget] != value:
        st.session_state[widget] = value


def settle_kind(widget: str, value: int | float) -> None:
    """Give a control its value in the type of number that it works with."""
    if type(st.session_state.get(widget)) is not type(value):
        st.session_state[widget] = value


def widget_of(twin: Twin, key: str) -> str:
    """The name under which a control keeps its value."""
    return f"lever:{twin.name}:{key}"


def fitting(lever: Declaration, shown: float) -> int | float:
    """The value in the type that its control works with."""
    return round(shown) if whole(lever) and shown == round(shown) else float(shown)


def whole(lever: Declaration) -> bool:
    """Whether a control goes in whole steps."""
    step = step_of(lever)
    return step == int(step)


def step_of(lever: Declaration) -> float:
    """The step of a lever's control, in what it shows."""
    step = lever.step or 10.0 ** floor(log10(max(abs(lever.value), 1.0)) - 1)
    return round(step * 100.0, 6) if lever.unit in ("ratio", "share") else step


def control(twin: Twin, asked: Asked, lever: Declaration, slots: dict[str, Any]) -> None:
    """One lever: its control, and, once it is moved, its dates and the way back."""
    changes = [change for change in asked.scenario.changes if change.key == lever.name]
    if len(changes) > 1:
        several(twin, lever, changes)
        return
    key = widget_of(twin, lever.name)
    if lever.unit in ("ratio", "share"):
        slider(twin, lever, None, lever.label, key)
    else:
        counter(twin, lever, key)
    if changes:
        moved(twin, asked, lever, changes[0], slots)


def slider(twin: Twin, lever: Declaration, target: str | None, label: str, key: str) -> None:
    """A lever in per cent."""
    low, high = (visit.shown_value(lever, end) for end in lever.allowed)
    now = float(st.session_state.get(key, 0))
    today = visit.shown_value(lever, 1.0 if target else twin.today_values()[lever.name])
    low, high = max(low, min(today - WINDOW, now)), min(high, max(today + WINDOW, now))
    step = step_of(lever)
    kind = int if step == int(step) and now == round(now) else float
    settle_kind(key, kind(now))
    pattern = (
        ("%+d %%" if kind is int else "%+.3g %%") if lever.unit == "ratio" else ("%d %%" if kind is int else "%.3g %%")
    )
    st.slider(
        label,
        kind(low),
        kind(high),
        kind(now),
        step=kind(step) if now == round(now) else kind(min(step, 0.1)),
        format=pattern,
        key=key,
        help=lever.help,
        on_change=visit.move,
        args=(twin, lever, target, key),
    )


def counter(twin: Twin, lever: Declaration, key: str) -> None:
    """A lever that is counted or typed."""
    now, step, (low, high) = st.session_state.get(key, lever.value), step_of(lever), lever.allowed
    kind = int if whole(lever) and float(now) == round(float(now)) else float
    settle_kind(key, kind(now))
    st.number_input(
        labelled(lever, twin),
        kind(low),
        kind(high),
        kind(now),
        step=kind(step),
        format="%d" if kind is int else "%.10g",
        key=key,
        help=lever.help,
        on_change=visit.move,
        args=(twin, lever, None, key),
    )


def labelled(lever: Declaration, twin: Twin) -> str:
    """A lever's label with its unit, where the label does not say it."""
    unit = symbol(twin.currency).strip() if lever.unit.startswith("currency") else LABELLED.get(lever.unit, "")
    return f"{lever.label}, {unit}" if unit and unit not in lever.label.lower() else lever.label


def moved(twin: Twin, asked: Asked, lever: Declaration, change: Change, slots: dict[str, Any]) -> None:
    """Below a lever that is moved: what it was, from when to when, and whether it does anything."""
    slots[str(change)] = st.empty()
    key = widget_of(twin, change.key)
    start = 1.0 if change.target else twin.today_values()[lever.name]
    was = (
        ""
        if lever.unit == "ratio"
        else f" ({amount(start, 'share', twin.currency, 0.01) if lever.unit == 'share' else f'{start:g}'})"
    )
    with st.container(
        horizontal=True, gap="small", vertical_alignment="center", key=f"moved_{lever.name}_{change.target or 'all'}"
    ):
        st.button(
            f"As today{was}", type="tertiary", key=f"{key}:reset", on_click=visit.as_today, args=(twin, change.key)
        )
        with st.popover(when_words(change), type="tertiary", key=f"{key}:when"):
            dates(twin, asked, change, key)


def when_words(change: Change) -> str:
    """From when to when, where room is short."""
    first, last = (spoken_short(day, year=False) if day else "" for day in (change.first, change.last))
    if first and last:
        return f"{first} to {last}"
    return f"From {first}" if first else f"Until {last}" if last else "All the time"


def dates(twin: Twin, asked: Asked, change: Change, key: str) -> None:
    """From when to when a change holds."""
    horizon = twin.horizon(asked.days)
    st.caption(f"Within the days that are played, {span(horizon.today, horizon.last)}; both days count.")
    for end, label in (("first", "From"), ("last", "To")):
        widget = f"{key}:{end}"
        st.date_input(
            label,
            st.session_state[widget],
            min_value=horizon.today,
            max_value=horizon.last,
            format="DD/MM/YYYY",
            key=widget,
            on_change=visit.redate,
            args=(twin, change.key, widget, end),
        )


def several(twin: Twin, lever: Declaration, changes: Sequence[Change]) -> None:
    """A lever that the address moves more than once: told in words, since one control cannot show it."""
    today = twin.today_values()[lever.name]
    st.markdown(
        f"{lever.label}  \n" + "  \n".join(change_words(change, lever, today, twin.currency) for change in changes)
    )
    st.button(
        "As today",
        type="tertiary",
        key=f"{widget_of(twin, lever.name)}:reset",
        on_click=visit.as_today,
        args=(twin, lever.name),
    )


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


def say_idle(slots: dict[str, Any], idle: Sequence[str]) -> None:
    """Say below a lever that it changes nothing in this what-if."""
    for text in idle:
        if text in slots:
            slots[text].caption("No effect in this what-if: every play is the same without it.")
