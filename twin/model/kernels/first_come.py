"""One station, one team, first come, first served: the same answers as the event kernel, several times as fast.

Whoever comes is served by whoever is free first, so that no calendar is needed: a short list of when each
member of the team is free says it all. Source: Kiefer and Wolfowitz (1955).

A round is one advance. Its visits are numbered: first those inside before, in the order they are met, then
those who come, from len(past) on. What the event kernel keeps is left as that would have left it.

past, slots, orders_of : ENDED, slot and place on the calendar, of visits from before
began, ended           : by number of the visit;  out : numbers of those who ended, in order of time
frees, whos            : when each member of the team is free, in order, and from which visit
"""

from numba import njit

from twin.model.kernels.calendar import BARE, EVENTS, FINISHES, ORDER, drop_first, is_stale, packed, put
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import logarithm
from twin.model.kernels.queues import (
    ARRIVALS,
    BEGINS,
    BUSY,
    BUSY_TIME,
    DONE,
    ENDED_COUNT,
    EXPONENTIAL,
    FINISHES_SUM,
    NEXT,
    NOBODY,
    QUEUE_TIME,
    SERVED,
    SERVICE,
    WAIT,
    enter,
    free,
    join,
    service_minutes,
    ticks,
    unlink,
)

BLOCK = 256  # service times are drawn so many at once
LONGEST = 64  # of more people the calendar is the faster list


@njit(forceinline=True, **BARE)
def pass_on(frees, whos, time, who):
    """Whoever is free first takes up a visit, and is free again at `time`, after those free at the same moment."""
    n = 1
    while n < len(frees) and frees[n] <= time:
        frees[n - 1], whos[n - 1] = frees[n], whos[n]
        n += 1
    frees[n - 1], whos[n - 1] = time, who


@njit(forceinline=True, **BARE)
def tag_of(tags, past, who):
    """The tag of a visit of this round."""
    return past[who].tag if who < len(past) else tags[who - len(past)]


@njit(**BARE)
def in_order_of_tags(out, place, ended, tags, past):
    """Of those who end at one moment, the lower tag is put first; all but the last are in order."""
    who = out[place]
    while place > 0 and ended[out[place - 1]] == ended[who]:
        if tag_of(tags, past, out[place - 1]) <= tag_of(tags, past, who):
            break
        out[place] = out[place - 1]
        place -= 1
    out[place] = who


@njit(**BARE)
def remember(past, number, visit, wait):
    """What is told of a visit from before this round when it ends."""
    kept = past[number]
    kept.tag, kept.entity, kept.kind, kept.arrived = visit.tag, visit.entity, visit.kind, visit.arrived
    kept.condition, kept.result, kept.down, kept.steps = visit.condition, visit.result, visit.down, visit.steps
    kept.waited = visit.waited + wait


@njit(**BARE)
def take_over(visits, times, orders, whats, counters, past, slots, orders_of, began, ended, frees, whos, idle):
    """Empty the calendar into the list of who is free when; returns how many are in service."""
    count = 0
    while counters[EVENTS] > 0:
        time, order, what = times[0], orders[0], whats[0]
        drop_first(times, orders, whats, counters)
        if is_stale(visits, what):
            continue
        slots[count], orders_of[count] = what >> 30, order
        visit = visits[what >> 30]
        began[count], ended[count] = visit.began, time
        frees[idle + count], whos[idle + count] = time, count
        remember(past, count, visit, 0.0)
        count += 1
    return count


@njit(**BARE)
def serve_waiting(
    visits, stations, work, ranks, queues, keys, counters, tally, labour, team, tags, past, slots, began, ended, out,
    frees, whos, count, pace, until,
):  # fmt: skip
    """Begin those who wait already; returns how many of those inside before have been begun in all."""
    while queues[0, 0].first >= 0 and frees[0] < until:
        time, number = frees[0], queues[0, 0].first
        visit = visits[number]
        unlink(visits, stations, ranks, queues, tally, number, time)
        minutes = service_minutes(
            keys[SERVICE], stations[0].times, work[0, visit.kind], visit.units, visit.entity, 0, visit.steps
        )
        remember(past, count, visit, time - visit.since)
        past[count].steps += 1
        tally[0, BEGINS] += 1
        tally[0, WAIT] += ticks(time) - ticks(visit.since)
        tally[0, BUSY_TIME] -= ticks(time)
        labour[team, BUSY] -= ticks(time)
        let_go(counters, tally, labour, team, ended, tags, past, out, whos[0], time)
        slots[count], began[count], ended[count] = number, time, time + minutes / pace
        pass_on(frees, whos, ended[count], count)
        count += 1
    return count


