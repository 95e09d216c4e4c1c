"""From production orders, deliveries and counts to pieces, materials and prices of what is made to order."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Estimate, Part, joined
from twin.calibrate.lead_times import lead_times
from twin.calibrate.on_hand import on_hand
from twin.calibrate.policy import policies
from twin.calibrate.replay import DAYS
from twin.calibrate.scrap import scrap
from twin.calibrate.supplies import COLUMNS, SupplyTables
from twin.calibrate.visits import VisitTables
from twin.calibrate.ways import require_known_lanes
from twin.errors import UnknownName
from twin.spec.structure import Kind, Structure

FEWEST = 30
FEWEST_MATERIALS = 3  # ordered by the same rule, so that the rule is told by them
NEVER_YET = np.inf
ITEMS = ("item_id", "description", "price")


def making(tables: VisitTables, blueprint: Blueprint) -> Part:
    """All that records tell of what is made to order; nothing where nothing is."""
    if not blueprint.structure.makes:
        return Part()
    parts = [pieces(tables, blueprint), *scraps(tables, blueprint), money(tables, blueprint), begun(tables, blueprint)]
    if tables.supply is not None:
        parts.append(materials(tables, tables.supply, blueprint))
    return joined(parts)


def made(structure: Structure) -> dict[str, Kind]:
    """The kinds of orders that are made when they come."""
    return {name: kind for name, kind in structure.kinds.items() if kind.makes}


def pieces(tables: VisitTables, blueprint: Blueprint) -> Part:
    """Mean pieces of an order, for each name from all kinds for which it stands."""
    whole, year = Part(), tables.year
    kinds = made(blueprint.structure)
    for name in blueprint.asked(kind.units for kind in kinds.values() if kind.units is not None):
        theirs = [one for one, kind in kinds.items() if kind.units == name]
        units = year.loc[year["kind"].isin(theirs) & (year["units"] > 0), "units"].to_numpy(float)
        if len(units) < FEWEST:
            whole.reasons[name] = f"{len(units)} orders with pieces, {FEWEST} needed"
            continue
        error = float(units.std(ddof=1) / np.sqrt(len(units)))
        method = f"mean pieces of {len(units):,} {blueprint.work} of the last year"
        whole.estimates[name] = Estimate(float(units.mean()), error, len(units), method)
    return whole


def scraps(tables: VisitTables, blueprint: Blueprint) -> Iterator[Part]:
    """Share of scrap, for each name from all kinds for which it stands."""
    kinds = made(blueprint.structure)
    for name in blueprint.asked(kind.scrap_share for kind in kinds.values()):
        theirs = [one for one, kind in kinds.items() if kind.scrap_share == name]
        yield scrap(replace(tables, visits=tables.visits[tables.visits["kind"].isin(theirs)]), name, blueprint)


def money(tables: VisitTables, blueprint: Blueprint) -> Part:
    """What a piece of each good costs or is sold for, by the list of items: a fact and not an estimate."""
    whole, goods = Part(), blueprint.structure.goods
    if tables.items is None:
        return whole
    names = named(tables.items, goods)
    for code, name, price in zip(*(tables.items[column] for column in ITEMS), strict=True):
        good = goods.get(names.get(str(code), ""))
        for of in (good.unit_cost, good.price) if good and price > 0 else ():
            if of is not None and blueprint.asks(of):
                method = f"price of item {code}, {name}, in the list of items"
                whole.estimates[str(of)] = Estimate(float(price), 0.0, 1, method)
    return whole


def named(items: pd.DataFrame, goods: Mapping[str, object]) -> dict[str, str]:
    """Which good each item's code is: that of its own name, or of its description."""
    found = dict[str, str]()
    for code, description in zip(items["item_id"].astype(str), items["description"].fillna(""), strict=True):
        words = str(description).strip().lower().replace(" ", "_")
        name = code if code in goods else words
        found |= {code: name} if name in goods else {}
    return found


# ------------------------------------------------------------------ materials


