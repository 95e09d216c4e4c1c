"""The first morning of a supply network as records tell it: what lies there, what waits and what is on its way."""

import math

from numba import njit

from twin.model.kernels.calendar import BARE
from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import lognormal
from twin.model.kernels.supply_layout import (
    ASKED,
    BY_RUSH,
    FREE_ORDER,
    FREE_WAY,
    MAKE_HEAD,
    NONE,
    ON_ORDER,
    ON_THE_WAY,
    OPEN_ORDERS,
    OPEN_WAYS,
    STOCK,
    TOP_ORDER,
    TOP_WAY,
    WAIT_HEAD,
    append,
    drop_row,
    join,
    new_row,
    taken_off,
)  # fmt: skip
from twin.model.kernels.supply_reviews import WHOLE

TRIES = 200  # draws of a lead time longer than an order has taken so far; after them it comes in at once
NEVER = 1 << 60  # the day on which goods that keep go off


@njit(**BARE)
def cleared(nodes, lanes, cells, orders, ways, counters, lists, posts, due):
    """Forget every order and shipment between two places; what is being made stays."""
    for place in range(due.shape[1]):
        n = taken_off(due, place)
        while n >= 0:
            after, way = ways[n]["next"], lanes[ways[n]["lane"]]
            if way["origin"] == way["destination"]:
                append(ways, due, ways[n]["due"], n)
            else:
                k, item, pieces = way["destination"], ways[n]["item"], ways[n]["pieces"]
                _not_ordered(k, item, pieces, way["rush"], cells)
                nodes[k]["under_way"] -= pieces
                if nodes[way["origin"]]["endless"] == 0:
                    cells[ON_THE_WAY, k, item] -= pieces
                drop_row(ways, counters, FREE_WAY, OPEN_WAYS, n)
            n = after
        n = taken_off(posts, place)
        while n >= 0:
            after, way = orders[n]["next"], lanes[orders[n]["lane"]]
            _not_ordered(way["destination"], orders[n]["item"], orders[n]["open"], way["rush"], cells)
            drop_row(orders, counters, FREE_ORDER, OPEN_ORDERS, n)
            n = after
    for k in range(len(nodes)):
        for item in range(cells.shape[2]):
            n = lists[WAIT_HEAD, k, item]
            while n >= 0:
                after, way = orders[n]["next"], lanes[orders[n]["lane"]]
                _not_ordered(way["destination"], item, orders[n]["open"], way["rush"], cells)
                cells[ASKED, k, item] -= orders[n]["open"]
                nodes[k]["waiting"] -= 1
                drop_row(orders, counters, FREE_ORDER, OPEN_ORDERS, n)
                n = after
            lists[WAIT_HEAD, k, item], lists[WAIT_HEAD + 1, k, item] = NONE, NONE


@njit(**BARE)
def _not_ordered(k, item, pieces, rush, cells):
    cells[ON_ORDER, k, item] -= pieces
    if rush > 0:
        cells[BY_RUSH, k, item] -= pieces


@njit(**BARE)
def stand(
    key, stock, lane_of, item_of, pieces_of, ordered, left, lives, nodes, lanes, cells, orders, ways, counters, lists,
    due,
):  # fmt: skip
    """Put on the shelves what was counted, and take up again what was ordered and has not come in.

    stock    pieces, shape (nodes, items); nan where nobody counted
    lane_of, item_of, pieces_of, ordered, left : of each open order, the days before the first being negative; 0 for one
             that has not left
    How long what has left is still on its way is drawn from its lane's lead times, those longer than so far.
    """
    for k in range(len(nodes)):
        for item in range(cells.shape[2]):
            if not math.isnan(stock[k, item]):
                cells[STOCK, k, item] = stock[k, item]
    for one in range(len(lane_of)):
        lane, item, pieces = lane_of[one], item_of[one], pieces_of[one]
        k, origin = lanes[lane]["destination"], lanes[lane]["origin"]
        cells[ON_ORDER, k, item] += pieces
        if lanes[lane]["rush"] > 0:
            cells[BY_RUSH, k, item] += pieces
        if left[one] < 0:
            n = new_row(ways, counters, FREE_WAY, TOP_WAY, OPEN_WAYS)
            arrives = _due(key, item, ordered[one], left[one], lanes[lane])
            ways[n]["lane"], ways[n]["item"], ways[n]["pieces"] = lane, item, pieces
            ways[n]["due"], ways[n]["expires"] = arrives, lives[item] if lives[item] > 0 else NEVER
            nodes[k]["under_way"] += pieces
            if nodes[origin]["endless"] == 0:
                cells[ON_THE_WAY, k, item] += pieces
            append(ways, due, arrives, n)
        else:
            n = new_row(orders, counters, FREE_ORDER, TOP_ORDER, OPEN_ORDERS)
            orders[n]["lane"], orders[n]["item"], orders[n]["open"] = lane, item, pieces
            orders[n]["day"], orders[n]["seen"], orders[n]["released"] = ordered[one], ordered[one], 0
            orders[n]["grant"] = 0.0
            cells[ASKED, origin, item] += pieces
            join(orders, lists, WAIT_HEAD, origin, item, n)
            nodes[origin]["waiting"] += 1


@njit(**BARE)
def _due(key, item, ordered, left, lane):
    """The morning on which something comes in that has not come in yet."""
    for n in range(TRIES):
        wait = lognormal(draw(key, item, ordered, lane["tag"] + n), lane["lead"], lane["scatter"])
        arrives = left + 1 + int(math.floor(wait + lane["delay"] + 0.5))
        if arrives >= 0:
            return arrives
    return 0


@njit(**BARE)
def taken_up(
    k, item, pieces, day, released, nodes, cells, orders, counters, lists, parts_from, parts, counts,
):  # fmt: skip
    """An order to make something was placed before the first day, and is not finished; it may wait for its parts."""
    n = new_row(orders, counters, FREE_ORDER, TOP_ORDER, OPEN_ORDERS)
    orders[n]["lane"], orders[n]["item"], orders[n]["open"] = nodes[k]["making"], item, pieces
    orders[n]["day"], orders[n]["seen"], orders[n]["released"] = day, day, released
    cells[ON_ORDER, k, item] += pieces
    join(orders, lists, MAKE_HEAD, k, item, n)
    nodes[k]["to_make"] += 1
    store = nodes[k]["materials"]
    for row in range(parts_from[item], parts_from[item + 1]):
        if released == 0:
            cells[ASKED, store, parts[row]] += math.ceil(counts[row] * pieces - WHOLE)
