"""Shelves of a supply network: what arrives, what customers take, what goes off, and how things stand at night."""

import math

from numba import njit

from twin.model.kernels.calendar import BARE
from twin.model.kernels.chance import draw
from twin.model.kernels.supply_layout import (
    ASKED,
    BY_RUSH,
    DEMANDED,
    DRY_FROM,
    EMPTY,
    FILLED_LATE,
    FREE_WAY,
    GIVING,
    HIGH,
    LONG,
    LOST,
    LOW,
    LOW_SET,
    MADE,
    MET,
    MOVED_IN,
    ON_ORDER,
    ON_THE_WAY,
    OPEN_WAYS,
    OWED,
    PAID,
    RECEIVED,
    RETURNED,
    SEEN,
    STOCK,
    WAIT_HEAD,
    WASTED,
    WASTED_VALUE,
    append,
    drop_row,
    taken_off,
)  # fmt: skip


@njit(**BARE)
def receive(
    day, nodes, lanes, cells, ways, due, counters, orders, lists, lives, starts, batches, shelved, unit_cost, book
):
    """The morning: put on the shelf what is due today, then give customers what they are owed.

    lives, starts, batches, shelved : of items that go off, see `batch`; an item whose life is 0 never does
    """
    n = taken_off(due, day)
    while n >= 0:
        after = ways[n]["next"]
        if ways[n]["due"] > day:
            append(ways, due, ways[n]["due"], n)
        else:
            _arrive(day, n, nodes, lanes, cells, ways, lives, starts, batches, shelved, unit_cost, book)
            drop_row(ways, counters, FREE_WAY, OPEN_WAYS, n)
        n = after
    for k in range(len(nodes)):
        if nodes[k]["returns"] > 0:
            give_back(k, cells, book)
        if nodes[k]["backorders"] > 0:
            _fill_owed(k, nodes, lanes, cells, orders, lists, book)


@njit(**BARE)
def _arrive(day, n, nodes, lanes, cells, ways, lives, starts, batches, shelved, unit_cost, book):
    """One shipment at its door."""
    way = lanes[ways[n]["lane"]]
    k, item, pieces = way["destination"], ways[n]["item"], ways[n]["pieces"]
    cells[STOCK, k, item] += pieces
    cells[ON_ORDER, k, item] -= pieces
    nodes[k]["under_way"] -= pieces
    if nodes[way["origin"]]["endless"] == 0:
        cells[ON_THE_WAY, k, item] -= pieces
    if way["rush"] > 0:
        cells[BY_RUSH, k, item] -= pieces
    if way["origin"] == k:
        book[k, MADE] += pieces
    elif nodes[way["origin"]]["endless"] > 0:
        book[k, RECEIVED] += pieces
        book[k, PAID] += pieces * unit_cost[item]
    else:
        book[k, MOVED_IN] += pieces
    if lives[item] > 0:
        if ways[n]["expires"] < day:
            waste(k, item, pieces, cells, unit_cost, book)
        else:
            batch(k, item, pieces, ways[n]["expires"], lives, starts, batches, shelved)


@njit(**BARE)
def batch(k, item, pieces, expires, lives, starts, batches, shelved):
    """Note until when pieces on a shelf may be sold: a ring of days for each item that goes off."""
    batches[k, starts[item] + expires % (lives[item] + 1)] += pieces
    shelved[k, item] += pieces


@njit(**BARE)
def put_back(day, orders, outlet, first, items, pieces, sellers, tracked, lives, starts, batches, shelved, cells):
    """Put on the shelf again what orders had taken: what goes off, with what goes off first. Returns how many pieces.

    outlet, first : of each order its place among the sellers, and its first line; items, pieces : line by line
    """
    back = 0.0
    for n in orders:
        k = sellers[outlet[n]]
        for line in range(first[n], first[n + 1]):
            item, count = items[line], pieces[line]
            if item >= tracked or count <= 0.0:
                continue
            if lives[item] > 0:
                settle(day, k, item, lives, starts, batches, shelved, cells)
                ahead = 0
                while ahead < lives[item] and batches[k, starts[item] + (day + ahead) % (lives[item] + 1)] <= 0.0:
                    ahead += 1
                batch(k, item, count, day + ahead, lives, starts, batches, shelved)
            cells[STOCK, k, item] += count
            back += count
    return back


@njit(**BARE)
def waste(k, item, pieces, cells, unit_cost, book):
    """Throw pieces away."""
    cells[STOCK, k, item] -= pieces
    book[k, WASTED] += pieces
    book[k, WASTED_VALUE] += pieces * unit_cost[item]


@njit(**BARE)
def settle(day, k, item, lives, starts, batches, shelved, cells):
    """Let what left the shelf since the last look have been what goes off first."""
    gone = shelved[k, item] - cells[STOCK, k, item]
    life = lives[item]
    for ahead in range(life + 1):
        if gone <= 0.0:
            break
        place = starts[item] + (day + ahead) % (life + 1)
        part = min(gone, batches[k, place])
        batches[k, place] -= part
        gone -= part
    shelved[k, item] = cells[STOCK, k, item]


