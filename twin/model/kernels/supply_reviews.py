"""The evening's question at each node of a supply network: what is to be ordered again, how much, and by which lane."""

import math

from numba import njit

from twin.model.kernels.calendar import BARE
from twin.model.kernels.chance import draw
from twin.model.kernels.supply_layout import (
    ASKED,
    BOUGHT_ORDERS,
    BY_RUSH,
    FIXED_QUANTITY,
    FREE_ORDER,
    GIVING,
    HIGH,
    HIGH_SET,
    LANE_ORDERS,
    LOT,
    LOT_SET,
    LOW,
    LOW_SET,
    MAKE_HEAD,
    MINIMUM,
    NONE,
    ON_ORDER,
    OPEN_ORDERS,
    ORDERED,
    OWED,
    OWN_ORDERS,
    PACK,
    PLACED,
    REORDER_UP_TO,
    SEEN,
    SERVES,
    SQUARES,
    STOCK,
    SUM,
    TOP_ORDER,
    USUAL,
    WAIT_HEAD,
    append,
    drop_row,
    join,
    new_row,
    taken_off,
)  # fmt: skip
from twin.model.kernels.supply_shelves import give_back, position

WHOLE = 1e-9  # what a number of packs misses by rounding is not a pack more


@njit(**BARE)
def foresee(day, k, nodes, cells, histories):
    """Forget the oldest day of orders seen and add today's; the sums are whole numbers."""
    window = nodes[k]["window"]
    row = nodes[k]["history"] + day % window
    for item in range(cells.shape[2]):
        old, new = histories[row, item], cells[SEEN, k, item]
        cells[SUM, k, item] += new - old
        cells[SQUARES, k, item] += new * new - old * old
        histories[row, item] = new
        cells[SEEN, k, item] = 0.0


@njit(**BARE)
def set_levels(k, ahead, nodes, cells):
    """The reorder point, the order-up-to level and the quantity of each item in whole pieces.

    ahead : how large demand is soon against the usual, where levels are days of usual demand
    """
    nodes[k]["ahead"] = ahead
    for item in range(cells.shape[2]):
        if cells[LOW_SET, k, item] < 0.0:
            continue
        usual, scatter = 1.0, 0.0
        if nodes[k]["window"] > 0:
            usual, scatter = _seen_lately(cells[SUM, k, item], cells[SQUARES, k, item], nodes[k]["window"])
        elif nodes[k]["in_pieces"] == 0:
            usual = cells[USUAL, k, item] * (1.0 if nodes[k]["steady"] > 0 else ahead)
        extra = nodes[k]["safety"] * scatter
        cells[LOW, k, item] = _level(cells[LOW_SET, k, item], usual, extra)
        cells[HIGH, k, item] = _level(cells[HIGH_SET, k, item], usual, extra)
        cells[LOT, k, item] = max(1.0, math.ceil(cells[LOT_SET, k, item] * usual))
        if nodes[k]["policy"] != REORDER_UP_TO and nodes[k]["policy"] != FIXED_QUANTITY:
            cells[LOW, k, item] = cells[HIGH, k, item] - 1.0


@njit(**BARE)
def _level(days, usual, extra):
    """So many days of demand, and some against its scatter over these days."""
    if extra == 0.0:
        return math.ceil(days * usual)
    return math.ceil(days * usual + extra * math.sqrt(days))


@njit(**BARE)
def _seen_lately(total, squares, window):
    """Mean and standard deviation of a day, of the days seen."""
    mean = total / window
    if window < 2:
        return mean, 0.0
    return mean, math.sqrt(max(0.0, (squares - total * mean) / (window - 1)))


@njit(**BARE)
def review(
    day, k, keys, nodes, lanes, cells, terms, orders, counters, lists, posts, item_order, parts_from, parts, counts,
    book, lane_book,
):  # fmt: skip
    """Order again whatever is low. Parts are looked at after what is made of them."""
    if nodes[k]["returns"] > 0:
        give_back(k, cells, book)
    due = day % max(1, int(nodes[k]["review_days"])) == 0
    urgent, fixed = nodes[k]["rush"] >= 0, nodes[k]["policy"] == FIXED_QUANTITY
    for place in range(cells.shape[2]):
        item = item_order[place]
        if cells[PLACED, k, item] != 0.0:
            cells[PLACED, k, item] = 0.0
        if not due or cells[LOW_SET, k, item] < 0.0:
            continue
        pieces = _missing_soon(k, item, nodes, lanes, cells, terms) if urgent else 0.0
        if pieces > 0.0:
            _place(day, nodes[k]["rush"], item, pieces, nodes, lanes, cells, terms, orders, counters, lists, posts,
                   parts_from, parts, counts, book, lane_book)  # fmt: skip
        pieces = _missing(k, item, fixed, nodes, cells)
        if pieces != 0.0:
            lane = nodes[k]["first_lane"] if pieces < 0.0 else _lane(day, k, item, keys, nodes, lanes, terms)
            _place(day, lane, item, pieces, nodes, lanes, cells, terms, orders, counters, lists, posts,
                   parts_from, parts, counts, book, lane_book)  # fmt: skip
    if nodes[k]["returns"] > 0:
        give_back(k, cells, book)


