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
def released(
    kind, units, is_new, node_of, waits, bill_from, bill, counts, unit_cost, cells, used, cost, begins,
):  # fmt: skip
    """Let orders take what they need, one after the other; who finds something missing takes nothing.

    node_of : by kind, on whose shelf it lies; -1 where nothing is to be taken there
    waits : by kind, whether those who find too little wait on, and so are demand that is still to be met
    bill_from, bill, counts : by kind, what a piece needs: the materials of the good, or the good itself
    cells : of the supply network;  used : pieces by kind, counted up
    cost : of what each order needs;  begins : which of them have all
    """
    stock, seen = cells[STOCK], cells[SEEN]
    for n in range(len(kind)):
        k, first, last = node_of[kind[n]], bill_from[kind[n]], bill_from[kind[n] + 1]
        begins[n], cost[n] = True, 0.0
        for row in range(first, last):
            needed = math.ceil(counts[row] * units[n] - WHOLE)
            cost[n] += needed * unit_cost[bill[row]]
            begins[n] = begins[n] and (k < 0 or stock[k, bill[row]] >= needed)
        for row in range(first, last if k >= 0 else first):
            needed = math.ceil(counts[row] * units[n] - WHOLE)
            if is_new[n] and (begins[n] or waits[kind[n]]):
                seen[k, bill[row]] += needed
            if begins[n]:
                stock[k, bill[row]] -= needed
                used[kind[n]] += needed


@njit(cache=True)
def costs(kind, units, bill_from, bill, counts, unit_cost, cost):
    """What that costs which orders need, without a look at any shelf; in the words of `released`."""
    for n in range(len(kind)):
        cost[n] = 0.0
        for row in range(bill_from[kind[n]], bill_from[kind[n] + 1]):
            cost[n] += math.ceil(counts[row] * units[n] - WHOLE) * unit_cost[bill[row]]


@njit(cache=True)
def scrapped(key, entity, units, share, found):
    """How many pieces of each order are scrap: each has its own luck, so that more scrap takes more pieces."""
    for n in range(len(entity)):
        count = 0
        for piece in range(int(units[n])):
            if draw(key, entity[n], 0, piece) < share[n]:
                count += 1
        found[n] = count
