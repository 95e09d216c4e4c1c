"""What is asked for at each outlet, and what could not be delivered."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from tests.calibrate.small_log import asking, day, supplies
from tests.calibrate.small_visits import TODAY
from twin.calibrate.demand import demand, fill, outlets
from twin.calibrate.supplies import SupplyTables
from twin.errors import UnknownName

SITES = ["north", "south"]
ITEMS = ["a", "b"]
EMPTY = supplies()
ROWS = [
    ("1", day(0), "north", "a", 4, 1),
    ("1", day(0), "north", "b", 2, 2),
    ("2", day(1), "south", "a", 6, 6),
    ("3", day(9), "north", "a", 2, 0),
    ("4", day(9), "north", "c", 9, 9),
]


def test_what_was_lost_is_demand_all_the_same() -> None:
    part = demand(supplies(ROWS), SITES, ITEMS)
    days = (TODAY - day(0).date()).days
    assert part.vectors["site_item_units_per_day"] * days == pytest.approx(np.array([[6, 2], [6, 0]]))
    assert part.vectors["site_item_quantity"].tolist() == [[3, 2], [6, 1]]
    assert part.errors["site_item_units_per_day"][0, 0] * days == pytest.approx(np.sqrt(4**2 + 2**2))
    assert part.errors["site_item_quantity"][0, 0] == pytest.approx(1 / np.sqrt(2))


def test_the_fill_rate_that_was_seen() -> None:
    found = fill(supplies(ROWS), SITES)
    assert found[""]["fill_rate_share"] == pytest.approx(18 / 23)
    assert (found["north"]["units_lost"], found["north"]["lines_short"], found["north"]["lines"]) == (5, 2, 4)
    assert found["south"]["fill_rate_share"] == 1
    assert found["south"]["standard_error"] == 0


def test_where_nobody_writes_down_what_was_shipped_the_fill_rate_is_not_known() -> None:
    untold = [(*row[:5], None) for row in ROWS]
    assert fill(supplies(untold), SITES)[""]["fill_rate_share"] is None
    assert demand(supplies(untold), SITES, ITEMS).vectors["site_item_units_per_day"].sum() > 0


def test_a_business_with_one_outlet_needs_no_name_of_it() -> None:
    rows = [(*row[:2], None, *row[3:]) for row in ROWS]
    part = demand(supplies(rows), ["shop"], ITEMS)
    assert part.vectors["site_item_units_per_day"].shape == (1, 2)
    assert part.evidence["fill"]["shop"] == part.evidence["fill"][""]


def test_shares_of_outlets_count_orders_and_not_lines() -> None:
    rows = [(str(n), day(n % 60), SITES[n % 4 == 0], item, 1, 1) for n in range(200) for item in "ab"[: 1 + n % 2]]
    found = outlets(supplies(rows), {"north": "n", "south": "s"}, asking("n", "s")).estimates
    assert found["n"].value == pytest.approx(150.5 / 201)
    assert found["n"].standard_error == pytest.approx(np.sqrt(0.75 * 0.25 / 201), rel=0.01)
    assert found["n"].value + found["s"].value == pytest.approx(1)
    with pytest.raises(UnknownName, match="no outlet 'south'"):
        outlets(supplies(rows), {"north": "n"}, asking("n"))


def test_the_errors_of_daily_pieces_hold_the_truth_as_often_as_they_say() -> None:
    """Lines come by chance, and pieces in a line vary: both are in the error."""
    hits, days, datasets = 0, 100, 80
    for seed in range(datasets):
        draws = np.random.default_rng(seed)
        lines = draws.poisson(0.8, days)
        when = day(0) + pd.to_timedelta(np.repeat(np.arange(days), lines), unit="D")
        rows = pd.DataFrame({"day": when, "quantity": draws.geometric(0.4, lines.sum())})
        rows = rows.assign(site="north", item_id="a", shipped=np.nan)
        tables = SupplyTables(day(days).date(), rows, EMPTY.deliveries, EMPTY.stock_counts)
        part = demand(tables, ["north"], ["a"])
        value, error = (one["site_item_units_per_day"][0, 0] for one in (part.vectors, part.errors))
        hits += abs(value * tables.year_days / days - 0.8 / 0.4) <= 1.645 * error
    assert binom.ppf(0.001, datasets, 0.9) <= hits <= binom.ppf(0.999, datasets, 0.9)
