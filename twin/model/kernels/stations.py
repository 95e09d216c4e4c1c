"""Stations: visits queue, are served, are sent on, give up or go home, event by event in continuous time.

One kernel for every queue of a business. It can be advanced by minutes, days or the whole horizon with the
same result, since all that is open stays in its state. Of one moment, changes of staff come first, then what
is on the calendar in the order it was noted there, then those who come, in the order they were accepted.

Sums over time are kept in whole ticks of a minute: whole numbers add up to the same in any order, so that it
does not matter at which moments somebody looks at them.

The same arrays go through most functions here:

visits          VISIT, by slot: those inside; a slot is used again after its visit has ended
stations        STATION;  work: WORK, by station and kind;  ranks: by kind
queues          QUEUE, by station and rank
teams           TEAM;  staying: STAYING, groups of people in overtime
team_of         teams of a station by preference;  station_of: stations of a team;  -1 is none
skills          speed of a team at a station against the team's own
onward          running shares by station, result of its test and next station; the last column is out
keys            stems of the draws: SERVICE, PATIENCE, ONWARD, RESULT
times, orders, whats  the calendar;  counters: see below
tally, labour   running sums by station and by team, see below;  log: EVENT, what happened, while there is room
"""

import numpy as np
from numba import njit

from twin.model.kernels.calendar import (
    BARE,
    EVENTS,
    FINISHES,
    GIVES_UP,
    STAMPS,
    STAYS_ON,
    drop_first,
    is_stale,
    schedule,
    sweep,
)
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import exponential, logarithm, normal

# Where a visit is, or how it ended; in the log also what happened to it.
WAITING, SERVED, DONE, GONE, BALKED, FINISHED, PUT_DOWN = 1, 2, 3, 4, 5, 6, 7
POSITIVE, NEGATIVE = 40, 41  # in the log: finished, and what the test there found
# How service times vary.
FIXED, EXPONENTIAL, LOGNORMAL = 0, 1, 2
# Counters behind those of the calendar: next of those who come, next change of staff, free slot, visits inside,
# visits ended, events logged and not logged for want of room, groups in overtime, visits put down and waiting.
NEXT, CHANGES, FREE, OPEN, ENDED_COUNT, LOGGED, LOST, GROUPS, DOWN, COUNTERS = 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
SERVICE, PATIENCE, ONWARD, RESULT = 0, 1, 2, 3
# Columns of the running sums. The last three hold minus the tick at which it began for each that has not ended.
ARRIVALS, BEGINS, FINISHES_SUM, ABANDONS, BALKS, WAIT, DOWN_WAIT, GONE_WAIT, QUEUE_TIME, BUSY_TIME, TALLY = range(11)
BUSY, OVERTIME, LABOUR = 0, 1, 2
# Why the kernel stopped: it is done, or wants more room for visits, groups in overtime, or the log.
READY, MORE_VISITS, MORE_GROUPS, MORE_LOG = 0, 1, 2, 3
TICKS = 1048576.0  # in a minute
STAY_MINUTES = 15.0  # how long those in overtime stay before they look again whether work waits
NEVER = np.inf
NOBODY = -1

VISIT = np.dtype(
    [
        ("station", "i8"),
        ("kind", "i8"),
        ("place", "i8"),  # WAITING or SERVED
        ("since", "f8"),  # when it came into the queue
        ("turn", "f8"),  # its place among the queues of a team; who was put down keeps the one it had
        ("ahead", "i8"),  # its neighbours in the queue
        ("behind", "i8"),  # of a free slot: the next free one
        ("stamp", "i8"),  # changes whenever what is on the calendar for it no longer holds
        ("left", "f8"),  # minutes of service left at the usual speed; -1 before it is begun
        ("began", "f8"),  # when the present stretch of service began
        ("pace", "f8"),  # speed of who serves it
        ("team", "i8"),  # who serves it
        ("steps", "i8"),  # stations at which it was begun
        ("entity", "i8"),  # whose luck it has
        ("units", "f8"),
        ("condition", "i8"),  # hidden until a station tests for it
        ("result", "i8"),  # of its last test; -1 before one
        ("arrived", "f8"),
        ("waited", "f8"),  # minutes in queues so far
        ("down", "f8"),  # of these, after it was put down
        ("tag", "i8"),
    ]
)
ENDED = np.dtype(
    [
        ("tag", "i8"),
        ("entity", "i8"),
        ("kind", "i8"),
        ("arrived", "f8"),
        ("ended", "f8"),
        ("waited", "f8"),
        ("down", "f8"),
        ("how", "i8"),
        ("condition", "i8"),
        ("result", "i8"),
        ("steps", "i8"),
    ]
)
STATION = np.dtype(
    [
        ("times", "i8"),  # FIXED, EXPONENTIAL or LOGNORMAL
        ("balk_at", "f8"),
        ("capacity", "f8"),
        ("sensitivity", "f8"),  # of its test, -1 where there is none
        ("specificity", "f8"),
        ("waiting", "i8"),
        ("served", "i8"),
    ]
)
WORK = np.dtype(
    [
        ("minutes", "f8"),
        ("per_unit", "f8"),
        ("spread", "f8"),  # standard deviation of the logarithm of service times
        ("patience", "f8"),
    ]
)
QUEUE = np.dtype([("first", "i8"), ("last", "i8")])
TEAM = np.dtype(
    [
        ("staff", "i8"),  # on the roster now
        ("extra", "i8"),  # in overtime
        ("busy", "i8"),
        ("speed", "f8"),
        ("pauses", "i8"),  # whether work is put down when a shift ends
        ("overtime", "f8"),  # minutes at most
    ]
)
STAYING = np.dtype([("team", "i8"), ("people", "i8"), ("deadline", "f8")])
CHANGE = np.dtype([("minute", "f8"), ("team", "i8"), ("people", "i8"), ("speed", "f8")])
EVENT = np.dtype([("minute", "f8"), ("tag", "i8"), ("station", "i8"), ("what", "i8"), ("team", "i8")])


