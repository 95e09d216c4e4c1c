"""Who waits where: visits in the queues of stations, what is kept of them, and what is written down when they go.

Sums over time are kept in whole ticks of a minute: whole numbers add up to the same in any order, so that it
does not matter at which moments somebody looks at them.
"""

import numpy as np
from numba import njit

from twin.model.kernels.calendar import BARE
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import exponential, logarithm, normal

# Where a visit is, or how it ended; in the log also what happened to it, or to the machine it is on.
WAITING, SERVED, DONE, GONE, BALKED, FINISHED, PUT_DOWN = 1, 2, 3, 4, 5, 6, 7
POSITIVE, NEGATIVE = 40, 41  # in the log: finished, and what the test there found
STOPPED, RUNS_AGAIN, SET_UP, BLOCKED, SCRAPPED, MAINTAINED, RUNS = 8, 9, 10, 11, 12, 13, 14
# How service times vary.
FIXED, EXPONENTIAL, LOGNORMAL = 0, 1, 2
# Counters behind those of the calendar: next of those who come, next change of staff, free slot, visits inside,
# visits ended, events logged and not logged for want of room, groups in overtime, visits put down and waiting,
# repairs and maintenance inside.
NEXT, CHANGES, FREE, OPEN, ENDED_COUNT, LOGGED, LOST, GROUPS, DOWN, ERRANDS, COUNTERS = range(2, 13)
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
def told(tally, labour, before, labour_before, stations, teams, clock, sums, labour_sums):
    """Write what came together since it was told before, ticks as minutes; what is open counts up to the clock.

    sums : by station, the columns of the tally, then who waits now;  labour_sums : by team
    """
    tick = ticks(clock)
    for place in range(len(tally)):
        for column in range(TALLY):
            now = tally[place, column]
            if column == QUEUE_TIME:
                now += stations[place].waiting * tick
            elif column == BUSY_TIME:
                now += stations[place].served * tick
            new = float(now - before[place, column])
            sums[place, column] = new / TICKS if column >= WAIT else new
            before[place, column] = now
        sums[place, TALLY] = stations[place].waiting
    for crew in range(len(labour)):
        for column in range(LABOUR):
            now = labour[crew, column] + (teams[crew].busy if column == BUSY else teams[crew].extra) * tick
            labour_sums[crew, column] = (now - labour_before[crew, column]) / TICKS
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
