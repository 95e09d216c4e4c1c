"""Shifts: people come and go, put work down that they cannot finish, or stay on while work waits.

The arrays are described in kernels/stations.py.
"""

from numba import njit

from twin.model.kernels.calendar import (
    BARE,
    EVENTS,
    FINISHES,
    STAYS_ON,
    is_stale,
    schedule,
)
from twin.model.kernels.machines import (
    halt,
)
from twin.model.kernels.queues import (
    DOWN,
    GROUPS,
    NOBODY,
    OVERTIME,
    PUT_DOWN,
    STAY_MINUTES,
    join,
    note,
    ticks,
)
from twin.model.kernels.serving import release


@njit(**BARE)
def latest_begun(visits, orders, whats, counters, team):
    """Which of a team's visits in service was begun last."""
    latest, highest = NOBODY, -1
    for n in range(counters[EVENTS]):
        what = whats[n]
        if (what & 3) != FINISHES or orders[n] < highest or is_stale(visits, what):
            continue
        if visits[what >> 30].team == team:
            latest, highest = what >> 30, orders[n]
    return latest


@njit(**BARE)
def put_down(visits, stations, ranks, queues, teams, orders, whats, counters, tally, labour, log, plant, team, time):
    """What a team has begun beyond its number goes back to the front of its queue, the latest begun first."""
    while teams[team].pauses > 0 and teams[team].busy > teams[team].staff + teams[team].extra:
        number = latest_begun(visits, orders, whats, counters, team)
        if number < 0:
            return  # the others are blocked: their work is finished, and they stay with it
        visit = visits[number]
        release(visits, stations, teams, tally, labour, number, time)
        done = time - visit.began
        if plant is not None:
            done = halt(plant, visit, number, time)
        visit.left = max(0.0, visit.left - done * visit.pace)
        counters[DOWN] += 1
        join(visits, stations, ranks, queues, tally, number, time, True)
        note(log, counters, time, visit.tag, visit.station, PUT_DOWN, team)


@njit(**BARE)
def work_waits(stations, teams, station_of, team, number):
    """Whether a team of that number would leave work behind: in a queue, or put down."""
    if teams[team].pauses > 0 and teams[team].busy > number:
        return True
    for n in range(station_of.shape[1]):
        if station_of[team, n] >= 0 and stations[station_of[team, n]].waiting > 0:
            return True
    return False


@njit(**BARE)
def change_staff(
    stations, teams, staying, station_of, times, orders, whats, counters, labour, team, people, speed, time
):
    """A team has so many people from now on; those who could leave stay on while work waits, if they may."""
    crew = teams[team]
    leaving = crew.staff - people
    crew.staff, crew.speed = people, speed
    if leaving <= 0 or crew.overtime <= 0.0 or not work_waits(stations, teams, station_of, team, people + crew.extra):
        return
    number = 0
    while staying[number].people > 0:
        number += 1
    group = staying[number]
    group.team, group.people, group.deadline = team, leaving, time + crew.overtime
    counters[GROUPS] += 1
    crew.extra += leaving
    labour[team, OVERTIME] -= leaving * ticks(time)
    schedule(times, orders, whats, counters, min(time + STAY_MINUTES, group.deadline), STAYS_ON, number, 0)


@njit(**BARE)
def stay_on(stations, teams, staying, station_of, times, orders, whats, counters, labour, number, time):
    """Those in overtime stay a little longer, or go; returns whether they go."""
    group = staying[number]
    crew = teams[group.team]
    remaining = crew.staff + crew.extra - group.people
    if time < group.deadline and work_waits(stations, teams, station_of, group.team, remaining):
        schedule(times, orders, whats, counters, min(time + STAY_MINUTES, group.deadline), STAYS_ON, number, 0)
        return False
    crew.extra -= group.people
    labour[group.team, OVERTIME] += group.people * ticks(time)
    group.people = 0
    counters[GROUPS] -= 1
    return True