@njit(forceinline=True, **BARE)
def ticks(minute):
    """A time in whole ticks."""
    return int(minute * TICKS)


@njit(**BARE)
def told(tally, labour, before, labour_before, stations, teams, clock, new, new_labour):
    """Write what came together since it was told before; what is open counts up to the clock."""
    tick = ticks(clock)
    for place in range(len(tally)):
        for column in range(TALLY):
            now = tally[place, column]
            if column == QUEUE_TIME:
                now += stations[place].waiting * tick
            elif column == BUSY_TIME:
                now += stations[place].served * tick
            new[place, column] = now - before[place, column]
            before[place, column] = now
    for crew in range(len(labour)):
        for column in range(LABOUR):
            now = labour[crew, column] + (teams[crew].busy if column == BUSY else teams[crew].extra) * tick
            new_labour[crew, column] = now - labour_before[crew, column]
            labour_before[crew, column] = now


@njit(**BARE)
def spread(scatter):
    """Standard deviation of the logarithm of lognormal times, from standard deviation over mean."""
    if scatter <= 0.0:
        return 0.0
    return np.sqrt(logarithm(1.0 + scatter * scatter) if scatter > 1e-4 else scatter * scatter)


@njit(forceinline=True, **BARE)
def service_minutes(key, times, work, units, entity, station, step):
    """How long a visit is served at the usual speed: its own luck, whoever serves."""
    mean = work.minutes + work.per_unit * units
    if times == FIXED or (times == LOGNORMAL and work.spread == 0.0):
        return mean
    u = draw(key, entity, station, step)
    if times == EXPONENTIAL:
        return -mean * logarithm(u)
    return mean * exponential(work.spread * normal(u) - 0.5 * work.spread * work.spread)


@njit(forceinline=True, **BARE)
def note(log, counters, minute, tag, station, what, team):
    """Put down what happened, while there is room for it."""
    if len(log) == 0:
        return
    if counters[LOGGED] == len(log):
        counters[LOST] += 1
        return
    event = log[counters[LOGGED]]
    counters[LOGGED] += 1
    event.minute, event.tag, event.station, event.what, event.team = minute, tag, station, what, team


@njit(forceinline=True, **BARE)
def join(visits, stations, ranks, queues, tally, number, time, at_front):
    """Into the queue of its station, last of its rank, or first where it had been begun already."""
    visit = visits[number]
    queue = queues[visit.station, ranks[visit.kind]]
    visit.place, visit.since, visit.ahead, visit.behind = WAITING, time, NOBODY, NOBODY
    visit.stamp += 1
    if queue.first < 0:
        queue.first, queue.last = number, number
    elif at_front:
        visit.behind, visits[queue.first].ahead = queue.first, number
        queue.first = number
    else:
        visit.ahead, visits[queue.last].behind = queue.last, number
        queue.last = number
    stations[visit.station].waiting += 1
    tally[visit.station, QUEUE_TIME] -= ticks(time)


@njit(forceinline=True, **BARE)
def unlink(visits, stations, ranks, queues, tally, number, time):
    """Out of its queue, wherever in it the visit stands."""
    visit = visits[number]
    queue = queues[visit.station, ranks[visit.kind]]
    if visit.ahead < 0:
        queue.first = visit.behind
    else:
        visits[visit.ahead].behind = visit.behind
    if visit.behind < 0:
        queue.last = visit.ahead
    else:
        visits[visit.behind].ahead = visit.ahead
    stations[visit.station].waiting -= 1
    tally[visit.station, QUEUE_TIME] += ticks(time)