def materials(tables: VisitTables, supply: SupplyTables, blueprint: Blueprint) -> Part:
    """Lead times, policies, what lies on the shelves this morning and what is on its way, by the names of goods."""
    network = blueprint.structure.network
    require_known_lanes(supply, network)
    known = in_goods(supply, tables, blueprint)
    lanes = {name: (lane.lead_time_days, lane.lead_time_scatter) for name, lane in network.lanes.items()}
    ways = {name: (lane.from_node, lane.to_node) for name, lane in network.lanes.items()}
    levels = {
        name: (network.nodes[name].reorder_point, network.nodes[name].order_up_to_level)
        for name in blueprint.structure.to_order
        if network.nodes[name].policy == "(s,S)" and network.nodes[name].levels_in == "days"
    }
    asked = {name: numbers for name, numbers in levels.items() if all(blueprint.asks(one) for one in numbers)}
    return joined([
        lead_times(known, lanes, blueprint),
        policies(known, asked, ways, FEWEST_MATERIALS) if asked else Part(),
        on_hand(known, network, list(blueprint.structure.goods)),
        Part(vectors={"replay_purchases": purchases(tables, known, blueprint)}),
    ])  # fmt: skip


def in_goods(supply: SupplyTables, tables: VisitTables, blueprint: Blueprint) -> SupplyTables:
    """The same records by the names of goods, with what orders took as what was asked for."""
    codes = named(tables.items, blueprint.structure.goods) if tables.items is not None else {}
    goods = blueprint.structure.goods

    def renamed(frame: pd.DataFrame) -> pd.DataFrame:
        found = frame.assign(item_id=frame["item_id"].map(lambda code: codes.get(code, code)))
        for name in found["item_id"].unique():
            if name not in goods:
                raise UnknownName("good", name, goods)
        return found

    return replace(
        supply,
        deliveries=renamed(supply.deliveries),
        stock_counts=renamed(supply.stock_counts),
        shipments=taken(tables, blueprint.structure),
    )


def taken(tables: VisitTables, structure: Structure) -> pd.DataFrame:
    """What each order took from its maker's shelf when it began: order_id, day, site, item_id, quantity, shipped."""
    visits = tables.visits.assign(begun=first_queued(tables))
    visits = visits[visits["begun"].notna() & (visits["units"] > 0)]
    found = []
    for name, kind in made(structure).items():
        own = visits[visits["kind"] == name]
        for material, each in structure.goods[kind.makes].of.items():
            pieces = np.ceil(float(each) * own["units"].to_numpy(float) - 1e-9)
            rows = own[["visit_id", "begun"]].rename(columns={"visit_id": "order_id", "begun": "day"})
            rows = rows.assign(day=rows["day"].dt.normalize(), site=kind.maker, item_id=material)
            found.append(rows.assign(quantity=pieces, shipped=pieces))
    columns = list(COLUMNS["shipments"])
    whole = pd.concat(found) if found else pd.DataFrame(columns=columns)
    return whole.sort_values(["day", "order_id", "item_id"], ignore_index=True)[columns]


def purchases(tables: VisitTables, known: SupplyTables, blueprint: Blueprint) -> NDArray[np.float64]:
    """What the materials cost that came in on each of the last 60 days."""
    goods, sent = blueprint.structure.goods, known.deliveries
    came = sent[sent["received_on"].notna()]
    facts = money(tables, blueprint).estimates
    values = blueprint.values | {name: one.value for name, one in facts.items()}
    cost = {
        name: values.get(str(of), of) if (of := good.unit_cost) is not None else 0.0 for name, good in goods.items()
    }
    ago = (tables.morning - came["received_on"]).dt.days.to_numpy(np.int64)
    worth = came["received"].to_numpy(float) * came["item_id"].map(cost).to_numpy(float)
    recent = (ago >= 1) & (ago <= DAYS)
    return np.bincount(DAYS - ago[recent], worth[recent], DAYS).astype(np.float64)


# ------------------------------------------------------------------ the start


def first_queued(tables: VisitTables) -> pd.Series:
    """When each order began its way through the stations; empty while it waits for materials."""
    first = tables.visit_steps.groupby("visit_id")["queued_at"].min()
    return tables.visits["visit_id"].map(first)


def begun(tables: VisitTables, blueprint: Blueprint) -> Part:
    """Pieces of the last 60 days' orders and how long each waited for materials; how many come on a usual day."""
    ago = (tables.morning - tables.visits["day"]).dt.days
    recent = tables.visits[ago <= DAYS]
    waits = (first_queued(tables)[ago <= DAYS] - recent["arrived_at"]).dt.total_seconds() / 60
    came = int(tables.year["kind"].isin(list(made(blueprint.structure))).sum())
    return Part(
        vectors={
            "replay_units": recent["units"].fillna(1.0).clip(lower=1.0).to_numpy(float),
            "replay_wait_minutes": waits.clip(lower=0.0).fillna(NEVER_YET).to_numpy(float),
            "work_per_day": np.array([came / tables.year_days]),
        }
    )
