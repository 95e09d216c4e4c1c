"""Baskets: which items an order holds, how many of each, and what the shelf could give."""

import math

import numpy as np
from numba import njit

from twin.model.kernels.chance import draw, mixed, uniform
from twin.model.kernels.elementary import exponential, located, normal, normals
from twin.model.kernels.worth import REVENUE, WORTH, priced

LINES_MOST = 4000
BLOCK = 256  # orders, or lines, that are drawn at once
GUIDES = 4096  # a power of two, so that a draw times it is exact
TRIES = 8  # draws of something else before the shelves that are not empty are looked for


@njit(cache=True)
def order_lines(u, log_mean, log_sd):
    """How many different items an order holds: a rounded log-normal number, at least 1."""
    return whole_lines(exponential(log_mean + log_sd * normal(u)))


@njit(cache=True)
def whole_lines(number):
    """A number of lines rounded, at least 1."""
    return min(max(int(math.floor(number + 0.5)), 1), LINES_MOST)


@njit(cache=True)
def order_size(u, spend, scatter):
    """How large the quantities of an order are against the usual; its mean is the customer's own size."""
    return spend * exponential(scatter * normal(u) - 0.5 * scatter * scatter)


@njit(cache=True)
def sized(key_lines, key_size, day, rows, entities, nth, spend, log_means, log_sds, scales, scatter, lines, sizes):
    """How many lines each order has and how large its quantities are; row -1 is an anonymous buyer.

    log_means, log_sds, scales : of known customers first, of anonymous buyers second
    """
    draws, lucks, depths = np.empty(BLOCK), np.empty((2, BLOCK)), np.empty(BLOCK + 1)
    tails = np.empty(BLOCK + 1, np.int64)
    for first in range(0, len(rows), BLOCK):
        size = min(BLOCK, len(rows) - first)
        for turn in range(2):  # each step in a loop of its own, so that several go at once
            key = key_lines if turn == 0 else key_size
            for n in range(size):
                draws[n] = draw(key, entities[first + n], day, nth[first + n])
            normals(draws[:size], lucks[turn], tails, depths)
        for n in range(size):
            kind = 0 if rows[first + n] >= 0 else 1
            lucks[0, n] = log_means[kind] + log_sds[kind] * lucks[0, n]
            lucks[1, n] = scatter * lucks[1, n] - 0.5 * scatter * scatter
        for n in range(size):
            lucks[0, n] = exponential(lucks[0, n])
        for n in range(size):
            lucks[1, n] = exponential(lucks[1, n])
        for n in range(size):
            row, kind = rows[first + n], 0 if rows[first + n] >= 0 else 1
            own = spend[row] if kind == 0 else 1.0
            lines[first + n] = whole_lines(lucks[0, n])
            sizes[first + n] = scales[kind] * (own * lucks[1, n])


@njit(cache=True)
def substitute(key, share, entity, day, place, item_sums, tracked, stock):
    """Which item somebody takes who found an empty shelf; -1 for nothing.

    share : how many take something else at all. The other item is drawn by line share among those with
    stock: as a line is drawn, and again while that shelf is empty; after `TRIES`, among the shelves that are not.
    """
    first = place * (TRIES + 2)
    if draw(key, entity, day, first) >= share:
        return -1
    for trial in range(1, TRIES + 1):
        item = located(item_sums, draw(key, entity, day, first + trial))
        if item >= tracked or stock[item] > 0.0:
            return item
    u, last, there = draw(key, entity, day, first + TRIES + 1), -1, 0.0
    for turn in range(2):  # first how large a share is there at all, then whose part of it is drawn
        below, aim = 0.0, u * there
        there = 0.0
        for item in range(len(item_sums)):
            width = item_sums[item] - below
            below = item_sums[item]
            if width > 0.0 and (item >= tracked or stock[item] > 0.0):
                there += width
                last = item
                if turn == 1 and there > aim:
                    return item
    return last


@njit(cache=True)
def pieces_of(usual, luck):
    """How many pieces are wanted where `usual` are on average: a whole number, at least one."""
    return max(1.0, math.floor(usual + luck))


@njit(cache=True)
def guide(sums):
    """Where to begin to look among running sums for a draw: the place of the lower end of each of `GUIDES` stretches.

    Source: Chen and Asau (1974), the indexed search.
    """
    places = np.empty(GUIDES, np.int32)
    place = 0
    for n in range(GUIDES):
        while place < len(sums) - 1 and sums[place] <= n / GUIDES:
            place += 1
        places[n] = place
    return places


@njit(cache=True)
def guided(sums, places, u):
    """The first place whose running sum exceeds u, as `located`, from where the guide says on."""
    place = places[int(u * GUIDES)]
    while place < len(sums) - 1 and sums[place] <= u:
        place += 1
    return place


@njit(cache=True)
def lines_drawn(key_item, key_quantity, day, entities, nth, lines, sizes, first, item_sums, places, usual, drawn):
    """Draw the lines of the orders from `first` on, as many orders as there is room for: items, luck, pieces asked for.

    drawn : whose line it is, its item, the luck of its quantity, its pieces; each with room for an order's most lines
    Returns the order after the last one.
    """
    whose, items, lucks, pieces = drawn
    n, count = first, 0
    while n < len(entities) and count < BLOCK and count + lines[n] <= len(whose):
        own_item = mixed(mixed(key_item, entities[n]), day)
        own_quantity = mixed(mixed(key_quantity, entities[n]), day)
        for line in range(lines[n]):
            place = nth[n] * LINES_MOST + line
            whose[count] = n
            pieces[count] = uniform(mixed(own_item, place))
            lucks[count] = uniform(mixed(own_quantity, place))
            count += 1
        n += 1
    for line in range(count):
        items[line] = guided(item_sums, places, pieces[line])
    for line in range(count):
        pieces[line] = pieces_of(usual[items[line]] * sizes[whose[line]], lucks[line])
    return n