@njit(forceinline=True, **BARE)
def begin(
    visits, stations, work, teams, skills, keys, times, orders, whats, counters, tally, labour, log, number, team, time
):  # fmt: skip
    """A member of a team begins, or goes on, to serve a visit."""
    visit = visits[number]
    place = visit.station
    station, crew = stations[place], teams[team]
    wait, tick = time - visit.since, ticks(time)
    visit.waited += wait
    if visit.left < 0.0:
        tally[place, BEGINS] += 1
        tally[place, WAIT] += tick - ticks(visit.since)
        visit.left = service_minutes(
            keys[SERVICE], station.times, work[place, visit.kind], visit.units, visit.entity, place, visit.steps
        )
        visit.steps += 1
    else:
        counters[DOWN] -= 1
        visit.down += wait
        tally[place, DOWN_WAIT] += tick - ticks(visit.since)
    visit.place, visit.began, visit.team, visit.pace = SERVED, time, team, crew.speed * skills[team, place]
    visit.stamp += 1
    crew.busy += 1
    station.served += 1
    tally[place, BUSY_TIME] -= tick
    labour[team, BUSY] -= tick
    schedule(times, orders, whats, counters, time + visit.left / visit.pace, FINISHES, number, visit.stamp)
    note(log, counters, time, visit.tag, place, SERVED, team)


@njit(forceinline=True, **BARE)
def release(visits, stations, teams, tally, labour, number, time):
    """Whoever serves a visit stops."""
    visit = visits[number]
    stations[visit.station].served -= 1
    teams[visit.team].busy -= 1
    tally[visit.station, BUSY_TIME] += ticks(time)
    labour[visit.team, BUSY] += ticks(time)


@njit(forceinline=True, **BARE)
def leave(visits, ended, counters, log, number, time, how):
    """Out of the business; of those who end at one moment, the lower tag is put first. The slot is free again."""
    visit = visits[number]
    place = counters[ENDED_COUNT]
    counters[ENDED_COUNT] += 1
    while place > 0 and ended[place - 1].ended == time and ended[place - 1].tag > visit.tag:
        ended[place] = ended[place - 1]
        place -= 1
    row = ended[place]
    row.tag, row.entity, row.kind, row.arrived, row.ended = visit.tag, visit.entity, visit.kind, visit.arrived, time
    row.waited, row.down, row.how, row.steps = visit.waited, visit.down, how, visit.steps
    row.condition, row.result = visit.condition, visit.result
    note(log, counters, time, visit.tag, visit.station, how, NOBODY)
    free(visits, counters, number)


@njit(forceinline=True, **BARE)
def free(visits, counters, number):
    """A slot is free for another visit."""
    visit = visits[number]
    visit.stamp += 1
    visit.behind = counters[FREE]
    counters[FREE] = number
    counters[OPEN] -= 1


@njit(forceinline=True, **BARE)
def enter(visits, counters, time, entity, kind, condition, units, tag, start):
    """A visit comes to the door and gets a slot; there must be a free one."""
    number = counters[FREE]
    visit = visits[number]
    counters[FREE] = visit.behind
    counters[OPEN] += 1
    visit.arrived, visit.entity, visit.kind, visit.condition, visit.units = time, entity, kind, condition, units
    visit.tag, visit.station, visit.steps, visit.result = tag, start, 0, -1
    visit.waited, visit.down = 0.0, 0.0
    return number


@njit(forceinline=True, **BARE)
def arrive(
    visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally, labour,
    ended, log, number, time,
):  # fmt: skip
    """A visit comes to a station: served at once, or queues, or turns round at the sight of the queue."""
    visit = visits[number]
    place = visit.station
    station = stations[place]
    visit.left, visit.since, visit.turn = -1.0, time, time
    tally[place, ARRIVALS] += 1
    note(log, counters, time, visit.tag, place, WAITING, NOBODY)
    if station.served < station.capacity:
        for n in range(team_of.shape[1]):
            team = team_of[place, n]
            if team < 0:
                break
            if teams[team].busy < teams[team].staff + teams[team].extra:
                begin(
                    visits, stations, work, teams, skills, keys, times, orders, whats, counters, tally, labour, log,
                    number, team, time,
                )  # fmt: skip
                return
    if station.waiting >= station.balk_at:
        tally[place, BALKS] += 1
        leave(visits, ended, counters, log, number, time, BALKED)
        return
    join(visits, stations, ranks, queues, tally, number, time, False)
    patience = work[place, visit.kind].patience
    if patience < NEVER:
        until = time - patience * logarithm(draw(keys[PATIENCE], visit.entity, place, visit.steps))
        schedule(times, orders, whats, counters, until, GIVES_UP, number, visit.stamp)