@njit(**BARE)
def _missing(k, item, fixed, nodes, cells):
    """How many pieces the policy orders now; negative where too much is there and may be given back."""
    here, low = position(k, item, cells), cells[LOW, k, item]
    if fixed:
        lot = cells[LOT, k, item]
        return lot * (math.floor((low - here) / lot) + 1.0) if here <= low else 0.0
    pieces = cells[HIGH, k, item] - here
    if pieces < 0.0 and nodes[k]["returns"] > 0:
        cells[GIVING, k, item] -= pieces
        return pieces
    return pieces if here <= low and pieces > 0.0 else 0.0


@njit(**BARE)
def _missing_soon(k, item, nodes, lanes, cells, terms):
    """How many pieces a rush order must bring, for the shelf to cover as many days as it should."""
    lane = nodes[k]["rush"]
    if terms[SERVES, lane, item] == 0.0:
        return 0.0
    usual = cells[USUAL, k, item] * (1.0 if nodes[k]["steady"] > 0 else nodes[k]["ahead"])
    if nodes[k]["window"] > 0:
        usual = cells[SUM, k, item] / nodes[k]["window"]
    cover = math.ceil(lanes[lane]["rush_below"] * usual)
    return cover - (cells[STOCK, k, item] + cells[BY_RUSH, k, item] - cells[OWED, k, item] - cells[ASKED, k, item])


@njit(**BARE)
def _lane(day, k, item, keys, nodes, lanes, terms):
    """By which lane an order goes: each usual one has its share of the orders, and luck decides."""
    if nodes[k]["making"] >= 0 and terms[SERVES, nodes[k]["making"], item] > 0.0:
        return nodes[k]["making"]
    found, several = NONE, 0
    for lane in range(nodes[k]["first_lane"], nodes[k]["last_lane"]):
        if lanes[lane]["rush"] == 0 and terms[SERVES, lane, item] > 0.0:
            several += 1
            found = lane
    if several == 1:
        return found
    u = draw(keys[1], item, day, nodes[k]["tag"])
    for lane in range(nodes[k]["first_lane"], nodes[k]["last_lane"]):
        if lanes[lane]["rush"] == 0 and terms[SERVES, lane, item] > 0.0:
            u -= lanes[lane]["share"]
            if u < 0.0:
                return lane
    return found


@njit(**BARE)
def _place(
    day, lane, item, pieces, nodes, lanes, cells, terms, orders, counters, lists, posts, parts_from, parts, counts,
    book, lane_book,
):  # fmt: skip
    """Order pieces, in whole packs and not less than the least; a negative number gives pieces back."""
    way = lanes[lane]
    k, origin = way["destination"], way["origin"]
    if pieces > 0.0:
        pack = terms[PACK, lane, item]
        pieces = math.ceil(max(pieces, terms[MINIMUM, lane, item]) / pack - WHOLE) * pack
        cells[ON_ORDER, k, item] += pieces
        lane_book[lane, LANE_ORDERS] += 1.0
        if way["rush"] > 0:
            cells[BY_RUSH, k, item] += pieces
        if origin != k:
            book[k, BOUGHT_ORDERS if nodes[origin]["endless"] > 0 else OWN_ORDERS] += 1.0
    cells[PLACED, k, item] += pieces
    book[k, ORDERED] += pieces
    n = new_row(orders, counters, FREE_ORDER, TOP_ORDER, OPEN_ORDERS)
    orders[n]["lane"], orders[n]["item"], orders[n]["day"], orders[n]["open"] = lane, item, day, pieces
    orders[n]["released"] = 0
    if origin == k:
        orders[n]["seen"] = day
        join(orders, lists, MAKE_HEAD, k, item, n)
        nodes[k]["to_make"] += 1
        store = nodes[k]["materials"]
        for part in range(parts_from[item], parts_from[item + 1]):
            needed = math.ceil(counts[part] * pieces - WHOLE)
            cells[ASKED, store, parts[part]] += needed
            cells[SEEN, store, parts[part]] += needed
    elif way["information"] >= 1.0:
        orders[n]["seen"] = day + int(way["information"])
        append(orders, posts, orders[n]["seen"], n)
    else:
        orders[n]["seen"] = day
        _see(n, nodes, lanes, cells, orders, counters, lists)


@njit(**BARE)
def _see(n, nodes, lanes, cells, orders, counters, lists):
    """An order reaches the node that is to send it, and waits there."""
    origin, item = lanes[orders[n]["lane"]]["origin"], orders[n]["item"]
    cells[SEEN, origin, item] += orders[n]["open"]
    if orders[n]["open"] <= 0.0:  # pieces given back: nothing is to be sent
        drop_row(orders, counters, FREE_ORDER, OPEN_ORDERS, n)
        return
    cells[ASKED, origin, item] += orders[n]["open"]
    join(orders, lists, WAIT_HEAD, origin, item, n)
    nodes[origin]["waiting"] += 1


@njit(**BARE)
def open_post(day, nodes, lanes, cells, orders, counters, lists, posts):
    """Orders that were on their way for some days are seen."""
    n = taken_off(posts, day)
    while n >= 0:
        after = orders[n]["next"]
        if orders[n]["seen"] > day:
            append(orders, posts, orders[n]["seen"], n)
        else:
            _see(n, nodes, lanes, cells, orders, counters, lists)
        n = after
