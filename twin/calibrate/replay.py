"""The last 60 days as they were, order by order, so that the model can warm up on what really happened."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.calibrate.tables import Tables

DAYS = 60
ANONYMOUS, UNKNOWN = -1, -2


def replay(
    tables: Tables,
    sold: pd.DataFrame,
    customer_id: NDArray[np.int64],
    item_id: NDArray[Any],
    outlets: Sequence[str] = (),
) -> dict[str, NDArray[Any]]:
    """Each order of the last 60 days: day, minute, customer, lines and, where there are several, the outlet.

    Customers, items and outlets are places in the calibration's own lists; where it is not known, the first outlet.
    """
    chosen = np.flatnonzero(tables.days_ago.to_numpy() <= DAYS)
    orders = tables.orders.iloc[chosen]
    day = -tables.days_ago.to_numpy()[chosen]
    lines = sold[sold["order"] >= chosen[0]] if len(chosen) else sold[:0]
    lines = lines.sort_values(["order", "item_id", "quantity"], kind="stable")
    at = orders["ordered_at"]
    open_days = np.zeros(DAYS, dtype=bool)
    open_days[day + DAYS] = True
    return {
        "replay_day": day.astype(np.int32),
        "replay_minute": (at.dt.hour * 60 + at.dt.minute + at.dt.second / 60).to_numpy(float),
        "replay_customer": _places(orders["customer_id"], customer_id),
        "replay_line_offsets": np.searchsorted(lines["order"].to_numpy(), np.r_[chosen, chosen[-1:] + 1]).astype(
            np.int64
        ),
        "replay_line_item": _item_places(lines["item_id"], item_id),
        "replay_line_quantity": np.minimum(lines["quantity"].to_numpy(), np.iinfo(np.int32).max).astype(np.int32),
        "replay_open": open_days,
    } | _outlets(tables, orders["order_id"], outlets)


def _outlets(tables: Tables, order_id: pd.Series, outlets: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Where each order was placed."""
    if tables.supply is None or len(outlets) < 2:
        return {}
    site = tables.supply.shipments.drop_duplicates("order_id").set_index("order_id")["site"]
    found = pd.Index(outlets).get_indexer(pd.Index(site.reindex(order_id)))
    return {"replay_outlet": np.maximum(found, 0).astype(np.int64)}


def _places(customers: pd.Series, customer_id: NDArray[np.int64]) -> NDArray[np.int64]:
    found = pd.Index(customer_id).get_indexer(pd.Index(customers.fillna(-1).astype("int64")))
    return np.where(customers.isna(), ANONYMOUS, np.where(found < 0, UNKNOWN, found)).astype(np.int64)


def _item_places(items: pd.Series, item_id: NDArray[Any]) -> NDArray[np.int32]:
    """Where each item stands in the list; one that is not in it belongs to the other items, the last entry."""
    found = pd.Index(item_id[:-1]).get_indexer(pd.Index(items))
    return np.where(found < 0, len(item_id) - 1, found).astype(np.int32)
