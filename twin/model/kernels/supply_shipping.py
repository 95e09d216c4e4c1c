"""The evening's work at each node of a supply network: who gets what is there, what is sent and what is made."""

import math

from numba import njit

from twin.model.kernels.calendar import BARE
from twin.model.kernels.chance import draw, mixed
from twin.model.kernels.elementary import lognormal
from twin.model.kernels.supply_layout import (
    ASKED,
    BY_PRIORITY,
    FIRST_COME,
    FREE_ORDER,
    FREE_WAY,
    HANDED_OUT,
    LANE_PIECES,
    LANE_SHIPMENTS,
    MAKE_HEAD,
    NONE,
    ON_ORDER,
    ON_THE_WAY,
    OPEN_ORDERS,
    OPEN_WAYS,
    RANKS,
    SENT,
    STOCK,
    TOP_WAY,
    USED,
    WAIT_HEAD,
    append,
    drop_row,
    leave,
    new_row,
)  # fmt: skip
from twin.model.kernels.supply_reviews import WHOLE, foresee, open_post, review, set_levels
from twin.model.kernels.supply_shelves import go_off, settle

ENDLESS = 1e15  # pieces; a floor of what is larger is no whole number any more
NEVER = 1 << 60  # the day on which goods that keep go off
BY_LOT = 1000  # so many pieces at most are given out one by one among orders of one day, more in proportion


@njit(**BARE)
def evening(
    day, ahead, keys, sequence, item_order, parts_from, parts, counts, nodes, lanes, cells, terms, orders, ways,
    counters, lists, posts, due, histories, lives, starts, batches, shelved, unit_cost, handed, book, lane_book,
):  # fmt: skip
    """What has gone off is thrown away, every node orders what it needs, and sends what it was asked for.

    Outlets come first and suppliers last, so that an order without delay is seen, and sent, the same evening.
    keys : of lead times, of lanes, of lots;  handed : orders released to be made by others, see `hand_out`
    """
    go_off(day, nodes, cells, lives, starts, batches, shelved, unit_cost, book)
    open_post(day, nodes, lanes, cells, orders, counters, lists, posts)
    for lane in range(len(lanes)):
        lanes[lane]["left"] = math.floor(lanes[lane]["capacity"] + WHOLE)
    for place in range(len(sequence)):
        k = sequence[place]
        if nodes[k]["endless"] == 0:
            if nodes[k]["window"] > 0:
                foresee(day, k, nodes, cells, histories)
                set_levels(k, ahead, nodes, cells)
            elif nodes[k]["ahead"] != ahead:
                set_levels(k, ahead, nodes, cells)
            review(day, k, keys, nodes, lanes, cells, terms, orders, counters, lists, posts, item_order, parts_from,
                   parts, counts, book, lane_book)  # fmt: skip
        if nodes[k]["waiting"] > 0 and nodes[k]["delivers"] > 0.0:
            _send(day, k, keys, nodes, lanes, cells, orders, ways, counters, lists, due, lives, starts, batches,
                  shelved, book, lane_book)  # fmt: skip
        if nodes[k]["to_make"] > 0 and nodes[k]["delivers"] > 0.0:
            _make(day, k, keys, nodes, lanes, cells, orders, ways, counters, lists, due, parts_from, parts, counts,
                  lives, starts, batches, shelved, handed, book)  # fmt: skip


@njit(**BARE)
def _send(
    day, k, keys, nodes, lanes, cells, orders, ways, counters, lists, due, lives, starts, batches, shelved, book,
    lane_book,
):  # fmt: skip
    """Send what was asked for; where a day's capacity is too small, the orders that were seen first."""
    left, first = ENDLESS, day
    if nodes[k]["capacity"] < ENDLESS and nodes[k]["making"] < 0:  # a maker's capacity is for making
        left = math.floor(nodes[k]["capacity"] * nodes[k]["delivers"] + WHOLE)
        wanted = 0.0
        for item in range(cells.shape[2]):
            n = lists[WAIT_HEAD, k, item]
            if n >= 0:
                wanted += cells[ASKED, k, item]
                first = min(first, orders[n]["seen"])
        if wanted <= left:
            first = day
    for until in range(first, day + 1):
        for item in range(cells.shape[2]):
            if left <= 0.0:
                return
            if lists[WAIT_HEAD, k, item] >= 0:
                _grant(day, until, k, item, keys, nodes, lanes, cells, orders, lists)
                left = _ship(day, k, item, left, keys, nodes, lanes, cells, orders, ways, counters, lists,
                             due, lives, starts, batches, shelved, book, lane_book)  # fmt: skip


