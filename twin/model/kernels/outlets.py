"""At which outlet each order is placed, and recorded orders taken from the shelves of several outlets."""

from numba import njit

from twin.model.kernels.chance import draw
from twin.model.kernels.customers import ANONYMOUS
from twin.model.kernels.elementary import located


@njit(cache=True)
def outlets_of(key, day, entities, sums, kept, gained, found):
    """The outlet of each order: known buyers always choose the same one, buyers without a name anew each day.

    sums   running shares of the outlets as they are today
    kept   of each outlet, which part of those who usually come still does;  gained : running shares of where the
           others go. Nobody changes the outlet whom the new shares do not move.
    """
    for n in range(len(entities)):
        when = day if entities[n] >= ANONYMOUS else 0
        place = located(sums, draw(key, entities[n], when, 0))
        if kept[place] < 1.0 and draw(key, entities[n], when, 1) >= kept[place]:
            place = located(gained, draw(key, entities[n], when, 2))
        found[n] = place


@njit(cache=True)
def recorded_at_outlets(first, last, offsets, items, quantities, where, places, tracked, stock, fill):
    """Take recorded orders from the shelves of their outlets, line by line as they were.

    where : the outlet of each order;  places : the row of `stock` (nodes, items) of each outlet
    """
    for n in range(first, last):
        asked, given, k = 0.0, 0.0, places[where[n - first]]
        for line in range(offsets[n], offsets[n + 1]):
            item, pieces = items[line], float(quantities[line])
            shipped = pieces
            if item < tracked:
                shipped = min(pieces, stock[k, item])
                stock[k, item] -= shipped
            asked += pieces
            given += shipped
        fill[n - first] = given / asked if asked > 0.0 else 1.0
