"""One life on the screen: who, in which play, and then what happened, one event under the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import streamlit as st

from twin.advise.amounts import count, lasting
from twin.advise.words import capitalised
from twin.clock import Horizon, spoken
from twin.desk import Run, Twin
from twin.errors import TwinError
from twin.ui import doors
from twin.ui.answer import literal, said

if TYPE_CHECKING:
    from twin.desk.life import Event, Life

LONGEST = 400  # events on one page; a longer list is read by nobody
OFFERED = 500  # customers to pick from
OF_A_DAY = re.compile(r"visit (\d{1,3})/(\d{1,6})")
DAY_MINUTES = 1440.0
NAMED = ("customer", "machine")


@dataclass(frozen=True)
class Followed:
    """Who is followed in which play: a customer or a machine by name, or the n-th work (from 0) of a day (from 0)."""

    play: int = 1
    customer: str = ""
    machine: str = ""
    day: int = 0
    nth: int = 0

    @property
    def who(self) -> str:
        """The same as the desk knows it."""
        if self.machine:
            return f"machine {self.machine}"
        return f"customer {self.customer}" if self.customer else f"visit {self.day}/{self.nth}"

    def words(self, work: str, person: str, today: date) -> str:
        """The same as a person says it; `person` is what somebody who brings work is called."""
        if self.machine:
            return f"Machine {self.machine}"
        if self.customer:
            return f"{capitalised(person)} {self.customer}"
        return f"{capitalised(work)} {self.nth + 1} of {spoken(today + timedelta(days=self.day))}"


def names_of(twin: Twin) -> tuple[str, str]:
    """What a piece of work and somebody who brings it are called."""
    return twin.work[0], twin.people[0]


def run_of(twin: Twin) -> Run:
    """The run that the address names, else the coming weeks as today."""
    name = st.query_params.get("run", "").strip()
    found = doors.the_desk().run(name) if name else doors.baseline(twin)
    if found.inputs.twin != twin.name:
        raise TwinError(f"The run {found.name} belongs to the twin '{found.inputs.twin}', not to '{twin.name}'.")
    return found


def read(twin: Twin, run: Run) -> Followed:
    """Whom the address names; what it does not say, or says in vain, is the first of its kind."""
    plays, play, who = run.outcome.replications, st.query_params.get("play", ""), st.query_params.get("who", "").strip()
    number = int(play) if play.isdecimal() and 1 <= int(play) <= plays else 1
    found = followed(number, who)
    return found if found != Followed(number) or who else first(twin, run, number)


def first(twin: Twin, run: Run, play: int) -> Followed:
    """The first piece of work of a play, on the first day on which any comes."""
    came = run.outcome.days[play - 1, :, twin.template.structure.columns["visits"]] > 0
    return Followed(play, day=int(came.argmax()))


def followed(play: int, who: str) -> Followed:
    """Who is named as the desk knows it; the first piece of work where it is nobody."""
    found = Followed(play)
    kind, _, name = who.partition(" ")
    if kind in NAMED and name.strip():
        name = name.strip()
        return replace(found, customer=name) if kind == "customer" else replace(found, machine=name)
    piece = OF_A_DAY.fullmatch(who)
    return replace(found, day=int(piece[1]), nth=int(piece[2])) if piece else found


def write(twin: Twin, wanted: Followed) -> None:
    """Put a choice into the address bar, so that its link shows the same life."""
    run = st.query_params.get("run")
    address = {"twin": twin.name, "play": str(wanted.play), "who": wanted.who}
    st.query_params.from_dict(address | ({"run": run} if run else {}))


# ------------------------------------------------------------------ the controls


def choice(twin: Twin, run: Run, asked: Followed) -> None:
    """A piece of work, a customer or a machine, which one, and in which play."""
    work, person, plays = twin.work[0], twin.people[0], run.outcome.replications
    names, plant = customers(twin), machines(twin)
    kinds = {f"One {work}": "", f"One {person}": "customer", "One machine": "machine"}
    there = {"": True, "customer": bool(names or asked.customer), "machine": bool(plant or asked.machine)}
    offered = [said for said, kind in kinds.items() if there[kind]]
    now = "machine" if asked.machine else "customer" if asked.customer else ""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="life_choice"):
        widget = place("kind", asked)
        kind = kinds[
            st.selectbox(
                "Whom to follow",
                offered,
                next(n for n, said in enumerate(offered) if kinds[said] == now),
                key=widget,
                on_change=lambda: switch(twin, run, asked, kinds[str(st.session_state[widget])]),
                width=180,
            )
        ]
        if kind == "customer":
            of_customers(twin, asked, names)
        elif kind == "machine":
            of_machines(twin, asked, plant)
        else:
            of_a_day(twin, asked, run.horizon, work)
        number(twin, asked, "play", f"Play, 1 to {plays}", 1, plays, asked.play)


def switch(twin: Twin, run: Run, asked: Followed, kind: str) -> None:
    """To the first machine, or back to the first piece of work; who chooses customers is asked which one."""
    plant = machines(twin)
    if kind == "machine" and plant:
        write(twin, Followed(asked.play, machine=plant[0]))
    elif not kind:
        write(twin, first(twin, run, asked.play))


def machines(twin: Twin) -> list[str]:
    """The machines by name, where records tell of them."""
    return [str(name) for name in twin.knowledge.calibration.vectors.get("machine_id", [])]


def of_machines(twin: Twin, asked: Followed, names: Sequence[str]) -> None:
    """Which machine."""
    offered = list(dict.fromkeys([*([asked.machine] if asked.machine not in names else []), *names]))
    widget = place("machine", asked)
    st.selectbox(
        "Machine",
        offered,
        offered.index(asked.machine),
        key=widget,
        on_change=lambda: write(twin, Followed(asked.play, machine=str(st.session_state[widget]))),
        width=220,
    )


def customers(twin: Twin) -> list[str]:
    """The known customers by name, those who came most often first."""
    vectors = twin.knowledge.calibration.vectors
    names = [str(name) for name in vectors.get("customer_id", [])]
    often = vectors.get("customer_repeats")
    if often is not None and len(often) == len(names):
        names = [names[n] for n in sorted(range(len(names)), key=lambda n: -float(often[n]))]
    return names[:OFFERED]


def of_customers(twin: Twin, asked: Followed, names: Sequence[str]) -> None:
    """Which customer."""
    offered = list(dict.fromkeys([*([asked.customer] if asked.customer else []), *names]))
    widget = place("customer", asked)
    st.selectbox(
        capitalised(twin.people[0]),
        offered,
        0 if asked.customer else None,
        key=widget,
        placeholder=f"Number of the {twin.people[0]}",
        filter_mode="contains",
        accept_new_options=True,
        on_change=lambda: write(twin, Followed(asked.play, customer=str(st.session_state[widget] or "").strip())),
        width=220,
    )


def of_a_day(twin: Twin, asked: Followed, horizon: Horizon, work: str) -> None:
    """Which piece of work: the day on which it comes, and the how manieth of that day it is."""
    widget = place("day", asked)
    asked = replace(asked, customer="", machine="")
    st.date_input(
        f"{capitalised(work)} that comes on",
        min(horizon.today + timedelta(days=asked.day), horizon.last),
        min_value=horizon.today,
        max_value=horizon.last,
        format="DD/MM/YYYY",
        key=widget,
        on_change=lambda: write(twin, replace(asked, day=horizon.index(st.session_state[widget]), nth=0)),
        width=180,
    )
    number(twin, asked, "nth", "Which of that day", 1, 1_000_000, asked.nth + 1, less=1)


def number(twin: Twin, asked: Followed, name: str, label: str, low: int, high: int, now: int, less: int = 0) -> None:
    """A whole number of the choice; `less` is what the address counts from zero."""
    widget = place(name, asked)
    st.number_input(
        label,
        low,
        high,
        now,
        key=widget,
        on_change=lambda: write(twin, replace(asked, **{name: int(st.session_state[widget]) - less})),  # type: ignore[arg-type]
        width=150,
    )


def place(name: str, asked: Followed) -> str:
    """The name of a control; another for each choice, so that it shows what the address says."""
    return f"life_{name}_{asked.play}_{asked.who}"


# ------------------------------------------------------------------ the life


def told(twin: Twin, run: Run, asked: Followed) -> None:
    """The life in a sentence, then event by event; where there is none, why."""
    who = asked.words(*names_of(twin), run.horizon.today)
    try:
        with st.spinner("Playing it again, and looking at this one alone ..."):
            found = doors.life(twin, run, asked.play - 1, asked.who)
    except TwinError as error:
        st.markdown(f"**{literal(who)}** in play {asked.play}: {literal(str(error))}")
        return
    if not found.events:
        st.markdown(f"Nothing happens to **{literal(who)}** in this play.")
        return
    st.markdown(said(sentence(found, literal(who), asked.play, run.outcome.replications)))
    st.html(f"<ol class='u-life'>{''.join(day_of(part) for part in by_day(found.events[:LONGEST]))}</ol>")
    if len(found.events) > LONGEST:
        st.caption(f"The first {count(LONGEST)} of {count(len(found.events))} events are shown.")


def sentence(found: "Life", who: str, play: int, plays: int) -> str:
    """From when to when, and how much happened."""
    first, last = found.events[0], found.events[-1]
    where = f"**{who}** in play {play} of {plays}"
    if len(found.events) == 1:
        return f"{where}: one event, on {spoken(first.day)} at {first.time}."
    if first.day == last.day:
        return f"{where}: {len(found.events)} events on {spoken(first.day)}, {lasting(moment(last) - moment(first))}."
    ends = f"from {spoken(first.day)} to {spoken(last.day)}"
    return f"{where}: {count(len(found.events))} events {ends}, {lasting(moment(last) - moment(first))}."


def moment(one: "Event") -> float:
    """Minutes on one clock for all days."""
    return one.day.toordinal() * DAY_MINUTES + one.minute


def by_day(events: Sequence["Event"]) -> list[list[tuple["Event", float]]]:
    """Events day by day, each with the minutes since the one before it."""
    since = [0.0, *(moment(later) - moment(one) for one, later in pairwise(events))]
    paired = zip(events, since, strict=True)
    return [list(part) for _, part in groupby(paired, key=lambda pair: pair[0].day)]


def day_of(part: Sequence[tuple["Event", float]]) -> str:
    """A day's heading with its events."""
    day = part[0][0].day
    return f"<li class='u-day'>{day:%A}, {spoken(day)}</li>" + "".join(event(one, since) for one, since in part)


def event(one: "Event", since: float) -> str:
    """One event: when, what and where, and how long after the one before."""
    where = f" <span class='u-where'>{escape(one.where)}</span>" if one.where else ""
    detail = f"<span class='u-note'>{escape(capitalised(one.detail))}</span>" if one.detail else ""
    later = f"<span class='u-since'>{escape(lasting(since))} later</span>" if since >= 1.0 else ""
    what = f"<span class='u-what'><strong>{escape(capitalised(one.what))}</strong>{where}{detail}</span>"
    return f"<li><time>{escape(one.time)}</time>{what}{later}</li>"
