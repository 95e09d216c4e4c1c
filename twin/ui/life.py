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


@dataclass(frozen=True)
class Followed:
    """Who is followed in which play: a customer by name, or the n-th piece of work (from 0) of a day (from 0)."""

    play: int = 1
    customer: str = ""
    day: int = 0
    nth: int = 0

    @property
    def who(self) -> str:
        """The same as the desk knows it."""
        return f"customer {self.customer}" if self.customer else f"visit {self.day}/{self.nth}"

    def words(self, work: str, today: date) -> str:
        """The same as a person says it."""
        if self.customer:
            return f"Customer {self.customer}"
        return f"{capitalised(work)} {self.nth + 1} of {spoken(today + timedelta(days=self.day))}"


def run_of(twin: Twin) -> Run:
    """The run that the address names, else the coming weeks as today."""
    name = st.query_params.get("run", "").strip()
    found = doors.the_desk().run(name) if name else doors.baseline(twin)
    if found.inputs.twin != twin.name:
        raise TwinError(f"The run {found.name} belongs to the twin '{found.inputs.twin}', not to '{twin.name}'.")
    return found


def read(plays: int) -> Followed:
    """Whom the address names; what it does not say, or says in vain, is the first of its kind."""
    play, who = st.query_params.get("play", ""), st.query_params.get("who", "").strip()
    return followed(int(play) if play.isdecimal() and 1 <= int(play) <= plays else 1, who)


def followed(play: int, who: str) -> Followed:
    """Who is named as the desk knows it; the first piece of work where it is nobody."""
    found = Followed(play)
    if who.startswith("customer ") and who.removeprefix("customer ").strip():
        return replace(found, customer=who.removeprefix("customer ").strip())
    piece = OF_A_DAY.fullmatch(who)
    return replace(found, day=int(piece[1]), nth=int(piece[2])) if piece else found


def write(twin: Twin, wanted: Followed) -> None:
    """Put a choice into the address bar, so that its link shows the same life."""
    run = st.query_params.get("run")
    address = {"twin": twin.name, "play": str(wanted.play), "who": wanted.who}
    st.query_params.from_dict(address | ({"run": run} if run else {}))


# ------------------------------------------------------------------ the controls


def choice(twin: Twin, run: Run, asked: Followed) -> None:
    """A piece of work or a customer, which one, and in which play."""
    work, plays = twin.work[0], run.outcome.replications
    names = customers(twin)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="life_choice"):
        kinds: list[str] = [f"One {work}", *(["One customer"] if names or asked.customer else [])]
        kind = st.selectbox(
            "Whom to follow",
            kinds,
            1 if asked.customer else 0,
            key=place("kind", asked),
            on_change=switch,
            args=(twin, asked),
            width=180,
        )
        if kind == "One customer":
            of_customers(twin, asked, names)
        else:
            of_a_day(twin, asked, run.horizon, work)
        number(twin, asked, "play", f"Play, 1 to {plays}", 1, plays, asked.play)


def switch(twin: Twin, asked: Followed) -> None:
    """From a customer back to the first piece of work; who chooses customers is asked which one."""
    if asked.customer:
        write(twin, Followed(asked.play))


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
        "Customer",
        offered,
        0 if asked.customer else None,
        key=widget,
        placeholder="Number of the customer",
        filter_mode="contains",
        accept_new_options=True,
        on_change=lambda: write(twin, replace(asked, customer=str(st.session_state[widget] or "").strip())),
        width=220,
    )


def of_a_day(twin: Twin, asked: Followed, horizon: Horizon, work: str) -> None:
    """Which piece of work: the day on which it comes, and the how manieth of that day it is."""
    widget = place("day", asked)
    asked = replace(asked, customer="")
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
    number(twin, asked, "nth", "Which of that day", 1, 100_000, asked.nth + 1, less=1)


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
    who = asked.words(twin.work[0], run.horizon.today)
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
