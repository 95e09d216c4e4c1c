"""What an order is worth while it is open: what it will bring, and what its goods cost.

Amounts are in cents: what an order brings is whole cents, what its goods cost whole 1024ths of one. So they add up to
the same in any order, and nothing is left over when all orders have gone.
"""

import math

from numba import njit

from twin.model.kernels.queues import DONE, SCRAPPED

# What an order brings; what its goods cost that were taken from shelves, and those that are bought as they are sold.
REVENUE, TAKEN, BOUGHT, WORTH = 0, 1, 2, 3
SOLD, GIVEN_UP, SCRAP, ENDS = 0, 1, 2, 3
PARTS = 1024.0  # of a cent


@njit(cache=True)
def priced(worth, n, brings, taken, bought):
    """Write down what an order brings and what its goods cost."""
    worth[n, REVENUE] = math.floor(100.0 * brings + 0.5)
    worth[n, TAKEN] = math.floor(100.0 * PARTS * taken + 0.5) / PARTS
    worth[n, BOUGHT] = math.floor(100.0 * PARTS * bought + 0.5) / PARTS


@njit(cache=True)
def recorded(offsets, items, pieces, price, unit_cost, tracked, worth):
    """What recorded orders were worth at these prices; items from number `tracked` on are bought as they are sold."""
    for n in range(len(worth)):
        brings, taken, bought = 0.0, 0.0, 0.0
        for line in range(offsets[n], offsets[n + 1]):
            item, count = items[line], float(pieces[line])
            brings += count * price[item]
            if item < tracked:
                taken += count * unit_cost[item]
            else:
                bought += count * unit_cost[item]
        priced(worth, n, brings, taken, bought)


@njit(cache=True)
def settled(ended, worth, sums, standing):
    """Add up what the orders were worth that ended: a row of those finished, of those given up, of those scrapped.

    ended : kernels.queues.ENDED; worth : by tag; standing : what all that is open is worth, of which it is taken off
    """
    for n in range(len(ended)):
        how = ended[n].how
        row = SOLD if how == DONE else SCRAP if how == SCRAPPED else GIVEN_UP
        for part in range(WORTH):
            sums[row, part] += worth[ended[n].tag, part]
            standing[part] -= worth[ended[n].tag, part]