@njit(forceinline=True, **BARE)
def first_for(visits, stations, queues, station_of, team):
    """Who is next for a team: the lowest rank, then who came first, then the station named first; -1 is nobody."""
    best, best_rank = NOBODY, queues.shape[1]
    for n in range(station_of.shape[1]):
        place = station_of[team, n]
        if place < 0:
            break
        station = stations[place]
        if station.waiting == 0 or station.served >= station.capacity:
            continue
        for rank in range(min(queues.shape[1], best_rank + 1)):
            number = queues[place, rank].first
            if number >= 0:
                if rank < best_rank or visits[number].turn < visits[best].turn:
                    best, best_rank = number, rank
                break
    return best


@njit(forceinline=True, **BARE)
def call_next(
    visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters, tally,
    labour, log, team, time,
):  # fmt: skip
    """Free members of a team take whoever is next among the stations they can serve."""
    while teams[team].busy < teams[team].staff + teams[team].extra:
        number = first_for(visits, stations, queues, station_of, team)
        if number < 0:
            return
        unlink(visits, stations, ranks, queues, tally, number, time)
        begin(
            visits, stations, work, teams, skills, keys, times, orders, whats, counters, tally, labour, log,
            number, team, time,
        )  # fmt: skip


@njit(**BARE)
def call_all(
    visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters, tally,
    labour, log, time,
):  # fmt: skip
    """Every team looks whether there is something for it to do, in the order they are named."""
    for team in range(len(teams)):
        call_next(
            visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters,
            tally, labour, log, team, time,
        )  # fmt: skip


@njit(forceinline=True, **BARE)
def sent_to(visit, station, onward, keys):
    """Where a visit goes from a station: by its result where the station tests, then by share; -1 is out."""
    branch = 0
    if station.sensitivity >= 0.0:
        positive = station.sensitivity if visit.condition > 0 else 1.0 - station.specificity
        if draw(keys[RESULT], visit.entity, visit.station, visit.steps) < positive:
            branch = 1
        visit.result = branch
    out = onward.shape[2] - 1
    if onward[visit.station, branch, out - 1] <= 0.0:
        return NOBODY
    u = draw(keys[ONWARD], visit.entity, visit.station, visit.steps)
    low, high = 0, out
    while low < high:
        middle = (low + high) >> 1
        if u < onward[visit.station, branch, middle]:
            high = middle
        else:
            low = middle + 1
    return low if low < out else NOBODY


@njit(forceinline=True, **BARE)
def found(visit, station):
    """What the log says of work that is finished at a station."""
    if station.sensitivity < 0.0:
        return FINISHED
    return POSITIVE if visit.result > 0 else NEGATIVE


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
def put_down(visits, stations, ranks, queues, teams, orders, whats, counters, tally, labour, log, team, time):
    """What a team has begun beyond its number goes back to the front of its queue, the latest begun first."""
    while teams[team].pauses > 0 and teams[team].busy > teams[team].staff + teams[team].extra:
        number = latest_begun(visits, orders, whats, counters, team)
        visit = visits[number]
        release(visits, stations, teams, tally, labour, number, time)
        visit.left = max(0.0, visit.left - (time - visit.began) * visit.pace)
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


@njit(**BARE)
def advance(  # noqa: C901  (one branch for each thing that can happen)
    visits, stations, work, ranks, queues, teams, staying, team_of, station_of, skills, onward, keys,
    times, orders, whats, counters, tally, labour, ended, log, more_log,
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
        if more_log and len(log) - counters[LOGGED] < 2 * counters[OPEN] + 8:
            return MORE_LOG
        if counters[EVENTS] > 2 * len(visits) + len(staying):
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
                visits, stations, ranks, queues, teams, orders, whats, counters, tally, labour, log, row.team, time
            )  # fmt: skip
            call_all(
                visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters,
                tally, labour, log, time,
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
            arrive(
                visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters,
                tally, labour, ended, log, whom, time,
            )  # fmt: skip
            continue
        what, whom, stamp = whats[0] & 3, whats[0] >> 30, (whats[0] >> 2) & STAMPS
        if what == STAYS_ON:
            drop_first(times, orders, whats, counters)
            clock[0] = time
            team = staying[whom].team
            if stay_on(stations, teams, staying, station_of, times, orders, whats, counters, labour, whom, time):
                put_down(
                    visits, stations, ranks, queues, teams, orders, whats, counters, tally, labour, log, team, time
                )  # fmt: skip
                call_all(
                    visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats,
                    counters, tally, labour, log, time,
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
            tally, labour, log, team, time,
        )  # fmt: skip
        if station.capacity < NEVER and station.waiting > 0:
            call_all(
                visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters,
                tally, labour, log, time,
            )  # fmt: skip
        if target >= 0:
            visit.station = target
            arrive(
                visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters,
                tally, labour, ended, log, whom, time,
            )  # fmt: skip
