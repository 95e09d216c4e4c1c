"""One visitor's place in the app: which twin is open, and the what-if that the address bar holds."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

import streamlit as st

from twin.desk import Twin
from twin.errors import TwinError
from twin.spec.parameter import Declaration
from twin.spec.scenario import Change
from twin.ui import doors
from twin.ui.address import Asked, read

LAST, TWIN = "what_if_last", "twin_open"


Handler = TypeVar("Handler", bound=Callable[..., None])


def told_by_page(handler: Handler) -> Handler:
    """A control's handler whose failure is left to the page: drawn next, it says the same in a sentence."""

    @wraps(handler)
    def handled(*arguments: Any, **options: Any) -> None:
        with contextlib.suppress(TwinError):
            handler(*arguments, **options)

    return cast("Handler", handled)


def pairs() -> list[tuple[str, str]]:
    """The address bar's parameters, repeated ones too."""
    return [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]


def open_twin() -> Twin:
    """The twin that the address names, else the one that was open, else the first that has data."""
    desk = doors.the_desk()
    shared = desk.store.comparison(st.query_params.get("run", "").strip())
    named = st.query_params.get("twin") or (shared.twin if shared else "")
    if named:
        st.session_state[TWIN] = desk.twin(named).name
    known = [row.name for row in desk.twins()]
    if not known:
        return desk.twin()  # says what to do
    if st.session_state.get(TWIN) not in known:
        with_data = [name for name in known if desk.store.snapshot(name) is not None]
        st.session_state[TWIN] = (with_data or known)[0]
    return desk.twin(st.session_state[TWIN])


def visitor() -> str:
    """A name for this visitor's session."""
    name: str = st.session_state.setdefault("visitor", f"{id(st.session_state):x}-{len(doors.jobs().latest)}")
    return name


def asked(twin: Twin) -> Asked:
    """What the address asks for; who comes back from another page finds the last what-if again."""
    given = pairs()
    if not [name for name, _ in given if name != "twin"] and st.session_state.get("arrived"):
        last: Asked | None = st.session_state.get(f"{LAST}:{twin.name}")
        if last is not None and last.changes:
            st.query_params.from_dict(last.address(twin.name))
            given = pairs()
    found = read(twin, given)
    st.session_state[f"{LAST}:{twin.name}"] = found
    return found


def write(twin: Twin, wanted: Asked) -> None:
    """Put a what-if into the address bar, from where the page reads it."""
    address = wanted.address(twin.name)
    if {name: st.query_params.get_all(name) for name in st.query_params} != address:
        st.query_params.from_dict(address)
    st.session_state[f"{LAST}:{twin.name}"] = wanted


@told_by_page
def start_anew(twin: Twin) -> None:
    """Everything as today."""
    write(twin, replace(read(twin, pairs()), scenario=Asked().scenario))


@told_by_page
def as_today(twin: Twin, key: str) -> None:
    """One lever as today."""
    write(twin, read(twin, pairs()).without(key))


@told_by_page
def resize(twin: Twin, **sizes: int) -> None:
    """Another number of days or plays, or another seed."""
    before = read(twin, pairs())
    write(twin, replace(before, **sizes))  # type: ignore[arg-type]


@told_by_page
def move(twin: Twin, lever: Declaration, target: str | None, widget: str) -> None:
    """Take what a control shows into the address."""
    value = st.session_state.get(widget)
    if value is None:
        return
    before = read(twin, pairs())
    key = f"{lever.name}[{target}]" if target else lever.name
    old = next((one for one in before.scenario.changes if one.key == key), None)
    today = 1.0 if target else twin.today_values()[lever.name]
    change = change_to(lever, target, float(value), today, old)
    write(twin, before.with_change(change) if change.applied(today) != today else before.without(key))


def change_to(lever: Declaration, target: str | None, shown: float, today: float, old: Change | None) -> Change:
    """The change that takes a lever from today to what its control shows; its dates stay."""
    dates = (old.first, old.last) if old else (None, None)
    if lever.ways:
        return Change(lever.name, "set", shown, target, *dates, word=lever.way(shown))
    if lever.unit == "ratio":
        return Change(lever.name, "scale", round((1.0 + shown / 100.0) / today, 6), target, *dates)
    if lever.unit == "share":
        return Change(lever.name, "set", round(shown / 100.0, 6), target, *dates)
    return Change(lever.name, "add", round(shown - today, 6), target, *dates)


def shown_value(lever: Declaration, number: float) -> float:
    """A lever's number as its control shows it: ratios as a difference in per cent, shares in per cent."""
    if lever.unit == "ratio":
        return round((number - 1.0) * 100.0, 4)
    return round(number * 100.0, 4) if lever.unit == "share" else number


@told_by_page
def redate(twin: Twin, key: str, widget: str, end: str) -> None:
    """Another first or last day for a change."""
    before, day = read(twin, pairs()), st.session_state.get(widget)
    old = next((one for one in before.scenario.changes if one.key == key), None)
    if old is None:
        return
    horizon = twin.horizon(before.days)
    edge: date = horizon.today if end == "first" else horizon.last
    dates: dict[str, Any] = {end: None if day in (None, edge) else day}
    if end == "first" and old.last and day and day > old.last:
        dates["last"] = None
    if end == "last" and old.first and day and day < old.first:
        dates["first"] = None
    write(twin, before.with_change(replace(old, **dates)))
