"""Stations: visits queue, are served, are sent on, give up or go home, event by event in continuous time.

One kernel for every queue of a business. It can be advanced by minutes, days or the whole horizon with the
same result, since all that is open stays in its state. Of one moment, changes of staff come first, then what
is on the calendar in the order it was noted there, then those who come, in the order they were accepted.

The same arrays go through most functions here:

visits          VISIT, by slot: those inside; a slot is used again after its visit has ended
stations        STATION;  work: WORK, by station and kind;  ranks: by kind
queues          QUEUE, by station and rank
teams           TEAM;  staying: STAYING, groups of people in overtime
team_of         teams of a station by preference;  station_of: stations of a team;  -1 is none
skills          speed of a team at a station against the team's own
onward          running shares by station, result of its test and next station; the last column is out
keys            stems of the draws: SERVICE, PATIENCE, ONWARD, RESULT
times, orders, whats  the calendar;  counters: see kernels/queues.py
tally, labour   running sums by station and by team, see kernels/queues.py;  log: EVENT, while there is room
plant           machines, finite room and scrap, see kernels/machines.py; None where a business has none of them
"""

from numba import njit

from twin.model.kernels.calendar import (
    BARE,
    EVENTS,
    GIVES_UP,
    STAMPS,
    STAYS_ON,
    drop_first,
    sweep,
)
from twin.model.kernels.machines import (
    IDLE,
    OFF,
    planned,
    rest,
)
from twin.model.kernels.plant import finish, machine_event, send_for, settle
from twin.model.kernels.queues import (
    ABANDONS,
    CHANGES,
    DONE,
    FINISHES_SUM,
    FREE,
    GONE,
    GONE_WAIT,
    GROUPS,
    LOGGED,
    MORE_GROUPS,
    MORE_LOG,
    MORE_VISITS,
    NEVER,
    NEXT,
    NOBODY,
    OPEN,
    READY,
    enter,
    leave,
    note,
    ticks,
    unlink,
)
from twin.model.kernels.serving import arrive, call_all, call_next, found, release, sent_to
from twin.model.kernels.shifts import change_staff, put_down, stay_on


@njit(**BARE)
def take_numbers(
    visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders, whats, counters,
    tally, labour, ended, log, plant, time,
):  # fmt: skip
    """Numbers have changed: machines run or stop, maintenance is planned, and whoever can be called now is."""
    for number in range(len(plant.machines)):
        machine = plant.machines[number]
        planned(plant, times, orders, whats, counters, number, time)
        unused = (machine.state == IDLE and machine.visit < 0) or machine.state == OFF
        if unused and rest(plant, log, counters, number, time):
            send_for(
                visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters,
                tally, labour, ended, log, plant, number, time,
            )  # fmt: skip
    settle(
        visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders, whats, counters,
        tally, labour, ended, log, plant, time,
    )  # fmt: skip


