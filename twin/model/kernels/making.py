"""Orders that are made when they come: their pieces, whether their materials are there, and which pieces are scrap."""

import math

from numba import njit

from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import poisson
from twin.model.kernels.supply_layout import SEEN, STOCK

WHOLE = 1e-9  # what a number of pieces misses by rounding is not a piece more


@njit(cache=True)
def pieces_drawn(key, entity, kind, means, units):
    """Draw the pieces of each order around the mean of its kind: one, and a Poisson number of more.

    Where there is no mean (0) the order keeps what it has.
    """
    for n in range(len(entity)):
        mean = means[kind[n]]
        if mean > 0.0:
            units[n] = 1.0 + poisson(draw(key, entity[n], 0, 0), max(0.0, mean - 1.0))


@njit(cache=True)
def released(kind, units, is_new, node_of, item_of, parts_from, parts, counts, unit_cost, cells, used, cost, begins):
    """Let orders take their materials, one after the other; who finds one of them missing takes none and waits on.

    node_of, item_of : by kind, where it is made and what; -1 is nothing, and needs no materials
    cells : of the supply network;  used : pieces by node, counted up
    cost : of the materials of each order that begins;  begins : which do
    """
    stock, seen = cells[STOCK], cells[SEEN]
    for n in range(len(kind)):
        k, item = node_of[kind[n]], item_of[kind[n]]
        begins[n], cost[n] = True, 0.0
        if item < 0:
            continue
        for row in range(parts_from[item], parts_from[item + 1]):
            needed = math.ceil(counts[row] * units[n] - WHOLE)
            begins[n] = begins[n] and stock[k, parts[row]] >= needed
            if is_new[n]:
                seen[k, parts[row]] += needed
        for row in range(parts_from[item], parts_from[item + 1]):
            needed = math.ceil(counts[row] * units[n] - WHOLE)
            cost[n] += needed * unit_cost[parts[row]]
            if begins[n]:
                stock[k, parts[row]] -= needed
                used[k] += needed


@njit(cache=True)
def scrapped(key, entity, units, share, found):
    """How many pieces of each order are scrap: each has its own luck, so that more scrap takes more pieces."""
    for n in range(len(entity)):
        count = 0
        for piece in range(int(units[n])):
            if draw(key, entity[n], 0, piece) < share[n]:
                count += 1
        found[n] = count
