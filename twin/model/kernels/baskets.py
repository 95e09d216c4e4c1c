"""Baskets: which items an order holds, how many of each, and what the shelf could give."""

import math

import numpy as np
from numba import njit

from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import exponential, located, normal

LINES_MOST = 4000


@njit(cache=True)
def order_lines(u, log_mean, log_sd):
    """How many different items an order holds: a rounded log-normal number, at least 1."""
    lines = int(math.floor(exponential(log_mean + log_sd * normal(u)) + 0.5))
    return min(max(lines, 1), LINES_MOST)


@njit(cache=True)
def order_size(u, spend, scatter):
    """How large the quantities of an order are against the usual; its mean is the customer's own size."""
    return spend * exponential(scatter * normal(u) - 0.5 * scatter * scatter)


@njit(cache=True)
def sized(key_lines, key_size, day, rows, entities, nth, spend, log_means, log_sds, scales, scatter, lines, sizes):
    """How many lines each order has and how large its quantities are; row -1 is an anonymous buyer.

    log_means, log_sds, scales : of known customers first, of anonymous buyers second
    """
    for n in range(len(rows)):
        kind = 0 if rows[n] >= 0 else 1
        lines[n] = order_lines(draw(key_lines, entities[n], day, nth[n]), log_means[kind], log_sds[kind])
        own = spend[rows[n]] if kind == 0 else 1.0
        sizes[n] = scales[kind] * order_size(draw(key_size, entities[n], day, nth[n]), own, scatter)


@njit(cache=True)
def filled(
    key_item, key_quantity, day, entities, nth, lines, sizes, item_sums, quantity, quantity_effect, price, tracked,
    stock, revenue, fill, totals, sold,
):  # fmt: skip
    """Draw the lines of each order, in order of time, and take them from the shelf as far as it reaches.

    price, quantity_effect : of today, by item; the items from number `tracked` on never run out
    revenue, fill : of each order; fill is the delivered share of the pieces asked for
    totals : units demanded, units shipped (tracked items), lines; sold : pieces by item, added up
    """
    for n in range(len(entities)):
        asked, given, value = 0.0, 0.0, 0.0
        for line in range(lines[n]):
            place = nth[n] * LINES_MOST + line
            item = located(item_sums, draw(key_item, entities[n], day, place))
            wanted = quantity[item] * quantity_effect[item] * sizes[n] + draw(key_quantity, entities[n], day, place)
            pieces = max(1.0, math.floor(wanted))
            shipped = pieces
            if item < tracked:
                shipped = min(pieces, stock[item])
                stock[item] -= shipped
                totals[0] += pieces
                totals[1] += shipped
            sold[item] += shipped
            asked += pieces
            given += shipped
            value += shipped * price[item]
        totals[2] += lines[n]
        revenue[n] = value
        fill[n] = given / asked if asked > 0.0 else 1.0


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
    none = np.zeros(len(price))
    effect = np.ones(len(price))
    totals, sold = np.zeros(3), np.zeros(len(price))
    entities, nth = np.arange(count), np.zeros(count, np.int64)
    lines, sizes = np.empty(count, np.int64), np.empty(count)
    revenue, fill = np.empty(count), np.empty(count)
    for n in range(count):
        lines[n] = order_lines(draw(keys[0], n, 0, 0), log_mean, log_sd)
        sizes[n] = scale * order_size(draw(keys[1], n, 0, 0), spend[located(spend_sums, (n + 0.5) / count)], scatter)
    filled(
        keys[2],
        keys[3],
        0,
        entities,
        nth,
        lines,
        sizes,
        item_sums,
        quantity,
        effect,
        price,
        0,
        none,
        revenue,
        fill,
        totals,
        sold,
    )
    total = 0.0
    for n in range(count):
        total += revenue[n]
    return total / count
