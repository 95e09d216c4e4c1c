"""When a site orders again: told where the records are plain, left to the template where they are not."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from tests.calibrate.small_log import day
from twin.calibrate.policy import evenings, policies
from twin.calibrate.supplies import SupplyTables, supply_tables

DAYS = 120
LANES = {"depot_north": ("depot", "north")}
ASKED = {"north": ("reorder_point", "order_up_to_level")}


def played(seed: int, low: float, high: float, pack: int = 1, items: int = 12) -> SupplyTables:
    """A site with (s,S) in days of usual demand, counted on its first evening, in plain Python."""
    draws = np.random.default_rng(seed)
    daily = 1 + 5 * draws.random(items)
    stock, way = np.ceil(high * daily), [dict[int, float]() for _ in range(items)]
    counts, lines, sent = [], [], []
    for now in range(DAYS):
        for n in range(items):
            stock[n] += way[n].pop(now, 0)
            asked = draws.poisson(daily[n])
            got = min(asked, stock[n])
            stock[n] -= got
            lines.append((f"{now}/{n}", day(now), "north", str(n), asked, got))
            if now == 0:
                counts.append(("north", day(0), str(n), stock[n]))
            position = stock[n] + sum(way[n].values())
            if position <= math.ceil(low * daily[n]):
                pieces = math.ceil((math.ceil(high * daily[n]) - position) / pack) * pack
                due = now + 1 + int(draws.integers(0, 3))
                due += due in way[n]
                way[n][due] = pieces
                sent.append((f"{now}/{n}", "depot_north", str(n), day(now), day(due), pieces, pieces))
    return supply_tables(
        pd.DataFrame(lines, columns=["order_id", "day", "site", "item_id", "quantity", "shipped"]),
        pd.DataFrame(
            sent, columns=["delivery_id", "lane", "item_id", "ordered_on", "received_on", "quantity", "received"]
        ),
        pd.DataFrame(counts, columns=["node", "day", "item_id", "quantity"]),
        day(DAYS).date(),
    )


def test_the_levels_are_the_true_ones() -> None:
    """Days are of the demand that was seen, which is off by chance; so is what they come to."""
    for seed in range(3):
        found = policies(played(seed, 4.0, 9.0), ASKED, LANES).estimates
        for (name, one), truth in zip(found.items(), (4.0, 9.0), strict=True):
            assert abs(one.value - truth) <= 3 * one.standard_error, name
            assert one.standard_error < 0.05 * truth
            assert one.rows == 12


def test_what_lies_there_and_is_on_its_way_is_known_every_evening() -> None:
    tables = played(1, 4.0, 9.0)
    seen = evenings(tables, "north", LANES)
    assert seen
    after = seen.position + seen.ordered
    assert after.max() <= np.ceil(9.0 * 6)
    assert (seen.position >= 0).all()
    assert evenings(tables, "south", LANES) is None


def test_a_site_that_buys_whole_packs_keeps_its_plan() -> None:
    part = policies(played(1, 4.0, 9.0, pack=12), ASKED, LANES)
    assert part.estimates == {}
    assert "of 12 items are ordered up to one level" in part.reasons["reorder_point"]


def test_a_site_that_was_never_counted_keeps_its_plan() -> None:
    tables = played(1, 4.0, 9.0)
    part = policies(replace(tables, stock_counts=tables.stock_counts.head(0)), ASKED, LANES)
    assert part.estimates == {}
    assert part.reasons["order_up_to_level"].startswith("0 of 0 items")
