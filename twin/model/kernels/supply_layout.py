"""What a supply network is made of, as arrays: nodes, lanes, cells (an item at a node), orders, shipments.

Waiting orders are linked lists, one for each item at the node that is to send it; shipments lie in a calendar of
days. Both are rows of a pool whose free rows are used again, so that a day costs what happens on it.
"""

import numpy as np
from numba import njit

from twin.model.kernels.calendar import BARE

NONE = -1
RING = 1024  # days in the calendar; what is due later stays in its place for another turn
RANKS = 10
REORDER_UP_TO, FIXED_QUANTITY, UP_TO = 0, 1, 2  # (s,S); (R,Q); base stock, periodic review
FIRST_COME, PROPORTIONAL, BY_PRIORITY = 0, 1, 2

NODE = np.dtype([
    ("endless", "i8"), ("sells", "i8"), ("policy", "i8"), ("in_pieces", "i8"), ("returns", "i8"), ("backorders", "i8"),
    ("rank", "i8"), ("allocation", "i8"), ("tag", "i8"), ("first_lane", "i8"), ("last_lane", "i8"), ("rush", "i8"),
    ("steady", "i8"), ("making", "i8"), ("hooked", "i8"), ("window", "i8"), ("history", "i8"), ("review_days", "f8"),
    ("safety", "f8"), ("capacity", "f8"), ("delivers", "f8"), ("ahead", "f8"), ("waiting", "i8"), ("to_make", "i8"),
    ("under_way", "f8"), ("materials", "i8"),
])  # fmt: skip
LANE = np.dtype([
    ("origin", "i8"), ("destination", "i8"), ("tag", "i8"), ("rush", "i8"), ("rank", "i8"), ("share", "f8"),
    ("rush_below", "f8"), ("lead", "f8"), ("scatter", "f8"), ("delay", "f8"), ("information", "f8"),
    ("capacity", "f8"), ("left", "f8"),
])  # fmt: skip
ORDER = np.dtype([
    ("lane", "i8"), ("item", "i8"), ("day", "i8"), ("seen", "i8"), ("released", "i8"), ("next", "i8"), ("open", "f8"),
    ("grant", "f8"),
])  # fmt: skip
SHIPMENT = np.dtype([
    ("lane", "i8"), ("item", "i8"), ("due", "i8"), ("expires", "i8"), ("next", "i8"), ("pieces", "f8"),
])  # fmt: skip

# Of an item at a node: shelf, ordered and not yet here, ordered by rush, asked for by others and not yet sent, owed to
# customers, to be given back, reorder point, order-up-to level, quantity, usual demand a day, seen today, placed today,
# sum and squares of what was seen lately, on its way here; evenings that the shelf has been
# empty, and the first evening, counted from 1, of the first time it was empty for LONG of them.
(
    STOCK, ON_ORDER, BY_RUSH, ASKED, OWED, GIVING, LOW, HIGH, LOT, USUAL, SEEN, PLACED, SUM, SQUARES, ON_THE_WAY,
    LOW_SET, HIGH_SET, LOT_SET, EMPTY, DRY_FROM,
) = range(20)  # fmt: skip
CELLS = 20
LONG = 7  # evenings in a row on which a shelf is empty, to be more than a gap between two deliveries
SERVES, PACK, MINIMUM = range(3)  # of an item on a lane
WAIT_HEAD, WAIT_TAIL, MAKE_HEAD, MAKE_TAIL = range(4)
HEAD, TAIL = 0, 1
FREE_ORDER, TOP_ORDER, OPEN_ORDERS, FREE_WAY, TOP_WAY, OPEN_WAYS, HANDED_OUT = range(7)
COUNTERS = 7
# What a day brought at a node, in pieces unless the name says otherwise; PAID is money.
(
    RECEIVED, MOVED_IN, MADE, PAID, DEMANDED, MET, FILLED_LATE, LOST, WASTED, RETURNED, USED, BOUGHT_ORDERS, OWN_ORDERS,
    ORDERED, SENT, WASTED_VALUE,
) = range(16)  # fmt: skip
BOOK = 16
LANE_ORDERS, LANE_SHIPMENTS, LANE_PIECES = range(3)
LANE_BOOK = 3


@njit(**BARE)
def new_row(rows, counters, free, top, open_rows):
    """A row of a pool; the pool has room, which whoever calls a day has seen to."""
    n = counters[free]
    if n >= 0:
        counters[free] = rows[n]["next"]
    else:
        n = counters[top]
        counters[top] += 1
    counters[open_rows] += 1
    return n


@njit(**BARE)
def drop_row(rows, counters, free, open_rows, n):
    """Give a row of a pool back."""
    rows[n]["next"] = counters[free]
    counters[free] = n
    counters[open_rows] -= 1


@njit(**BARE)
def append(rows, calendar, day, n):
    """Put a row at the end of its day."""
    place = day % RING
    rows[n]["next"] = NONE
    if calendar[TAIL, place] < 0:
        calendar[HEAD, place] = n
    else:
        rows[calendar[TAIL, place]]["next"] = n
    calendar[TAIL, place] = n


@njit(**BARE)
def taken_off(calendar, day):
    """The first row of a day, which is empty from then on."""
    place = day % RING
    first = calendar[HEAD, place]
    calendar[HEAD, place] = NONE
    calendar[TAIL, place] = NONE
    return first


@njit(**BARE)
def join(orders, lists, head, node, item, n):
    """Put an order at the end of those that wait for an item at a node; head is WAIT_HEAD or MAKE_HEAD."""
    orders[n]["next"] = NONE
    last = lists[head + 1, node, item]
    if last < 0:
        lists[head, node, item] = n
    else:
        orders[last]["next"] = n
    lists[head + 1, node, item] = n


@njit(**BARE)
def leave(orders, lists, head, node, item, before, n):
    """Take an order out of those that wait; `before` is the one in front of it, or -1."""
    after = orders[n]["next"]
    if before < 0:
        lists[head, node, item] = after
    else:
        orders[before]["next"] = after
    if after < 0:
        lists[head + 1, node, item] = before
