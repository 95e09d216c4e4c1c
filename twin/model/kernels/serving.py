"""Who serves whom: visits come to a station, somebody begins them, and whoever is free takes the next.

The arrays are described in kernels/stations.py.
"""

from numba import njit

from twin.model.kernels.calendar import (
    BARE,
    FINISHES,
    GIVES_UP,
    schedule,
)
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import logarithm
from twin.model.kernels.machines import (
    anybody_ready,
    machine_is_free,
    ready,
    take_up,
)
from twin.model.kernels.queues import (
    ARRIVALS,
    BALKED,
    BALKS,
    BEGINS,
    BUSY,
    BUSY_TIME,
    DOWN,
    DOWN_WAIT,
    FINISHED,
    NEGATIVE,
    NEVER,
    NOBODY,
    ONWARD,
    PATIENCE,
    POSITIVE,
    RESULT,
    SERVED,
    SERVICE,
    WAIT,
    WAITING,
    join,
    leave,
    note,
    service_minutes,
    ticks,
    unlink,
)


@njit(forceinline=True, **BARE)
def begin(
    visits, stations, work, teams, skills, keys, times, orders, whats, counters, tally, labour, log, plant, number,
    team, time,
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
    minutes = visit.left / visit.pace
    if plant is not None:
        minutes = take_up(plant, log, counters, visit, number, minutes, time)
    schedule(times, orders, whats, counters, time + minutes, FINISHES, number, visit.stamp)
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
def arrive(
    visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally, labour,
    ended, log, plant, number, time,
):  # fmt: skip
    """A visit comes to a station: served at once, or queues, or turns round at the sight of the queue."""
    visit = visits[number]
    place = visit.station
    station = stations[place]
    visit.left, visit.since, visit.turn = -1.0, time, time
    tally[place, ARRIVALS] += 1
    note(log, counters, time, visit.tag, place, WAITING, NOBODY)
    at_once, queue, errand = station.served < station.capacity, station.waiting, NOBODY
    if plant is not None:
        at_once = at_once and machine_is_free(plant, place) and not anybody_ready(plant, visits, queues, place)
        queue, errand = queue - plant.places[place].held, plant.jobs[number].errand
    if at_once:
        for n in range(team_of.shape[1]):
            team = team_of[place, n]
            if team < 0:
                break
            if teams[team].busy < teams[team].staff + teams[team].extra:
                begin(
                    visits, stations, work, teams, skills, keys, times, orders, whats, counters, tally, labour, log,
                    plant, number, team, time,
                )  # fmt: skip
                return
    if queue >= station.balk_at and errand < 0:
        tally[place, BALKS] += 1
        leave(visits, ended, counters, log, number, time, BALKED)
        return
    join(visits, stations, ranks, queues, tally, number, time, False)
    patience = work[place, visit.kind].patience
    if patience < NEVER and errand < 0:
        until = time - patience * logarithm(draw(keys[PATIENCE], visit.entity, place, visit.steps))
        schedule(times, orders, whats, counters, until, GIVES_UP, number, visit.stamp)


@njit(forceinline=True, **BARE)
def first_for(visits, stations, queues, station_of, plant, team):
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
            if plant is not None:
                number = ready(plant, visits, number, place)
            if number >= 0:
                if rank < best_rank or visits[number].turn < visits[best].turn:
                    best, best_rank = number, rank
                break
    return best


@njit(forceinline=True, **BARE)
def call_next(
    visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters, tally,
    labour, log, plant, team, time,
):  # fmt: skip
    """Free members of a team take whoever is next among the stations they can serve."""
    while teams[team].busy < teams[team].staff + teams[team].extra:
        number = first_for(visits, stations, queues, station_of, plant, team)
        if number < 0:
            return
        unlink(visits, stations, ranks, queues, tally, number, time)
        begin(
            visits, stations, work, teams, skills, keys, times, orders, whats, counters, tally, labour, log, plant,
            number, team, time,
        )  # fmt: skip


@njit(**BARE)
def call_all(
    visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters, tally,
    labour, log, plant, time,
):  # fmt: skip
    """Every team looks whether there is something for it to do, in the order they are named."""
    for team in range(len(teams)):
        call_next(
            visits, stations, work, ranks, queues, teams, station_of, skills, keys, times, orders, whats, counters,
            tally, labour, log, plant, team, time,
        )  # fmt: skip


@njit(forceinline=True, **BARE)
def found(visit, station):
    """What the log says of work that is finished at a station."""
    if station.sensitivity < 0.0:
        return FINISHED
    return POSITIVE if visit.result > 0 else NEGATIVE


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