@njit(**BARE)
def _grant(day, until, k, item, keys, nodes, lanes, cells, orders, lists):
    """Decide how many pieces each order that waits for an item shall get."""
    asked, share = 0.0, nodes[k]["delivers"] if nodes[k]["capacity"] >= ENDLESS else 1.0
    n = lists[WAIT_HEAD, k, item]
    while n >= 0:
        orders[n]["grant"] = 0.0
        if orders[n]["seen"] <= until:
            asked += orders[n]["open"]
        n = orders[n]["next"]
    there = ENDLESS if nodes[k]["endless"] > 0 else cells[STOCK, k, item]
    rule = nodes[k]["allocation"]
    if asked <= there or rule == FIRST_COME:
        _in_turn(day, until, k, item, NONE, there, keys, nodes, lanes, orders, lists)
    elif rule == BY_PRIORITY:
        for rank in range(RANKS):
            there = _in_turn(day, until, k, item, rank, there, keys, nodes, lanes, orders, lists)
    else:
        _divide(lists[WAIT_HEAD, k, item], until, there, asked, orders)
    if share < 1.0:
        n = lists[WAIT_HEAD, k, item]
        while n >= 0:
            orders[n]["grant"] = min(orders[n]["grant"], math.ceil(share * orders[n]["open"] - WHOLE))
            n = orders[n]["next"]


@njit(**BARE)
def _in_turn(day, until, k, item, rank, there, keys, nodes, lanes, orders, lists):
    """First come, first served, of one rank or of all (-1); orders of one day share by lot. Returns what is left."""
    n = lists[WAIT_HEAD, k, item]
    while n >= 0 and there > 0.0:
        if orders[n]["seen"] > until:
            break
        seen, asked, first = orders[n]["seen"], 0.0, n
        while n >= 0 and orders[n]["seen"] == seen:
            if rank < 0 or lanes[orders[n]["lane"]]["rank"] == rank:
                asked += orders[n]["open"]
            n = orders[n]["next"]
        if asked <= there or asked > BY_LOT:
            _divide_rank(first, seen, rank, min(there, asked), asked, lanes, orders)
        else:
            _by_lot(day, first, seen, rank, there, asked, item, mixed(keys[2], nodes[k]["tag"]), lanes, orders)
        there -= min(there, asked)
    return there


@njit(**BARE)
def _by_lot(day, first, seen, rank, there, asked, item, key, lanes, orders):
    """Give out piece by piece: each goes to an order with the chance of its part of what is still asked for.

    Nobody knows who came first within a day; so a piece that was asked for is as likely to be met as any other.
    """
    for piece in range(int(there)):
        aim = draw(key, item, day, piece) * asked
        n = first
        while n >= 0 and orders[n]["seen"] == seen:
            if rank < 0 or lanes[orders[n]["lane"]]["rank"] == rank:
                aim -= orders[n]["open"] - orders[n]["grant"]
                if aim < 0.0:
                    break
            n = orders[n]["next"]
        orders[n]["grant"] += 1.0
        asked -= 1.0


@njit(**BARE)
def _divide_rank(first, seen, rank, there, asked, lanes, orders):
    """Give the orders of one day and rank their parts in proportion, in whole pieces; what is left goes in turn."""
    given = 0.0
    for turn in range(2):
        n = first
        while n >= 0 and orders[n]["seen"] == seen:
            if rank < 0 or lanes[orders[n]["lane"]]["rank"] == rank:
                if turn == 0:
                    orders[n]["grant"] = math.floor(orders[n]["open"] * there / asked)
                    given += orders[n]["grant"]
                elif given < there and orders[n]["grant"] < orders[n]["open"]:
                    orders[n]["grant"] += 1.0
                    given += 1.0
            n = orders[n]["next"]


@njit(**BARE)
def _divide(first, until, there, asked, orders):
    """Give every order its part in proportion, in whole pieces; what is left goes to those who came first."""
    given = 0.0
    for turn in range(2):
        n = first
        while n >= 0:
            if orders[n]["seen"] <= until:
                if turn == 0:
                    orders[n]["grant"] = math.floor(orders[n]["open"] * there / asked)
                    given += orders[n]["grant"]
                elif given < there and orders[n]["grant"] < orders[n]["open"]:
                    orders[n]["grant"] += 1.0
                    given += 1.0
            n = orders[n]["next"]


