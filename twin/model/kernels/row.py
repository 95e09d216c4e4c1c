"""Stations in a row, each first come, first served by its own team: the event kernel's answers, in a third of its time.

Nothing that happens at a station reaches back to the one before. So each plays a stretch of time alone, and what it
finishes comes to the next in that order: no calendar, only a short list of when each of the team is free.
Source: Kiefer and Wolfowitz (1955), station by station.

What is open stands in the event kernel's arrays before and after, so that either can go on where the other stopped.
Its arrays are described there; besides

slots, moments  visits that come to a station, and when, in order of time; two rows, one for those who come to it
                and one for those who go from it
frees, whos     when each of those is free who can begin something in this stretch, in order, and from which visit
"""

from numba import njit

from twin.model.kernels.calendar import BARE, EVENTS, FINISHES, drop_first, is_stale, schedule
from twin.model.kernels.first_come import pass_on
from twin.model.kernels.queues import (
    ARRIVALS,
    BEGINS,
    BUSY,
    BUSY_TIME,
    DONE,
    DOWN,
    DOWN_WAIT,
    FINISHES_SUM,
    NEXT,
    NOBODY,
    QUEUE_TIME,
    SERVED,
    SERVICE,
    WAIT,
    enter,
    join,
    leave,
    service_minutes,
    ticks,
    unlink,
)

BLOCK = 64  # service times are drawn so many at once
LONGEST = 64  # of more people the calendar is the faster list


@njit(**BARE)
def take_over(visits, times, orders, whats, counters, frees, whos, counts, until):
    """Take off the calendar what is finished before `until`, by station; counts : how many there are."""
    for place in range(len(counts)):
        counts[place] = 0
    while counters[EVENTS] > 0 and times[0] < until:
        time, what = times[0], whats[0]
        drop_first(times, orders, whats, counters)
        if is_stale(visits, what):
            continue
        place = visits[what >> 30].station
        frees[place, counts[place]], whos[place, counts[place]] = time, what >> 30
        counts[place] += 1


@njit(**BARE)
def let_in(visits, counters, minute, entity, kind, condition, units, tag, last, start, slots, moments):
    """Give those who come a slot each; returns how many they are."""
    first = counters[NEXT]
    for n in range(first, last):
        slots[n - first] = enter(
            visits, counters, minute[n], entity[n], kind[n], condition[n], units[n], tag[n], start[kind[n]]
        )  # fmt: skip
        moments[n - first] = minute[n]
    counters[NEXT] = last
    return last - first


@njit(forceinline=True, **BARE)
def hand_out(tally, labour, place, team, slots, moments, handed, who, time):
    """Whoever serves a visit is done with it; returns how many are finished by now."""
    tally[place, FINISHES_SUM] += 1
    tally[place, BUSY_TIME] += ticks(time)
    labour[team, BUSY] += ticks(time)
    slots[handed], moments[handed] = who, time
    return handed + 1


@njit(**BARE)
def people_free(crew, tally, labour, place, team, frees, whos, count, slots, moments, now):
    """Bring the list of who is free when in order; returns how many stand in it, and how many visits are finished.

    count : of those in service, how many are done in this stretch; the others serve on beyond it. Of more people than
    the team has by now, the first to finish go home.
    """
    going, handed = min(count, max(0, crew.busy - crew.staff)), 0
    while handed < going:
        handed = hand_out(tally, labour, place, team, slots, moments, handed, whos[handed], frees[handed])
    people = max(0, crew.staff - (crew.busy - count))
    idle = people - (count - going)
    if going > 0:
        for n in range(people):
            frees[n], whos[n] = frees[n + going], whos[n + going]
    else:
        for n in range(people - 1, idle - 1, -1):
            frees[n], whos[n] = frees[n - idle], whos[n - idle]
    for n in range(idle):
        frees[n], whos[n] = now, NOBODY
    return people, handed


