"""The fictional supply chain of the project, whose true numbers are known: what is estimated holds them."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from tests.calibrate.small_log import asking
from tests.data.generator import generator
from tests.supply_chain import calibrated
from twin.calibrate.calibration import Calibration
from twin.calibrate.demand import demand, mixes, outlets
from twin.calibrate.estimate import Part
from twin.calibrate.lead_times import lead_times
from twin.calibrate.on_hand import on_hand
from twin.calibrate.policy import policies
from twin.calibrate.supplies import SupplyTables, supply_tables
from twin.spec.template import template

FOLDER = Path(__file__).parents[2] / "data" / "supply-chain"
TRUTH = tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))
LANES = {f"{name}_depot": (f"{name}_lead_time_days", f"{name}_lead_time_scatter") for name in ("mill", "importer")}
LANES |= {f"depot_{site}": ("transport_days", "transport_scatter") for site in TRUTH["sites"]}


@pytest.fixture(scope="module")
def tables() -> SupplyTables:
    """The records on the morning after their last day."""
    frames = {
        name: pd.read_parquet(FOLDER / f"{name}.parquet") for name in ("order_lines", "deliveries", "stock_counts")
    }
    lines = frames["order_lines"].assign(day=lambda rows: rows["ordered_at"].dt.normalize())
    return supply_tables(lines, frames["deliveries"], frames["stock_counts"], TRUTH["last_day"] + timedelta(days=1))


def near(part: Part, sharp: float = 0.1) -> None:
    """Every estimate is within three standard errors of the truth, and these are small."""
    assert part.estimates
    assert part.reasons == {}
    for name, one in part.estimates.items():
        truth = TRUTH["parameters"][name]
        assert abs(one.value - truth) <= 3 * one.standard_error, (name, one.value, truth, one.standard_error)
        assert 0 < one.standard_error < sharp * truth, name


def test_lead_times_are_the_true_ones(tables: SupplyTables) -> None:
    near(lead_times(tables, LANES, asking(*dict.fromkeys(name for pair in LANES.values() for name in pair))))


def test_outlets_have_their_true_shares(tables: SupplyTables) -> None:
    near(outlets(tables, TRUTH["sites"], asking(*TRUTH["sites"].values())))


def test_demand_is_told_whole_although_some_of_it_was_lost(tables: SupplyTables) -> None:
    """Orders, lines of an order and pieces of a line are known; sales alone would miss one piece in fourteen."""
    items = pd.read_parquet(FOLDER / "items.parquet")["item_id"].tolist()
    part = demand(tables, list(TRUTH["sites"]), items)
    units = part.vectors["site_item_units_per_day"]
    lines = len(tables.year) / tables.year["order_id"].nunique()
    expected = float(np.dot(TRUTH["orders"]["lines"], [1, 2, 3, 4]))
    assert lines == pytest.approx(expected, abs=0.02)
    assert units.sum() == pytest.approx(tables.year["quantity"].sum() / tables.year_days)
    shares = units.sum(axis=1) / units.sum()
    for share, name in zip(shares, TRUTH["sites"].values(), strict=True):
        assert share == pytest.approx(TRUTH["parameters"][name], rel=0.05)
    found = part.evidence["fill"]
    lost = 1 - tables.year["shipped"].sum() / tables.year["quantity"].sum()
    assert found[""]["fill_rate_share"] == pytest.approx(1 - lost)
    assert 0.05 < lost < 0.1
    assert found["village"]["fill_rate_share"] < found["centre"]["fill_rate_share"] - 0.05


def test_the_policy_of_the_outlets_is_plain_and_that_of_the_depot_is_not(tables: SupplyTables) -> None:
    """Found days are of the demand since the first count, true ones of the demand that outlets reckon with."""
    script = generator("supply-chain")
    reckoned = script.usual_demand(TRUTH, script.items(TRUTH))["depot"].sum()
    first = tables.stock_counts["day"][tables.stock_counts["day"] >= tables.since].min()
    came = tables.shipments[tables.shipments["day"] > first]
    seen = came["quantity"].sum() / came["day"].nunique()
    lanes = {lane: tuple(lane.split("_")) for lane in LANES}
    names = ("outlet_reorder_point", "outlet_order_up_to_level")
    part = policies(tables, dict.fromkeys(TRUTH["sites"], names), lanes)
    for name in names:
        one, truth = part.estimates[name], TRUTH["parameters"][name] * reckoned / seen
        assert abs(one.value - truth) <= 3 * one.standard_error, name
        assert 0 < one.standard_error < 0.01 * truth
    assert part.estimates[names[0]].rows > 900
    depot = policies(tables, {"depot": ("depot_reorder_point", "depot_order_up_to_level")}, lanes)
    assert depot.estimates == {}


# ------------------------------------------------------------------ through the template

ESTIMATED = [
    *TRUTH["sites"].values(), "mill_lead_time_days", "mill_lead_time_scatter", "importer_lead_time_days",
    "importer_lead_time_scatter", "transport_days", "transport_scatter",
]  # fmt: skip
BASKET = ["anonymous_lines_log_mean", "anonymous_lines_log_sd", "anonymous_basket_value", "basket_scatter"]
LEVELS = ["outlet_reorder_point", "outlet_order_up_to_level"]


@pytest.fixture(scope="module")
def found() -> Calibration:
    return calibrated()


@pytest.mark.parametrize("name", ESTIMATED)
def test_every_true_number_lies_within_three_standard_errors(found: Calibration, name: str) -> None:
    one, true = found.parameters[name], TRUTH["parameters"][name]
    assert one.origin == "data"
    assert one.standard_error
    assert abs(one.value - true) <= 3 * one.standard_error, f"{one.value:.4g} for {true:g}"


def test_everything_else_is_an_assumption_or_a_plan(found: Calibration) -> None:
    told = {name for name, one in found.parameters.items() if one.origin == "data"}
    assert told == {*ESTIMATED, *BASKET, *LEVELS}
    assert found.evidence["on_hand"] == {"counts": 15600, "days_since_count": 0, "places": 6, "open_orders": 485}
    shares = [found.parameters[name].value for name in TRUTH["sites"].values()]
    assert sum(shares) == pytest.approx(1.0)


def test_lines_and_value_of_an_order_are_those_that_were_asked_for(found: Calibration, tables: SupplyTables) -> None:
    """Revenue of the records is what was shipped; the twin must not take lost sales for missing demand."""
    prices = pd.read_parquet(FOLDER / "items.parquet").set_index("item_id")["price"]
    worth = (tables.year["quantity"] * tables.year["item_id"].map(prices)).sum() / tables.year["order_id"].nunique()
    assert found.parameters["anonymous_basket_value"].value == pytest.approx(worth, rel=1e-3)


def test_packs_and_least_orders_are_the_true_ones_where_orders_show_them(found: Calibration) -> None:
    """An item of which always the least is ordered shows that in packs of itself, which plays the same."""
    script = generator("supply-chain")
    goods = {one.code: one for one in script.items(TRUTH)}
    usual = script.usual_demand(TRUTH, list(goods.values()))["depot"]
    step = (TRUTH["parameters"]["depot_order_up_to_level"] - TRUTH["parameters"]["depot_reorder_point"]) * usual
    right = 0
    for item, missing in zip(goods.values(), step, strict=True):
        row = found.vectors["item_id"].tolist().index(item.code)
        assert found.vectors[f"{item.supplier}_items"][row] == 1.0
        pack, least = (found.vectors[f"{item.supplier}_{what}"][row] for what in ("packs", "minimum_orders"))
        assert pack % item.pack == 0
        assert least >= -(-item.minimum // item.pack) * item.pack
        if missing > 1.5 * item.minimum and missing > 5 * item.pack:
            right += 1
            assert pack == item.pack
    assert right > 30
    assert (found.vectors["mill_items"] + found.vectors["importer_items"]).tolist() == [1.0] * 200


def test_shelves_counted_a_month_ago_are_told_to_the_piece(tables: SupplyTables, found: Calibration) -> None:
    """What came in, was sold and was sent on since the count before last gives the last count."""
    last = tables.stock_counts["day"].max()
    earlier = replace(tables, stock_counts=tables.stock_counts[tables.stock_counts["day"] < last])
    items = found.vectors["item_id"][:-1].tolist()
    part = on_hand(earlier, template("supply-chain").structure.network, items)
    assert part.evidence["on_hand"]["days_since_count"] == 30
    counted = found.vectors["opening_stock"]
    assert np.array_equal(part.vectors["opening_stock"], counted, equal_nan=True)
    assert np.isnan(counted[:2]).all()
    assert counted[2:].sum() == tables.stock_counts.loc[tables.stock_counts["day"] == last, "quantity"].sum()


def test_open_orders_are_those_that_have_not_come_in(tables: SupplyTables, found: Calibration) -> None:
    waits = tables.deliveries[tables.deliveries["received_on"].isna()]
    assert found.vectors["opening_pieces"].sum() == waits["quantity"].sum()
    unsent = waits["shipped_on"].isna() & waits["lane"].str.startswith("depot")
    assert (found.vectors["opening_left"] == 0).sum() == unsent.sum() > 0
    assert found.vectors["opening_ordered"].max() == -1


def test_outlets_that_sell_alike_share_one_mix_and_others_keep_their_own(tables: SupplyTables) -> None:
    items = sorted(tables.year["item_id"].unique())
    sites = list(TRUTH["sites"])
    alike = mixes(tables, sites, items).vectors["outlet_line_share"]
    assert alike.sum(axis=1) == pytest.approx(np.ones(5))
    single = alike[:, :-1]  # the other items sell nothing here
    assert abs(single / single.mean(axis=0) - 1).max() < 0.1
    other = {name: items[(n + 1) % len(items)] if n % 2 == 0 else name for n, name in enumerate(items)}
    there = tables.shipments["site"] == "village"  # which sells nothing of every other item
    moved = tables.shipments["item_id"].where(~there, tables.shipments["item_id"].map(other))
    apart = mixes(replace(tables, shipments=tables.shipments.assign(item_id=moved)), sites, items)
    share = apart.vectors["outlet_line_share"]
    assert share[4, 0:-1:2].sum() < 0.05
    assert share[:4, 0:-1:2].sum(axis=1) == pytest.approx(alike[:4, 0:-1:2].sum(axis=1), abs=0.02)


def test_pieces_vary_and_average_as_recorded(found: Calibration, tables: SupplyTables) -> None:
    scatter = found.parameters["basket_scatter"].value
    grid = found.vectors["item_size"][:-1, None] * np.exp(
        scatter * ndtri((np.arange(4000) + 0.5) / 4000) - scatter**2 / 2
    )
    mean = np.maximum(1.0, grid).mean(axis=1)
    assert mean == pytest.approx(found.vectors["item_quantity"][:-1], rel=0.02)
    luck = np.random.default_rng(1)
    drawn = np.maximum(1.0, np.floor(grid + luck.random(grid.shape)))
    lines = found.vectors["item_line_share"][:-1]
    seen = tables.year.groupby("item_id")["quantity"].var(ddof=0).reindex(found.vectors["item_id"][:-1]).to_numpy()
    assert (lines * drawn.var(axis=1)).sum() == pytest.approx((lines * seen).sum(), rel=0.05)