@njit(**BARE)
def drawn_ahead(stem, station, work, kind, units, entity, first, last, minutes):
    """Draw the service of those from `first` to `last`, each step in a loop of its own, so that several go at once."""
    if station.times == EXPONENTIAL:
        for n in range(first, last):
            minutes[n - first] = draw(stem, entity[n], 0, 0)
        for n in range(last - first):
            minutes[n] = -logarithm(minutes[n])
        for n in range(first, last):
            own = work[0, kind[n]]
            minutes[n - first] *= own.minutes + own.per_unit * units[n]
    else:
        for n in range(first, last):
            minutes[n - first] = service_minutes(stem, station.times, work[0, kind[n]], units[n], entity[n], 0, 0)


@njit(**BARE)
def serve_coming(
    station, work, keys, counters, tally, labour, team, minute, entity, kind, units, tags, past, began, ended, out,
    frees, whos, minutes, pace, until,
):  # fmt: skip
    """Begin those who come; returns how many of them could be begun."""
    row, room, stem = 0, len(past), keys[SERVICE]
    arrivals, begins, ends, shut = 0, 0, 0, False
    handed = counters[ENDED_COUNT]
    latest = ended[out[handed - 1]] if handed > 0 else -1.0
    while row < len(minute) and not shut:
        first = row
        last = min(first + len(minutes), len(minute))
        drawn_ahead(stem, station, work, kind, units, entity, first, last, minutes)
        while row < last:
            arrived, earliest, who = minute[row], frees[0], whos[0]
            time = earliest if earliest > arrived else arrived
            if time >= until:
                shut = True
                break
            if who >= 0:
                out[handed] = who
                if earliest == latest:
                    in_order_of_tags(out, handed, ended, tags, past)
                handed, latest = handed + 1, earliest
                ends += ticks(earliest)
            end = time + minutes[row - first] / pace
            began[room + row], ended[room + row] = time, end
            arrivals += ticks(arrived)
            begins += ticks(time)
            pass_on(frees, whos, end, room + row)
            row += 1
    tally[0, ARRIVALS] += row
    tally[0, BEGINS] += row
    tally[0, FINISHES_SUM] += handed - counters[ENDED_COUNT]
    counters[ENDED_COUNT] = handed
    tally[0, WAIT] += begins - arrivals
    tally[0, QUEUE_TIME] += begins - arrivals
    tally[0, BUSY_TIME] += ends - begins
    labour[team, BUSY] += ends - begins
    return row


@njit(forceinline=True, **BARE)
def let_go(counters, tally, labour, team, ended, tags, past, out, who, time):
    """A member of the team is done with a visit, if there was one."""
    if who >= 0:
        out[counters[ENDED_COUNT]] = who
        in_order_of_tags(out, counters[ENDED_COUNT], ended, tags, past)
        counters[ENDED_COUNT] += 1
        tally[0, FINISHES_SUM] += 1
        tally[0, BUSY_TIME] += ticks(time)
        labour[team, BUSY] += ticks(time)


