"""What lies on the shelves this morning, and what is ordered and has not come in."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.estimate import Part
from twin.calibrate.supplies import SupplyTables
from twin.calibrate.visits import looked_up
from twin.spec.supply import Network

Floats = NDArray[np.float64]


def on_hand(tables: SupplyTables, network: Network, items: Sequence[str]) -> Part:
    """The vectors that a play starts from (twin/model/opening.py); none where nothing was counted or ordered.

    From each place's last count on, what came in is added and what was sold or sent on is taken off.
    """
    counted = tables.stock_counts[tables.stock_counts["day"] >= tables.since]
    if counted.empty or tables.deliveries.empty:
        return Part()
    stock = np.full((len(network.nodes), len(items)), np.nan)
    for row, node in enumerate(network.nodes):
        if node in network.stocking:
            stock[row] = shelf(tables, network, counted[counted["node"] == node], node, items)
    days = int((tables.morning - counted["day"].max()).days) - 1
    told = {"counts": len(counted), "days_since_count": days, "places": int((~np.isnan(stock)).any(axis=1).sum())}
    vectors = open_orders(tables, network, items)
    evidence = {"on_hand": told | {"open_orders": len(vectors["opening_lane"])}}
    return Part(vectors={"opening_stock": stock} | vectors, evidence=evidence)


def shelf(tables: SupplyTables, network: Network, counts: pd.DataFrame, node: str, items: Sequence[str]) -> Floats:
    """Pieces of each item on the shelf of a place this morning; nan of what was never counted there."""
    last = counts.sort_values("day").drop_duplicates("item_id", keep="last").set_index("item_id")
    since = pd.Series(last["day"])

    def moved(frame: pd.DataFrame, day: str, pieces: pd.Series) -> pd.Series:
        later = frame[day] > looked_up(frame["item_id"], since)
        return pieces[later].groupby(frame["item_id"][later]).sum().reindex(last.index).fillna(0.0)

    sent, sold = tables.deliveries, tables.shipments
    into = sent[sent["lane"].isin([*network.into(node), network.nodes[node].station])]
    out = sent[sent["lane"].isin([name for name, lane in network.lanes.items() if lane.from_node == node])]
    only = node in network.selling and len(network.selling) == 1
    here = sold if only else sold[sold["site"] == node]
    pieces = (
        last["quantity"]
        + moved(into, "received_on", into["received"])
        - moved(out, "shipped_on", out["quantity"])
        - moved(here, "day", here["shipped"].fillna(here["quantity"]))
    )
    return pieces.clip(lower=0.0).reindex(list(items)).to_numpy(float)


def open_orders(tables: SupplyTables, network: Network, items: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """What was ordered and has not come in, the first ordered first; what goes where nobody tells has left at once."""
    place: Mapping[str, int] = {name: n for n, name in enumerate(items)}
    tells = set(tables.deliveries.loc[tables.deliveries["shipped_on"].notna(), "lane"].unique())
    waits = tables.deliveries[tables.deliveries["received_on"].isna() & tables.deliveries["lane"].isin(network.lanes)]
    waits = waits[waits["item_id"].isin(place) & (waits["quantity"] > 0) & (waits["ordered_on"] >= tables.since)]

    def ago(days: pd.Series) -> NDArray[np.int64]:
        return np.asarray((days - tables.morning).dt.days.to_numpy(), np.int64)

    left = waits["shipped_on"].where(waits["lane"].isin(tells), waits["ordered_on"])
    lanes = list(network.lanes)
    return {
        "opening_lane": np.array([lanes.index(name) for name in waits["lane"]], np.int64),
        "opening_item": np.array([place[name] for name in waits["item_id"]], np.int64),
        "opening_pieces": waits["quantity"].to_numpy(float),
        "opening_ordered": ago(waits["ordered_on"]),
        "opening_left": np.where(left.notna(), ago(left.fillna(tables.morning)), 0).astype(np.int64),
    }