@njit(**BARE)
def advance(  # noqa: C901  (one branch for each thing that can happen)
    visits, stations, work, ranks, queues, teams, staying, team_of, station_of, skills, onward, keys,
    times, orders, whats, counters, tally, labour, ended, log, more_log, plant,
    minute, entity, kind, condition, units, tag, start, changes, clock, until,
):  # fmt: skip
    """Play everything that happens before `until`; what is open then stays as it is. Returns READY or what is short.

    minute, entity, kind, condition, units, tag : those who come, in order of time, from counters[NEXT] on
    start   : the first station of a kind;  changes : CHANGE, of staff, in order of time, from counters[CHANGES] on
    ended   : ENDED, gets those who leave, in order of time;  clock : gets the time of the last event
    more_log: whether the log may still grow
    """
    while True:
        number, change = counters[NEXT], counters[CHANGES]
        coming = minute[number] if number < len(minute) else NEVER
        due = times[0] if counters[EVENTS] > 0 else NEVER
        changing = changes[change].minute if change < len(changes) else NEVER
        time = min(coming, due, changing)
        if time >= until:
            return READY
        lines, most = 2 * counters[OPEN] + 8, 2 * len(visits) + len(staying)
        if plant is not None:  # one event may move many
            lines += 5 * counters[OPEN] + 4 * len(plant.machines)
            most = len(times) - 2 * len(visits) - 2 * len(plant.machines) - 16
            if len(visits) - counters[OPEN] < len(plant.machines) + 8:
                return MORE_VISITS
        if more_log and len(log) - counters[LOGGED] < lines:
            return MORE_LOG
        if counters[EVENTS] > most:
            sweep(visits, times, orders, whats, counters)
            continue
        if changing == time:
            if counters[GROUPS] == len(staying):
                return MORE_GROUPS
            counters[CHANGES] += 1
            clock[0] = time
            row = changes[change]
            change_staff(
                stations, teams, staying, station_of, times, orders, whats, counters, labour, row.team, row.people,
                row.speed, time,
            )  # fmt: skip
            put_down(
                visits, stations, ranks, queues, teams, orders, whats, counters, tally, labour, log, plant, row.team,
                time,
            )  # fmt: skip
            call_all(
                visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters,
                tally, labour, log, plant, time,
            )  # fmt: skip
            if plant is not None:
                settle(
                    visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders,
                    whats, counters, tally, labour, ended, log, plant, time,
                )  # fmt: skip
            continue
        if due > time:
            if counters[FREE] < 0:
                return MORE_VISITS
            counters[NEXT] += 1
            clock[0] = time
            whom = enter(
                visits, counters, time, entity[number], kind[number], condition[number], units[number], tag[number],
                start[kind[number]],
            )  # fmt: skip
            if plant is not None:
                plant.jobs[whom].machine, plant.jobs[whom].errand = NOBODY, NOBODY
            arrive(
                visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters,
                tally, labour, ended, log, plant, whom, time,
            )  # fmt: skip
            continue
        what, whom, stamp = whats[0] & 3, whats[0] >> 30, (whats[0] >> 2) & STAMPS
        if what == STAYS_ON:
            drop_first(times, orders, whats, counters)
            clock[0] = time
            if plant is not None and stamp > 0:
                machine_event(
                    visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders,
                    whats, counters, tally, labour, ended, log, plant, whom, stamp, time,
                )  # fmt: skip
                continue
            team = staying[whom].team
            if stay_on(stations, teams, staying, station_of, times, orders, whats, counters, labour, whom, time):
                put_down(
                    visits, stations, ranks, queues, teams, orders, whats, counters, tally, labour, log, plant, team,
                    time,
                )  # fmt: skip
                call_all(
                    visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats,
                    counters, tally, labour, log, plant, time,
                )  # fmt: skip
                if plant is not None:
                    settle(
                        visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders,
                        whats, counters, tally, labour, ended, log, plant, time,
                    )  # fmt: skip
            continue
        drop_first(times, orders, whats, counters)
        visit = visits[whom]
        if (visit.stamp & STAMPS) != stamp:
            continue
        clock[0] = time
        place = visit.station
        if what == GIVES_UP:
            unlink(visits, stations, ranks, queues, tally, whom, time)
            tally[place, ABANDONS] += 1
            tally[place, GONE_WAIT] += ticks(time) - ticks(visit.since)
            visit.waited += time - visit.since
            leave(visits, ended, counters, log, whom, time, GONE)
            if plant is not None:
                settle(
                    visits, stations, work, ranks, queues, teams, team_of, station_of, skills, keys, times, orders,
                    whats, counters, tally, labour, ended, log, plant, time,
                )  # fmt: skip
            continue
        if plant is not None:
            finish(
                visits, stations, work, ranks, queues, teams, team_of, station_of, skills, onward, keys, times, orders,
                whats, counters, tally, labour, ended, log, plant, whom, time,
            )  # fmt: skip
            continue
        station, team = stations[place], visit.team
        target = sent_to(visit, station, onward, keys)
        release(visits, stations, teams, tally, labour, whom, time)
        tally[place, FINISHES_SUM] += 1
        note(log, counters, time, visit.tag, place, found(visit, station), team)
        if target < 0:
            leave(visits, ended, counters, log, whom, time, DONE)
        call_next(
            visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters,
            tally, labour, log, plant, team, time,
        )  # fmt: skip
        if station.capacity < NEVER and station.waiting > 0:
            call_all(
                visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters,
                tally, labour, log, plant, time,
            )  # fmt: skip
        if target >= 0:
            visit.station = target
            arrive(
                visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters,
                tally, labour, ended, log, plant, whom, time,
            )  # fmt: skip
