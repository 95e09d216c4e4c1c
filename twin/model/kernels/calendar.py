"""What is due when: a heap of events on three plain arrays; events of one moment keep the order they were noted in.

An event is a number made of what it is, whom it concerns and a stamp. When a visit moves on, its stamp
changes, and the events noted for it before are stale: they are passed over, and swept out when they are many.
"""

from typing import Any

from numba import njit

FINISHES, GIVES_UP, STAYS_ON = 0, 1, 2
EVENTS, ORDER = 0, 1  # counters: how many events there are, and how many there have ever been
STAMPS = 0xFFFFFFF
# Numba counts references to each array that one loop hands to another, which takes longer than the loops themselves.
# Loops that make no arrays of their own need no such count: whoever calls them holds the arrays.
BARE: Any = {"cache": True, "_nrt": False}


@njit(forceinline=True, **BARE)
def packed(what, whom, stamp):
    """An event in one number: what it is, whom it concerns, and the stamp it was noted with."""
    return (whom << 30) | ((stamp & STAMPS) << 2) | what


@njit(forceinline=True, **BARE)
def put(times, orders, whats, place, top, time, order, what):
    """From an empty place upwards, at most to the top, to where nothing above is due later."""
    while place > top:
        above = (place - 1) >> 1
        if times[above] < time or (times[above] == time and orders[above] < order):
            break
        times[place], orders[place], whats[place] = times[above], orders[above], whats[above]
        place = above
    times[place], orders[place], whats[place] = time, order, what


@njit(forceinline=True, **BARE)
def _sink(times, orders, whats, size, place, time, order, what):
    """From an empty place down to the bottom along those due first, then upwards to where it belongs.

    What is put in comes from the bottom and mostly belongs there, so that asking on the way down would be in vain.
    """
    top, below = place, 2 * place + 1
    while below + 1 < size:
        first, second = times[below], times[below + 1]
        if first == second:
            below += 1 if orders[below + 1] < orders[below] else 0
        else:
            below += 1 if second < first else 0
        times[place], orders[place], whats[place] = times[below], orders[below], whats[below]
        place, below = below, 2 * below + 1
    if below < size:
        times[place], orders[place], whats[place] = times[below], orders[below], whats[below]
        place = below
    put(times, orders, whats, place, top, time, order, what)


@njit(forceinline=True, **BARE)
def schedule(times, orders, whats, counters, time, what, whom, stamp):
    """Note an event; events of one moment happen in the order in which they were noted."""
    place = counters[EVENTS]
    counters[EVENTS] += 1
    counters[ORDER] += 1
    put(times, orders, whats, place, 0, time, counters[ORDER], packed(what, whom, stamp))


@njit(forceinline=True, **BARE)
def drop_first(times, orders, whats, counters):
    """Take the event off that is due first."""
    counters[EVENTS] -= 1
    size = counters[EVENTS]
    _sink(times, orders, whats, size, 0, times[size], orders[size], whats[size])


@njit(forceinline=True, **BARE)
def is_stale(visits, what):
    """Whether an event's visit has moved on since it was noted."""
    return (what & 3) != STAYS_ON and (visits[what >> 30].stamp & STAMPS) != ((what >> 2) & STAMPS)


@njit(**BARE)
def sweep(visits, times, orders, whats, counters):
    """Take out all stale events; what is left is due in the same order as before."""
    size = 0
    for n in range(counters[EVENTS]):
        if not is_stale(visits, whats[n]):
            times[size], orders[size], whats[size] = times[n], orders[n], whats[n]
            size += 1
    counters[EVENTS] = size
    for place in range(size // 2 - 1, -1, -1):
        _sink(times, orders, whats, size, place, times[place], orders[place], whats[place])
