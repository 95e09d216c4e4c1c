"""The stock room: deliveries in the morning, and in the evening the decision what to buy again."""

import math

from numba import njit

from twin.model.kernels.chance import draw
from twin.model.kernels.elementary import lognormal


@njit(cache=True)
def delivered(day, count, item, pieces, due, stock, on_order, unit_cost):
    """Put today's deliveries on the shelf; returns how many stay open, the pieces and what they cost."""
    kept, received, paid = 0, 0.0, 0.0
    for n in range(count):
        if due[n] <= day:
            stock[item[n]] += pieces[n]
            on_order[item[n]] -= pieces[n]
            received += pieces[n]
            paid += pieces[n] * unit_cost[item[n]]
        else:
            item[kept], pieces[kept], due[kept] = item[n], pieces[n], due[n]
            kept += 1
    return kept, received, paid


@njit(cache=True)
def reordered(key, day, reorder_days, up_to_days, daily, lead_mean, lead_cv, stock, on_order, count, item, pieces, due):
    """Order again every item whose shelf and way cover too little; returns orders open and orders placed.

    An item is ordered when stock + on_order <= s, up to S, with s and S in days of usual demand.
    A lead time belongs to the item and the day of the order.
    """
    placed = 0
    for i in range(len(daily)):
        low, high = math.ceil(reorder_days * daily[i]), math.ceil(up_to_days * daily[i])
        position = stock[i] + on_order[i]
        if position > low or high <= position or count >= len(item):
            continue
        wait = lognormal(draw(key, i, day, 0), lead_mean, lead_cv)
        item[count], pieces[count] = i, high - position
        due[count] = day + 1 + int(math.floor(wait + 0.5))
        on_order[i] += high - position
        count += 1
        placed += 1
    return count, placed


@njit(cache=True)
def opening_stock(key, reorder_days, up_to_days, daily, stock):
    """Shelves as they may stand on any day: anywhere between the reorder point and the order-up-to level."""
    for i in range(len(daily)):
        low, high = math.ceil(reorder_days * daily[i]), math.ceil(up_to_days * daily[i])
        stock[i] = math.floor(low + draw(key, i, 0, 0) * max(0.0, high - low) + 0.5)


@njit(cache=True)
def on_shelf(stock, unit_cost):
    """Pieces on the shelf, what they cost, and how many items have run out."""
    units, value, out = 0.0, 0.0, 0
    for i in range(len(unit_cost)):
        units += stock[i]
        value += stock[i] * unit_cost[i]
        if stock[i] <= 0.0:
            out += 1
    return units, value, out


@njit(cache=True)
def cost_of(sold, unit_cost):
    """What the pieces sold had cost."""
    total = 0.0
    for i in range(len(sold)):
        total += sold[i] * unit_cost[i]
    return total