@njit(**BARE)
def come(visits, tally, place, slots, moments, count):
    """Visits come to a station."""
    for n in range(count):
        visit = visits[slots[n]]
        visit.station, visit.left, visit.since, visit.turn = place, -1.0, moments[n], moments[n]
    tally[place, ARRIVALS] += count


@njit(**BARE)
def drawn_ahead(visits, work, station, stem, place, slots, first, last, minutes):
    """Draw the service times of those who come from `first` to `last`."""
    for n in range(first, last):
        visit = visits[slots[n]]
        minutes[n - first] = service_minutes(
            stem, station.times, work[place, visit.kind], visit.units, visit.entity, place, visit.steps
        )


@njit(forceinline=True, **BARE)
def begun(visits, tally, labour, place, team, number, minutes, time):
    """A visit is begun that never was before."""
    visit = visits[number]
    tick = ticks(time)
    tally[place, BEGINS] += 1
    tally[place, WAIT] += tick - ticks(visit.since)
    tally[place, BUSY_TIME] -= tick
    labour[team, BUSY] -= tick
    visit.waited += time - visit.since
    visit.left, visit.began = minutes, time
    visit.steps += 1


@njit(forceinline=True, **BARE)
def gone_on_with(visits, counters, tally, labour, place, team, number, time):
    """A visit that was put down is taken up again."""
    visit = visits[number]
    tick, wait = ticks(time), time - visit.since
    counters[DOWN] -= 1
    tally[place, DOWN_WAIT] += tick - ticks(visit.since)
    tally[place, BUSY_TIME] -= tick
    labour[team, BUSY] -= tick
    visit.waited += wait
    visit.down += wait
    visit.began = time


@njit(**BARE)
def serve_waiting(
    visits, stations, work, ranks, queues, keys, counters, tally, labour, place, team, pace, slots, moments, handed,
    frees, whos, until,
):  # fmt: skip
    """Begin those who wait already, as far as somebody is free for them; returns how many visits are finished."""
    while queues[place, 0].first >= 0 and len(frees) > 0 and frees[0] < until:
        time, number = frees[0], queues[place, 0].first
        visit = visits[number]
        if whos[0] >= 0:
            handed = hand_out(tally, labour, place, team, slots, moments, handed, whos[0], time)
        unlink(visits, stations, ranks, queues, tally, number, time)
        if visit.left < 0.0:
            minutes = service_minutes(
                keys[SERVICE], stations[place].times, work[place, visit.kind], visit.units, visit.entity, place,
                visit.steps,
            )  # fmt: skip
            begun(visits, tally, labour, place, team, number, minutes, time)
        else:
            gone_on_with(visits, counters, tally, labour, place, team, number, time)
        pass_on(frees, whos, time + visit.left / pace, number)
    return handed


@njit(**BARE)
def serve_coming(
    visits, stations, work, ranks, queues, keys, tally, labour, place, team, pace, coming, came, count, slots, moments,
    handed, frees, whos, minutes, until,
):  # fmt: skip
    """Begin those who come; the rest queues. Returns how many visits are finished.

    coming, came, count : slots of those who come, when, and how many
    """
    row = drawn = first = 0
    waits = queues[place, 0].first >= 0
    while row < count and not waits and len(frees) > 0:
        arrived, earliest = came[row], frees[0]
        time = earliest if earliest > arrived else arrived
        if time >= until:
            break
        if row == drawn:
            first, drawn = row, min(row + BLOCK, count)
            drawn_ahead(visits, work, stations[place], keys[SERVICE], place, coming, first, drawn, minutes)
        if whos[0] >= 0:
            handed = hand_out(tally, labour, place, team, slots, moments, handed, whos[0], earliest)
        number = coming[row]
        tally[place, QUEUE_TIME] += ticks(time) - ticks(arrived)
        begun(visits, tally, labour, place, team, number, minutes[row - first], time)
        pass_on(frees, whos, time + minutes[row - first] / pace, number)
        row += 1
    for n in range(row, count):
        join(visits, stations, ranks, queues, tally, coming[n], came[n], False)
    return handed