@njit(**BARE)
def serve(
    visits, stations, work, ranks, queues, teams, team, skills, keys, times, orders, whats, counters, tally, labour,
    minute, entity, kind, units, tags, past, slots, orders_of, began, ended, out, frees, whos, minutes,
    met, clock, now, until,
):  # fmt: skip
    """Serve whoever can be begun before `until`, and hand out who ends before it; returns how many who came were begun.

    minute, entity, kind, units, tags : those who come, in order of time
    minutes : room for a block of service times
    met : gets how many of those inside before were in service, and how many were begun in all
    """
    crew = teams[team]
    pace = crew.speed * skills[team, 0]
    for n in range(crew.staff):
        frees[n], whos[n] = now, NOBODY
    met[0] = take_over(
        visits, times, orders, whats, counters, past, slots, orders_of, began, ended, frees, whos,
        crew.staff - crew.busy,
    )  # fmt: skip
    met[1] = serve_waiting(
        visits, stations, work, ranks, queues, keys, counters, tally, labour, team, tags, past, slots, began, ended,
        out, frees, whos, met[0], pace, until,
    )  # fmt: skip
    row = serve_coming(
        stations[0], work, keys, counters, tally, labour, team, minute, entity, kind, units, tags, past, began, ended,
        out, frees, whos, minutes, pace, until,
    )  # fmt: skip
    busy = 0
    for n in range(crew.staff):
        if whos[n] >= 0 and frees[n] >= until:
            busy += 1
        else:
            let_go(counters, tally, labour, team, ended, tags, past, out, whos[n], frees[n])
            whos[n] = NOBODY
    crew.busy, stations[0].served = busy, busy
    for n in range(counters[ENDED_COUNT]):
        if out[n] < len(past):
            free(visits, counters, slots[out[n]])
    if counters[ENDED_COUNT] > 0:
        clock[0] = ended[out[counters[ENDED_COUNT] - 1]]
    counters[NEXT] += row
    return row


@njit(**BARE)
def keep(
    visits, stations, work, ranks, queues, teams, team, skills, keys, times, orders, whats, counters, tally,
    minute, entity, kind, condition, units, tags, row, slots, orders_of, room, began, frees, whos, met, until,
):  # fmt: skip
    """Put those who are still inside where the event kernel looks for them: on the calendar, or in the queue."""
    taken_over, begun = met[0], met[1]
    for n in range(teams[team].staff):
        who = whos[n]
        if who < 0:
            continue
        if who < room:
            number, order = slots[who], orders_of[who] if who < taken_over else counters[ORDER] + who - taken_over + 1
        else:
            m = who - room
            number = enter(visits, counters, minute[m], entity[m], kind[m], condition[m], units[m], tags[m], 0)
            visits[number].since = visits[number].turn = minute[m]
            order = counters[ORDER] + begun - taken_over + m + 1
        visit = visits[number]
        if who >= taken_over:
            visit.left = service_minutes(
                keys[SERVICE], stations[0].times, work[0, visit.kind], visit.units, visit.entity, 0, visit.steps
            )
            visit.steps += 1
            visit.waited += began[who] - visit.since
            visit.place, visit.began, visit.team, visit.pace = (
                SERVED,
                began[who],
                team,
                teams[team].speed * skills[team, 0],
            )
            visit.stamp += 1
        put(times, orders, whats, counters[EVENTS], 0, frees[n], order, packed(FINISHES, number, visit.stamp))
        counters[EVENTS] += 1
    counters[ORDER] += begun - taken_over + row
    while row < len(minute) and minute[row] < until:
        number = enter(
            visits, counters, minute[row], entity[row], kind[row], condition[row], units[row], tags[row], 0
        )  # fmt: skip
        visits[number].left, visits[number].turn = -1.0, minute[row]
        join(visits, stations, ranks, queues, tally, number, minute[row], False)
        tally[0, ARRIVALS] += 1
        counters[NEXT] += 1
        row += 1


@njit(**BARE)
def told(minute, entity, kind, condition, tags, past, began, ended, out, rows):
    """Write what is told of those who ended: ENDED, in order of time."""
    for n in range(len(out)):
        who, told_of = out[n], rows[n]
        if who < len(past):
            rows[n] = past[who]
        else:
            m = who - len(past)
            told_of.tag, told_of.entity, told_of.kind, told_of.arrived = tags[m], entity[m], kind[m], minute[m]
            told_of.condition, told_of.result, told_of.down, told_of.steps = condition[m], -1, 0.0, 1
            told_of.waited = began[who] - minute[m]
        told_of.how, told_of.ended = DONE, ended[who]


@njit(**BARE)
def waits(minute, past, began, out, waited):
    """Minutes in the queue of those who ended, in order of time, and nothing else of them."""
    for n in range(len(out)):
        who = out[n]
        waited[n] = past[who].waited if who < len(past) else began[who] - minute[who - len(past)]