@njit(cache=True)
def filled(
    key_item, key_quantity, key_substitute, day, entities, nth, lines, sizes, item_sums, places, quantity,
    quantity_effect, price, unit_cost, tracked, substitution_share, stock, worth, fill, totals, sold, held_from,
    held_items, held_pieces,
):  # fmt: skip
    """Draw the lines of each order, in order of time, and take them from the shelf as far as it reaches.

    places : the guide to item_sums
    price, quantity_effect : of today, by item; the items from number `tracked` on never run out
    substitution_share : of the lines that find an empty shelf, how many go to another item (see `substitute`);
    they take as many pieces of it as they would if they had come for it, at its price
    worth : of each order (kernels.worth); fill : the delivered share of the pieces asked for, and a line whose
    buyer took something else lacks nothing but what that shelf could not give either
    totals : units demanded, units shipped (tracked items, of what was asked for), lines, units taken instead;
    sold : pieces by item, added up
    held_items, held_pieces : what each order took, line by line from place `held_from` on; left alone without room
    """
    room = LINES_MOST + BLOCK
    drawn = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room), np.empty(room)
    _, items, lucks, wanted_pieces = drawn
    usual = quantity * quantity_effect
    units, there, instead, last = totals[0], totals[1], totals[3], 0
    while last < len(entities):
        first = last
        last = lines_drawn(
            key_item, key_quantity, day, entities, nth, lines, sizes, first, item_sums, places, usual, drawn
        )
        row = 0
        for n in range(first, last):
            asked, given, value, taken, bought = 0.0, 0.0, 0.0, 0.0, 0.0
            for line in range(lines[n]):
                item, pieces = items[row], wanted_pieces[row]
                asked += pieces
                shipped, met = pieces, pieces
                if item < tracked:
                    shipped = min(pieces, stock[item])
                    met = shipped
                    units += pieces
                    there += shipped
                    if shipped <= 0.0 and substitution_share > 0.0:
                        other = substitute(
                            key_substitute, substitution_share, entities[n], day, nth[n] * LINES_MOST + line,
                            item_sums, tracked, stock,
                        )  # fmt: skip
                        if other >= 0:
                            item = other
                            wanted = pieces_of(usual[item] * sizes[n], lucks[row])
                            shipped = min(wanted, stock[item]) if item < tracked else wanted
                            instead += shipped
                            met = pieces * shipped / wanted
                    if item < tracked:
                        stock[item] -= shipped
                if item < tracked:
                    taken += shipped * unit_cost[item]
                else:
                    bought += shipped * unit_cost[item]
                if len(held_items):
                    held_items[held_from[n] + line], held_pieces[held_from[n] + line] = item, shipped
                sold[item] += shipped
                given += met
                value += shipped * price[item]
                row += 1
            totals[2] += lines[n]
            priced(worth, n, value, taken, bought)
            fill[n] = given / asked if asked > 0.0 else 1.0
    totals[0], totals[1], totals[3] = units, there, instead


@njit(cache=True)
def filled_as_recorded(first, last, offsets, items, quantities, tracked, stock, fill):
    """Take recorded orders from the shelf, line by line as they were."""
    for n in range(first, last):
        asked, given = 0.0, 0.0
        for line in range(offsets[n], offsets[n + 1]):
            item, pieces = items[line], float(quantities[line])
            shipped = pieces
            if item < tracked:
                shipped = min(pieces, stock[item])
                stock[item] -= shipped
            asked += pieces
            given += shipped
        fill[n - first] = given / asked if asked > 0.0 else 1.0


@njit(cache=True)
def mean_order_value(keys, count, log_mean, log_sd, scatter, spend, spend_sums, scale, item_sums, quantity, price):
    """The mean value of `count` orders drawn with these numbers, shelves never empty.

    spend, spend_sums : sizes of the customers' orders, and the running shares of orders that each places
    """
    none, nothing = np.zeros(len(price)), np.empty(0, np.int64)
    effect = np.ones(len(price))
    totals, sold = np.zeros(4), np.zeros(len(price))
    entities, nth = np.arange(count), np.zeros(count, np.int64)
    lines, sizes = np.empty(count, np.int64), np.empty(count)
    worth, fill = np.empty((count, WORTH)), np.empty(count)
    for n in range(count):
        lines[n] = order_lines(draw(keys[0], n, 0, 0), log_mean, log_sd)
        sizes[n] = scale * order_size(draw(keys[1], n, 0, 0), spend[located(spend_sums, (n + 0.5) / count)], scatter)
    filled(
        keys[2], keys[3], keys[3], 0, entities, nth, lines, sizes, item_sums, guide(item_sums), quantity, effect, price,
        none, 0, 0.0, none, worth, fill, totals, sold, nothing, nothing, none[:0],
    )  # fmt: skip
    total = 0.0
    for n in range(count):
        total += worth[n, REVENUE]
    return total / count / 100.0
