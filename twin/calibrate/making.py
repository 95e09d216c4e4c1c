"""From production orders, deliveries and counts to pieces, materials and prices of what is made."""

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
from twin.calibrate.visits import VisitTables, looked_up
from twin.calibrate.ways import require_known_lanes
from twin.errors import TwinError
from twin.spec.structure import Kind, Structure

FEWEST = 30
FEWEST_MATERIALS = 3  # ordered by the same rule, so that the rule is told by them
NEVER_YET = np.inf
ITEMS = ("item_id", "description", "price")


def making(tables: VisitTables, blueprint: Blueprint) -> Part:
    """All that records tell of what is made; nothing where nothing is."""
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
    kinds = {name: kind for name, kind in blueprint.structure.kinds.items() if kind.makes or kind.takes}
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
    structure = blueprint.structure
    kinds = made(structure) | {name: structure.kinds[name] for name in structure.produced}
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
    shelved = replace(known, deliveries=with_batches(known, tables, blueprint.structure))
    asked_for = taken(tables, blueprint.structure, "arrived_at")
    return joined([
        lead_times(known, lanes, blueprint),
        *levels(replace(shelved, shipments=asked_for), blueprint),
        on_hand(shelved, network, list(blueprint.structure.goods)),
        Part(vectors={"replay_purchases": purchases(tables, known, blueprint)}),
    ])  # fmt: skip


def levels(known: SupplyTables, blueprint: Blueprint) -> Iterator[Part]:
    """When and up to how many days of need materials are ordered again, and what is made for a shelf is made again."""
    structure, network = blueprint.structure, blueprint.structure.network
    ways = {name: (lane.from_node, lane.to_node) for name, lane in network.lanes.items()}
    ways |= {kind: (node, node) for kind, node in structure.produced.items()}
    places = {network.materials_of(name): FEWEST_MATERIALS for name, node in network.nodes.items() if node.makes}
    for name, fewest in (places | dict.fromkeys(structure.produced.values(), 1)).items():
        node = network.nodes[name]
        numbers = node.reorder_point, node.order_up_to_level
        if node.policy == "(s,S)" and node.levels_in == "days" and all(blueprint.asks(one) for one in numbers):
            yield policies(known, {name: numbers}, ways, fewest)


def in_goods(supply: SupplyTables, tables: VisitTables, blueprint: Blueprint) -> SupplyTables:
    """The same records by the names of goods, with what orders took as what was asked for."""
    codes = named(tables.items, blueprint.structure.goods) if tables.items is not None else {}
    goods = blueprint.structure.goods

    def renamed(frame: pd.DataFrame) -> pd.DataFrame:
        found = frame.assign(item_id=frame["item_id"].map(lambda code: codes.get(code, code)))
        for name in found["item_id"].unique():
            if name not in goods:
                raise TwinError(
                    f"Deliveries or stock counts tell of the item '{name}', and nothing says which good that is. "
                    f"There are: {', '.join(sorted(goods))}. Read in the items first, as items, with these names as "
                    "descriptions, or let a map say it: [values.item_id]."
                )
        return found

    return replace(
        supply,
        deliveries=renamed(supply.deliveries),
        stock_counts=renamed(supply.stock_counts),
        shipments=taken(tables, blueprint.structure, "ended_at"),
    )


def taken(tables: VisitTables, structure: Structure, sold: str) -> pd.DataFrame:
    """What each order took from a shelf, and scrap of what was made for one, as what was asked for there.

    sold : when what lies on a shelf counts as taken by its customer, `arrived_at` or `ended_at`; materials are taken
    when an order begins. Columns: order_id, day, site, item_id, quantity, shipped
    """
    network, visits = structure.network, tables.visits.assign(begun=first_queued(tables))
    visits = visits[visits["units"] > 0]
    found = []
    for name, kind in structure.kinds.items():
        own = visits[visits["kind"] == name]
        if kind.takes:
            found.append(_rows(own, sold, kind.shelf, kind.takes, own["units"], own["units"]))
        elif kind.makes or name in structure.produced:
            node = kind.maker or structure.produced[name]
            (good,) = {kind.makes} if kind.makes else network.kept(node)
            for material, each in structure.goods[good].of.items():
                pieces = np.ceil(float(each) * own["units"] - 1e-9)
                found.append(_rows(own, "begun", network.materials_of(node), material, pieces, pieces))
            if name in structure.produced:
                found.append(_rows(own, "ended_at", node, good, 0.0 * own["units"], own["scrapped"]))
    columns = list(COLUMNS["shipments"])
    whole = pd.concat(found) if found else pd.DataFrame(columns=columns)
    return whole.sort_values(["day", "order_id", "item_id"], ignore_index=True)[columns]


def _rows(visits: pd.DataFrame, when: str, site: str, item: str, asked: pd.Series, shipped: pd.Series) -> pd.DataFrame:
    """What some orders took of an item, on the day of one of their times; nothing while that is still to come."""
    rows = visits[["visit_id", when]].rename(columns={"visit_id": "order_id", when: "day"})
    rows = rows.assign(day=rows["day"].dt.normalize(), site=site, item_id=item, quantity=asked, shipped=shipped)
    return rows[rows["day"].notna()]


def with_batches(known: SupplyTables, tables: VisitTables, structure: Structure) -> pd.DataFrame:
    """Deliveries, and what was made for shelves as deliveries of these to themselves; scrap came, and was taken."""
    found = [known.deliveries]
    for kind, node in structure.produced.items():
        own = tables.visits[(tables.visits["kind"] == kind) & (tables.visits["units"] > 0)]
        (good,) = structure.network.kept(node)
        found.append(
            pd.DataFrame({
                "delivery_id": own["visit_id"], "lane": kind, "item_id": good, "ordered_on": own["day"],
                "received_on": own["ended_at"].dt.normalize(), "quantity": own["units"],
                "received": own["units"].where(own["ended_at"].notna()),
            })
        )  # fmt: skip
    return pd.concat(found, ignore_index=True) if len(found) > 1 else known.deliveries


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
    return looked_up(tables.visits["visit_id"], first)


def begun(tables: VisitTables, blueprint: Blueprint) -> Part:
    """Pieces of the last 60 days' orders and how long each waited for what it needs; how many come on a usual day."""
    ago = (tables.morning - tables.visits["day"]).dt.days
    recent = tables.visits[ago <= DAYS]
    structure = blueprint.structure
    sold = recent["kind"].isin([name for name, kind in structure.kinds.items() if kind.takes])
    begins = first_queued(tables)[ago <= DAYS].where(~sold, recent["ended_at"])
    waits = (begins - recent["arrived_at"]).dt.total_seconds() / 60
    customers = [name for name, kind in structure.kinds.items() if kind.makes or kind.takes]
    came = int(tables.year["kind"].isin(customers).sum())
    return Part(
        vectors={
            "replay_units": recent["units"].fillna(1.0).clip(lower=1.0).to_numpy(float),
            "replay_wait_minutes": waits.clip(lower=0.0).fillna(NEVER_YET).to_numpy(float),
            "work_per_day": np.array([came / tables.year_days]),
        }
    )
