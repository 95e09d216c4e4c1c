"""Which items come by which lane, and in what packs and least orders, as the deliveries show."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.estimate import Part
from twin.calibrate.supplies import SupplyTables
from twin.errors import UnknownName
from twin.spec.supply import Lane, Network

FEWEST = 3  # orders of an item that show its pack


def require_known_lanes(tables: SupplyTables, network: Network) -> None:
    """Stop with a sentence where records name a lane or a place that the template does not have."""
    for what, named, known in (
        ("lane", tables.deliveries["lane"], network.lanes),
        ("place", tables.stock_counts["node"], network.nodes),
    ):
        for name in named.unique():
            if name not in known:
                raise UnknownName(what, name, known)


def ways(tables: SupplyTables, network: Network, items: Sequence[str]) -> Part:
    """The vectors that the network names: items of a lane (0 or 1), its packs and its least orders, by item.

    A pack is the largest number that divides every order of the item, the least order the smallest that was seen.
    An item that several lanes brought belongs to the one with most orders; one that none brought, to the lane into its
    place that brings most items.
    """
    place = {name: n for n, name in enumerate(items)}
    vectors: dict[str, NDArray[np.float64]] = {}
    known = tables.deliveries[tables.deliveries["item_id"].isin(place)]
    for node in network.stocking:
        lanes = {name: lane for name, lane in network.into(node).items() if not lane.rush}
        vectors |= _shared_out(known, {name: one for name, one in lanes.items() if isinstance(one.items, str)}, place)
        for name, lane in lanes.items():
            vectors |= _terms(known[known["lane"] == name], lane, place)
    return Part(vectors=vectors)


def _shared_out(
    sent: pd.DataFrame, lanes: Mapping[str, Lane], place: Mapping[str, int]
) -> dict[str, NDArray[np.float64]]:
    """Of each lane that is told by item, which items it brings."""
    if not lanes:
        return {}
    counts = np.zeros((len(lanes), len(place)))
    for row, name in enumerate(lanes):
        found = sent.loc[sent["lane"] == name, "item_id"].value_counts()
        counts[row, [place[item] for item in found.index]] = found.to_numpy(float)
    best = np.where(counts.any(axis=0), counts.argmax(axis=0), (counts > 0).sum(axis=1).argmax())
    return {str(lane.items): (best == row).astype(float) for row, lane in enumerate(lanes.values())}


def _terms(sent: pd.DataFrame, lane: Lane, place: Mapping[str, int]) -> dict[str, NDArray[np.float64]]:
    """Pack and least order by item, as far as the lane wants them by item."""
    found: dict[str, NDArray[np.float64]] = {}
    by_item = sent[sent["quantity"] > 0].groupby("item_id")["quantity"]
    for field, least in (("pack", 1.0), ("minimum_order", 0.0)):
        if field in lane.by_item:
            vector = found[lane.by_item[field]] = np.full(len(place), least)
            for item, quantities in by_item:
                if len(quantities) >= FEWEST:
                    pieces = quantities.to_numpy(np.int64)
                    vector[place[str(item)]] = np.gcd.reduce(pieces) if field == "pack" else pieces.min()
    return found
