"""When and how much a site orders again, where its records tell that plainly."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.estimate import Estimate, Part
from twin.calibrate.supplies import SupplyTables
from twin.spec.structure import Number

Floats = NDArray[np.float64]
FEWEST_ORDERS = 3  # of an item, so that it tells anything
FEWEST_ITEMS = 5
PLAIN = 0.9  # of the items have to follow the rule, and of the orders of each


@dataclass(frozen=True)
class Evenings:
    """A site's items evening after evening, before it orders: arrays (items, days).

    position  pieces on the shelf and on the way
    ordered   pieces that were then ordered
    daily     pieces asked for a day, on average, shape (items,)
    """

    position: Floats
    ordered: Floats
    daily: Floats


def policies(
    tables: SupplyTables,
    sites: Mapping[str, tuple[Number, Number]],
    lanes: Mapping[str, tuple[str, str]],
    fewest: int = FEWEST_ITEMS,
) -> Part:
    """Reorder point and order-up-to level in days of usual demand of sites that sell; a fact and not an estimate.

    sites : the numbers of each site's reorder point and order-up-to level; lanes : from where to where each leads
    fewest : items that have to show the levels
    Told only where nine items in ten are ordered up to one level as soon as they fall to another. A site that buys
    whole packs or by the calendar shows no such level; its policy stays the plan that the template has.
    """
    whole, seen = Part(), {site: evenings(tables, site, lanes) for site in sites}
    for numbers in dict.fromkeys(sites.values()):
        theirs = [seen[site] for site, own in sites.items() if own == numbers and seen[site] is not None]
        levels = np.concatenate([_levels(one) for one in theirs if one is not None] or [np.empty((0, 4))])
        plain = levels[levels[:, 3] > 0]
        names = [name for name in numbers if isinstance(name, str)]
        if len(plain) < max(fewest, PLAIN * len(levels)):
            reason = f"{len(plain)} of {len(levels)} items are ordered up to one level as soon as they fall to another"
            whole.reasons.update(dict.fromkeys(names, reason))
            continue
        places = f"{len(theirs)} sites" if len(theirs) > 1 else "one place"
        method = f"levels at which {len(plain)} items of {places} were ordered again, and up to which, last year"
        for name, column in zip(numbers, (0, 1), strict=True):
            if isinstance(name, str):
                whole.estimates[name] = Estimate(*_days(plain[:, column], plain[:, 2]), len(plain), method)
    return whole


def evenings(tables: SupplyTables, site: str, lanes: Mapping[str, tuple[str, str]]) -> Evenings | None:
    """What a site had and ordered each evening since its first count of the last year; None where nobody counted."""
    counts = tables.stock_counts[(tables.stock_counts["node"] == site) & (tables.stock_counts["day"] >= tables.since)]
    if counts.empty:
        return None
    first = counts["day"].min()
    opening = counts[counts["day"] == first].set_index("item_id")["quantity"]
    days = int((tables.morning - first).days)
    sold = tables.shipments[tables.shipments["site"] == site]
    way = tables.deliveries[tables.deliveries["lane"].isin([lane for lane, (_, to) in lanes.items() if to == site])]

    def by_day(frame: pd.DataFrame, day: str, what: pd.Series) -> Floats:
        """Pieces by item and day after the first count; what came before counts as on its evening."""
        item = opening.index.get_indexer(pd.Index(frame["item_id"]))
        place = (frame[day] - first).dt.days.clip(lower=0).fillna(days).to_numpy(np.int64)
        chosen = (item >= 0) & (place < days)
        pieces = np.zeros((len(opening), days))
        np.add.at(pieces, (item[chosen], place[chosen]), what.to_numpy(float)[chosen])
        return pieces

    asked, took = (by_day(sold, "day", what) for what in (sold["quantity"], sold["shipped"].fillna(sold["quantity"])))
    came, ordered = by_day(way, "received_on", way["received"]), by_day(way, "ordered_on", way["quantity"])
    late = came.copy()
    late[:, 0] = took[:, 0] = 0.0  # what happened up to the first count is in it
    stock = opening.to_numpy(float)[:, None] + np.cumsum(late - took, axis=1)
    on_order = np.cumsum(ordered, axis=1) - ordered - np.cumsum(came, axis=1)
    return Evenings((stock + on_order)[:, 1:], ordered[:, 1:], asked[:, 1:].mean(axis=1))


def _levels(seen: Evenings) -> Floats:
    """For each item ordered often enough: the level at which, up to which, its demand, and whether it is plain."""
    found = []
    for position, ordered, daily in zip(seen.position, seen.ordered, seen.daily, strict=True):
        again = ordered > 0
        if again.sum() < FEWEST_ORDERS or daily <= 0:
            continue
        after = position[again] + ordered[again]
        values, times = np.unique(after, return_counts=True)
        level = values[times.argmax()]
        highest, lowest = position[again].max(), position[~again].min(initial=level)
        plain = times.max() >= PLAIN * again.sum() and highest < lowest
        found.append(((highest + lowest - 1) / 2, level, daily, plain))
    return np.array(found, dtype=np.float64).reshape(-1, 4)


def _days(levels: Floats, daily: Floats) -> tuple[float, float]:
    """Levels as days of usual demand, and how sure that is; half a piece less, for levels are rounded up."""
    value = float((levels - 0.5).sum() / daily.sum())
    left = levels - 0.5 - value * daily
    return value, float(np.sqrt((left**2).sum() * len(left) / max(len(left) - 1, 1)) / daily.sum())
