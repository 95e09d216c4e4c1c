"""The packing room's day: pickers take orders first come, first served, in continuous time.

Time is counted in minutes of packing time, one day after the other, so that what is not finished in
the evening goes on in the morning: orders wait and half-packed orders stay on the table unchanged.
"""

from numba import njit

from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import lognormal

# Columns of the packing table: orders that have been begun and not finished.
ARRIVED, LEFT, BEGAN = 0, 1, 2


@njit(cache=True)
def present(key, day, rostered, absence):
    """How many of the rostered pickers turn up; each place on the roster has a luck of its own."""
    number = 0
    for place in range(rostered):
        if draw(key, place, day, 0) >= absence:
            number += 1
    return number


@njit(cache=True)
def picking_minutes(u, lines, order_minutes, line_minutes, scatter, speed):
    """How long a picker needs for an order of so many lines."""
    return lognormal(u, order_minutes + line_minutes * lines, scatter) / speed


@njit(cache=True)
def packed(clock, length, servers, arrived, service, tag, first, last, table, table_tags, begun, free, out, out_tags):
    """Work through one day; orders first..last wait in order of arrival.

    clock, length : packing time at the start of the day, and how long the day is, in minutes
    table         : begun orders [arrived, minutes left, began]; `begun` of them, oldest first
    out           : finished orders [arrived, began, finished], with out_tags
    Returns (first order still waiting, begun orders left, orders finished, minutes worked).
    """
    busy, done, left = 0.0, 0, 0
    for s in range(servers):
        free[s] = 0.0
    if servers == 0 or length <= 0.0:
        return first, begun, 0, 0.0
    for n in range(begun):
        s = earliest(free, servers)
        start = free[s]
        arrival, minutes, began, tagged = table[n, ARRIVED], table[n, LEFT], table[n, BEGAN], table_tags[n]
        if start >= length:
            finish = start
            table[left, ARRIVED], table[left, LEFT], table[left, BEGAN], table_tags[left] = (
                arrival,
                minutes,
                began,
                tagged,
            )
            left += 1
            continue
        finish = start + minutes
        free[s] = finish
        if finish > length:
            busy += length - start
            table[left, ARRIVED], table[left, LEFT], table[left, BEGAN], table_tags[left] = (
                arrival,
                finish - length,
                began,
                tagged,
            )
            left += 1
        else:
            busy += minutes
            out[done, 0], out[done, 1], out[done, 2], out_tags[done] = arrival, began, clock + finish, tagged
            done += 1
    while first < last:
        s = earliest(free, servers)
        start = max(free[s], arrived[first] - clock)
        if start >= length:
            break
        finish = start + service[first]
        free[s] = finish
        if finish > length:
            busy += length - start
            table[left, ARRIVED], table[left, LEFT], table[left, BEGAN] = arrived[first], finish - length, clock + start
            table_tags[left] = tag[first]
            left += 1
        else:
            busy += service[first]
            out[done, 0], out[done, 1], out[done, 2], out_tags[done] = (
                arrived[first],
                clock + start,
                clock + finish,
                tag[first],
            )
            done += 1
        first += 1
    return first, left, done, busy


@njit(cache=True)
def earliest(free, servers):
    """Which picker is free first; of several the one with the lowest number."""
    best = 0
    for s in range(1, servers):
        if free[s] < free[best]:
            best = s
    return best


@njit(cache=True)
def in_order_of_packing(out, out_tags, count, rank):
    """Numbers of the finished orders by the time they were finished; ties stay as they were."""
    for n in range(count):
        rank[n] = n
        m = n
        while m > 0 and out[rank[m - 1], 2] > out[rank[m], 2]:
            rank[m - 1], rank[m] = rank[m], rank[m - 1]
            m -= 1


@njit(cache=True)
def waits(out, count, edges, histogram):
    """Add up the waits of finished orders and count them by length; returns their sum."""
    total = 0.0
    for n in range(count):
        wait = out[n, 1] - out[n, 0]
        total += wait
        place = 0
        while place < len(edges) and wait > edges[place]:
            place += 1
        histogram[place] += 1.0
    return total


@njit(cache=True)
def taken(
    key,
    day,
    clock,
    opens,
    length,
    minutes,
    lines,
    entities,
    nth,
    order_minutes,
    line_minutes,
    scatter,
    speed,
    arrived,
    service,
):
    """Place the day's orders on the clock of packing time and give each its picking time.

    minutes : of the calendar day, in order of time; an order from outside packing hours waits at the door
    """
    for n in range(len(minutes)):
        arrived[n] = clock + min(max(minutes[n] - opens, 0.0), length)
        u = draw(key, entities[n], day, nth[n])
        service[n] = picking_minutes(u, lines[n], order_minutes, line_minutes, scatter, speed)