@njit(**BARE)
def _ship(
    day, k, item, left, keys, nodes, lanes, cells, orders, ways, counters, lists, due, lives, starts, batches,
    shelved, book, lane_book,
):  # fmt: skip
    """Send what was granted, as far as the lane and the day's capacity reach; returns the capacity that is left."""
    before, n = NONE, lists[WAIT_HEAD, k, item]
    while n >= 0:
        after, lane = orders[n]["next"], orders[n]["lane"]
        pieces = min(orders[n]["grant"], lanes[lane]["left"], left)
        if pieces > 0.0:
            left -= pieces
            lanes[lane]["left"] -= pieces
            lane_book[lane, LANE_SHIPMENTS] += 1.0
            lane_book[lane, LANE_PIECES] += pieces
            book[k, SENT] += pieces
            cells[ASKED, k, item] -= pieces
            orders[n]["open"] -= pieces
            arrives = day + 1 + _lead_days(n, keys[0], lanes, orders)
            _load(day, k, lane, item, pieces, arrives, nodes, lanes, cells, ways, counters, due, lives, starts,
                  batches, shelved)  # fmt: skip
        orders[n]["grant"] = 0.0
        if orders[n]["open"] <= 0.0:
            leave(orders, lists, WAIT_HEAD, k, item, before, n)
            nodes[k]["waiting"] -= 1
            drop_row(orders, counters, FREE_ORDER, OPEN_ORDERS, n)
        else:
            before = n
        n = after
    return left


@njit(**BARE)
def _lead_days(n, key, lanes, orders):
    """How many days an order is on its way; its luck belongs to lane, item and the day on which it was placed."""
    way = lanes[orders[n]["lane"]]
    wait = lognormal(draw(key, orders[n]["item"], orders[n]["day"], way["tag"]), way["lead"], way["scatter"])
    return int(math.floor(wait + way["delay"] + 0.5))


@njit(**BARE)
def _load(
    day, k, lane, item, pieces, arrives, nodes, lanes, cells, ways, counters, due, lives, starts, batches, shelved
):
    """Put pieces on their way; of goods that go off, those first that go off first, each with its own date."""
    life = lives[item]
    if nodes[k]["endless"] > 0:
        _on_the_way(lane, item, pieces, arrives, day + life if life > 0 else NEVER, nodes, lanes, ways, counters, due)
        return
    cells[ON_THE_WAY, lanes[lane]["destination"], item] += pieces
    if life == 0:
        cells[STOCK, k, item] -= pieces
        _on_the_way(lane, item, pieces, arrives, NEVER, nodes, lanes, ways, counters, due)
        return
    settle(day, k, item, lives, starts, batches, shelved, cells)
    cells[STOCK, k, item] -= pieces
    shelved[k, item] -= pieces
    for more in range(life + 1):
        place = starts[item] + (day + more) % (life + 1)
        part = min(pieces, batches[k, place])
        if part > 0.0:
            batches[k, place] -= part
            pieces -= part
            _on_the_way(lane, item, part, arrives, day + more, nodes, lanes, ways, counters, due)


@njit(**BARE)
def _on_the_way(lane, item, pieces, arrives, expires, nodes, lanes, ways, counters, due):
    """A shipment leaves."""
    n = new_row(ways, counters, FREE_WAY, TOP_WAY, OPEN_WAYS)
    ways[n]["lane"], ways[n]["item"], ways[n]["pieces"] = lane, item, pieces
    ways[n]["due"], ways[n]["expires"] = arrives, expires
    nodes[lanes[lane]["destination"]]["under_way"] += pieces
    append(ways, due, arrives, n)


@njit(**BARE)
def _make(
    day, k, keys, nodes, lanes, cells, orders, ways, counters, lists, due, parts_from, parts, counts, lives, starts,
    batches, shelved, handed, book,
):  # fmt: skip
    """Release orders whose parts are all there, first come first served, and work on them as far as a day reaches."""
    left, first, wanted = math.floor(nodes[k]["capacity"] * nodes[k]["delivers"] + WHOLE), day, 0.0
    for item in range(cells.shape[2]):
        n = lists[MAKE_HEAD, k, item]
        if n >= 0:
            first = min(first, orders[n]["seen"])
        while n >= 0:
            wanted += orders[n]["open"]
            n = orders[n]["next"]
    if wanted <= left:
        first = day
    for until in range(first, day + 1):
        for item in range(cells.shape[2]):
            if lists[MAKE_HEAD, k, item] >= 0:
                left = _work(day, until, k, item, left, keys, nodes, lanes, cells, orders, ways, counters, lists, due,
                             parts_from, parts, counts, lives, starts, batches, shelved, handed, book)  # fmt: skip


