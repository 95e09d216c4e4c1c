"""Stations in a row, each first come, first served by its own team: the event kernel's answers, many times as fast.

Nothing that happens at a station reaches back to the one before. So each plays a stretch of time alone, and what it
finishes comes to the next in that order: no calendar, only a short list of when each of the team is free.
Source: Kiefer and Wolfowitz (1955), station by station.

What is open stands in the event kernel's arrays before and after, so that either can go on where the other stopped.
Its arrays are described there. Whoever comes in this stretch gets a slot there only if still inside at its end; until
then a visit is a number: from 0 those who come, in order of time; below -1 (`turned`) the slot of one from before.
Besides

slots, moments  numbers of the visits that come to a station, and when, in order of time; two rows, one for those who
                come to it and one for those who go from it
stems, kinds, sizes, waited  of those who come: the start of their luck in service, kind, units, minutes in queues
frees, whos     when each of those is free who can begin something in this stretch, in order, and from which visit: its
                place among those who come to the station, or, turned, its slot
began           when those who come to a station were begun
"""

from numba import njit

from twin.model.kernels.calendar import BARE, EVENTS, FINISHES, drop_first, is_stale, schedule
from twin.model.kernels.chance import mixed, uniform
from twin.model.kernels.elementary import exponential, logarithm, normals
from twin.model.kernels.first_come import pass_on
from twin.model.kernels.queues import (
    ARRIVALS,
    BEGINS,
    BUSY,
    BUSY_TIME,
    DONE,
    DOWN,
    DOWN_WAIT,
    ENDED_COUNT,
    EXPONENTIAL,
    FINISHES_SUM,
    FIXED,
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

BLOCK = 128  # service times are drawn so many at once
LONGEST = 64  # of more people the calendar is the faster list


@njit(forceinline=True, **BARE)
def turned(number):
    """The slot of a visit from before as a number below that of nobody, and back."""
    return -2 - number


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
        frees[place, counts[place]], whos[place, counts[place]] = time, turned(what >> 30)
        counts[place] += 1


@njit(**BARE)
def let_in(key, minute, entity, kind, units, first, last, stems, kinds, sizes, waited, slots, moments):
    """Number those who come, and begin their luck; returns how many they are."""
    count = last - first
    for n in range(count):
        stems[n] = mixed(key, entity[first + n])
    for n in range(count):
        slots[n], moments[n], waited[n] = n, minute[first + n], 0.0
        kinds[n], sizes[n] = kind[first + n], units[first + n]
    return count


@njit(forceinline=True, **BARE)
def hand_out(tally, labour, place, team, slots, moments, handed, number, time):
    """Whoever serves a visit is done with it; returns how many are finished by now."""
    tally[place, FINISHES_SUM] += 1
    tally[place, BUSY_TIME] += ticks(time)
    labour[team, BUSY] += ticks(time)
    slots[handed], moments[handed] = number, time
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
def drawn_ahead(
    visits, work, times, stem, place, step, pace, numbers, stems, kinds, sizes, minutes, draws, lucks, means, spreads,
    tails, depths,
):  # fmt: skip
    """How long a member of the team takes for each of these visits: what `service_minutes` says, over the pace.

    Each step is a loop of its own, so that several go at once; step : stations at which those who come were begun
    """
    count = len(numbers)
    for n in range(count):
        number = numbers[n]
        if number >= 0:
            own = work[place, kinds[number]]
            means[n], spreads[n] = own.minutes + own.per_unit * sizes[number], own.spread
            draws[n] = uniform(mixed(mixed(stems[number], place), step))
        else:
            visit = visits[turned(number)]
            own = work[place, visit.kind]
            means[n], spreads[n] = own.minutes + own.per_unit * visit.units, own.spread
            draws[n] = uniform(mixed(mixed(mixed(stem, visit.entity), place), visit.steps))
    if times == FIXED:
        for n in range(count):
            minutes[n] = means[n] / pace
    elif times == EXPONENTIAL:
        for n in range(count):
            minutes[n] = -means[n] * logarithm(draws[n]) / pace
    else:
        normals(draws[:count], lucks, tails, depths)
        for n in range(count):
            lucks[n] = exponential(spreads[n] * lucks[n] - 0.5 * spreads[n] * spreads[n])
        for n in range(count):  # without scatter the luck is 1
            minutes[n] = means[n] * lucks[n] / pace


@njit(**BARE)
def serve_waiting(
    visits, stations, work, ranks, queues, keys, counters, tally, labour, place, team, pace, slots, moments, handed,
    frees, whos, until,
):  # fmt: skip
    """Begin those who wait already, as far as somebody is free for them; returns how many visits are finished."""
    while queues[place, 0].first >= 0 and len(frees) > 0 and frees[0] < until:
        time, number = frees[0], queues[place, 0].first
        visit, tick = visits[number], ticks(frees[0])
        if whos[0] != NOBODY:
            handed = hand_out(tally, labour, place, team, slots, moments, handed, whos[0], time)
        unlink(visits, stations, ranks, queues, tally, number, time)
        wait = time - visit.since
        if visit.left < 0.0:
            visit.left = service_minutes(
                keys[SERVICE], stations[place].times, work[place, visit.kind], visit.units, visit.entity, place,
                visit.steps,
            )  # fmt: skip
            visit.steps += 1
            tally[place, BEGINS] += 1
            tally[place, WAIT] += tick - ticks(visit.since)
        else:  # it was put down, and is taken up again
            visit.down += wait
            counters[DOWN] -= 1
            tally[place, DOWN_WAIT] += tick - ticks(visit.since)
        visit.waited += wait
        visit.began = time
        tally[place, BUSY_TIME] -= tick
        labour[team, BUSY] -= tick
        pass_on(frees, whos, time + visit.left / pace, turned(number))
    return handed


@njit(forceinline=True, **BARE)
def begun_again(visits, number, place, arrived, time):
    """A visit from before is begun at the next station."""
    visit = visits[turned(number)]
    visit.station, visit.since, visit.turn, visit.began = place, arrived, arrived, time
    visit.waited += time - arrived
    visit.steps += 1


@njit(**BARE)
def serve_coming(
    visits, work, times, stem, tally, labour, place, step, team, pace, coming, came, slots, moments, handed, frees,
    whos, people, began, stems, kinds, sizes, waited, minutes, draws, lucks, means, spreads, tails, depths, until,
):  # fmt: skip
    """Begin those who come while somebody is free before `until`; returns how many, and how many visits are finished.

    coming, came : numbers of those who come, and when;  frees, whos : with room for a block behind the people
    """
    row, before, shut = 0, handed, people == 0
    arrivals, begins, ends = 0, 0, 0
    while row < len(coming) and not shut:
        first, last = row, min(row + BLOCK, len(coming))
        drawn_ahead(
            visits, work, times, stem, place, step, pace, coming[first:last], stems, kinds, sizes, minutes, draws,
            lucks, means, spreads, tails, depths,
        )  # fmt: skip
        head = 0
        while row < last:
            arrived, earliest, who = came[row], frees[head], whos[head]
            time = earliest if earliest > arrived else arrived
            if time >= until:
                shut = True
                break
            if who != NOBODY:
                slots[handed], moments[handed] = coming[who] if who >= 0 else who, earliest
                ends += ticks(earliest)
                handed += 1
            arrivals += ticks(arrived)
            begins += ticks(time)
            began[row] = time
            if coming[row] >= 0:
                waited[coming[row]] += time - arrived
            else:
                begun_again(visits, coming[row], place, arrived, time)
            end, n = time + minutes[row - first], head + people
            while n > head + 1 and frees[n - 1] > end:  # from behind: most take longer than those begun before still do
                frees[n], whos[n] = frees[n - 1], whos[n - 1]
                n -= 1
            frees[n], whos[n] = end, row
            head += 1
            row += 1
        for n in range(people):
            frees[n], whos[n] = frees[head + n], whos[head + n]
    tally[place, BEGINS] += row
    tally[place, FINISHES_SUM] += handed - before
    tally[place, WAIT] += begins - arrivals
    tally[place, QUEUE_TIME] += begins - arrivals
    tally[place, BUSY_TIME] += ends - begins
    labour[team, BUSY] += ends - begins
    return row, handed


@njit(forceinline=True, **BARE)
def kept(visits, counters, number, place, step, arrived, first, minute, entity, kind, condition, units, tag, waited):
    """The slot of a visit that is still inside when the stretch is over; `arrived` at the station, not yet begun."""
    if number < 0:
        slot = turned(number)
    else:
        n = first + number
        slot = enter(visits, counters, minute[n], entity[n], kind[n], condition[n], units[n], tag[n], place)
        visits[slot].steps, visits[slot].waited = step, waited[number]
    visit = visits[slot]
    visit.station, visit.left, visit.since, visit.turn = place, -1.0, arrived, arrived
    return slot


@njit(**BARE)
def still_served(
    visits, counters, times, work, stem, number, place, step, arrived, began, first, minute, entity, kind, condition,
    units, tag, waited,
):  # fmt: skip
    """The slot of a visit that was begun in this stretch and is not finished in it."""
    steps = step if number >= 0 else visits[turned(number)].steps - 1
    slot = kept(
        visits, counters, number, place, step, arrived, first, minute, entity, kind, condition, units, tag, waited
    )  # fmt: skip
    visit = visits[slot]
    visit.left = service_minutes(stem, times, work[place, visit.kind], visit.units, visit.entity, place, steps)
    visit.began, visit.steps = began, steps + 1
    return slot


@njit(**BARE)
def finished(
    visits, ended, counters, log, numbers, moments, first, minute, entity, kind, condition, tag, waited, steps
):  # fmt: skip
    """Out of the business; of those who end at one moment, the lower tag is put first."""
    for n in range(len(numbers)):
        number, time = numbers[n], moments[n]
        if number < 0:
            leave(visits, ended, counters, log, turned(number), time, DONE)
            continue
        who, place = first + number, counters[ENDED_COUNT]
        counters[ENDED_COUNT] += 1
        while place > 0 and ended[place - 1].ended == time and ended[place - 1].tag > tag[who]:
            ended[place] = ended[place - 1]
            place -= 1
        row = ended[place]
        row.tag, row.entity, row.kind, row.condition = tag[who], entity[who], kind[who], condition[who]
        row.arrived, row.ended, row.waited, row.down = minute[who], time, waited[number], 0.0
        row.how, row.result, row.steps = DONE, -1, steps


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
    ended, log, minute, entity, kind, condition, units, tag, start, last, row, slots, moments, stems, kinds, sizes,
    waited, began, frees, whos, counts, begun_slots, begun_ends, minutes, draws, lucks, means, spreads, tails, depths,
    clock, now, until,
):  # fmt: skip
    """Play a stretch of time from `now` to before `until` in which nobody's staff changes.

    last : the first of those who come that is not before `until`;  row : the stations one after the other
    There must be a free slot for each who comes.
    """
    take_over(visits, times, orders, whats, counters, frees, whos, counts, until)
    first, stem, begun_count = counters[NEXT], keys[SERVICE], 0
    count = let_in(
        stem, minute, entity, kind, units, first, last, stems, kinds, sizes, waited, slots[0], moments[0]
    )  # fmt: skip
    counters[NEXT] = last
    if count > 0:
        clock[0] = moments[0, count - 1]
    for step in range(len(row)):
        place, old, new = row[step], step & 1, 1 - (step & 1)
        team, station = team_of[place, 0], stations[place]
        crew, pace = teams[team], teams[team].speed * skills[team, place]
        people, handed = people_free(
            crew, tally, labour, place, team, frees[place], whos[place], counts[place], slots[new], moments[new], now
        )
        tally[place, ARRIVALS] += count
        coming, came, served = slots[old, :count], moments[old], 0
        handed = serve_waiting(
            visits, stations, work, ranks, queues, keys, counters, tally, labour, place, team, pace, slots[new],
            moments[new], handed, frees[place, :people], whos[place, :people], until,
        )  # fmt: skip
        if queues[place, 0].first < 0:
            served, handed = serve_coming(
                visits, work, station.times, stem, tally, labour, place, step, team, pace, coming, came, slots[new],
                moments[new], handed, frees[place], whos[place], people, began, stems, kinds, sizes, waited, minutes,
                draws, lucks, means, spreads, tails, depths, until,
            )  # fmt: skip
        for n in range(served, count):
            slot = kept(
                visits, counters, coming[n], place, step, came[n], first, minute, entity, kind, condition, units, tag,
                waited,
            )  # fmt: skip
            join(visits, stations, ranks, queues, tally, slot, came[n], False)
        before = begun_count
        for n in range(people):
            who, end = whos[place, n], frees[place, n]
            if who == NOBODY:
                continue
            number = coming[who] if who >= 0 else who
            if end < until:
                handed = hand_out(tally, labour, place, team, slots[new], moments[new], handed, number, end)
                continue
            slot = turned(number)
            if who >= 0:
                slot = still_served(
                    visits, counters, station.times, work, stem, number, place, step, came[who], began[who], first,
                    minute, entity, kind, condition, units, tag, waited,
                )  # fmt: skip
            visit = visits[slot]
            visit.place, visit.team, visit.pace = SERVED, team, pace
            visit.stamp += 1
            begun_slots[begun_count], begun_ends[begun_count] = slot, end
            begun_count += 1
        count = handed
        crew.busy += begun_count - before - counts[place]
        station.served = crew.busy
        if count > 0:
            clock[0] = max(clock[0], moments[new, count - 1])
    out = len(row) & 1
    finished(
        visits, ended, counters, log, slots[out, :count], moments[out], first, minute, entity, kind, condition, tag,
        waited, len(row),
    )  # fmt: skip
    put_back(visits, times, orders, whats, counters, begun_slots, begun_ends, begun_count)
