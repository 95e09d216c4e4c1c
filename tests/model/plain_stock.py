"""The stock room in plain Python: what kernels/stock.py and kernels/baskets.py must agree with."""

import math
from itertools import accumulate

from tests.model.plain import MOST_LINES, draw, located, lognormal


def delivered(
    day: int, orders: list[tuple[int, float, int]], stock: list[float], on_order: list[float], cost: list[float]
) -> tuple[list[tuple[int, float, int]], float, float]:
    """This morning's deliveries; orders are (item, pieces, due day)."""
    here = [one for one in orders if one[2] <= day]
    for item, pieces, _ in here:
        stock[item] += pieces
        on_order[item] -= pieces
    return (
        [one for one in orders if one[2] > day],
        sum(pieces for _, pieces, _ in here),
        sum(pieces * cost[item] for item, pieces, _ in here),
    )


def reordered(
    key: int, day: int, s_days: float, up_to_days: float, daily: list[float], lead: float, scatter: float,
    stock: list[float], on_order: list[float],
) -> list[tuple[int, float, int]]:  # fmt: skip
    """The (s,S) rule: new orders as (item, pieces, due day)."""
    made = []
    for item, a_day in enumerate(daily):
        position, up_to = stock[item] + on_order[item], math.ceil(up_to_days * a_day)
        if position <= math.ceil(s_days * a_day) and position < up_to:
            days = lognormal(draw(key, item, day, 0), lead, scatter)
            made.append((item, up_to - position, day + 1 + math.floor(days + 0.5)))
            on_order[item] += up_to - position
    return made


def substitute(
    key: int, share: float, entity: int, day: int, place: int, sums: list[float], tracked: int, stock: list[float]
) -> int | None:
    """What somebody takes who found an empty shelf: whatever of eight draws is there first, or one of what is there."""
    luck = [draw(key, entity, day, place * 10 + trial) for trial in range(10)]
    shares = [high - low for low, high in zip([0.0, *sums], sums, strict=False)]
    there = [item for item, width in enumerate(shares) if width > 0 and (item >= tracked or stock[item] > 0)]
    if luck[0] >= share or not there:
        return None
    found = [item for item in (located(sums, u) for u in luck[1:9]) if item in there]
    left = list(accumulate(shares[item] for item in there))
    return found[0] if found else there[located(left, luck[9] * left[-1])]


def filled(
    key_item: int, key_quantity: int, day: int, orders: list[tuple[int, int, int, float]], sums: list[float],
    quantity: list[float], effect: list[float], price: list[float], tracked: int, stock: list[float],
    key_substitute: int = 0, share: float = 0.0, held: list[list[tuple[int, float]]] | None = None,
) -> tuple[list[float], list[float], list[float], list[float]]:  # fmt: skip
    """Orders are (entity, nth, lines, size); gives revenue and fill of each, totals, and pieces by item.

    held : gets the lines of each order, as item and pieces
    """
    revenue, fill, totals, sold = [], [], [0.0, 0.0, 0.0, 0.0], [0.0] * len(price)
    held = [] if held is None else held
    for entity, nth, lines, size in orders:
        taken: list[tuple[float, float, float]] = []  # pieces asked for, of these given or made up for, money
        held.append([])
        for line in range(lines):
            place = nth * MOST_LINES + line
            item = located(sums, draw(key_item, entity, day, place))
            luck = draw(key_quantity, entity, day, place)
            wanted = [
                max(1, math.floor(one * change * size + luck)) for one, change in zip(quantity, effect, strict=True)
            ]
            asked = wanted[item]
            given = min(asked, stock[item]) if item < tracked else asked
            met = given
            if item < tracked:
                totals[0] += asked
                totals[1] += given
            if given == 0:
                other = substitute(key_substitute, share, entity, day, place, sums, tracked, stock)
                if other is not None:
                    item, given = other, min(wanted[other], stock[other]) if other < tracked else wanted[other]
                    met = asked * given / wanted[other]
                    totals[3] += given
            if item < tracked:
                stock[item] -= given
            sold[item] += given
            held[-1].append((item, given))
            taken.append((asked, met, given * price[item]))
        totals[2] += lines
        revenue.append(sum(money for _, _, money in taken))
        asked_in_all = sum(asked for asked, _, _ in taken)
        fill.append(sum(met for _, met, _ in taken) / asked_in_all if asked_in_all else 1.0)
    return revenue, fill, totals, sold


def worth(lines: list[tuple[int, float]], price: list[float], cost: list[float], tracked: int) -> list[float]:
    """What an order of these lines brings, what its goods cost that had shelves, and the others; in cents."""
    sides = [[pieces * cost[item] for item, pieces in lines if (item < tracked) == shelf] for shelf in (True, False)]
    exact = [100.0 * sum(pieces * price[item] for item, pieces in lines), *(100.0 * sum(side) for side in sides)]
    return [math.floor(exact[0] + 0.5), *(math.floor(1024.0 * one + 0.5) / 1024.0 for one in exact[1:])]


def filled_as_recorded(orders: list[list[tuple[int, int]]], tracked: int, stock: list[float]) -> list[float]:
    """Orders are lists of (item, pieces); gives the delivered share of each."""
    fill = []
    for lines in orders:
        given = 0.0
        for item, pieces in lines:
            shipped = min(pieces, stock[item]) if item < tracked else pieces
            if item < tracked:
                stock[item] -= shipped
            given += shipped
        asked = sum(pieces for _, pieces in lines)
        fill.append(given / asked if asked else 1.0)
    return fill