@njit(**BARE)
def _work(
    day, until, k, item, left, keys, nodes, lanes, cells, orders, ways, counters, lists, due, parts_from, parts,
    counts, lives, starts, batches, shelved, handed, book,
):  # fmt: skip
    """Work on the orders for one thing in turn; the first that lacks parts holds up those behind it."""
    before, n, released = NONE, lists[MAKE_HEAD, k, item], True
    while n >= 0 and orders[n]["seen"] <= until:
        after = orders[n]["next"]
        if orders[n]["released"] == 0:
            released = _release(day, k, item, n, nodes, cells, orders, parts_from, parts, counts, lives, starts,
                                batches, shelved, counters, handed, book)  # fmt: skip
        if not released:
            break
        if nodes[k]["hooked"] == 0 and left > 0.0:
            pieces = min(orders[n]["open"], left)
            if nodes[k]["capacity"] >= ENDLESS:
                pieces = min(pieces, math.ceil(nodes[k]["delivers"] * orders[n]["open"] - WHOLE))
            left -= pieces
            _finish(day, k, n, pieces, keys, nodes, lanes, cells, orders, ways, counters, due, lives)
        if orders[n]["open"] <= 0.0:
            _strike(k, item, before, n, nodes, orders, counters, lists)
        else:
            before = n
        n = after
    return left


@njit(**BARE)
def _release(
    day, k, item, n, nodes, cells, orders, parts_from, parts, counts, lives, starts, batches, shelved, counters,
    handed, book,
):  # fmt: skip
    """Take the parts of an order from the shelf, if all of them are there; returns whether they were."""
    pieces, store = orders[n]["open"], nodes[k]["materials"]
    for part in range(parts_from[item], parts_from[item + 1]):
        if cells[STOCK, store, parts[part]] < math.ceil(counts[part] * pieces - WHOLE):
            return False
    for part in range(parts_from[item], parts_from[item + 1]):
        needed = math.ceil(counts[part] * pieces - WHOLE)
        cells[STOCK, store, parts[part]] -= needed
        cells[ASKED, store, parts[part]] -= needed
        book[store, USED] += needed
        if lives[parts[part]] > 0:
            settle(day, store, parts[part], lives, starts, batches, shelved, cells)
    orders[n]["released"] = 1
    if nodes[k]["hooked"] > 0:
        row = counters[HANDED_OUT]
        handed[row, 0], handed[row, 1], handed[row, 2], handed[row, 3] = k, item, pieces, orders[n]["day"]
        counters[HANDED_OUT] += 1
    return True


@njit(**BARE)
def _finish(day, k, n, pieces, keys, nodes, lanes, cells, orders, ways, counters, due, lives):
    """Pieces of an order are worked on; they lie on the shelf after the time that making takes."""
    item, lane = orders[n]["item"], orders[n]["lane"]
    arrives = day + 1 + _lead_days(n, keys[0], lanes, orders)
    orders[n]["open"] -= pieces
    cells[ON_THE_WAY, k, item] += pieces
    expires = arrives + lives[item] if lives[item] > 0 else NEVER
    _on_the_way(lane, item, pieces, arrives, expires, nodes, lanes, ways, counters, due)


@njit(**BARE)
def _strike(k, item, before, n, nodes, orders, counters, lists):
    """An order to make something is done."""
    leave(orders, lists, MAKE_HEAD, k, item, before, n)
    nodes[k]["to_make"] -= 1
    drop_row(orders, counters, FREE_ORDER, OPEN_ORDERS, n)


@njit(**BARE)
def finished(day, k, item, good, scrap, keys, nodes, lanes, cells, orders, ways, counters, lists, due, lives):
    """Others have finished pieces of the orders that were handed out to them; returns how many were too many.

    Scrap never comes, and is no longer on order; the orders that were seen first get what is good.
    """
    n = lists[MAKE_HEAD, k, item]
    while n >= 0 and good + scrap > 0.0 and orders[n]["released"] > 0:
        after = orders[n]["next"]
        part = min(good, orders[n]["open"])
        good -= part
        if part > 0.0:
            _finish(day, k, n, part, keys, nodes, lanes, cells, orders, ways, counters, due, lives)
        part = min(scrap, orders[n]["open"])
        scrap -= part
        orders[n]["open"] -= part
        cells[ON_ORDER, k, item] -= part
        if orders[n]["open"] <= 0.0:
            _strike(k, item, NONE, n, nodes, orders, counters, lists)
        n = after
    return good + scrap
