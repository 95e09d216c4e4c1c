"""The fictional supply chain of the project, whose true numbers are known: what is estimated holds them."""

import tomllib
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.calibrate.small_log import asking
from tests.data.generator import generator
from twin.calibrate.demand import demand, outlets
from twin.calibrate.estimate import Part
from twin.calibrate.lead_times import lead_times
from twin.calibrate.policy import policies
from twin.calibrate.supplies import SupplyTables, supply_tables

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
