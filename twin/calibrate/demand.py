"""What is asked for at each outlet, item by item, and how much of it could be delivered."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.blueprint import Blueprint
from twin.calibrate.estimate import Part
from twin.calibrate.shares import Split, shares
from twin.calibrate.supplies import SupplyTables
from twin.errors import UnknownName
from twin.spec.structure import Number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def outlets(tables: SupplyTables, of: Mapping[str, Number], blueprint: Blueprint) -> Part:
    """Which share of the orders comes to each outlet.

    of : the number of each outlet's share
    """
    placed = tables.year.dropna(subset="site").drop_duplicates("order_id")
    for name in placed["site"].unique():
        if name not in of:
            raise UnknownName("outlet", name, of)
    counts = placed["site"].value_counts()
    ways = [(share, int(counts.get(name, 0))) for name, share in of.items()]
    split = Split(ways, len(placed), len(of))
    return shares([split], blueprint, "orders of the last year")


def demand(tables: SupplyTables, sites: Sequence[str], items: Sequence[str]) -> Part:
    """Pieces of each item that are asked for on an average day at each outlet, whether they could be delivered or not.

    Vectors site_item_units_per_day (outlets, items) and site_item_quantity (mean pieces in a line), with their errors;
    what is asked for without an outlet belongs to the only one, if there is only one.
    """
    year = tables.year
    site = pd.Index(sites).get_indexer(pd.Index(year["site"])) if len(sites) > 1 else np.zeros(len(year), np.int64)
    item = pd.Index(items).get_indexer(pd.Index(year["item_id"]))
    chosen = (site >= 0) & (item >= 0)
    place = (site * len(items) + item)[chosen]
    quantity = year["quantity"].to_numpy(float)[chosen]
    shape, size = (len(sites), len(items)), len(sites) * len(items)
    lines, units, squares = (
        np.bincount(place, weight, size).reshape(shape) for weight in (np.ones_like(quantity), quantity, quantity**2)
    )
    many, days = np.maximum(lines, 1), max(tables.year_days, 1)
    mean = np.where(lines > 0, units / many, 1.0)
    return Part(
        vectors={"site_item_units_per_day": units / days, "site_item_quantity": mean},
        errors={
            "site_item_units_per_day": np.sqrt(squares) / days,  # of a sum of so many pieces, lines coming by chance
            "site_item_quantity": np.sqrt(np.maximum(squares / many - mean**2, 0) / many),
        },
        evidence={"fill": fill(tables, sites)},
    )


def mixes(tables: SupplyTables, sites: Sequence[str], items: Sequence[str]) -> Part:
    """Which share of the lines is of each item at each outlet, the other items last: vector `outlet_line_share`.

    An outlet's own shares are drawn towards those of all outlets, the more so the less outlets differ beyond chance: as
    if it had had so many more lines of the common mix as fits the spread between outlets (Dirichlet, by moments).
    """
    year, last = tables.year, len(items)
    site = pd.Index(sites).get_indexer(pd.Index(year["site"]))
    item = pd.Index(items).get_indexer(pd.Index(year["item_id"]))
    place = (site * (last + 1) + np.where(item < 0, last, item))[site >= 0]
    counts = np.bincount(place, minlength=len(sites) * (last + 1)).reshape(len(sites), last + 1).astype(float)
    common, lines = counts.sum(axis=0) / max(counts.sum(), 1.0), counts.sum(axis=1, keepdims=True)
    more = alike(counts, common)
    own = counts / np.maximum(lines, 1.0)
    weight = np.zeros_like(lines) if np.isinf(more) else lines / (lines + more)
    return Part(vectors={"outlet_line_share": weight * own + (1.0 - weight) * common})


def alike(counts: Floats, common: Floats) -> float:
    """How many lines of the common mix each outlet is worth; infinite where outlets differ no more than by chance."""
    lines = counts.sum(axis=1)
    expected = np.outer(lines, common)
    used = expected.sum(axis=0) > 0
    freedom = (int((lines > 0).sum()) - 1) * (int(used.sum()) - 1)
    if freedom <= 0:
        return np.inf
    apart = float(((counts - expected)[:, used] ** 2 / np.maximum(expected[:, used], 1e-300)).sum() / freedom)
    usual = float(((1 - lines / lines.sum()) * lines).sum() / (np.count_nonzero(lines) - 1))
    return (usual - apart) / (apart - 1.0) if 1.0 < apart < usual else (np.inf if apart <= 1.0 else 0.0)


def fill(tables: SupplyTables, sites: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Which share of the pieces asked for could be delivered, by outlet and in all; null where nobody wrote it down.

    Beside it what was lost: pieces and lines of which not all was there. The error lets whole days hang together.
    """
    told = tables.year[tables.year["shipped"].notna()]
    only = told.assign(site=sites[0]) if len(sites) == 1 else told
    parts = {name: only[only["site"] == name] for name in sites}
    return {name: _fill(rows) for name, rows in ({"": told} | parts).items()}


def _fill(rows: pd.DataFrame) -> dict[str, Any]:
    asked, shipped = rows["quantity"].sum(), rows["shipped"].sum()
    if not asked:
        return {"fill_rate_share": None, "standard_error": None, "units_lost": 0, "lines_short": 0, "lines": len(rows)}
    share = shipped / asked
    by_day = rows.groupby("day")[["quantity", "shipped"]].sum()
    error = np.sqrt(((by_day["shipped"] - share * by_day["quantity"]) ** 2).sum()) / asked
    return {
        "fill_rate_share": float(share),
        "standard_error": float(error),
        "units_lost": int(asked - shipped),
        "lines_short": int((rows["shipped"] < rows["quantity"]).sum()),
        "lines": len(rows),
    }