@njit(**BARE)
def go_off(day, nodes, cells, lives, starts, batches, shelved, unit_cost, book):
    """The evening: what could be sold until today is thrown away."""
    for k in range(len(nodes)):
        if nodes[k]["endless"] > 0:
            continue
        for item in range(cells.shape[2]):
            if lives[item] > 0 and shelved[k, item] > 0.0:
                settle(day, k, item, lives, starts, batches, shelved, cells)
                place = starts[item] + day % (lives[item] + 1)
                if batches[k, place] > 0.0:
                    waste(k, item, batches[k, place], cells, unit_cost, book)
                    batches[k, place] = 0.0
                    shelved[k, item] = cells[STOCK, k, item]


@njit(**BARE)
def give_back(k, cells, book):
    """Send back to a supplier what was ordered too much, as far as it is on the shelf."""
    for item in range(cells.shape[2]):
        pieces = min(cells[GIVING, k, item], cells[STOCK, k, item])
        if pieces > 0.0:
            cells[STOCK, k, item] -= pieces
            cells[GIVING, k, item] -= pieces
            book[k, RETURNED] += pieces


@njit(**BARE)
def _fill_owed(k, nodes, lanes, cells, orders, lists, book):
    """Give customers what they wait for, after whoever goes before them."""
    for item in range(cells.shape[2]):
        if cells[OWED, k, item] > 0.0 and cells[STOCK, k, item] > 0.0:
            first = 0.0
            n = lists[WAIT_HEAD, k, item]
            while n >= 0:
                if lanes[orders[n]["lane"]]["rank"] < nodes[k]["rank"]:
                    first += orders[n]["open"]
                n = orders[n]["next"]
            pieces = min(cells[OWED, k, item], max(0.0, cells[STOCK, k, item] - first))
            cells[OWED, k, item] -= pieces
            cells[STOCK, k, item] -= pieces
            book[k, FILLED_LATE] += pieces


@njit(**BARE)
def sell(day, nodes, sellers, demand, cells, book):
    """Customers take what they came for, as far as it is there; the rest is lost, or owed.

    demand : pieces, shape (days, selling nodes, items)
    """
    for place in range(len(sellers)):
        k = sellers[place]
        later, asked, met = nodes[k]["backorders"] > 0, 0.0, 0.0
        for item in range(cells.shape[2]):
            pieces = float(demand[day, place, item])
            if pieces <= 0.0:
                cells[SEEN, k, item] = 0.0
                continue
            given = min(pieces, cells[STOCK, k, item])
            cells[STOCK, k, item] -= given
            asked += pieces
            met += given
            if later:
                cells[OWED, k, item] += pieces - given
                cells[SEEN, k, item] = pieces
            else:
                cells[SEEN, k, item] = given
        book[k, DEMANDED] += asked
        book[k, MET] += met
        if not later:
            book[k, LOST] += asked - met


@njit(**BARE)
def lent(k, sign, amount, cells):
    """Put so much more on each shelf, or take it off again: what is short is then owed.

    So baskets are filled as if nothing ever ran out, where customers wait for what they ordered. Returns what they
    are owed more than before.
    """
    short = 0.0
    for item in range(cells.shape[2]):
        cells[STOCK, k, item] += sign * amount
        if cells[STOCK, k, item] < 0.0:
            cells[OWED, k, item] -= cells[STOCK, k, item]
            short -= cells[STOCK, k, item]
            cells[STOCK, k, item] = 0.0
    return short


@njit(**BARE)
def standing(day, cells, unit_cost, found):
    """How each node stands at night: pieces on the shelf, their cost, empty shelves, pieces owed, cost on the way.

    found : shape (nodes, 5). Noted by item: since when a shelf has been empty, and when it first was for long.
    """
    for k in range(cells.shape[1]):
        units, value, out, owed, coming = 0.0, 0.0, 0, 0.0, 0.0
        for item in range(len(unit_cost)):
            held = cells[STOCK, k, item]
            units += held
            value += held * unit_cost[item]
            if held <= 0.0 and cells[LOW_SET, k, item] >= 0.0:
                out += 1
                cells[EMPTY, k, item] += 1.0
                if day >= 0 and cells[DRY_FROM, k, item] == 0.0 and cells[EMPTY, k, item] >= LONG:
                    cells[DRY_FROM, k, item] = max(1.0, day - LONG + 2.0)
            else:
                cells[EMPTY, k, item] = 0.0
            owed += cells[OWED, k, item]
            coming += cells[ON_THE_WAY, k, item] * unit_cost[item]
        found[k, 0], found[k, 1], found[k, 2], found[k, 3], found[k, 4] = units, value, out, owed, coming


@njit(**BARE)
def opening(key, k, tag, cells):
    """Shelves as they may stand on any day: anywhere between the reorder point and the order-up-to level."""
    for item in range(cells.shape[2]):
        low, high = cells[LOW, k, item], cells[HIGH, k, item]
        cells[STOCK, k, item] = math.floor(max(0.0, low + draw(key, item, 0, tag) * max(0.0, high - low)) + 0.5)


@njit(**BARE)
def position(k, item, cells):
    """Shelf and on order, less what others wait for."""
    return (
        cells[STOCK, k, item] + cells[ON_ORDER, k, item] - cells[ASKED, k, item] - cells[OWED, k, item]
        - cells[GIVING, k, item]
    )  # fmt: skip