@njit(**BARE)
def serve_on(
    visits, tally, labour, place, team, pace, slots, moments, handed, frees, whos, begun_slots, begun_ends, begun_count,
    until,
):  # fmt: skip
    """Hand out who else is finished, and list who is still served; returns how many are finished, and are listed."""
    for n in range(len(frees)):
        number = whos[n]
        if number >= 0 and frees[n] < until:
            handed = hand_out(tally, labour, place, team, slots, moments, handed, number, frees[n])
        elif number >= 0:
            visit = visits[number]
            visit.place, visit.team, visit.pace = SERVED, team, pace
            visit.stamp += 1
            begun_slots[begun_count], begun_ends[begun_count] = number, frees[n]
            begun_count += 1
    return handed, begun_count


@njit(**BARE)
def put_back(visits, times, orders, whats, counters, begun_slots, begun_ends, count):
    """Note on the calendar who is served beyond this stretch, in the order in which they were begun."""
    for n in range(count):
        number, end, place = begun_slots[n], begun_ends[n], n
        while place > 0 and visits[begun_slots[place - 1]].began > visits[number].began:
            begun_slots[place], begun_ends[place] = begun_slots[place - 1], begun_ends[place - 1]
            place -= 1
        begun_slots[place], begun_ends[place] = number, end
    for n in range(count):
        number = begun_slots[n]
        schedule(times, orders, whats, counters, begun_ends[n], FINISHES, number, visits[number].stamp)


@njit(**BARE)
def play(
    visits, stations, work, ranks, queues, teams, team_of, skills, keys, times, orders, whats, counters, tally, labour,
    ended, log, minute, entity, kind, condition, units, tag, start, last, row, slots, moments, frees, whos, counts,
    begun_slots, begun_ends, minutes, clock, now, until,
):  # fmt: skip
    """Play a stretch of time from `now` to before `until` in which nobody's staff changes.

    last : the first of those who come that is not before `until`;  row : the stations one after the other
    There must be a free slot for each who comes.
    """
    take_over(visits, times, orders, whats, counters, frees, whos, counts, until)
    count = let_in(visits, counters, minute, entity, kind, condition, units, tag, last, start, slots[0], moments[0])
    begun_count = 0
    if count > 0:
        clock[0] = moments[0, count - 1]
    for n in range(len(row)):
        place, old, new = row[n], n & 1, 1 - (n & 1)
        team = team_of[place, 0]
        crew, pace = teams[team], teams[team].speed * skills[team, place]
        people, handed = people_free(
            crew, tally, labour, place, team, frees[place], whos[place], counts[place], slots[new], moments[new], now
        )
        mine, who = frees[place, :people], whos[place, :people]
        come(visits, tally, place, slots[old], moments[old], count)
        handed = serve_waiting(
            visits, stations, work, ranks, queues, keys, counters, tally, labour, place, team, pace, slots[new],
            moments[new], handed, mine, who, until,
        )  # fmt: skip
        handed = serve_coming(
            visits, stations, work, ranks, queues, keys, tally, labour, place, team, pace, slots[old], moments[old],
            count, slots[new], moments[new], handed, mine, who, minutes, until,
        )  # fmt: skip
        before = begun_count
        count, begun_count = serve_on(
            visits, tally, labour, place, team, pace, slots[new], moments[new], handed, mine, who, begun_slots,
            begun_ends, begun_count, until,
        )  # fmt: skip
        crew.busy += begun_count - before - counts[place]
        stations[place].served = crew.busy
        if count > 0:
            clock[0] = max(clock[0], moments[new, count - 1])
    for n in range(count):
        number = slots[len(row) & 1, n]
        leave(visits, ended, counters, log, number, moments[len(row) & 1, n], DONE)
    put_back(visits, times, orders, whats, counters, begun_slots, begun_ends, begun_count)
